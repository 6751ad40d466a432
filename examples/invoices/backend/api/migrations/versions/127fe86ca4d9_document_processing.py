"""document processing

Revision ID: 127fe86ca4d9
Revises: c5b90d3e7714
Create Date: 2025-05-06 13:27:50.075774

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "127fe86ca4d9"
down_revision = "c5b90d3e7714"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "extraction_rules",
        sa.Column("company_id", sa.UUID(), nullable=True),
        sa.Column("created_by", sa.UUID(), nullable=True),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("100"), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("extraction_rules_company_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("extraction_rules_created_by_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("extraction_rules_pkey")),
        sa.UniqueConstraint(
            "company_id", "field", "priority", name=op.f("extraction_rules_company_id_field_priority_key")
        ),
    )
    op.create_table(
        "document_processing_logs",
        sa.Column("job_id", sa.UUID(), nullable=False),
        sa.Column("invoice_id", sa.UUID(), nullable=True),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("duration_milliseconds", sa.Integer(), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("document_processing_logs_invoice_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["processing_jobs.id"], name=op.f("document_processing_logs_job_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("document_processing_logs_pkey")),
    )
    op.create_index(
        "document_processing_logs_job_id_created_at_idx",
        "document_processing_logs",
        ["job_id", "created_at"],
        unique=False,
    )


def downgrade():
    op.drop_index("document_processing_logs_job_id_created_at_idx", table_name="document_processing_logs")
    op.drop_table("document_processing_logs")
    op.drop_table("extraction_rules")
