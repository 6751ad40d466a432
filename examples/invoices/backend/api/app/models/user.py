import enum

from app.extensions import db
from app.models.base import BaseModel


class UserRole(enum.StrEnum):
    USER = "user"
    ADMIN = "admin"
    VIEWER = "viewer"


# Prisma names the type after its enum, capitals and all, and stores the values in lower case.
user_role = db.Enum(UserRole, name="UserRole", values_callable=lambda roles: [role.value for role in roles])


class User(BaseModel):
    """Mirror of Prisma's User. Better Auth creates the rows; we only read them."""

    __tablename__ = "users"

    email = db.Column(db.String(255), nullable=False)
    name = db.Column(db.String(120), nullable=False)
    email_verified = db.Column(db.Boolean, nullable=False, server_default=db.false())
    image = db.Column(db.Text)
    role = db.Column(user_role, nullable=False, server_default="user")

    accounts = db.relationship("Account", back_populates="user", passive_deletes=True)
    sessions = db.relationship("Session", back_populates="user", passive_deletes=True)
    files = db.relationship("FileStorage", back_populates="user", passive_deletes=True)
    processing_jobs = db.relationship("ProcessingJob", back_populates="user", passive_deletes=True)
    file_access_logs = db.relationship("FileAccessLog", back_populates="user", passive_deletes=True)
    redeemed_access_codes = db.relationship(
        "AccessCode",
        foreign_keys="AccessCode.redeemed_by",
        back_populates="redeemed_by_user",
        passive_deletes=True,
    )

    __table_args__ = (db.UniqueConstraint("email", name="users_email_key"),)

    @property
    def is_admin(self):
        return self.role == UserRole.ADMIN


db.Index("users_role_created_at_idx", User.role, User.created_at.desc())
