import secrets

from sqlalchemy.dialects.postgresql import UUID

from app.extensions import db
from app.models.base import BaseModel, as_utc, utc_now
from app.models.user import user_role

# No 0, O, 1 or I: people read codes to each other on the telephone.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class AccessCode(BaseModel):
    """Mirror of Prisma's AccessCode: an invitation to sign up."""

    __tablename__ = "access_codes"

    code = db.Column(db.String(32), nullable=False)
    email = db.Column(db.String(255))
    role = db.Column(user_role, nullable=False, server_default="user")
    is_active = db.Column(db.Boolean, nullable=False, server_default=db.true())
    max_uses = db.Column(db.SmallInteger, nullable=False, server_default=db.text("1"))
    use_count = db.Column(db.SmallInteger, nullable=False, server_default=db.text("0"))
    expires_at = db.Column(db.DateTime(timezone=True), nullable=False)
    redeemed_at = db.Column(db.DateTime(timezone=True))
    redeemed_by = db.Column(UUID(as_uuid=True), db.ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE"))

    redeemed_by_user = db.relationship("User", foreign_keys=[redeemed_by], back_populates="redeemed_access_codes")

    __table_args__ = (
        db.UniqueConstraint("code", name="access_codes_code_key"),
        db.Index("access_codes_is_active_expires_at_idx", is_active, expires_at.desc()),
    )

    @staticmethod
    def new_code(length=10):
        return "".join(secrets.choice(ALPHABET) for _ in range(length))

    def is_valid(self, email=None):
        """Whether the holder of `email` may redeem the code now."""
        if not self.is_active or self.use_count >= self.max_uses:
            return False
        if self.email and (email or "").lower() != self.email.lower():
            return False
        return as_utc(self.expires_at) > utc_now()

    def redeem(self, user):
        if not self.is_valid(user.email):
            raise ValueError("this code is not valid any more")
        self.use_count += 1
        self.redeemed_at = utc_now()
        self.redeemed_by_user = user
        if self.use_count >= self.max_uses:
            self.is_active = False
