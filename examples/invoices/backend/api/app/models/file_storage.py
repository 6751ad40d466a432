from sqlalchemy.dialects.postgresql import JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class FileStorage(BaseModel):
    """Mirror of Prisma's FileStorage: an uploaded file, its bytes in the object store."""

    __tablename__ = "file_storage"

    user_id = db.Column(
        UUID(as_uuid=True),
        db.ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
    )
    original_name = db.Column(db.String(255), nullable=False)
    storage_key = db.Column(db.Text, nullable=False)
    mime_type = db.Column(db.String(100), nullable=False)
    size_bytes = db.Column(db.BigInteger, nullable=False)
    checksum = db.Column(db.CHAR(64))  # SHA-256
    # `metadata` is taken: every declarative class has one.
    file_metadata = db.Column("metadata", JSONB, nullable=False, server_default=db.text("'{}'"))

    user = db.relationship("User", back_populates="files")
    jobs = db.relationship("ProcessingJob", back_populates="file", passive_deletes=True)
    access_logs = db.relationship("FileAccessLog", back_populates="file", passive_deletes=True)

    __table_args__ = (
        db.UniqueConstraint("storage_key", name="file_storage_storage_key_key"),
        db.Index("file_storage_checksum_idx", "checksum"),
    )


db.Index("file_storage_user_id_created_at_idx", FileStorage.user_id, FileStorage.created_at.desc())
