from app.extensions import db
from app.models.base import BaseModel


class ShipMethod(BaseModel):
    __tablename__ = "ship_methods"

    name = db.Column(db.String(60), nullable=False, unique=True)
    base_cost = db.Column(db.Numeric(12, 2), nullable=False, server_default=db.text("0"))
    cost_per_kilogram = db.Column(db.Numeric(12, 2), nullable=False, server_default=db.text("0"))
    is_active = db.Column(db.Boolean, nullable=False, server_default=db.true())

    __table_args__ = (db.CheckConstraint("base_cost >= 0 AND cost_per_kilogram >= 0", name="costs"),)
