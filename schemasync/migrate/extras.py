"""What autogenerate misses on owned tables: CHECK constraints, primary keys, enum values.

The comparison is the same as everywhere; here its drifts become lines of a revision. Where Alembic has no operation,
the line is SQL; where SQL would lose data, a comment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schemasync.compare.drift import Drift
from schemasync.compare.engine import compare_witnesses
from schemasync.migrate.filter import Filter
from schemasync.schema.model import Enum, Schema, Table
from schemasync.witnesses.database import read_database
from schemasync.witnesses.spelling import ScratchSpeller

if TYPE_CHECKING:
    from schemasync.migrate.prepared import Settings


@dataclass(frozen=True, slots=True)
class Extras:
    """Operations for both functions of a revision, before and after Alembic's own.

    A primary key goes first and comes last: its columns cannot change their nullability while it stands.
    """

    upgrade_first: list[Any] = field(default_factory=list)
    upgrade: list[Any] = field(default_factory=list)
    downgrade_first: list[Any] = field(default_factory=list)
    downgrade: list[Any] = field(default_factory=list)

    def add_to(self, script: Any) -> None:
        """Add them to an Alembic `MigrationScript`."""
        script.upgrade_ops.ops[:0] = self.upgrade_first
        script.upgrade_ops.ops.extend(self.upgrade)
        script.downgrade_ops.ops[:0] = self.downgrade_first
        script.downgrade_ops.ops.extend(self.downgrade)


def extra_operations(settings: "Settings", url: str, declared: Mapping[str, Schema], rules: Filter) -> Extras:
    """The operations that Alembic's own comparison does not find.

    Args:
        settings: names the scratch server that spells expressions.
        url: the database.
        declared: the witnesses; `sqlalchemy` is among them.
        rules: which tables are owned.
    """
    models = declared["sqlalchemy"]
    namespaces = tuple(sorted({table.schema for table in models.tables} | set(settings.schemas)))
    database = read_database(url, namespaces)
    scratch = settings.scratch if isinstance(settings.scratch, str) else "auto"
    with ScratchSpeller(scratch, [models, database]) as speller:
        comparison = compare_witnesses(
            {"sqlalchemy": models, "database": database}, settings.ownership, speller=speller
        )
    up: list[str] = []
    down: list[str] = []
    keys: list[tuple[Table, Table, str]] = []
    for drift in comparison.drifts:
        if drift.table is None and drift.kind in ("enum-values", "enum-order"):
            if (drift.schema, drift.object) in declared.get("prisma", Schema("prisma")).enum_by_key:
                continue
            lines = _enum(drift, models, database)
        elif drift.table is not None and rules.owns(drift.schema, drift.table):
            if drift.kind == "primary-key":
                keys.append(_key_change(drift, models, database))
                continue
            lines = _table(drift, models, database)
        else:
            continue
        for forward, backward in lines:
            up.append(forward)
            down.insert(0, backward)
    operation = line_operation()
    first = [_drop_key(live, schema) for _, live, schema in keys]
    last = [*up, *(_create_key(model, schema) for model, _, schema in keys)]
    back_first = [*(_drop_key(model, schema) for model, _, schema in keys), *down]
    back_last = [_create_key(live, schema) for _, live, schema in keys]
    return Extras(*([operation(text) for text in texts if text] for texts in (first, last, back_first, back_last)))


def line_operation() -> Any:
    """An operation of Alembic's that renders as the line it is given."""
    from alembic.autogenerate.render import renderers
    from alembic.operations.ops import MigrateOperation

    class LineOperation(MigrateOperation):
        """A line of a revision."""

        def __init__(self, text: str) -> None:
            self.text = text

    def render(_context: Any, operation: LineOperation) -> list[str]:
        return operation.text.splitlines()

    renderers.dispatch_for(LineOperation)(render)
    return LineOperation


def _enum(drift: Drift, models: Schema, database: Schema) -> Iterator[tuple[str, str]]:
    key = (drift.schema, drift.object or "")
    wanted, there = models.enum_by_key.get(key), database.enum_by_key.get(key)
    if wanted is None or there is None:
        return
    name = f'"{key[0]}"."{key[1]}"'
    for value in wanted.values:
        if value not in there.values:
            literal = value.replace("'", "''")
            sql = f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS '{literal}'{_position(value, wanted, there)}"
            yield f"op.execute({sql!r})", f"# PostgreSQL cannot take the value {value!r} of {name} back"
    gone = [value for value in there.values if value not in wanted.values]
    if gone:
        listed = ", ".join(map(repr, gone))
        yield (
            f"# The models no longer have the values {listed} of {name}; PostgreSQL can drop none:\n"
            f"# op.execute('ALTER TYPE {name} RENAME TO \"{key[1]}_old\"') …, or rename them:\n"
            f"# op.execute(\"ALTER TYPE {name} RENAME VALUE '{gone[0]}' TO '…'\")",
            f"# The values {listed} of {name} are still there",
        )


def _position(value: str, wanted: Enum, there: Enum) -> str:
    """Where a new value goes: before the next one that is there, else at the end."""
    later = wanted.values[wanted.values.index(value) + 1 :]
    following = next((item for item in later if item in there.values), None)
    return " BEFORE '{}'".format(following.replace("'", "''")) if following is not None else ""


def _table(drift: Drift, models: Schema, database: Schema) -> Iterator[tuple[str, str]]:
    key = (drift.schema, drift.table or "")
    model, live = models.table_by_key.get(key), database.table_by_key.get(key)
    if model is None or live is None:
        return
    schema = f", schema={drift.schema!r}" if drift.schema != "public" else ""
    if drift.kind in ("check-missing", "check-extra", "check-expression"):
        wanted = _check(model, drift.object, drift.values.get("sqlalchemy"))
        there = _check(live, drift.object, drift.values.get("database"))
        create = _create_check(model.name, wanted, schema) if wanted else ""
        restore = _create_check(live.name, there, schema) if there else ""
        drop = f"op.drop_constraint({there[0]!r}, {live.name!r}, type_='check'{schema})" if there else ""
        undo = f"op.drop_constraint({wanted[0]!r}, {model.name!r}, type_='check'{schema})" if wanted else ""
        yield _then(drop, create), _then(undo, restore)


def _key_change(drift: Drift, models: Schema, database: Schema) -> tuple[Table, Table, str]:
    key = (drift.schema, drift.table or "")
    schema = f", schema={drift.schema!r}" if drift.schema != "public" else ""
    return models.table_by_key[key], database.table_by_key[key], schema


def _then(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _drop_key(table: Table, schema: str) -> str:
    key = table.primary_key
    if key is None:
        return ""
    return f"op.drop_constraint({key.name or table.name + '_pkey'!r}, {table.name!r}, type_='primary'{schema})"


def _create_key(table: Table, schema: str) -> str:
    key = table.primary_key
    if key is None:
        return ""
    return f"op.create_primary_key({key.name or table.name + '_pkey'!r}, {table.name!r}, {list(key.columns)!r}{schema})"


def _check(table: Table, name: str | None, expression: str | None) -> tuple[str | None, str] | None:
    for check in table.checks:
        if (check.name is not None and check.name == name) or check.expression == expression:
            return check.name, check.expression
    return None


def _create_check(table: str, check: tuple[str | None, str], schema: str) -> str:
    return f"op.create_check_constraint({check[0]!r}, {table!r}, {check[1]!r}{schema})"
