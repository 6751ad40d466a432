"""A file that people wrote, brought up to date in place: what need not change stays, byte for byte."""

import re
from pathlib import Path

import pytest
from project import Project

import schemasync
from schemasync.mirror.update.updating import updated
from schemasync.schema.model import Schema

HEAD = 'datasource db {\n  provider = "postgresql"\n}\n\n'
PSL = """
enum Status {
  open
  closed
  lost
}

model User {
  id    Int    @id
  posts Post[]
}

model Post {
  id       Int       @id
  title    String    @db.VarChar(100)
  body     String?
  status   Status    @default(open)
  views    Int       @default(0)
  authorId Int       @map("author_id")
  madeAt   DateTime  @default(now()) @map("made_at")
  author   User      @relation(fields: [authorId], references: [id], onDelete: Cascade)

  @@index([authorId, madeAt(sort: Desc)])
  @@map("posts")
}
"""
BY_HAND = '''"""Models, written by hand."""

from enum import Enum as PythonEnum

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, column_property, relationship


class Base(DeclarativeBase):
    pass


class Status(PythonEnum):
    open = "open"
    closed = "closed"  # for good


class User(Base):
    __tablename__ = "User"

    id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)


class Post(Base):
    """A post."""

    __tablename__ = 'posts'

    id   = sa.Column(sa.Integer, primary_key=True, autoincrement=False)  # the key
    title = sa.Column(
        sa.Text,
        nullable=False,
    )
    # A status of its own.
    status = sa.Column(sa.Enum(Status, name="Status"), nullable=False, server_default="open")
    author_id = sa.Column("author_id", sa.ForeignKey("User.id", onupdate="CASCADE"), nullable=False)
    extra = sa.Column(sa.Text)

    shout = column_property(title + "!")

    def length( self ):
        return len(self.title)   # spaces stay


print_nothing = None
'''
AFTER = '''"""Models, written by hand."""

from enum import Enum as PythonEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, column_property, relationship


class Base(DeclarativeBase):
    pass


class Status(PythonEnum):
    open = "open"
    closed = "closed"  # for good
    lost = "lost"


class User(Base):
    __tablename__ = "User"
    __table_args__ = ({"info": {"schemasync": {"owner": "prisma"}}},)

    id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)

    posts = relationship("Post", back_populates="author", passive_deletes="all")


class Post(Base):
    """A post."""

    __tablename__ = 'posts'
    __table_args__ = (
        sa.Index("posts_author_id_made_at_idx", "author_id", sa.text("made_at DESC")),
        {"info": {"schemasync": {"owner": "prisma"}}},
    )

    id   = sa.Column(sa.Integer, primary_key=True, autoincrement=False)  # the key
    title = sa.Column(
        sa.String(100),
        nullable=False,
    )
    body = sa.Column(sa.Text)
    # A status of its own.
    status = sa.Column(sa.Enum(Status, name="Status"), nullable=False, server_default="open")
    views = sa.Column(sa.Integer, nullable=False, server_default=sa.text("0"))
    author_id = sa.Column(
        "author_id",
        sa.ForeignKey("User.id", ondelete="CASCADE", onupdate="CASCADE"),
        nullable=False,
    )
    made_at = sa.Column(
        TIMESTAMP(precision=3), nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
    )
    extra = sa.Column(sa.Text)

    author = relationship("User", back_populates="posts")

    shout = column_property(title + "!")

    def length( self ):
        return len(self.title)   # spaces stay


print_nothing = None
'''


@pytest.fixture
def prisma(tmp_path: Path) -> Schema:
    path = tmp_path / "schema.prisma"
    path.write_text(HEAD + PSL)
    return schemasync.read_prisma(path)


def test_a_file_written_by_hand(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND})
    models = project.read(monkeypatch)
    result = updated(prisma, models, project.folder / "__init__.py", path=[project.root])
    ((_, after),) = result.files.values()
    assert after.decode() == AFTER
    assert result.outcome.left == []
    assert [line.partition(":")[0] for line in result.outcome.suggested] == [
        "posts.extra is in the SQLAlchemy model Post but not in schema.prisma"
    ]


def test_line_endings_and_encoding_stay(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    text = BY_HAND.replace("by hand", "von Hand, größer").replace("\n", "\r\n")
    (project.folder / "__init__.py").write_bytes(text.encode())
    models = project.read(monkeypatch)
    result = updated(prisma, models, project.folder / "__init__.py", path=[project.root])
    ((_, after),) = result.files.values()
    assert after.decode() == AFTER.replace("by hand", "von Hand, größer").replace("\n", "\r\n")


def test_pruning_deletes_what_nothing_else_uses(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND})
    models = project.read(monkeypatch)
    result = updated(prisma, models, project.folder / "__init__.py", path=[project.root], deletes=True)
    ((_, after),) = result.files.values()
    assert after.decode() == AFTER.replace("    extra = sa.Column(sa.Text)\n", "")
    assert result.outcome.suggested == []


def test_what_is_used_is_not_pruned(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND.replace("len(self.title)", "len(self.extra)")})
    models = project.read(monkeypatch)
    result = updated(prisma, models, project.folder / "__init__.py", path=[project.root], deletes=True)
    ((_, after),) = result.files.values()
    assert "    extra = sa.Column(sa.Text)\n" in after.decode()
    assert [line for line in result.outcome.left if "extra" in line]


def test_a_declaration_with_comments_inside_is_left_to_people(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND.replace("        sa.Text,\n", "        sa.Text,  # long\n")})
    models = project.read(monkeypatch)
    result = updated(prisma, models, project.folder / "__init__.py", path=[project.root])
    ((_, after),) = result.files.values()
    assert "        sa.Text,  # long\n" in after.decode()
    assert re.search("posts.title is varchar.100.*has a comment inside its declaration", result.outcome.left[0])


def test_a_relationship_whose_name_is_taken_is_left_to_people(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND.replace("def length( self )", "def author( self )")})
    models = project.read(monkeypatch)
    result = updated(prisma, models, project.folder / "__init__.py", path=[project.root])
    assert [line for line in result.outcome.left if "the name author is taken" in line]


def test_the_core_style_is_not_updated(prisma, tmp_path):
    with pytest.raises(schemasync.SchemasyncError, match="Core style"):
        updated(prisma, prisma, tmp_path, style="table")
