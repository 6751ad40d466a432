"""companies and sales

Revision ID: 3f1c7a90b2de
Revises:
Create Date: 2025-02-03 10:12:44.258503

"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "3f1c7a90b2de"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "companies",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), server_default="EUR", nullable=False),
        sa.Column("payment_terms_days", sa.SmallInteger(), server_default=sa.text("30"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("payment_terms_days >= 0", name=op.f("companies_payment_terms_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("companies_pkey")),
        sa.UniqueConstraint("vat_number", name=op.f("companies_vat_number_key")),
    )
    op.create_index(op.f("companies_name_idx"), "companies", ["name"], unique=False)
    op.create_table(
        "sales_territories",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("countries", postgresql.ARRAY(sa.String(length=2)), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sales_territories_pkey")),
        sa.UniqueConstraint("code", name=op.f("sales_territories_code_key")),
    )
    op.create_table(
        "ship_methods",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("base_cost", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("cost_per_kilogram", sa.Numeric(precision=12, scale=2), server_default=sa.text("0"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("base_cost >= 0 AND cost_per_kilogram >= 0", name=op.f("ship_methods_costs_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("ship_methods_pkey")),
        sa.UniqueConstraint("name", name=op.f("ship_methods_name_key")),
    )
    op.create_table(
        "company_addresses",
        sa.Column("company_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="billing", nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("is_primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('billing', 'shipping')", name=op.f("company_addresses_kind_check")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("company_addresses_company_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("company_addresses_pkey")),
    )
    op.create_index(op.f("company_addresses_company_id_idx"), "company_addresses", ["company_id"], unique=False)
    op.create_index(
        "company_addresses_one_primary_idx",
        "company_addresses",
        ["company_id", "kind"],
        unique=True,
        postgresql_where=sa.text("is_primary"),
    )
    op.create_table(
        "salespersons",
        sa.Column("user_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("territory_id", sa.UUID(), nullable=True),
        sa.Column("manager_id", sa.UUID(), nullable=True),
        sa.Column("commission_rate", sa.Numeric(precision=5, scale=4), server_default=sa.text("0"), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("commission_rate BETWEEN 0 AND 1", name=op.f("salespersons_commission_rate_check")),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["salespersons.id"], name=op.f("salespersons_manager_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["territory_id"], ["sales_territories.id"], name=op.f("salespersons_territory_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("salespersons_user_id_fkey"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("salespersons_pkey")),
        sa.UniqueConstraint("user_id", name=op.f("salespersons_user_id_key")),
    )
    op.create_index(op.f("salespersons_territory_id_idx"), "salespersons", ["territory_id"], unique=False)


def downgrade():
    op.drop_index(op.f("salespersons_territory_id_idx"), table_name="salespersons")
    op.drop_table("salespersons")
    op.drop_index(
        "company_addresses_one_primary_idx", table_name="company_addresses", postgresql_where=sa.text("is_primary")
    )
    op.drop_index(op.f("company_addresses_company_id_idx"), table_name="company_addresses")
    op.drop_table("company_addresses")
    op.drop_table("ship_methods")
    op.drop_table("sales_territories")
    op.drop_index(op.f("companies_name_idx"), table_name="companies")
    op.drop_table("companies")
