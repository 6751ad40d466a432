from sqlalchemy.dialects.postgresql import JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class SavedReportTemplate(BaseModel):
    __tablename__ = "saved_report_templates"

    owner_id = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
    name = db.Column(db.String(120), nullable=False)
    definition = db.Column(JSONB, nullable=False)
    is_shared = db.Column(db.Boolean, nullable=False, server_default=db.false())

    owner = db.relationship("User")
    reports = db.relationship("Report", back_populates="template")

    __table_args__ = (db.UniqueConstraint("owner_id", "name"),)
