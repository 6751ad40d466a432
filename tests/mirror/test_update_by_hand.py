"""A file that people wrote, brought up to date in place: what need not change stays, byte for byte."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from project import Project

import schemasync
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
    result = schemasync.update_mirrors(prisma, models, project.folder / "__init__.py", path=[project.root])
    ((_, after),) = result.files.values()
    assert after.decode() == AFTER
    assert result.left == ()
    assert [line.partition(":")[0] for line in result.suggested] == [
        "posts.extra is in the SQLAlchemy model Post but not in schema.prisma"
    ]


def test_line_endings_and_encoding_stay(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    text = BY_HAND.replace("by hand", "von Hand, größer").replace("\n", "\r\n")
    (project.folder / "__init__.py").write_bytes(text.encode())
    models = project.read(monkeypatch)
    result = schemasync.update_mirrors(prisma, models, project.folder / "__init__.py", path=[project.root])
    ((_, after),) = result.files.values()
    assert after.decode() == AFTER.replace("by hand", "von Hand, größer").replace("\n", "\r\n")


def test_pruning_deletes_what_nothing_else_uses(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND})
    models = project.read(monkeypatch)
    result = schemasync.update_mirrors(
        prisma, models, project.folder / "__init__.py", path=[project.root], deletes=True
    )
    ((_, after),) = result.files.values()
    assert after.decode() == AFTER.replace("    extra = sa.Column(sa.Text)\n", "")
    assert result.suggested == ()


def test_what_is_used_is_not_pruned(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND.replace("len(self.title)", "len(self.extra)")})
    models = project.read(monkeypatch)
    result = schemasync.update_mirrors(
        prisma, models, project.folder / "__init__.py", path=[project.root], deletes=True
    )
    ((_, after),) = result.files.values()
    assert "    extra = sa.Column(sa.Text)\n" in after.decode()
    assert [line for line in result.left if "extra" in line]


def test_a_declaration_with_comments_inside_is_left_to_people(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND.replace("        sa.Text,\n", "        sa.Text,  # long\n")})
    models = project.read(monkeypatch)
    result = schemasync.update_mirrors(prisma, models, project.folder / "__init__.py", path=[project.root])
    ((_, after),) = result.files.values()
    assert "        sa.Text,  # long\n" in after.decode()
    assert re.search("posts.title is varchar.100.*has a comment inside its declaration", result.left[0])


def test_a_relationship_whose_name_is_taken_is_left_to_people(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write({"__init__.py": BY_HAND.replace("def length( self )", "def author( self )")})
    models = project.read(monkeypatch)
    result = schemasync.update_mirrors(prisma, models, project.folder / "__init__.py", path=[project.root])
    assert [line for line in result.left if "the name author is taken" in line]


def test_the_core_style_is_not_updated(prisma, tmp_path):
    with pytest.raises(schemasync.SchemasyncError, match="Core style"):
        schemasync.update_mirrors(prisma, prisma, tmp_path, style="table")


def test_a_new_other_end_is_told_to_the_one_that_is_there(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    without = AFTER.replace(
        '    author = relationship("User", back_populates="posts")\n', "    author = relationship(User)\n"
    )
    without = re.sub(r"\n    posts = relationship\((?:.|\n)*?\n?\)\n", "", without, count=1)
    assert "posts = relationship" not in without
    project.write({"__init__.py": without})
    assert not project.read(monkeypatch).table("posts").relationships[0].reverse
    result = schemasync.update_mirrors(
        prisma, project.read(monkeypatch), project.folder / "__init__.py", path=[project.root], deletes=True
    )
    ((_, after),) = result.files.values()
    assert '    author = relationship(User, back_populates="posts")\n' in after.decode()
    assert '    posts = relationship("Post", back_populates="author"' in after.decode()


def test_what_no_editor_knows_is_listed(prisma, tmp_path, monkeypatch):
    project = Project(tmp_path)
    project.write(
        {
            "__init__.py": BY_HAND.replace(
                "sa.Integer, primary_key=True, autoincrement=False", "sa.Integer, sa.Identity(), primary_key=True"
            )
        }
    )
    result = schemasync.update_mirrors(
        prisma, project.read(monkeypatch), project.folder / "__init__.py", path=[project.root]
    )
    assert [line for line in result.left if line.startswith("User.id is filled differently")]


def test_libcst_is_not_imported_where_nothing_is_to_be_done(tmp_path):
    (tmp_path / "schema.prisma").write_text(HEAD + PSL)
    program = """
import sys
from pathlib import Path
import schemasync
prisma = schemasync.read_prisma("schema.prisma")
Path("models.py").write_text(schemasync.mirror(prisma) + "# nothing to do\\n")
sys.path.insert(0, ".")
from models import Base
result = schemasync.update_mirrors(prisma, schemasync.read_metadata(Base), Path("models.py"), path=[Path()])
print(dict(result.files), "libcst" in sys.modules)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(schemasync.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "{} False\n"
