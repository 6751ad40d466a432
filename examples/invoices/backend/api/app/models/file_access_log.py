import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import INET, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db

if TYPE_CHECKING:
    from app.models.file_storage import FileStorage
    from app.models.user import User


class FileAccessLog(db.Model):
    """Mirror of Prisma's FileAccessLog. A log entry never changes, so it has no updated_at."""

    __tablename__ = "file_access_logs"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    file_id: Mapped[uuid.UUID] = mapped_column(db.ForeignKey("file_storage.id", ondelete="CASCADE", onupdate="CASCADE"))
    user_id: Mapped[uuid.UUID | None] = mapped_column(db.ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"))
    action: Mapped[str] = mapped_column(db.String(20))
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None] = mapped_column(db.Text)
    accessed_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3), server_default=db.text("CURRENT_TIMESTAMP"))

    file: Mapped["FileStorage"] = relationship(back_populates="access_logs")
    user: Mapped["User | None"] = relationship(back_populates="file_access_logs")


db.Index("file_access_logs_file_id_accessed_at_idx", FileAccessLog.file_id, FileAccessLog.accessed_at.desc())
