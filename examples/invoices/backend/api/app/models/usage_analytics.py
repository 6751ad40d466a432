import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.base import BaseModel


class UsageAnalytics(BaseModel):
    """One thing that somebody did, as the front end reported it."""

    __tablename__ = "usage_analytics"
    __table_args__ = (db.Index("usage_analytics_event_occurred_at_idx", "event", "occurred_at"),)

    user_id: Mapped[uuid.UUID | None] = mapped_column(db.ForeignKey("users.id", ondelete="SET NULL"))
    event: Mapped[str] = mapped_column(db.String(60))
    properties: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=db.text("'{}'"))
    duration_seconds: Mapped[float | None] = mapped_column(db.Double)
    occurred_at: Mapped[datetime] = mapped_column(db.DateTime(timezone=True))
