from app.extensions import db
from app.models.base import BaseModel


class ProductCategory(BaseModel):
    __tablename__ = "product_categories"

    name = db.Column(db.String(80), nullable=False, unique=True)
    position = db.Column(db.Integer, nullable=False, server_default=db.text("0"))

    sub_categories = db.relationship(
        "ProductSubCategory", back_populates="category", cascade="all, delete-orphan", passive_deletes=True
    )
