import uuid
from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.base import BaseModel

if TYPE_CHECKING:
    from app.models.company import Company
    from app.models.user import User


class ExtractionRule(BaseModel):
    """How to find one field in a document, for one company or for all."""

    __tablename__ = "extraction_rules"
    __table_args__ = (db.UniqueConstraint("company_id", "field", "priority"),)

    company_id: Mapped[uuid.UUID | None] = mapped_column(db.ForeignKey("companies.id", ondelete="CASCADE"))
    created_by: Mapped[uuid.UUID | None] = mapped_column(db.ForeignKey("users.id", ondelete="SET NULL"))
    field: Mapped[str] = mapped_column(db.String(60))
    pattern: Mapped[str] = mapped_column(db.Text)
    priority: Mapped[int] = mapped_column(server_default=db.text("100"))
    is_enabled: Mapped[bool] = mapped_column(server_default=db.true())

    company: Mapped["Company | None"] = relationship()
    creator: Mapped["User | None"] = relationship()
