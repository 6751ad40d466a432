import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.base import BaseModel, utc_now

if TYPE_CHECKING:
    from app.models.user import User


class Account(BaseModel):
    """Mirror of Better Auth's account: one way of signing in."""

    __tablename__ = "accounts"
    __table_args__ = (
        db.Index("accounts_provider_id_account_id_key", "provider_id", "account_id", unique=True),
        db.Index("accounts_user_id_idx", "user_id"),
    )

    account_id: Mapped[str] = mapped_column(db.Text)
    provider_id: Mapped[str] = mapped_column(db.String(50))
    user_id: Mapped[uuid.UUID] = mapped_column(db.ForeignKey("users.id", ondelete="CASCADE", onupdate="CASCADE"))
    access_token: Mapped[str | None] = mapped_column(db.Text)
    refresh_token: Mapped[str | None] = mapped_column(db.Text)
    id_token: Mapped[str | None] = mapped_column(db.Text)
    access_token_expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(precision=3))
    refresh_token_expires_at: Mapped[datetime | None] = mapped_column(TIMESTAMP(precision=3))
    scope: Mapped[str | None] = mapped_column(db.Text)
    password: Mapped[str | None] = mapped_column(db.Text)  # a hash, never the password itself
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3), server_default=db.text("CURRENT_TIMESTAMP"))
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3), default=utc_now, onupdate=utc_now)

    user: Mapped["User"] = relationship(back_populates="accounts")
