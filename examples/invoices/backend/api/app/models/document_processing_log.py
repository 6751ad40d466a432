from sqlalchemy.dialects.postgresql import JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class DocumentProcessingLog(BaseModel):
    """What we did with the result of a processing job, step by step."""

    __tablename__ = "document_processing_logs"

    job_id = db.Column(UUID(as_uuid=True), db.ForeignKey("processing_jobs.id", ondelete="CASCADE"), nullable=False)
    invoice_id = db.Column(UUID(as_uuid=True), db.ForeignKey("invoices.id", ondelete="SET NULL"))
    stage = db.Column(db.String(30), nullable=False)
    message = db.Column(db.Text, nullable=False)
    details = db.Column(JSONB, nullable=False, server_default=db.text("'{}'"))
    duration_milliseconds = db.Column(db.Integer)

    job = db.relationship("ProcessingJob")
    invoice = db.relationship("Invoice")


db.Index(
    "document_processing_logs_job_id_created_at_idx",
    DocumentProcessingLog.job_id,
    DocumentProcessingLog.created_at,
)
