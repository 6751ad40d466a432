"""A small project on which all three witnesses agree: the ground on which tests change one thing at a time."""

from pathlib import Path

from databases import Database
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    create_engine,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import INT4RANGE, TIMESTAMP, UUID, ExcludeConstraint
from sqlalchemy.orm import DeclarativeBase, relationship

import schemasync
from schemasync.compare.drift import Comparison
from schemasync.compare.engine import compare_witnesses
from schemasync.schema.model import Schema
from schemasync.witnesses.spelling import ScratchSpeller

PRISMA = """
datasource db {
  provider = "postgresql"
}

enum Role {
  USER
  ADMIN

  @@map("role")
}

model User {
  id        String   @id @default(uuid()) @db.Uuid
  email     String   @unique @db.VarChar(255)
  name      String?
  role      Role     @default(USER)
  score     Decimal  @default(0) @db.Decimal(5, 2)
  createdAt DateTime @default(now()) @map("created_at")
  updatedAt DateTime @updatedAt @map("updated_at")
  posts     Post[]

  @@index([createdAt(sort: Desc), name])
  @@map("users")
}

model Post {
  id       Int     @id @default(autoincrement())
  title    String
  slug     String
  authorId String? @map("author_id") @db.Uuid
  author   User?   @relation(fields: [authorId], references: [id])

  @@unique([authorId, slug])
  @@index([title])
  @@map("posts")
}
"""

# What Prisma Migrate writes for it.
PRISMA_SQL = """
CREATE TYPE "role" AS ENUM ('USER', 'ADMIN');
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "name" TEXT,
    "role" "role" NOT NULL DEFAULT 'USER',
    "score" DECIMAL(5,2) NOT NULL DEFAULT 0,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "posts" (
    "id" SERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "author_id" UUID,
    CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");
CREATE INDEX "users_created_at_name_idx" ON "users"("created_at" DESC, "name");
CREATE INDEX "posts_title_idx" ON "posts"("title");
CREATE UNIQUE INDEX "posts_author_id_slug_key" ON "posts"("author_id", "slug");
ALTER TABLE "posts" ADD CONSTRAINT "posts_author_id_fkey" FOREIGN KEY ("author_id")
    REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;
"""


class Base(DeclarativeBase):
    pass


def new_uuid() -> str:
    raise NotImplementedError


class User(Base):
    __tablename__ = "users"
    __table_args__ = (Index("users_created_at_name_idx", text("created_at DESC"), "name"),)

    id = Column(UUID(), primary_key=True, default=new_uuid)
    email = Column(String(255), nullable=False)
    name = Column(Text)
    role = Column(Enum("USER", "ADMIN", name="role"), nullable=False, server_default="USER")
    score = Column(Numeric(5, 2), nullable=False, server_default=text("0"))
    created_at = Column(TIMESTAMP(precision=3), nullable=False, server_default=func.now())
    updated_at = Column(TIMESTAMP(precision=3), nullable=False, default=func.now(), onupdate=func.now())
    posts = relationship("Post", back_populates="author")


class Post(Base):
    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("author_id", "slug", name="posts_author_id_slug_key"),)

    id = Column(Integer, primary_key=True)
    title = Column(Text, nullable=False, index=False)
    slug = Column(Text, nullable=False)
    author_id = Column(
        UUID(), ForeignKey("users.id", ondelete="SET NULL", onupdate="CASCADE", name="posts_author_id_fkey")
    )
    author = relationship("User", back_populates="posts")


Index("users_email_key", User.email, unique=True)
Index("posts_title_idx", Post.title)


class Invoice(Base):
    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("amount >= 0 AND currency IN ('EUR', 'USD')", name="invoices_amount_check"),
        ExcludeConstraint(("period", "&&"), using="gist", name="invoices_period_excl"),
        UniqueConstraint("number", name="invoices_number_key"),
        Index("invoices_open_idx", "number", postgresql_where=text("status <> 'paid'")),
        {"comment": "What customers owe"},
    )

    id = Column(BigInteger, Identity(), primary_key=True)
    number = Column(String(20), nullable=False, comment="Printed on the invoice")
    status = Column(Enum("open", "paid", name="invoice_status"), nullable=False, server_default="open")
    currency = Column(String(3), nullable=False)
    amount = Column(Numeric(12, 2), nullable=False)
    taxed = Column(Numeric(12, 2), Computed("amount * 1.2", persisted=True))
    label = Column(Text(collation="C"))
    period = Column(INT4RANGE)
    due = Column(DateTime(timezone=True))
    user_id = Column(
        UUID(), ForeignKey("users.id", name="invoices_user_id_fkey", deferrable=True, initially="DEFERRED")
    )


class InvoiceLine(Base):
    __tablename__ = "invoice_lines"

    id = Column(Integer, primary_key=True)
    invoice_id = Column(
        BigInteger, ForeignKey("invoices.id", ondelete="CASCADE", name="invoice_lines_invoice_id_fkey"), nullable=False
    )


OWNED = (Invoice.__table__, InvoiceLine.__table__)


def create(database: Database) -> None:
    """Create what both sides own: Prisma's tables by Prisma's SQL, the others by SQLAlchemy's own DDL."""
    database.execute(PRISMA_SQL)
    engine = create_engine("postgresql+psycopg2://", creator=database.connect)
    Base.metadata.create_all(engine, tables=OWNED)
    engine.dispose()


def read_witnesses(database: Database, folder: Path) -> dict[str, Schema]:
    """The three witnesses."""
    path = folder / "schema.prisma"
    path.write_text(PRISMA)
    return {
        "prisma": schemasync.read_prisma(path),
        "sqlalchemy": schemasync.read_metadata(Base.metadata),
        "database": schemasync.read_database(database.url),
    }


def compared(witnesses: dict[str, Schema]) -> Comparison:
    """The comparison, with a scratch database to spell what text cannot tell."""
    with ScratchSpeller("auto", witnesses.values()) as speller:
        return compare_witnesses(witnesses, speller=speller)
