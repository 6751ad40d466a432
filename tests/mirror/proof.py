"""Mirrors held against Prisma's own DDL: imported, configured, compared, created anew, filled and read."""

import datetime
import importlib.util
import itertools
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from databases import Database
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

import schemasync
from schemasync.compare.drift import Drift
from schemasync.schema.model import Schema

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "invoices"
_numbers = itertools.count()


def imported(source: str, folder: Path) -> ModuleType:
    """A module of that text; its mappers are configured, and no warning is let pass."""
    path = folder / f"mirrors_{next(_numbers)}.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        spec.loader.exec_module(module)
        base = getattr(module, "Base", None)
        if base is not None:
            base.registry.configure(cascade=True)
    return module


def engine_of(database: Database) -> Engine:
    """An engine on a database of the test."""
    return create_engine("postgresql+psycopg2://", creator=lambda: transactional(database), poolclass=NullPool)


def transactional(database: Database) -> Any:
    """A connection that commits when it is told to."""
    connection = database.connect()
    connection.autocommit = False
    return connection


def drifts_of(prisma: Schema, metadata: MetaData, database: Database) -> list[Drift]:
    """The drifts between all three witnesses."""
    schemas = {table.schema for table in prisma.tables} | set(prisma.namespaces)
    live = schemasync.read_database(database.url, schemas=sorted(schemas))
    return schemasync.compare({"prisma": prisma, "sqlalchemy": schemasync.read_metadata(metadata), "database": live})


def created_anew(prisma: Schema, metadata: MetaData, original: Database, empty: Database) -> list[Drift]:
    """The drifts between Prisma's database and what `create_all` makes of the mirrors: all that a catalogue holds."""
    engine = engine_of(empty)
    schemas = sorted({table.schema for table in prisma.tables} | set(prisma.namespaces))
    views = {table.key for table in prisma.tables if table.kind == "view"}
    one = schemasync.read_database(original.url, schemas=schemas, complete=True)
    with engine.begin() as connection:
        for schema in one.namespaces:
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    tables = [table for table in metadata.tables.values() if (table.schema or "public", table.name) not in views]
    metadata.create_all(engine, tables=tables)
    other = schemasync.read_database(empty.url, schemas=schemas, complete=True)
    found = schemasync.compare({"snapshot": one, "database": other})
    return [drift for drift in found if not _cannot_be_created(drift, prisma, other)]


def _cannot_be_created(drift: Drift, prisma: Schema, created: Schema) -> bool:
    """Whether `create_all` cannot do otherwise."""
    if drift.kind == "enum-missing":
        # An enum that no column uses belongs to no table that create_all could create.
        return (drift.schema, drift.object) not in {
            (column.type.schema, column.type.name) for _, column in prisma.columns()
        }
    if drift.kind in ("sequence", "owner"):
        # SQLAlchemy has SERIAL for primary keys alone; the Sequence of another column cannot be OWNED BY it.
        return drift.object in {
            f"{kind}{table.name}_{column.name}_seq"
            for table, column in prisma.columns()
            for kind in ("", "sequence ")
            if column.default is not None and column.default.kind == "sequence"
            if table.primary_key is None or column.name not in table.primary_key.columns
        }
    if drift.kind == "column-order":
        # A database that grew by migrations has its newer columns last; create_all follows schema.prisma.
        table = prisma.table(drift.object or "", drift.schema)
        anew = created.table(drift.object or "", drift.schema)
        return table is not None and anew is not None and _order(table) == _order(anew)
    return False


def _order(table: Any) -> list[str]:
    return [column.name for column in table.columns]


_VALUES: dict[str, Any] = {
    "text": "text",
    "varchar": "v",
    "char": "c",
    "citext": "text",
    "smallint": 1,
    "integer": 1,
    "bigint": 1,
    "numeric": Decimal(1),
    "real": 1.0,
    "double precision": 1.0,
    "boolean": True,
    "uuid": UUID(int=1),
    "date": datetime.date(2024, 2, 29),
    "timestamp": datetime.datetime(2024, 2, 29, 12),
    "timestamptz": datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC),
    "time": datetime.time(12),
    "timetz": datetime.time(12, tzinfo=datetime.UTC),
    "interval": datetime.timedelta(days=1),
    "json": {"a": 1},
    "jsonb": {"a": 1},
    "bytea": b"bytes",
    "inet": "10.0.0.1",
    "cidr": "10.0.0.0/8",
    "macaddr": "08:00:2b:01:02:03",
    "money": "1",
    "oid": 1,
    "xml": "<a/>",
    "tsvector": "a",
    "tsquery": "a",
    "circle": "<(0,0),1>",
    "point": "(0,0)",
    "box": "(1,1),(0,0)",
    "path": "((0,0),(1,1))",
    "polygon": "((0,0),(1,1))",
    "line": "{1,1,1}",
    "lseg": "[(0,0),(1,1)]",
    "tsrange": "[2024-01-01,2024-01-02)",
    "tstzrange": "[2024-01-01,2024-01-02)",
    "daterange": "[2024-01-01,2024-01-02)",
    "numrange": "[1,2)",
    "int4range": "[1,2)",
    "int8range": "[1,2)",
}


@dataclass
class Counts:
    """How much was proven.

    Args:
        schemas: schemas whose mirrors were imported, configured, compared and created.
        models: their models, views among them.
        rows: rows that were inserted and read back.
        relationships: relationships that were loaded.
    """

    schemas: int = 0
    models: int = 0
    rows: int = 0
    relationships: int = 0


def filled(prisma: Schema, metadata: MetaData, database: Database) -> Counts:
    """Inserts a row into every mapped table with required values only, reads it back, loads its relationships."""
    engine = engine_of(database)
    classes = {mapper.local_table.key: mapper.class_ for mapper in mappers_of(metadata)}
    counts = Counts()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no order is possible for tables that refer to each other
        tables = metadata.sorted_tables
    with Session(engine) as session:
        # Tables that refer to each other cannot both be first.
        session.execute(text("SET session_replication_role = replica"))
        for table in tables:
            stated = prisma.table(table.name, table.schema or "public")
            model = classes.get(table.key)
            if model is None or stated is None or stated.kind == "view":
                continue
            session.add(model(**required_values(stated, model, table, prisma)))
            session.flush()
        session.commit()
        session.expire_all()
        for table in tables:
            model = classes.get(table.key)
            stated = prisma.table(table.name, table.schema or "public")
            if model is None or stated is None or stated.kind == "view":
                continue
            (row,) = session.scalars(select(model)).all()
            mapper = inspect(model)
            for attribute in mapper.attrs:
                if not any(target.kind == "view" for target in _targets(prisma, mapper, attribute)):
                    getattr(row, attribute.key)
                    counts.relationships += attribute.key in mapper.relationships
            counts.rows += 1
        session.rollback()
    engine.dispose()
    return counts


def _targets(prisma: Schema, mapper: Any, attribute: Any) -> list[Any]:
    if attribute.key not in mapper.relationships:
        return []
    target = mapper.relationships[attribute.key].mapper.local_table
    found = prisma.table(target.name, target.schema or "public")
    return [found] if found is not None else []


def mappers_of(metadata: MetaData) -> Iterator[Any]:
    """The mappers of a metadata's tables."""
    from sqlalchemy.orm.mapper import _all_registries

    for registry in _all_registries():
        for mapper in registry.mappers:
            if metadata.tables.get(getattr(mapper.local_table, "key", "")) is mapper.local_table:
                yield mapper


def required_values(stated: Any, model: type, table: Table, prisma: Schema) -> dict[str, Any]:
    """Values for the columns that neither the database nor the client fills in."""
    attributes = {column.name: key for key, column in inspect(model).columns.items()}
    values = {}
    for column in stated.columns:
        by_database = column.default is not None and (column.default.sql or column.default.kind == "sequence")
        if column.nullable or by_database or column.client_default is not None:
            continue
        enum = prisma.enum_by_key.get((column.type.schema or "", column.type.name))
        if enum is not None:
            mapped_type = table.columns[column.name].type
            value = mapped_type.enum_class(enum.values[0])  # type: ignore[attr-defined]
        elif column.type.name in ("bit", "bit varying"):
            length = column.type.arguments[0] if column.type.arguments else 1
            value = "1" * (length if column.type.name == "bit" else 1)
        else:
            value = _VALUES[column.type.name]
        values[attributes[column.name]] = value
    return values


def schema_files(corpus: Path) -> list[Path]:
    """Every .prisma file of the corpus."""
    folders = ("schemas", "prisma-migrations", "prisma-validation")
    return [path for folder in folders for path in sorted((corpus / folder).rglob("*.prisma"))]
