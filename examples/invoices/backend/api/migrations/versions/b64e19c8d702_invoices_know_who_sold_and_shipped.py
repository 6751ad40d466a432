"""invoices know who sold and shipped

Revision ID: b64e19c8d702
Revises: 5d7ac2f4083b
Create Date: 2025-10-29 16:02:27.746721

"""

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "b64e19c8d702"
down_revision = "5d7ac2f4083b"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("invoices", sa.Column("salesperson_id", sa.UUID(), nullable=True))
    op.add_column("invoices", sa.Column("ship_method_id", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("invoices_salesperson_id_fkey"),
        "invoices",
        "salespersons",
        ["salesperson_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        op.f("invoices_ship_method_id_fkey"),
        "invoices",
        "ship_methods",
        ["ship_method_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade():
    op.drop_constraint(op.f("invoices_ship_method_id_fkey"), "invoices", type_="foreignkey")
    op.drop_constraint(op.f("invoices_salesperson_id_fkey"), "invoices", type_="foreignkey")
    op.drop_column("invoices", "ship_method_id")
    op.drop_column("invoices", "salesperson_id")
