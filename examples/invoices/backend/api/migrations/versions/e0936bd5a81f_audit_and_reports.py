"""audit and reports

Revision ID: e0936bd5a81f
Revises: 127fe86ca4d9
Create Date: 2025-07-01 08:55:12.919862

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "e0936bd5a81f"
down_revision = "127fe86ca4d9"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "audit_logs",
        sa.Column("actor_id", sa.UUID(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("entity_type", sa.String(length=60), nullable=False),
        sa.Column("entity_id", sa.UUID(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("ip_address", postgresql.INET(), nullable=True),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("audit_logs_actor_id_fkey"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_logs_pkey")),
    )
    op.create_index(op.f("audit_logs_actor_id_idx"), "audit_logs", ["actor_id"], unique=False)
    op.create_index("audit_logs_entity_type_entity_id_idx", "audit_logs", ["entity_type", "entity_id"], unique=False)
    op.create_table(
        "saved_report_templates",
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["users.id"], name=op.f("saved_report_templates_owner_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("saved_report_templates_pkey")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("saved_report_templates_owner_id_name_key")),
    )
    op.create_table(
        "reports",
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("template_id", sa.UUID(), nullable=True),
        sa.Column("file_id", sa.UUID(), nullable=True),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column(
            "parameters", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("period_end >= period_start", name=op.f("reports_period_check")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file_storage.id"], name=op.f("reports_file_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("reports_owner_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["template_id"], ["saved_report_templates.id"], name=op.f("reports_template_id_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("reports_pkey")),
    )
    op.create_index(op.f("reports_owner_id_idx"), "reports", ["owner_id"], unique=False)


def downgrade():
    op.drop_index(op.f("reports_owner_id_idx"), table_name="reports")
    op.drop_table("reports")
    op.drop_table("saved_report_templates")
    op.drop_index("audit_logs_entity_type_entity_id_idx", table_name="audit_logs")
    op.drop_index(op.f("audit_logs_actor_id_idx"), table_name="audit_logs")
    op.drop_table("audit_logs")
