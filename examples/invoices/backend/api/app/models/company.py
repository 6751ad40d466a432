from app.extensions import db
from app.models.base import BaseModel


class Company(BaseModel):
    """A supplier or customer that appears on invoices."""

    __tablename__ = "companies"

    name = db.Column(db.String(160), nullable=False, index=True)
    vat_number = db.Column(db.String(20), unique=True)
    email = db.Column(db.String(255))
    currency = db.Column(db.CHAR(3), nullable=False, server_default="EUR")
    payment_terms_days = db.Column(db.SmallInteger, nullable=False, server_default=db.text("30"))
    is_active = db.Column(db.Boolean, nullable=False, server_default=db.true())

    addresses = db.relationship(
        "CompanyAddress", back_populates="company", cascade="all, delete-orphan", passive_deletes=True
    )
    invoices = db.relationship("Invoice", back_populates="company")

    __table_args__ = (db.CheckConstraint("payment_terms_days >= 0", name="payment_terms"),)
