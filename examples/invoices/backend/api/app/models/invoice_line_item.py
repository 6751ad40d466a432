from sqlalchemy.dialects.postgresql import UUID

from app.extensions import db
from app.models.base import BaseModel


class InvoiceLineItem(BaseModel):
    __tablename__ = "invoice_line_items"

    invoice_id = db.Column(UUID(as_uuid=True), db.ForeignKey("invoices.id", ondelete="CASCADE"), nullable=False)
    product_id = db.Column(UUID(as_uuid=True), db.ForeignKey("products.id", ondelete="SET NULL"))
    position = db.Column(db.Integer, nullable=False)
    description = db.Column(db.Text, nullable=False)
    quantity = db.Column(db.Numeric(10, 3), nullable=False, server_default=db.text("1"))
    unit_price = db.Column(db.Numeric(12, 2), nullable=False)
    tax_rate = db.Column(db.Numeric(5, 2), nullable=False, server_default=db.text("0"))

    invoice = db.relationship("Invoice", back_populates="line_items")
    product = db.relationship("Product")

    __table_args__ = (
        db.UniqueConstraint("invoice_id", "position"),
        db.CheckConstraint("quantity > 0", name="quantity"),
    )
