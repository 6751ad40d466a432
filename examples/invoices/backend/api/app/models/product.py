from sqlalchemy.dialects.postgresql import JSONB, UUID

from app.extensions import db
from app.models.base import BaseModel


class Product(BaseModel):
    __tablename__ = "products"

    sku = db.Column(db.String(40), nullable=False, unique=True)
    name = db.Column(db.String(160), nullable=False)
    description = db.Column(db.Text)
    sub_category_id = db.Column(
        UUID(as_uuid=True), db.ForeignKey("product_sub_categories.id", ondelete="SET NULL"), index=True
    )
    unit_price = db.Column(db.Numeric(12, 2), nullable=False)
    currency = db.Column(db.CHAR(3), nullable=False, server_default="EUR")
    attributes = db.Column(JSONB, nullable=False, server_default=db.text("'{}'"))

    sub_category = db.relationship("ProductSubCategory", back_populates="products")

    __table_args__ = (db.CheckConstraint("unit_price >= 0", name="unit_price"),)
