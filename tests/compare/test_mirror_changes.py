"""One change of a mirror, one drift: the models as people neglect them against what Prisma and the database say."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from agreed import PRISMA, Base, create, read_witnesses
from databases import Database

import schemasync
from schemasync.compare.engine import compare_witnesses
from schemasync.ownership import Ownership
from schemasync.schema.model import Column, Location, Schema, Table

Change = tuple[str, Any]


@pytest.fixture
def agreed(database: Database, tmp_path: Path) -> dict[str, Schema]:
    create(database)
    return read_witnesses(database, tmp_path)


def with_table(schema: Schema, name: str, **changes: Any) -> Schema:
    """The schema with one table changed."""
    tables = tuple(dataclasses.replace(table, **changes) if table.name == name else table for table in schema.tables)
    return dataclasses.replace(schema, tables=tables)


def with_column(schema: Schema, table: str, column: str, **changes: Any) -> Schema:
    """The schema with one column changed."""
    stated = schema.table(table)
    assert stated is not None
    columns = tuple(dataclasses.replace(one, **changes) if one.name == column else one for one in stated.columns)
    return with_table(schema, table, columns=columns)


def type_of(text: str) -> Any:
    from schemasync.schema.types import parse_type

    return parse_type(text)


COLUMNS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("users", "email", {"type": type_of("varchar(50)")}, "column-length", "warning", "longer texts than varchar(50)"),
    ("users", "name", {"type": type_of("varchar(50)")}, "column-type", "warning", "cut the column"),
    ("users", "name", {"type": type_of("varchar")}, "column-type", "info", "Nothing fails now"),
    ("users", "created_at", {"type": type_of("timestamptz")}, "column-type", "error", "Times shift"),
    ("users", "id", {"type": type_of("varchar(36)")}, "column-type", "error", "binds and reads varchar(36)"),
    ("users", "role", {"type": type_of("varchar(10)")}, "column-type", "error", "no operator that takes varchar(10)"),
    ("posts", "id", {"type": type_of("bigint")}, "column-type", "warning", "refused or rounded by integer"),
    ("posts", "title", {"type": type_of("text[]")}, "column-type", "error", "A list and a single value"),
    ("users", "name", {"nullable": False}, "column-nullability", "warning", "gives None where the mirror promises"),
    ("posts", "title", {"nullable": True}, "column-nullability", "error", "An INSERT through the mirror"),
    ("users", "role", {"default": None}, "column-default", "error", "sends NULL and fails (NotNullViolation)"),
    ("users", "id", {"client_default": None}, "client-default", "error", "only Prisma Client makes the value"),
    ("users", "updated_at", {"on_update": None}, "client-default", "error", "leaves the old time standing"),
    ("users", "name", {"python_type": "int"}, "python-type", "warning", "The annotation promises int"),
]


@pytest.mark.parametrize(("table", "column", "changes", "kind", "severity", "breaks"), COLUMNS)
def test_one_change_of_a_mirrors_column(
    table: str, column: str, changes: dict[str, Any], kind: str, severity: str, breaks: str, agreed: dict[str, Schema]
) -> None:
    agreed["sqlalchemy"] = with_column(agreed["sqlalchemy"], table, column, **changes)
    (drift,) = schemasync.compare(agreed)
    assert (drift.kind, drift.table, drift.object, drift.owner) == (kind, table, column, "prisma")
    assert (drift.severity, drift.behind) == (severity, ("sqlalchemy",))
    assert breaks in drift.breaks


def test_a_server_default_that_the_database_has_not(agreed: dict[str, Schema]) -> None:
    from schemasync.schema.defaults import Default

    agreed["sqlalchemy"] = with_column(agreed["sqlalchemy"], "posts", "title", default=Default("'untitled'"))
    (drift,) = schemasync.compare(agreed)
    assert (drift.kind, drift.severity, drift.object) == ("column-default", "error", "title")
    assert drift.values == {"prisma": "no default", "sqlalchemy": "'untitled'", "database": "no default"}
    assert drift.breaks == "An INSERT through the mirror relies on it and fails (NotNullViolation)."


def test_a_missing_column_is_one_drift_with_its_key_index_and_relationship(agreed: dict[str, Schema]) -> None:
    posts = agreed["sqlalchemy"].table("posts")
    assert posts is not None
    agreed["sqlalchemy"] = with_table(
        agreed["sqlalchemy"],
        "posts",
        columns=tuple(column for column in posts.columns if column.name != "author_id"),
        foreign_keys=(),
        uniques=(),
        relationships=(),
    )
    agreed["sqlalchemy"] = with_table(agreed["sqlalchemy"], "users", relationships=())
    drifts = schemasync.compare(agreed)
    assert [(drift.kind, drift.table, drift.object) for drift in drifts] == [
        ("column-missing", "posts", "author_id"),
        ("relationship-missing", "users", "posts"),
    ]
    assert drifts[0].values == {"prisma": "uuid", "sqlalchemy": None, "database": "uuid"}
    assert drifts[0].severity == "warning"


def test_a_missing_column_without_a_default_stops_every_insert(agreed: dict[str, Schema]) -> None:
    posts = agreed["sqlalchemy"].table("posts")
    assert posts is not None
    kept = tuple(column for column in posts.columns if column.name != "title")
    agreed["sqlalchemy"] = with_table(agreed["sqlalchemy"], "posts", columns=kept, indexes=())
    (drift,) = schemasync.compare(agreed)
    assert drift.severity == "error"
    assert drift.breaks == "Every INSERT through the mirror fails: it is NOT NULL and has no default."


def test_a_column_that_prisma_and_the_database_lack(agreed: dict[str, Schema]) -> None:
    posts = agreed["sqlalchemy"].table("posts")
    assert posts is not None
    ghost = Column("ghost", type_of("text"))
    agreed["sqlalchemy"] = with_table(agreed["sqlalchemy"], "posts", columns=(*posts.columns, ghost))
    (drift,) = schemasync.compare(agreed)
    assert (drift.kind, drift.severity, drift.object) == ("column-extra", "error", "ghost")
    assert drift.values == {"prisma": None, "sqlalchemy": "text", "database": None}


def test_a_missing_mirror(agreed: dict[str, Schema]) -> None:
    models = agreed["sqlalchemy"]
    kept = tuple(table for table in models.tables if table.name != "posts")
    agreed["sqlalchemy"] = with_table(dataclasses.replace(models, tables=kept), "users", relationships=())
    drifts = schemasync.compare(agreed)
    assert [(drift.kind, drift.table, drift.severity) for drift in drifts] == [
        ("mirror-missing", "posts", "warning"),
        ("relationship-missing", "users", "warning"),
    ]
    needless = schemasync.compare(agreed, Ownership(mirror=("users",)))
    assert [(drift.kind, drift.table) for drift in needless] == [("relationship-missing", "users")]


def test_a_missing_mirror_that_a_foreign_key_needs(agreed: dict[str, Schema]) -> None:
    models = agreed["sqlalchemy"]
    kept = tuple(table for table in models.tables if table.name not in ("users", "posts"))
    agreed["sqlalchemy"] = dataclasses.replace(models, tables=kept)
    (drift,) = [drift for drift in schemasync.compare(agreed) if drift.table == "users"]
    assert (drift.kind, drift.severity) == ("mirror-missing", "error")
    assert "The foreign keys of invoices cannot be resolved" in drift.breaks


def test_relationships(agreed: dict[str, Schema]) -> None:
    users = agreed["sqlalchemy"].table("users")
    assert users is not None
    (posts,) = users.relationships
    renamed = dataclasses.replace(posts, name="articles")
    agreed["sqlalchemy"] = with_table(agreed["sqlalchemy"], "users", relationships=(renamed,))
    assert schemasync.compare(agreed) == []
    single = dataclasses.replace(posts, kind="one-to-one")
    agreed["sqlalchemy"] = with_table(agreed["sqlalchemy"], "users", relationships=(single,))
    (drift,) = schemasync.compare(agreed)
    assert (drift.kind, drift.table, drift.object) == ("relationship-mismatch", "users", "posts")


def test_a_mirrors_foreign_key(agreed: dict[str, Schema]) -> None:
    posts = agreed["sqlalchemy"].table("posts")
    assert posts is not None
    (key,) = posts.foreign_keys
    changed = dataclasses.replace(key, on_delete="CASCADE")
    drift = one(with_table(agreed["sqlalchemy"], "posts", foreign_keys=(changed,)), agreed)
    assert (drift.kind, drift.severity, drift.object) == ("foreign-key-action", "warning", "posts_author_id_fkey")
    assert drift.values["sqlalchemy"] == "ON DELETE CASCADE ON UPDATE CASCADE"
    drift = one(with_table(agreed["sqlalchemy"], "posts", foreign_keys=(), relationships=()), agreed, first=True)
    assert (drift.kind, drift.severity) == ("foreign-key-missing", "warning")
    unnamed = dataclasses.replace(key, name=None)
    witnesses = agreed | {"sqlalchemy": with_table(agreed["sqlalchemy"], "posts", foreign_keys=(unnamed,))}
    assert schemasync.compare(witnesses) == []


def one(models: Schema, agreed: dict[str, Schema], *, first: bool = False) -> schemasync.Drift:
    drifts = schemasync.compare(agreed | {"sqlalchemy": models})
    assert first or len(drifts) == 1, [drift.message for drift in drifts]
    return drifts[0]


def test_a_mirrors_indexes_and_uniques(agreed: dict[str, Schema]) -> None:
    posts = agreed["sqlalchemy"].table("posts")
    assert posts is not None
    drift = one(with_table(agreed["sqlalchemy"], "posts", indexes=()), agreed)
    assert (drift.kind, drift.severity, drift.object) == ("index-missing", "info", "posts_title_idx")
    drift = one(with_table(agreed["sqlalchemy"], "posts", uniques=()), agreed)
    assert (drift.kind, drift.severity, drift.object) == ("unique-missing", "warning", "posts_author_id_slug_key")


def test_an_enum_of_which_the_mirror_lacks_a_value(agreed: dict[str, Schema]) -> None:
    models = agreed["sqlalchemy"]
    enums = tuple(dataclasses.replace(enum, values=("USER",)) if enum.name == "role" else enum for enum in models.enums)
    (drift,) = schemasync.compare(agreed | {"sqlalchemy": dataclasses.replace(models, enums=enums)})
    assert (drift.kind, drift.table, drift.object, drift.severity) == ("enum-values", None, "role", "error")
    assert drift.breaks == "Reading a row with ADMIN raises LookupError."


def test_owners_and_boundaries(agreed: dict[str, Schema], tmp_path: Path) -> None:
    owned_twice = schemasync.compare(agreed, Ownership(sqlalchemy=("posts",)))
    assert [(drift.kind, drift.table, drift.behind) for drift in owned_twice] == [("owned-twice", "posts", ("prisma",))]
    external = agreed | {"prisma": dataclasses.replace(agreed["prisma"], external=("public.posts",))}
    assert schemasync.compare(external) == []
    place = Location("prisma.config.ts", 1, 1)
    configured = dataclasses.replace(agreed["prisma"], external_place=place)
    unlisted = schemasync.compare(agreed | {"prisma": configured})
    expected = {(table.schema, table.name) for table in agreed["sqlalchemy"].tables}
    expected -= {table.key for table in agreed["prisma"].tables}
    assert {(drift.schema, drift.table) for drift in unlisted if drift.table} == expected
    assert {(drift.kind, drift.severity, drift.behind) for drift in unlisted} == {
        ("external-tables", "warning", ("prisma",))
    }
    assert unlisted[0].locations[0].path == "prisma.config.ts"
    tables = tuple(f"{schema}.{name}" for schema, name in expected)
    enums = tuple(f"{enum.schema}.{enum.name}" for enum in agreed["sqlalchemy"].enums)
    listed = dataclasses.replace(configured, external=tables, external_enums=enums)
    assert schemasync.compare(agreed | {"prisma": listed}) == []
    marked = agreed | {"sqlalchemy": with_table(agreed["sqlalchemy"], "invoices", marked_owner="prisma")}
    (drift,) = schemasync.compare(marked)
    assert (drift.kind, drift.table, drift.severity) == ("boundary", "invoices", "error")


def test_alembics_own_table_is_to_be_listed_too(agreed: dict[str, Schema]) -> None:
    live, place = agreed["database"], Location("prisma.config.ts", 1, 1)
    column = Column("version_num", type_of("varchar(32)"), nullable=False)
    histories = tuple(Table(name, "public", columns=(column,)) for name in ("alembic_version", "_prisma_migrations"))
    agreed["database"] = dataclasses.replace(live, tables=(*live.tables, *histories))
    assert schemasync.compare(agreed) == []
    owned = [table for table in agreed["sqlalchemy"].tables if table.key not in agreed["prisma"].table_by_key]
    enums = tuple(f"{enum.schema}.{enum.name}" for enum in agreed["sqlalchemy"].enums)
    listed = tuple(f"{table.schema}.{table.name}" for table in owned)
    configured = dataclasses.replace(agreed["prisma"], external=listed, external_enums=enums, external_place=place)
    (drift,) = schemasync.compare(agreed | {"prisma": configured})
    assert (drift.kind, drift.table, drift.owner) == ("external-tables", "alembic_version", "sqlalchemy")
    assert drift.values == {"prisma": None, "database": "table, 1 column"}
    assert drift.message == (
        "Alembic keeps its history in alembic_version, and prisma.config does not list it under tables.external"
    )
    # Prisma takes neither patterns nor names without their schema.
    for entry, found in (("public.alembic_version", 0), ("alembic_version", 1), ("public.*", 1)):
        listing = dataclasses.replace(configured, external=(*listed, entry))
        assert len(schemasync.compare(agreed | {"prisma": listing})) == found
    assert schemasync.compare(agreed | {"prisma": configured}, Ownership(ignore=("alembic_version",))) == []


def test_locations_name_both_files(agreed: dict[str, Schema], tmp_path: Path) -> None:
    agreed["sqlalchemy"] = with_column(agreed["sqlalchemy"], "users", "name", nullable=False)
    (drift,) = schemasync.compare(agreed)
    places = {place.witness: place for place in drift.locations}
    assert places["prisma"].line == PRISMA.splitlines().index("  name      String?") + 1
    source = Path(places["sqlalchemy"].path).read_text().splitlines()
    assert source[places["sqlalchemy"].line - 1].strip() == "name = Column(Text)"


def test_what_is_not_compared_is_said(agreed: dict[str, Schema]) -> None:
    comparison = compare_witnesses(agreed)
    assert any(
        sentence.startswith("schema.prisma cannot express CHECK constraints") for sentence in comparison.not_compared
    )


def test_what_an_unheard_witness_may_declare_is_no_finding(agreed: dict[str, Schema]) -> None:
    two = {name: agreed[name] for name in ("prisma", "database")}
    assert [drift.table for drift in compare_witnesses(two).drifts] == ["invoice_lines", "invoices", None]
    comparison = compare_witnesses(two, unheard={"sqlalchemy"})
    assert comparison.drifts == ()
    assert comparison.not_compared[0] == (
        "3 tables and enum types of the database that may be declared by SQLAlchemy's metadata"
    )


def test_nothing_in_common_is_an_error(agreed: dict[str, Schema]) -> None:
    elsewhere = Schema("database", tables=(Table("other"),))
    with pytest.raises(schemasync.NothingComparedError) as failed:
        schemasync.compare(agreed | {"database": elsewhere})
    assert "the database (1 tables) has no table in common with the others" in str(failed.value)
    with pytest.raises(schemasync.NothingComparedError):
        schemasync.compare(agreed | {"sqlalchemy": Schema("sqlalchemy")})
    with pytest.raises(schemasync.SchemasyncError, match="needs two witnesses"):
        schemasync.compare({"prisma": agreed["prisma"]})


def test_the_order_of_drifts_is_fixed(agreed: dict[str, Schema]) -> None:
    models = with_column(agreed["sqlalchemy"], "users", "name", nullable=False, type=type_of("varchar"))
    models = with_column(models, "posts", "title", nullable=True)
    one_way = schemasync.compare(agreed | {"sqlalchemy": models})
    other_way = schemasync.compare({"database": agreed["database"], "sqlalchemy": models, "prisma": agreed["prisma"]})
    assert [drift.fingerprint for drift in one_way] == [drift.fingerprint for drift in other_way]
    assert [(drift.table, drift.kind) for drift in one_way] == [
        ("posts", "column-nullability"),
        ("users", "column-type"),
        ("users", "column-nullability"),
    ]
    assert Base.metadata.tables
