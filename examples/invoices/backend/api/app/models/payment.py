import enum

from sqlalchemy.dialects.postgresql import UUID

from app.extensions import db
from app.models.base import BaseModel


class PaymentMethod(enum.StrEnum):
    TRANSFER = "transfer"
    CARD = "card"
    DIRECT_DEBIT = "direct_debit"


payment_method = db.Enum(
    PaymentMethod, name="payment_method", values_callable=lambda methods: [method.value for method in methods]
)


class Payment(BaseModel):
    __tablename__ = "payments"

    invoice_id = db.Column(
        UUID(as_uuid=True), db.ForeignKey("invoices.id", ondelete="CASCADE"), nullable=False, index=True
    )
    recorded_by = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="SET NULL"))
    method = db.Column(payment_method, nullable=False)
    amount = db.Column(db.Numeric(12, 2), nullable=False)
    currency = db.Column(db.CHAR(3), nullable=False)
    reference = db.Column(db.String(80))
    paid_at = db.Column(db.DateTime(timezone=True), nullable=False)

    invoice = db.relationship("Invoice", back_populates="payments")
    recorder = db.relationship("User")

    __table_args__ = (db.CheckConstraint("amount > 0", name="amount"),)
