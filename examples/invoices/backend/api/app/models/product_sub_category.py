from sqlalchemy.dialects.postgresql import UUID

from app.extensions import db
from app.models.base import BaseModel


class ProductSubCategory(BaseModel):
    __tablename__ = "product_sub_categories"

    category_id = db.Column(
        UUID(as_uuid=True), db.ForeignKey("product_categories.id", ondelete="CASCADE"), nullable=False
    )
    name = db.Column(db.String(80), nullable=False)

    category = db.relationship("ProductCategory", back_populates="sub_categories")
    products = db.relationship("Product", back_populates="sub_category")

    __table_args__ = (db.UniqueConstraint("category_id", "name"),)
