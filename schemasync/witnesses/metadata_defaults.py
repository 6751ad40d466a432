"""What fills a column in: the database (`server_default`), or SQLAlchemy itself (`default`, `onupdate`)."""

import dis
import functools
import inspect
import json
import re
from collections.abc import Callable
from enum import Enum
from types import CodeType
from typing import Any

from sqlalchemy import Column, Computed, DefaultClause, Identity, Sequence
from sqlalchemy.sql import sqltypes

from schemasync.schema.defaults import ClientDefault, Default, sequence_of
from schemasync.schema.model import Generated
from schemasync.schema.model import Identity as IdentityFact
from schemasync.schema.types import DataType
from schemasync.witnesses.metadata_dialect import Spelling
from schemasync.witnesses.metadata_types import resolved

_NOW_NAMES = frozenset({"now", "utcnow", "utc_now", "now_utc", "datetime_utcnow"})
# Names with which a function makes another value of the current time than the time itself.
_NOT_NOW = frozenset(
    {"timedelta", "relativedelta", "timestamp", "isoformat", "strftime", "date", "time", "year", "month", "day"}
)
_NOW_SQL = frozenset({"now()", "current_timestamp", "current_timestamp()", "transaction_timestamp()"})
_UUID_SQL = {"gen_random_uuid()": "4", "uuid_generate_v4()": "4", "uuidv4()": "4", "uuidv7()": "7"}
_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
_ID_PACKAGES = {"cuid": ("cuid", "1"), "cuid2": ("cuid", "2"), "ulid": ("ulid", ""), "nanoid": ("nanoid", "")}


def server_default(column: Column[Any], spelling: Spelling) -> Default | None:
    """What the database fills in, exactly as SQLAlchemy's CREATE TABLE would have it."""
    if is_serial(column):
        return Default(None, "sequence")
    given = column.server_default
    if given is None or isinstance(given, (Identity, Computed)):
        return None
    if not isinstance(given, DefaultClause):
        return Default(None)
    sql = spelling.literal(given.arg) if isinstance(given.arg, str) else spelling.expression(given.arg)
    return Default(sql, "sequence" if sequence_of(sql) is not None else "expression")


def is_serial(column: Column[Any]) -> bool:
    """Whether CREATE TABLE would make the column SERIAL.

    Source: the rule of SQLAlchemy's `PGDDLCompiler.get_column_specification`.
    """
    if not column.primary_key or column is not column.table.autoincrement_column or column.identity is not None:
        return False
    return column.default is None or (isinstance(column.default, Sequence) and column.default.optional)


def identity(column: Column[Any], type_: DataType) -> IdentityFact | None:
    """An identity column's kind and those of its sequence's options that PostgreSQL would not choose itself.

    Source: PostgreSQL manual, "CREATE SEQUENCE": the defaults depend on the type and the direction.
    """
    given = column.identity
    if given is None:
        return None
    largest = _LARGEST.get(type_.name, _LARGEST["bigint"])
    increment = 1 if given.increment is None else int(given.increment)
    lowest, highest = (1, largest) if increment > 0 else (-largest - 1, -1)
    minimum = lowest if given.minvalue is None else int(given.minvalue)
    maximum = highest if given.maxvalue is None else int(given.maxvalue)
    beginning = minimum if increment > 0 else maximum
    stated = {
        "cache": (1 if given.cache is None else int(given.cache), 1),
        "cycle": (int(bool(given.cycle)), 0),
        "increment": (increment, 1),
        "maxvalue": (maximum, highest),
        "minvalue": (minimum, lowest),
        "start": (beginning if given.start is None else int(given.start), beginning),
    }
    return IdentityFact(
        bool(given.always), tuple((name, value) for name, (value, usual) in stated.items() if value != usual)
    )


def generated(column: Column[Any], spelling: Spelling) -> Generated | None:
    """A generated column's expression; one that does not say is stored, as it is before PostgreSQL 18."""
    given = column.computed
    if given is None:
        return None
    return Generated(spelling.expression(given.sqltext), given.persisted is not False)


def client_default(column: Column[Any], spelling: Spelling) -> ClientDefault | None:
    """What SQLAlchemy fills in on INSERT."""
    default = column.default
    if isinstance(default, Sequence):
        return None if is_serial(column) else ClientDefault("function", _next_value(default, spelling))
    return _described(default, column, spelling)


def on_update(column: Column[Any], spelling: Spelling) -> ClientDefault | None:
    """What SQLAlchemy fills in on UPDATE, or expects the database to."""
    if column.onupdate is not None:
        if isinstance(column.onupdate, Sequence):
            return ClientDefault("function", _next_value(column.onupdate, spelling))
        return _described(column.onupdate, column, spelling)
    if column.server_onupdate is not None and not isinstance(column.server_onupdate, Computed):
        return ClientDefault("function", "server_onupdate")
    return None


def constructor_default(model: type | None, field: str | None) -> ClientDefault | None:
    """What a dataclass's or SQLModel's constructor fills in by `default_factory`."""
    if model is None or field is None:
        return None
    for holder in ("__dataclass_fields__", "__pydantic_fields__"):
        described = getattr(model, holder, None)
        factory = getattr(described.get(field), "default_factory", None) if isinstance(described, dict) else None
        if callable(factory):
            return described_callable(factory)
    return None


def described_callable(function: Callable[..., Any]) -> ClientDefault:
    """What a Python callable makes, as far as its name, package or code tells; else its qualified name."""
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__name__", type(function).__name__)
    package = str(getattr(function, "__module__", None) or "").partition(".")[0]
    code = getattr(function, "__code__", None)
    if isinstance(code, CodeType):
        found = _by_code(code)
        if found is not None:
            return found
    elif name in _NOW_NAMES:
        return ClientDefault("now")
    uuid_version = re.fullmatch(r"uuid([1-8])", name)
    if uuid_version and package in ("uuid", "uuid6", "uuid_utils", "uuid7", "uuid_extensions"):
        return ClientDefault("uuid", uuid_version[1])
    if package in _ID_PACKAGES:
        kind, argument = _ID_PACKAGES[package]
        return ClientDefault(kind, argument)  # type: ignore[arg-type]  # the table above holds only such kinds
    return ClientDefault("function", _qualified(function))


def _by_code(code: CodeType) -> ClientDefault | None:
    """What a small function makes that does nothing but call a well-known one."""
    names = set(code.co_names) | set(code.co_freevars)
    if any(instruction.opname.startswith("BINARY_") for instruction in dis.get_instructions(code)):
        return None
    made = [name for name in sorted(names) if re.fullmatch(r"uuid[1-8]", name)]
    if made and not names & {"hex", "int", "bytes", "fields"}:
        return ClientDefault("uuid", made[0][-1])
    if names & _NOW_NAMES and not names & _NOT_NOW:
        return ClientDefault("now")
    return None


def _described(default: Any, column: Column[Any], spelling: Spelling) -> ClientDefault | None:
    """SQLAlchemy's wrapper around a Python-side default."""
    if default is None:
        return None
    if default.is_callable:
        return described_callable(_unwrapped(default.arg))
    if default.is_clause_element:
        return _by_sql(spelling.expression(default.arg))
    if default.is_scalar:
        return ClientDefault("literal", _literal(default.arg, column, spelling))
    return ClientDefault("function", type(default).__name__)


def _by_sql(sql: str) -> ClientDefault:
    """An SQL expression that SQLAlchemy puts into the statement."""
    plain = sql.lower()
    if plain in _NOW_SQL:
        return ClientDefault("now")
    return ClientDefault("uuid", _UUID_SQL[plain]) if plain in _UUID_SQL else ClientDefault("function", sql)


def _next_value(sequence: Sequence, spelling: Spelling) -> str:
    return spelling.expression(sequence.next_value())


def _literal(value: object, column: Column[Any], spelling: Spelling) -> str:
    """A Python value's text, as the database would hold it."""
    if isinstance(value, Enum):
        type_ = resolved(column.type, spelling)
        if isinstance(type_, sqltypes.Enum):
            enum: Any = type_
            return str(enum.bind_processor(spelling.dialect)(value))
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True, default=str)
    return str(value)


def _unwrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    """The user's callable inside the one that SQLAlchemy makes of it to take a context."""
    code = getattr(function, "__code__", None)
    if isinstance(code, CodeType) and code.co_freevars == ("fn",) and "sqlalchemy" in code.co_filename:
        inner = inspect.getclosurevars(function).nonlocals["fn"]
        return inner if callable(inner) else function
    return function


def _qualified(function: Callable[..., Any]) -> str:
    module = getattr(function, "__module__", None)
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return name if module in (None, "builtins") else f"{module}.{name}"
