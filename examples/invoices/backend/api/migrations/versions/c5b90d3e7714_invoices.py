"""invoices

Revision ID: c5b90d3e7714
Revises: 8ad24e61f073
Create Date: 2025-04-22 09:05:31.809872

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "c5b90d3e7714"
down_revision = "8ad24e61f073"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "invoices",
        sa.Column("company_id", sa.UUID(), nullable=False),
        sa.Column("uploaded_by", sa.UUID(), nullable=True),
        sa.Column("file_id", sa.UUID(), nullable=True),
        sa.Column("job_id", sa.UUID(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "received", "approved", "paid", "void", name="invoice_status"),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), server_default="EUR", nullable=False),
        sa.Column("net_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("tax_amount", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("total_amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("extracted", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_on IS NULL OR due_on >= issued_on", name=op.f("invoices_due_on_check")),
        sa.CheckConstraint("total_amount = net_amount + tax_amount", name=op.f("invoices_total_check")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("invoices_company_id_fkey"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file_storage.id"], name=op.f("invoices_file_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["processing_jobs.id"], name=op.f("invoices_job_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["users.id"], name=op.f("invoices_uploaded_by_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("invoices_pkey")),
        sa.UniqueConstraint("company_id", "number", name=op.f("invoices_company_id_number_key")),
        sa.UniqueConstraint("job_id", name=op.f("invoices_job_id_key")),
    )
    op.create_index(op.f("invoices_file_id_idx"), "invoices", ["file_id"], unique=False)
    op.create_index("invoices_status_due_on_idx", "invoices", ["status", "due_on"], unique=False)
    op.create_table(
        "invoice_line_items",
        sa.Column("invoice_id", sa.UUID(), nullable=False),
        sa.Column("product_id", sa.UUID(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=10, scale=3), server_default=sa.text("1"), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("tax_rate", sa.Numeric(precision=5, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("invoice_line_items_quantity_check")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("invoice_line_items_invoice_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("invoice_line_items_product_id_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("invoice_line_items_pkey")),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("invoice_line_items_invoice_id_position_key")),
    )
    op.create_table(
        "payments",
        sa.Column("invoice_id", sa.UUID(), nullable=False),
        sa.Column("recorded_by", sa.UUID(), nullable=True),
        sa.Column("method", sa.Enum("transfer", "card", "direct_debit", name="payment_method"), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("payments_amount_check")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("payments_invoice_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["users.id"], name=op.f("payments_recorded_by_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("payments_pkey")),
    )
    op.create_index(op.f("payments_invoice_id_idx"), "payments", ["invoice_id"], unique=False)


def downgrade():
    op.drop_index(op.f("payments_invoice_id_idx"), table_name="payments")
    op.drop_table("payments")
    op.drop_table("invoice_line_items")
    op.drop_index("invoices_status_due_on_idx", table_name="invoices")
    op.drop_index(op.f("invoices_file_id_idx"), table_name="invoices")
    op.drop_table("invoices")
    op.execute("DROP TYPE payment_method")
    op.execute("DROP TYPE invoice_status")
