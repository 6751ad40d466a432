from sqlalchemy.dialects.postgresql import INET, JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class AuditLog(BaseModel):
    """Who changed what. Written in the transaction that makes the change."""

    __tablename__ = "audit_logs"

    actor_id = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    action = db.Column(db.String(60), nullable=False)
    entity_type = db.Column(db.String(60), nullable=False)
    entity_id = db.Column(UUID(as_uuid=True), nullable=False)
    changes = db.Column(JSONB, nullable=False, server_default=db.text("'{}'"))
    ip_address = db.Column(INET)

    actor = db.relationship("User")

    __table_args__ = (db.Index("audit_logs_entity_type_entity_id_idx", "entity_type", "entity_id"),)
