import enum

from sqlalchemy.dialects.postgresql import JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class JobStatus(enum.StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class ProcessingJob(BaseModel):
    """Mirror of Prisma's ProcessingJob. The front end's worker runs it, we queue it and wait."""

    __tablename__ = "processing_jobs"

    file_id = db.Column(
        UUID(as_uuid=True),
        db.ForeignKey("file_storage.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
    )
    user_id = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE"))
    job_type = db.Column(db.String(50), nullable=False)
    status = db.Column(db.Enum(JobStatus, name="job_status"), nullable=False, server_default="QUEUED")
    priority = db.Column(db.Integer, nullable=False, server_default=db.text("0"))
    attempts = db.Column(db.Integer, nullable=False, server_default=db.text("0"))
    confidence = db.Column(db.Numeric(3, 2))
    result = db.Column(JSONB)
    error_message = db.Column(db.Text)
    queued_at = db.Column(db.DateTime(timezone=True), nullable=False, server_default=db.text("CURRENT_TIMESTAMP"))
    started_at = db.Column(db.DateTime(timezone=True))
    finished_at = db.Column(db.DateTime(timezone=True))

    file = db.relationship("FileStorage", back_populates="jobs")
    user = db.relationship("User", back_populates="processing_jobs")

    __table_args__ = (
        db.Index("processing_jobs_file_id_idx", "file_id"),
        db.Index("processing_jobs_status_priority_queued_at_idx", status, priority.desc(), queued_at),
    )

    @property
    def is_finished(self):
        return self.status in (JobStatus.COMPLETED, JobStatus.FAILED)
