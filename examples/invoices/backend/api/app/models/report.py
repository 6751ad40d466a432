from sqlalchemy.dialects.postgresql import JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class Report(BaseModel):
    __tablename__ = "reports"

    owner_id = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True)
    template_id = db.Column(UUID(as_uuid=True), db.ForeignKey("saved_report_templates.id", ondelete="SET NULL"))
    file_id = db.Column(UUID(as_uuid=True), db.ForeignKey("file_storage.id", ondelete="SET NULL"))
    title = db.Column(db.String(160), nullable=False)
    period_start = db.Column(db.Date, nullable=False)
    period_end = db.Column(db.Date, nullable=False)
    parameters = db.Column(JSONB, nullable=False, server_default=db.text("'{}'"))

    owner = db.relationship("User")
    template = db.relationship("SavedReportTemplate", back_populates="reports")
    file = db.relationship("FileStorage")

    __table_args__ = (db.CheckConstraint("period_end >= period_start", name="period"),)
