"""usage analytics

Revision ID: 5d7ac2f4083b
Revises: e0936bd5a81f
Create Date: 2025-10-14 11:31:03.382892

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "5d7ac2f4083b"
down_revision = "e0936bd5a81f"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "page_view_summaries",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("views", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("unique_visitors", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("unique_visitors <= views", name=op.f("page_view_summaries_visitors_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("page_view_summaries_pkey")),
        sa.UniqueConstraint("day", "path", name=op.f("page_view_summaries_day_path_key")),
    )
    op.create_table(
        "usage_analytics",
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column(
            "properties", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("duration_seconds", sa.Double(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("usage_analytics_user_id_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("usage_analytics_pkey")),
    )
    op.create_index("usage_analytics_event_occurred_at_idx", "usage_analytics", ["event", "occurred_at"], unique=False)


def downgrade():
    op.drop_index("usage_analytics_event_occurred_at_idx", table_name="usage_analytics")
    op.drop_table("usage_analytics")
    op.drop_table("page_view_summaries")
