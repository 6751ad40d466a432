"""Defaults side by side: those of the database (`column-default`) and those of a client (`client-default`)."""

from collections.abc import Generator, Iterator, Mapping

from schemasync.compare.fixes import fix, nothing_fails
from schemasync.compare.sides import Consequence, Finding, NotCompared, TableSides, grouped_by_value
from schemasync.schema.defaults import ClientDefault, Default, same_default
from schemasync.schema.model import Column


def column_default(sides: TableSides, held: Mapping[str, Column]) -> Iterator[Finding]:
    """`column-default`: the database's own defaults differ."""
    reference = sides.reference
    expected = held[reference]
    behind = {}
    for name, column in held.items():
        if name == reference:
            continue
        same = same_in_database(expected, column)
        if same is None:
            same = yield from _ask(sides, expected, column)
        if same is False:
            behind[name] = _consequence(sides, name, expected, column)
    if not behind:
        return
    values = {name: _text(column.default) for name, column in held.items()}
    differing = grouped_by_value(sides, {name: values[name] for name in behind})
    yield sides.drift(
        "column-default",
        expected.name,
        values,
        behind,
        f"{sides.name}.{expected.name} has {_phrase(expected.default)} in {sides.where(reference)}, "
        + ", ".join(f"{value} in {' and '.join(where)}" for value, where in differing),
        fix(sides, list(behind), _instruction(expected)),
        {name: column.location for name, column in held.items()},
    )


def same_in_database(expected: Column, column: Column) -> bool | None:
    """Whether the database fills both columns in alike; None where only PostgreSQL can tell."""
    return True if _drawn_alike(expected, column) else same_default(expected.default, column.default, expected.type)


def _ask(sides: TableSides, expected: Column, column: Column) -> Generator[NotCompared, None, bool | None]:
    """Lets PostgreSQL spell both; what it cannot spell is said and taken for no drift."""
    one, other = _sql(expected.default), _sql(column.default)
    same = None
    if sides.speller is not None:
        same = sides.speller.same("default", sides.tables[sides.reference], expected.name, one, other)
    if same is None:
        yield NotCompared(
            f"the default of {sides.name}.{expected.name}: whether {one} and {other} mean the same, "
            "only PostgreSQL can tell, and it could not be asked"
        )
    return same


def _sql(default: Default | None) -> str:
    return "NULL" if default is None or default.sql is None else default.sql


def _drawn_alike(one: Column, other: Column) -> bool:
    """An identity column and a serial one are both filled by a sequence; `column-identity` tells them apart."""
    return any(
        first.identity is not None and (second.identity is not None or _is_sequence(second) or second.default is None)
        for first, second in ((one, other), (other, one))
    )


def _is_sequence(column: Column) -> bool:
    return column.default is not None and column.default.kind == "sequence"


def _text(default: Default | None) -> str:
    return "no default" if default is None else str(default)


def _phrase(default: Default | None) -> str:
    return "no default" if default is None else f"the default {default}"


def _instruction(expected: Column) -> str:
    if expected.default is None:
        return f"remove the server default of {expected.name}"
    return f"set the server default of {expected.name} to {expected.default}"


def _consequence(sides: TableSides, name: str, expected: Column, column: Column) -> Consequence:
    if sides.role(name) != "database":
        return _mirror_consequence(sides, name, expected, column)
    if expected.default is None:
        return Consequence("warning", nothing_fails(sides, name))
    if column.default is not None:
        return Consequence("error", f"A row whose INSERT leaves it out gets {column.default}, not {expected.default}.")
    if not expected.nullable:
        return Consequence("error", "An INSERT that leaves it to the database fails (NotNullViolation).")
    return Consequence("error", f"A row whose INSERT leaves it to the database gets NULL, not {expected.default}.")


def _mirror_consequence(sides: TableSides, name: str, expected: Column, column: Column) -> Consequence:
    who = "the mirror" if sides.role(name) == "mirror" else "Prisma Client"
    if column.default is None:
        if column.client_default is not None or who != "the mirror":
            return Consequence("info", f"Nothing fails: {who} fills it in itself; the database would too.")
        # SQLAlchemy's ORM sends NULL for an attribute without any default that was not set (_insert_cols_as_none).
        if expected.nullable:
            return Consequence("error", f"An INSERT through the mirror sends NULL, which wins over {expected.default}.")
        return Consequence("error", "An INSERT through the mirror sends NULL and fails (NotNullViolation).")
    if expected.default is None:
        if column.client_default is not None:
            return Consequence("warning", nothing_fails(sides, name))
        if expected.nullable:
            return Consequence(
                "error", f"An INSERT through {who} relies on it; the row gets NULL, not {column.default}."
            )
        return Consequence("error", f"An INSERT through {who} relies on it and fails (NotNullViolation).")
    return Consequence("warning", f"Rows get {expected.default} from the database, not {column.default}.")


def client_default(sides: TableSides, held: Mapping[str, Column]) -> Iterator[Finding]:
    """`client-default`: Prisma Client fills a value in that a mirror neither makes nor leaves to the database."""
    expected, mirror = held.get("prisma"), held.get("sqlalchemy")
    if expected is None or mirror is None or sides.owner != "prisma":
        return
    wanted = [
        text
        for text in (
            _filled(expected.client_default, mirror.client_default, mirror.default),
            _updated(expected, mirror),
        )
        if text
    ]
    if not wanted:
        return
    severity_of = {
        "insert": Consequence("error", "An INSERT through the mirror fails: only Prisma Client makes the value."),
        "null": Consequence("error", "An INSERT through the mirror stores NULL: only Prisma Client makes the value."),
        "update": Consequence("error", "An UPDATE through the mirror leaves the old time standing."),
        "other": Consequence("info", "Nothing fails; the two sides make different kinds of values."),
    }
    keys = ["null" if text == "insert" and expected.nullable else text for text in wanted]
    worst_first = sorted(keys, key=["insert", "null", "update", "other"].index)
    consequence = severity_of[worst_first[0]]
    if "update" in worst_first[1:]:
        consequence = Consequence(consequence.severity, f"{consequence.breaks} {severity_of['update'].breaks}")
    yield sides.drift(
        "client-default",
        expected.name,
        {"prisma": _client_text(expected), "sqlalchemy": _client_text(mirror)},
        {"sqlalchemy": consequence},
        f"{sides.name}.{expected.name} is filled by Prisma Client ({_client_text(expected)}); "
        f"{sides.where('sqlalchemy')} has {_client_text(mirror)}",
        f"in {sides.where('sqlalchemy')}: give {mirror.field or mirror.name} {_python_side(expected)}",
        {name: column.location for name, column in held.items()},
    )


def _filled(expected: ClientDefault | None, made: ClientDefault | None, in_database: Default | None) -> str:
    if expected is None:
        return ""
    if made is None:
        return "insert" if in_database is None else ""
    return "other" if made.kind in ("uuid", "cuid", "ulid", "nanoid", "now") and made.kind != expected.kind else ""


def _updated(expected: Column, mirror: Column) -> str:
    return "update" if expected.on_update is not None and mirror.on_update is None else ""


def _client_text(column: Column) -> str:
    parts = [str(column.client_default)] if column.client_default is not None else []
    if column.on_update is not None:
        parts.append("on update" if parts == [str(column.on_update)] else f"{column.on_update} on update")
    return ", ".join(parts) or "no Python-side default"


def _python_side(expected: Column) -> str:
    parts = ["a Python-side default"] if expected.client_default is not None else []
    if expected.on_update is not None:
        parts.append("onupdate")
    return " and ".join(parts)
