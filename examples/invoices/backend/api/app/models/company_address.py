from sqlalchemy.dialects.postgresql import UUID

from app.extensions import db
from app.models.base import BaseModel


class CompanyAddress(BaseModel):
    __tablename__ = "company_addresses"

    company_id = db.Column(
        UUID(as_uuid=True), db.ForeignKey("companies.id", ondelete="CASCADE"), nullable=False, index=True
    )
    kind = db.Column(db.String(20), nullable=False, server_default="billing")
    street = db.Column(db.String(200), nullable=False)
    postal_code = db.Column(db.String(20), nullable=False)
    city = db.Column(db.String(100), nullable=False)
    country = db.Column(db.CHAR(2), nullable=False)
    is_primary = db.Column(db.Boolean, nullable=False, server_default=db.false())

    company = db.relationship("Company", back_populates="addresses")

    __table_args__ = (
        db.CheckConstraint("kind IN ('billing', 'shipping')", name="kind"),
        db.Index(
            "company_addresses_one_primary_idx",
            "company_id",
            "kind",
            unique=True,
            postgresql_where=db.text("is_primary"),
        ),
    )
