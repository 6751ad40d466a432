import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.base import BaseModel, as_utc, utc_now

if TYPE_CHECKING:
    from app.models.user import User


class Session(BaseModel):
    """Mirror of Better Auth's session."""

    __tablename__ = "sessions"
    __table_args__ = (
        db.UniqueConstraint("token", name="sessions_token_key"),
        db.Index("sessions_user_id_idx", "user_id"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(db.ForeignKey("users.id", onupdate="CASCADE"))
    token: Mapped[str] = mapped_column(db.Text)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3))
    ip_address: Mapped[str | None] = mapped_column(db.String(50))
    user_agent: Mapped[str | None] = mapped_column(db.Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3), server_default=db.text("CURRENT_TIMESTAMP"))
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3), default=utc_now, onupdate=utc_now)

    user: Mapped["User"] = relationship(back_populates="sessions")

    def is_expired(self) -> bool:
        return as_utc(self.expires_at) <= utc_now()
