"""Files that people edit, brought up to date in place."""

import importlib
import itertools
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest
from neglect import neglected
from proof import schema_files

import schemasync
from schemasync.errors import PrismaSchemaError
from schemasync.mirror.update.outcome import Outcome
from schemasync.mirror.update.updating import Update, updated
from schemasync.schema.model import Schema

_numbers = itertools.count()
METHOD = """
    def approve(self):
        # Nobody but people wrote this.
        self.approved   =   True

    def reject( self ): return not self.approve
"""


class Project:
    """A package of models on `sys.path`, read and updated as `schemasync mirror --update` does."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / f"project_{next(_numbers)}"
        self.name = f"models_{next(_numbers)}"
        self.folder = self.root / self.name
        self.folder.mkdir(parents=True)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def texts(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in sorted(self.folder.glob("*.py"))}

    def read(self, monkeypatch: pytest.MonkeyPatch) -> Schema:
        """The models as they are now: under another name, for Python keeps modules."""
        again = f"{self.name}_{next(_numbers)}"
        shutil.copytree(self.folder, self.root / again)
        monkeypatch.syspath_prepend(self.root)
        importlib.invalidate_caches()
        module: ModuleType = importlib.import_module(again)
        module.Base.registry.configure(cascade=True)
        schema = schemasync.read_metadata(module.Base)
        shutil.rmtree(self.root / again)
        return Schema.from_json(schema.to_json().replace(again, self.name))

    def update(self, prisma: Schema, monkeypatch: pytest.MonkeyPatch, *, deletes: bool = False) -> Update:
        models = self.read(monkeypatch)
        result = updated(prisma, models, self.folder, path=[self.root], deletes=deletes)
        for path, (_, after) in result.files.items():
            path.write_bytes(after)
        return result


def test_a_generated_package_is_up_to_date(case, tmp_path, monkeypatch):
    prisma = schemasync.read_prisma(case[0])
    project = Project(tmp_path)
    project.write(schemasync.mirror_modules(prisma))
    result = project.update(prisma, monkeypatch)
    assert (dict(result.files), result.outcome) == ({}, Outcome())


def test_a_neglected_package_is_brought_up_to_date(case, tmp_path, monkeypatch):
    prisma = schemasync.read_prisma(case[0])
    project = Project(tmp_path)
    project.write(schemasync.mirror_modules(neglected(prisma)))
    model = next(name for name in project.texts() if "class " in project.text(name) and name not in RESERVED)
    project.write({model: project.text(model) + METHOD})
    assert schemasync.compare({"prisma": prisma, "sqlalchemy": project.read(monkeypatch)})
    result = project.update(prisma, monkeypatch)
    assert result.outcome.left == []
    assert schemasync.compare({"prisma": prisma, "sqlalchemy": project.read(monkeypatch)}) == []
    assert METHOD in project.text(model)
    again = project.update(prisma, monkeypatch)
    assert dict(again.files) == {}


RESERVED = ("__init__.py", "associations.py", "base.py", "enums.py", "helpers.py")


def test_every_schema_of_the_corpus(corpus: Path, tmp_path, monkeypatch):
    problems = []
    proven = 0
    for path in schema_files(corpus):
        try:
            prisma = schemasync.read_prisma(path)
        except PrismaSchemaError:
            continue
        if not any(table.kind == "table" and table.model for table in prisma.tables):
            continue
        name = path.relative_to(corpus)
        project = Project(tmp_path)
        project.write(schemasync.mirror_modules(prisma))
        if project.update(prisma, monkeypatch).files:
            problems.append(f"{name}: a generated package is not up to date")
        old = Project(tmp_path)
        old.write(schemasync.mirror_modules(neglected(prisma)))
        try:
            left = old.update(prisma, monkeypatch).outcome.left
            drifts = schemasync.compare({"prisma": prisma, "sqlalchemy": old.read(monkeypatch)})
            problems += [f"{name}: left: {line}" for line in left] + [f"{name}: {drift.message}" for drift in drifts]
            if old.update(prisma, monkeypatch).files:
                problems.append(f"{name}: a second update changes something")
        except Exception as error:  # noqa: BLE001 - each schema's failure is one line of the report
            problems.append(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}")
        proven += 1
    assert problems == []
    assert proven > 50


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
