"""PostgreSQL types: one canonical spelling each, their families, and which values survive a change of type.

Sources: PostgreSQL manual, chapter 8 "Data Types" (aliases, defaults of the modifiers) and section 8.5.1
(timestamp precision).
"""

import re
from functools import lru_cache
from typing import Literal

from schemasync.late_patterns import late_pattern
from schemasync.records import record, replace

# Every spelling that PostgreSQL understands or prints, to the one that is used here: the shortest in common use.
_ALIASES = {
    "bool": "boolean",
    "int": "integer",
    "int4": "integer",
    "serial": "integer",
    "serial4": "integer",
    "int8": "bigint",
    "bigserial": "bigint",
    "serial8": "bigint",
    "int2": "smallint",
    "smallserial": "smallint",
    "serial2": "smallint",
    "float8": "double precision",
    "float": "double precision",
    "float4": "real",
    "decimal": "numeric",
    "dec": "numeric",
    "character varying": "varchar",
    "char varying": "varchar",
    "character": "char",
    "bpchar": "char",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
    "varbit": "bit varying",
}

_FAMILIES = {
    "character": ("text", "varchar", "char", "citext", "name"),
    "integer": ("smallint", "integer", "bigint"),
    "numeric": ("numeric",),
    "float": ("real", "double precision"),
    "bit": ("bit", "bit varying"),
    "json": ("json", "jsonb"),
}
_FAMILY_OF = {name: family for family, names in _FAMILIES.items() for name in names}
_INTEGER_SIZE = {"smallint": 2, "integer": 4, "bigint": 8}
# The name of a type that a witness cannot tell.
UNKNOWN = "unknown"
_TIMES = frozenset({"timestamp", "timestamptz", "time", "timetz"})


@record(frozen=True, slots=True)
class DataType:
    """A column's type.

    Args:
        name: the canonical spelling (`varchar`, `timestamptz`), or the name of an enum, domain or extension type.
        arguments: length, precision and scale, or whatever stands in the brackets; None where a witness is silent.
        dimensions: 1 for an array. PostgreSQL does not keep more.
        schema: of an enum or domain; None for PostgreSQL's own and for extension types.
    """

    name: str
    arguments: tuple[int | str, ...] | None = ()
    dimensions: int = 0
    schema: str | None = None

    @property
    def family(self) -> str:
        """Types of one family hold the same kind of value."""
        return _FAMILY_OF.get(self.name, self.name)

    @property
    def element(self) -> "DataType":
        """An array's element type; any other type is its own."""
        return replace(self, dimensions=0) if self.dimensions else self

    def __str__(self) -> str:
        name = self.name
        if self.schema is not None or (name == "char" and self.arguments == ("internal",)):
            name = '"' + name.replace('"', '""') + '"' if not re.fullmatch(r"[a-z_][a-z0-9_]*", name) else name
            if self.schema not in (None, "public"):
                name = f"{self.schema}.{name}"
            if self.arguments == ("internal",):
                return '"char"' + "[]" * self.dimensions
        brackets = f"({','.join(map(str, self.arguments))})" if self.arguments else ""
        return f"{name}{brackets}{'[]' * self.dimensions}"


def data_type(
    name: str,
    arguments: tuple[int | str, ...] | None = (),
    dimensions: int = 0,
    schema: str | None = None,
) -> DataType:
    """A type from its parts in any spelling; missing modifiers become what PostgreSQL takes them for.

    `char` is `char(1)`, `bit` is `bit(1)`, `numeric(10)` is `numeric(10,0)`, `timestamp(6)` is `timestamp`,
    `float(24)` is `real`.
    """
    if schema is not None:
        return DataType(name, arguments, min(dimensions, 1), schema)
    lowered = name.lower()
    internal = name == "bpchar" and not arguments
    canonical = _ALIASES.get(lowered, lowered if " " in lowered or lowered.isascii() else name)
    if lowered == "float" and arguments:
        canonical, arguments = ("real" if int(arguments[0]) <= 24 else "double precision"), ()
    if canonical in ("char", "bit") and arguments == () and not internal:
        arguments = (1,)
    elif canonical == "numeric" and arguments is not None and len(arguments) == 1:
        arguments = (arguments[0], 0)
    elif canonical in _TIMES and arguments == (6,):
        arguments = ()
    return DataType(canonical, arguments, min(dimensions, 1))


_SPELLING = late_pattern(
    r"""^\s*
    (?:(?P<schema>"(?:[^"]|"")+"|[A-Za-z_][\w$]*)\s*\.\s*)?
    (?P<name>"(?:[^"]|"")+"|[A-Za-z_][\w$]*(?:\s+(?!with\b|without\b|array\b)[A-Za-z_][\w$]*)*)
    \s*(?:\(\s*(?P<arguments>[^()]*)\))?
    (?P<zone>\s+(?:with|without)\s+time\s+zone)?
    (?P<array>(?:\s*\[\s*\d*\s*\])*|\s+array)\s*$""",
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def parse_type(text: str) -> DataType:
    """The type that a piece of SQL names, such as `TIMESTAMP(3)`, `public."Role"[]` or `geometry(Point, 4326)`.

    A spelling that no rule covers is kept as it stands, with single spaces, as a type of that name.
    """
    match = _SPELLING.match(text)
    if match is None:
        return DataType(" ".join(text.split()))
    name, schema = match["name"], match["schema"]
    arguments: tuple[int | str, ...] = ()
    if match["arguments"] is not None:
        arguments = tuple(
            int(part) if part.strip().isdigit() else part.strip().lower() for part in match["arguments"].split(",")
        )
    array = match["array"] or ""
    dimensions = 1 if array.strip() else 0
    if name.startswith('"'):
        bare = name[1:-1].replace('""', '"')
        if bare == "char" and schema in (None, "pg_catalog"):
            return DataType("char", ("internal",), dimensions)
        if schema is None and bare in _ALIASES.values():
            return data_type(bare, arguments, dimensions)
        return DataType(bare, arguments, dimensions, _unquoted(schema))
    name = " ".join(name.split())
    if match["zone"]:
        name += " " + " ".join(match["zone"].split()).lower()
    if schema is not None and _unquoted(schema) != "pg_catalog":
        return DataType(name.lower(), arguments, dimensions, _unquoted(schema))
    return data_type(name, arguments, dimensions)


def _unquoted(identifier: str | None) -> str | None:
    if identifier is None:
        return None
    return identifier[1:-1].replace('""', '"') if identifier.startswith('"') else identifier.lower()


def same_type(one: DataType, other: DataType) -> bool:
    """Whether two types are one, as far as both witnesses speak: arguments, schema, or the whole type may be silent."""
    return UNKNOWN in (one.name, other.name) or (
        one.name == other.name
        and one.dimensions == other.dimensions
        and (one.schema == other.schema or one.schema is None or other.schema is None)
        and (one.arguments == other.arguments or one.arguments is None or other.arguments is None)
    )


Survival = Literal["all", "some", "none"]


def values_survive(source: DataType, target: DataType) -> Survival:
    """Which values of one type another can hold unchanged.

    Returns:
        `all` (widening: every value fits), `some` (narrowing: long or large values are refused or rounded),
        `none` (another kind of value: a cast or another Python type is needed).
    """
    if source.dimensions != target.dimensions:
        return "none"
    if same_type(source, target):
        return "all"
    if source.family != target.family or source.schema != target.schema:
        widening = {("integer", "numeric"), ("integer", "float"), ("float", "numeric"), ("numeric", "float")}
        return "some" if (source.family, target.family) in widening else "none"
    if source.family == "integer":
        fits = _INTEGER_SIZE[target.name] >= _INTEGER_SIZE[source.name]
        return "all" if fits else "some"
    if source.family == "character":
        if {source.name, target.name} & {"char", "citext"} and source.name != target.name:
            return "some"
        return "all" if _length(target) >= _length(source) else "some"
    if source.family == "numeric":
        return _numeric_survives(source, target)
    if source.family == "float":
        return "all" if target.name == "double precision" else "some"
    if source.name == target.name:
        return "all" if _length(target) >= _length(source) else "some"
    return "some"


def _length(one: DataType) -> float:
    """The number in the brackets, as an upper bound; without brackets there is none."""
    first = one.arguments[0] if one.arguments else None
    return float(first) if isinstance(first, int) else float("inf")


def _numeric_survives(source: DataType, target: DataType) -> Survival:
    if not target.arguments:
        return "all"
    if not source.arguments:
        return "some"
    precision, scale = (int(value) for value in source.arguments[:2])
    target_precision, target_scale = (int(value) for value in target.arguments[:2])
    return "all" if target_scale >= scale and target_precision - target_scale >= precision - scale else "some"
