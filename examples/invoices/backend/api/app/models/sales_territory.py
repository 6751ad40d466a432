from sqlalchemy.dialects.postgresql import ARRAY

from app.extensions import db
from app.models.base import BaseModel


class SalesTerritory(BaseModel):
    __tablename__ = "sales_territories"

    code = db.Column(db.String(10), nullable=False, unique=True)
    name = db.Column(db.String(80), nullable=False)
    countries = db.Column(ARRAY(db.String(2)), nullable=False, server_default=db.text("'{}'"))

    salespersons = db.relationship("Salesperson", back_populates="territory")
