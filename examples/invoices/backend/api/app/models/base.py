import uuid
from datetime import UTC, datetime

from sqlalchemy.dialects.postgresql import UUID

from app.extensions import db


def utc_now():
    return datetime.now(UTC)


def as_utc(moment):
    """Prisma's timestamps come back without a time zone; they are UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


class BaseModel(db.Model):
    """Every model's key and timestamps."""

    __abstract__ = True

    id = db.Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
    created_at = db.Column(db.DateTime(timezone=True), nullable=False, server_default=db.text("CURRENT_TIMESTAMP"))
    updated_at = db.Column(db.DateTime(timezone=True), nullable=False, default=utc_now, onupdate=utc_now)

    def save(self):
        db.session.add(self)
        db.session.commit()
        return self

    def delete(self):
        db.session.delete(self)
        db.session.commit()

    def to_dict(self):
        """Columns as JSON can carry them."""
        values = {attr.key: getattr(self, attr.key) for attr in db.inspect(self).mapper.column_attrs}
        return {
            key: value if isinstance(value, (str, int, bool, dict, list, type(None))) else str(value)
            for key, value in values.items()
        }

    def __repr__(self):
        return f"<{type(self).__name__} {self.id}>"
