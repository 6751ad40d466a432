"""Whole files, and what damages them: always the same from the same luck."""

import random

from schemasync.schema.constraints import Check, ForeignKey, Index, IndexPart, PrimaryKey, Unique
from schemasync.schema.defaults import Default
from schemasync.schema.model import CatalogObject, Column, Enum, Identity, Schema, Table
from schemasync.schema.types import data_type

COLUMNS = (
    Column("id", data_type("integer"), nullable=False, identity=Identity(always=True, options=(("cache", 5),))),
    Column("t", data_type("varchar", (20,)), default=Default("'a'::character varying"), comment="a % b"),
    Column("m", data_type("mood", schema="public"), collation="C", options=(("storage", "external"),)),
)
SNAPSHOT = Schema(
    "database",
    "postgresql://h/d",
    tables=(
        Table(
            "a",
            columns=COLUMNS,
            primary_key=PrimaryKey(("id",), "a_pkey"),
            uniques=(Unique(("t",), "a_t_key", include=("m",)),),
            indexes=(
                Index((IndexPart("t", descending=True), IndexPart(expression="lower(t)")), "i", predicate="id > 0"),
            ),
            checks=(Check("id > 0", "c", validated=False),),
        ),
        Table(
            "b",
            columns=COLUMNS[:2],
            foreign_keys=(ForeignKey(("id",), "public", "a", ("id",), "b_fkey", "CASCADE"),),
        ),
    ),
    enums=(Enum("mood", ("sad", "glad"), comment="x"),),
    objects=(
        CatalogObject("column-order", "public", "a", "a", (("id", "1"), ("t", "2"), ("m", "3"))),
        CatalogObject("sequence", "public", "s", None, (("owned by", 'public."a".id'),)),
    ),
    complete=True,
)
CONFIGURATION = """
[prisma]
schema = "prisma/schema.prisma"
migrations = "prisma/migrations"
[sqlalchemy]
metadata = "app.models:db"
path = ["backend"]
[alembic]
config = "alembic.ini"
[database]
url = "$DATABASE_URL"
schemas = ["public", "other"]
[ownership]
prisma = ["a_*"]
sqlalchemy = ["b"]
ignore = ["spatial_ref_sys"]
mirror = "all"
[check]
ignore = ["column-comment:a.b"]
severity = { "index-name" = "info" }
baseline = "baseline.json"
[mirror]
output = "models"
style = "declarative"
"""
REVISION = '''"""A message

Revision ID: a1
"""
from alembic import op
revision: str = "a1"
down_revision: str | None = None
branch_labels = None
depends_on = ("b2",)


def upgrade() -> None:
    op.execute("SELECT 1")
'''
INI = "[alembic]\nscript_location = %(here)s/alembic\nfile_template = %%(rev)s\n\n[loggers]\nkeys = root\n"
BASELINE = """{
  "version": 1,
  "drifts": [
    {"kind": "column-type", "schema": "public", "table": "users", "object": "name", "behind": ["sqlalchemy"],
     "witnesses": ["prisma", "sqlalchemy"], "expires": "2027-01-31", "reason": "until the next release"},
    {"kind": "table-extra", "table": "spatial_ref_sys", "behind": []}
  ]
}
"""
FLEET = """# tenants
berlin = postgresql://ann:s3cret@db.example.org:5432/berlin?sslmode=require
"rome" = "postgresql://ann@localhost/rome"
postgresql://localhost/oslo
paris = postgresql://localhost/p$$ris
"""
COMMENTED = """class User(Base):
    __tablename__ = "users"

    # schemasync: ignore[column-type, column-default]
    name: Mapped[str] = mapped_column(String(50))
    mail: Mapped[str]  # schemasync: ignore[column-missing]
    text = '''
    # schemasync: ignore[column-type]
    '''
"""
SPICE = [
    *("", "\0", "\ufeff", "\u2028", "🦊", "%", "%%", "%(here)s", "$HOME", "${X", "'", '"', "\\", "]" * 200),
    *("[" * 200, "null", "-1", "1e999", "true", "{}", "[]", "..", "/", "~", "a" * 5000, "\r", "\t", "::error::"),
    *("<script>", "NaN", "; rm", "`id`"),
]
VALUES: list[object] = [None, True, -1, 1.5, 10**30, "", "x", "public", [], {}, [None], {"a": 1}, [[]], "\ud800"]


def damaged_text(text: str, luck: random.Random) -> str:
    """A text with some pieces too many, too few or in a wrong place."""
    for _ in range(luck.choice([1, 1, 2, 5])):
        place, other = sorted(luck.randrange(len(text) + 1) for _ in range(2))
        draw = luck.randrange(4)
        if draw == 0:
            text = text[:place] + text[min(other, place + 30) :]
        elif draw == 1:
            text = text[:place] + luck.choice(SPICE) + text[place:]
        elif draw == 2:
            text = text[:place] + text[place:other] + text[place:]
        else:
            text = text[:place] + chr(luck.randrange(1, 0x250)) + text[place + 1 :]
    return text[:20000]


def damaged_value(value: object, luck: random.Random) -> object:
    """JSON with one value somewhere in it replaced, removed or doubled."""
    if isinstance(value, dict) and value and luck.random() < 0.9:
        key = luck.choice(list(value))
        changed = dict(value)
        draw = luck.random()
        if draw < 0.1:
            del changed[key]
        elif draw < 0.2:
            changed[luck.choice(["x", "", "name", "kind"])] = luck.choice(VALUES)
        else:
            changed[key] = damaged_value(value[key], luck)
        return changed
    if isinstance(value, list) and value and luck.random() < 0.9:
        place = luck.randrange(len(value))
        if luck.random() < 0.2:
            return [*value, value[place]]
        return [*value[:place], damaged_value(value[place], luck), *value[place + 1 :]]
    if luck.random() < 0.7:
        if isinstance(value, bool):
            return not value
        if isinstance(value, str):
            return luck.choice(["x", "", "id", "table", "view", "CASCADE", "hash", "\ud800", damaged_text(value, luck)])
        if isinstance(value, int):
            return luck.choice([0, -1, 10**30])
    return luck.choice(VALUES)
