"""PostgreSQL's types as SQLAlchemy's, and as what Python holds.

Source: SQLAlchemy documentation, "The Type Hierarchy" and "PostgreSQL Data Types".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from schemasync.mirror.layout import literal
from schemasync.mirror.symbols import PLAIN, SOURCES, Symbols
from schemasync.schema.types import DataType


@dataclass(frozen=True, slots=True)
class PythonType:
    """A column type in Python.

    Args:
        expression: the SQLAlchemy type: `String(255)`.
        annotation: what its values are: `str`.
        symbols: the names that both use.
    """

    expression: str
    annotation: str
    symbols: frozenset[str]


# Types without arguments: SQLAlchemy's name, and the annotation.
_PLAIN_TYPES = {
    "text": ("Text", "str"),
    "citext": ("CITEXT", "str"),
    "smallint": ("SmallInteger", "int"),
    "integer": ("Integer", "int"),
    "bigint": ("BigInteger", "int"),
    "real": ("REAL", "float"),
    "double precision": ("Double", "float"),
    "boolean": ("Boolean", "bool"),
    "uuid": ("Uuid", "UUID"),
    "date": ("Date", "datetime.date"),
    "json": ("JSON", "Any"),
    "jsonb": ("JSONB", "Any"),
    "bytea": ("LargeBinary", "bytes"),
    "inet": ("INET", "str"),
    "cidr": ("CIDR", "str"),
    "macaddr": ("MACADDR", "str"),
    "macaddr8": ("MACADDR8", "str"),
    "money": ("MONEY", "str"),
    "oid": ("OID", "int"),
    "regclass": ("REGCLASS", "str"),
    "regconfig": ("REGCONFIG", "str"),
    "hstore": ("HSTORE", "dict[str, str | None]"),
    "tsvector": ("TSVECTOR", "str"),
    "tsquery": ("TSQUERY", "str"),
}
_RANGES = {
    "int4": "int",
    "int8": "int",
    "num": "Decimal",
    "date": "datetime.date",
    "ts": "datetime.datetime",
    "tstz": "datetime.datetime",
}
_TIMES = {
    "timestamp": ("TIMESTAMP", "datetime.datetime", False),
    "timestamptz": ("TIMESTAMP", "datetime.datetime", True),
    "time": ("TIME", "datetime.time", False),
    "timetz": ("TIME", "datetime.time", True),
}


def python_type(type_: DataType, symbols: Symbols = PLAIN, collation: str | None = None) -> PythonType:
    """A type that is no enum, in Python.

    Args:
        symbols: what imported names are called where the text will stand.
        collation: the collation that the column names, if any.
    """
    return _python_type(type_, symbols, collation)


@lru_cache(maxsize=4096)
def _python_type(type_: DataType, symbols: Symbols, collation: str | None) -> PythonType:
    names: set[str] = set()

    def use(name: str) -> str:
        names.add(name)
        return symbols(name)

    expression, annotation = _element(type_.element, use, collation)
    if type_.dimensions:
        expression, annotation = f"{use('ARRAY')}({expression})", f"{use('list')}[{annotation}]"
    return PythonType(expression, annotation, frozenset(names))


def _element(type_: DataType, use: Callable[[str], str], collation: str | None) -> tuple[str, str]:
    name, arguments = type_.name, type_.arguments or ()
    if type_.schema is not None:
        return _other(str(type_), use)
    if name in ("text", "varchar") or (name == "char" and arguments and arguments != ("internal",)):
        return _character(name, arguments, use, collation), use("str")
    if not arguments and name in _PLAIN_TYPES:
        class_name, annotation = _PLAIN_TYPES[name]
        return use(class_name), _annotation(annotation, use)
    if name == "numeric":
        brackets = f"({', '.join(map(str, arguments))})" if arguments else ""
        return use("Numeric") + brackets, use("Decimal")
    if name in _TIMES and all(isinstance(item, int) for item in arguments):
        class_name, annotation, zone = _TIMES[name]
        settings = (["timezone=True"] if zone else []) + [f"precision={item}" for item in arguments]
        brackets = f"({', '.join(settings)})" if settings else ""
        return use(class_name) + brackets, _annotation(annotation, use)
    if name == "interval" and all(isinstance(item, int) for item in arguments):
        return use("INTERVAL") + (f"(precision={arguments[0]})" if arguments else ""), _timedelta(use)
    if name in ("bit", "bit varying"):
        settings = [*map(str, arguments), *(["varying=True"] if name == "bit varying" else [])]
        return f"{use('BIT')}({', '.join(settings)})", use("str")
    for ending in ("multirange", "range"):
        if name.endswith(ending) and name.removesuffix(ending) in _RANGES:
            inner = f"{use('Range')}[{_annotation(_RANGES[name.removesuffix(ending)], use)}]"
            return use(name.upper()), inner if ending == "range" else f"{use('list')}[{inner}]"
    return _other(str(type_), use)


def _timedelta(use: Callable[[str], str]) -> str:
    return _annotation("datetime.timedelta", use)


def _character(name: str, arguments: tuple[int | str, ...], use: Callable[[str], str], collation: str | None) -> str:
    class_name = {"text": "Text", "varchar": "String", "char": "CHAR"}[name]
    settings = [*map(str, arguments), *([f"collation={literal(collation)}"] if collation else [])]
    return use(class_name) + (f"({', '.join(settings)})" if settings else "")


def _annotation(text: str, use: Callable[[str], str]) -> str:
    if text.startswith("dict["):
        return f"{use('dict')}[{use('str')}, {use('str')} | None]"
    return use(text)


def _other(spelling: str, use: Callable[[str], str]) -> tuple[str, str]:
    """A type that SQLAlchemy has no class for; its values pass as the driver has them."""
    return f"{use('PostgresqlType')}({literal(spelling)})", use("Any")


assert all(name in SOURCES for name, _ in _PLAIN_TYPES.values())
