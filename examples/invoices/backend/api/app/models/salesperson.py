from sqlalchemy.dialects.postgresql import UUID

from app.extensions import db
from app.models.base import BaseModel


class Salesperson(BaseModel):
    __tablename__ = "salespersons"

    # Not everybody who sells has an account.
    user_id = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="SET NULL"), unique=True)
    name = db.Column(db.String(120), nullable=False)
    territory_id = db.Column(UUID(as_uuid=True), db.ForeignKey("sales_territories.id", ondelete="SET NULL"), index=True)
    manager_id = db.Column(UUID(as_uuid=True), db.ForeignKey("salespersons.id", ondelete="SET NULL"))
    commission_rate = db.Column(db.Numeric(5, 4), nullable=False, server_default=db.text("0"))

    user = db.relationship("User")
    territory = db.relationship("SalesTerritory", back_populates="salespersons")
    manager = db.relationship("Salesperson", remote_side="Salesperson.id", back_populates="team")
    team = db.relationship("Salesperson", back_populates="manager")

    __table_args__ = (db.CheckConstraint("commission_rate BETWEEN 0 AND 1", name="commission_rate"),)
