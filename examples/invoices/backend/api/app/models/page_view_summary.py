from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.base import BaseModel


class PageViewSummary(BaseModel):
    """Views of one page on one day, summed up every night."""

    __tablename__ = "page_view_summaries"
    __table_args__ = (
        db.UniqueConstraint("day", "path"),
        db.CheckConstraint("unique_visitors <= views", name="visitors"),
    )

    day: Mapped[date] = mapped_column(db.Date)
    path: Mapped[str] = mapped_column(db.String(255))
    views: Mapped[int] = mapped_column(db.BigInteger, server_default=db.text("0"))
    unique_visitors: Mapped[int] = mapped_column(db.BigInteger, server_default=db.text("0"))
