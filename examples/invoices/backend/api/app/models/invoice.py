import enum

from sqlalchemy.dialects.postgresql import JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class InvoiceStatus(enum.StrEnum):
    DRAFT = "draft"
    RECEIVED = "received"
    APPROVED = "approved"
    PAID = "paid"
    VOID = "void"


invoice_status = db.Enum(
    InvoiceStatus, name="invoice_status", values_callable=lambda states: [state.value for state in states]
)


class Invoice(BaseModel):
    """What was read from an uploaded file, or typed in by hand."""

    __tablename__ = "invoices"

    company_id = db.Column(UUID(as_uuid=True), db.ForeignKey("companies.id", ondelete="RESTRICT"), nullable=False)
    uploaded_by = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="SET NULL"))
    file_id = db.Column(UUID(as_uuid=True), db.ForeignKey("file_storage.id", ondelete="SET NULL"), index=True)
    job_id = db.Column(UUID(as_uuid=True), db.ForeignKey("processing_jobs.id", ondelete="SET NULL"), unique=True)
    salesperson_id = db.Column(UUID(as_uuid=True), db.ForeignKey("salespersons.id", ondelete="SET NULL"))
    ship_method_id = db.Column(UUID(as_uuid=True), db.ForeignKey("ship_methods.id", ondelete="SET NULL"))
    number = db.Column(db.String(40), nullable=False)
    status = db.Column(invoice_status, nullable=False, server_default="draft")
    issued_on = db.Column(db.Date, nullable=False)
    due_on = db.Column(db.Date)
    currency = db.Column(db.CHAR(3), nullable=False, server_default="EUR")
    net_amount = db.Column(db.Numeric(12, 2), nullable=False)
    tax_amount = db.Column(db.Numeric(12, 2), nullable=False, server_default=db.text("0"))
    total_amount = db.Column(db.Numeric(12, 2), nullable=False)
    extracted = db.Column(JSONB)

    company = db.relationship("Company", back_populates="invoices")
    uploader = db.relationship("User")
    file = db.relationship("FileStorage")
    job = db.relationship("ProcessingJob")
    salesperson = db.relationship("Salesperson")
    ship_method = db.relationship("ShipMethod")
    line_items = db.relationship(
        "InvoiceLineItem",
        back_populates="invoice",
        order_by="InvoiceLineItem.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    payments = db.relationship("Payment", back_populates="invoice", cascade="all, delete-orphan", passive_deletes=True)

    __table_args__ = (
        db.UniqueConstraint("company_id", "number"),
        db.CheckConstraint("total_amount = net_amount + tax_amount", name="total"),
        db.CheckConstraint("due_on IS NULL OR due_on >= issued_on", name="due_on"),
        db.Index("invoices_status_due_on_idx", "status", "due_on"),
    )

    @property
    def open_amount(self):
        return self.total_amount - sum(payment.amount for payment in self.payments)
