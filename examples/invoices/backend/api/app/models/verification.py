from datetime import datetime

from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.base import BaseModel, utc_now


class Verification(BaseModel):
    """Mirror of Better Auth's verification. Nothing here uses it yet."""

    __tablename__ = "verifications"
    __table_args__ = (db.Index("verifications_identifier_idx", "identifier"),)

    identifier: Mapped[str] = mapped_column(db.Text)
    value: Mapped[str] = mapped_column(db.Text)
    attempts: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3), server_default=db.text("CURRENT_TIMESTAMP"))
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMP(precision=3), default=utc_now, onupdate=utc_now)
