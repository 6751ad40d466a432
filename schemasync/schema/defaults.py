"""Defaults: those that the database has, those that only a client has, and when two spellings mean the same.

PostgreSQL prints a default as its parser understood it (`'a'::text`, `'-1'::integer`, `CURRENT_TIMESTAMP`); Prisma and
people write it otherwise. `same_default` reads both spellings into one normal form. Where that cannot tell, it says so,
and a scratch database has to spell both.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from schemasync.late_patterns import late_pattern
from schemasync.records import record
from schemasync.schema.expressions import normal_expression, split_casts, tokens, unquote_string
from schemasync.schema.types import DataType, parse_type

if TYPE_CHECKING:
    from decimal import Decimal


@record(frozen=True, slots=True)
class Default:
    """What the database fills in.

    Args:
        sql: the expression; None where the witness knows only that there is one.
        kind: `sequence` is a number drawn from a sequence (SERIAL, Prisma's `autoincrement()`), whatever its name.
    """

    sql: str | None
    kind: Literal["expression", "sequence"] = "expression"

    def __str__(self) -> str:
        if self.kind == "sequence":
            return "autoincrement"
        return self.sql if self.sql is not None else "set by the database"


@record(frozen=True, slots=True)
class ClientDefault:
    """What an application fills in before it sends the statement.

    Args:
        kind: `uuid`, `cuid`, `ulid`, `nanoid` as Prisma has them; `now`; `literal`; `function` for any other callable.
        argument: the version or length as Prisma writes it, the literal's text, or the callable's name.
    """

    kind: Literal["uuid", "cuid", "ulid", "nanoid", "now", "literal", "function"]
    argument: str = ""

    def __str__(self) -> str:
        if self.kind in ("literal", "function"):
            return self.argument or self.kind
        return f"{self.kind}({self.argument})"


NormalForm = tuple[str, object]

_NUMBER = late_pattern(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_NOW = frozenset({"now()", "current_timestamp", "current_timestamp()", "transaction_timestamp()", "pg_catalog.now()"})
_NUMERIC_FAMILIES = frozenset({"integer", "numeric", "float"})
_COMPARABLE = frozenset(
    {
        "character",
        "integer",
        "numeric",
        "float",
        "boolean",
        "json",
        "timestamp",
        "timestamptz",
        "date",
        "uuid",
        "bytea",
    }
)
_TIME_FAMILIES = frozenset({"timestamp", "timestamptz", "date"})


def same_default(one: Default | None, other: Default | None, type_: DataType) -> bool | None:
    """Whether two database defaults mean the same for a column of a type.

    Returns:
        None where the text alone cannot tell.
    """
    if _is_unknown(one) or _is_unknown(other):
        return True
    if one is None or other is None:
        return _is_null(one) and _is_null(other)
    if "sequence" in (one.kind, other.kind):
        return one.kind == other.kind
    if one.sql is None or other.sql is None or one.sql == other.sql:
        return True
    first, second = normal_default(one.sql, type_), normal_default(other.sql, type_)
    if first == second:
        return True
    if first[0] == "expression" or second[0] == "expression":
        # A literal is no expression, but an expression may still fold to what another one spells differently.
        return None if first[0] == second[0] else _literal_against_expression(first, second)
    # Of two different spellings of an interval or an address only PostgreSQL knows whether they are one value.
    return False if type_.schema is not None or type_.element.family in _COMPARABLE else None


def _literal_against_expression(first: NormalForm, second: NormalForm) -> bool | None:
    expression = first[1] if first[0] == "expression" else second[1]
    names_function = "(" in str(expression)
    return False if names_function else None


def _is_unknown(default: Default | None) -> bool:
    """Whether a witness leaves the default to the database altogether, as Prisma's `dbgenerated()` does."""
    return default is not None and default.sql is None and default.kind == "expression"


def _is_null(default: Default | None) -> bool:
    return default is None or (default.sql is not None and normal_default(default.sql, DataType("text"))[0] == "null")


@lru_cache(maxsize=65536)
def normal_default(sql: str, type_: DataType) -> NormalForm:
    """A default's normal form: its kind, and a value that is equal whenever the meaning is.

    Args:
        sql: the expression as any witness spells it.
        type_: the column's type; a literal is read as a value of it.
    """
    text, casts = split_casts(sql)
    if type_.dimensions:
        found = _array(text, type_)
        if found is not None:
            return found
    lowered = text.lower()
    if lowered == "null":
        return ("null", None)
    if lowered in _NOW:
        return ("function", "now()")
    if lowered in ("true", "false"):
        return _literal(lowered, type_)
    if _NUMBER.fullmatch(text):
        return _literal(text, type_)
    literal = unquote_string(text)
    if literal is not None:
        if casts and casts[-1] not in (type_.name, "text", "varchar", "char") and type_.family == "character":
            return ("expression", normal_expression(sql))
        return _literal(literal, type_)
    expression = normal_expression(text)
    if re.fullmatch(r"[a-z_][\w.]*\(\)|current_\w+|localtime\w*|session_user|user", expression):
        return ("function", expression)
    return ("expression", expression)


def _number(text: str) -> "Decimal | str":
    """A number of one spelling: every digit of it, and a NaN that is equal to itself, as PostgreSQL has it."""
    from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal

    number = Decimal(text)
    if number.is_nan():
        return "NaN"
    every_digit = Context(prec=len(text), Emax=MAX_EMAX, Emin=MIN_EMIN)
    return number.normalize(every_digit) if number else Decimal(0)


def _literal(text: str, type_: DataType) -> NormalForm:
    """A literal as a value of its type, so that `0`, `'0'` and `0.0` are one for a number."""
    family = type_.family
    try:
        if family in _NUMERIC_FAMILIES:
            return ("literal", _number(text.strip()))
        if family == "boolean":
            return ("literal", text.strip().lower() in ("t", "true", "1", "yes", "y", "on"))
        if family == "json":
            import json

            return ("literal", json.dumps(json.loads(text), sort_keys=type_.name == "jsonb"))
        if family in _TIME_FAMILIES:
            moment = _moment(text, zone=family == "timestamptz")
            return ("literal", moment[: len("2020-01-01")] if family == "date" else moment)
        if family in ("time", "timetz"):
            return ("literal", _time(text, zone=family == "timetz"))
        if family in ("uuid", "bytea"):
            return ("literal", text.lower())
    except (ValueError, ArithmeticError, RecursionError):
        return ("literal", text)
    if type_.name == "char":
        return ("literal", text.rstrip(" "))
    return ("literal", text)


def _moment(text: str, *, zone: bool) -> str:
    """A date and time; the zone is kept for `timestamptz` and dropped for the others, as PostgreSQL does."""
    from datetime import UTC, datetime

    spelled = re.sub(r"\s+(?=[-+]\d\d)", "", text.strip())
    spelled = re.sub(r"([-+]\d\d)$", r"\1:00", spelled) if ":" in spelled else spelled
    moment = datetime.fromisoformat(spelled)
    if not zone:
        return moment.replace(tzinfo=None).isoformat()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _time(text: str, *, zone: bool) -> str:
    """A time of day; PostgreSQL drops the date of a longer literal, and the zone where the type has none."""
    from datetime import time

    spelled = re.sub(r"\s+(?=[-+]\d\d)", "", text.strip().rpartition("-")[2] if text.count("-") > 1 else text.strip())
    spelled = re.sub(r"^\d{1,2}[T ]", "", spelled)
    moment = time.fromisoformat(spelled)
    return (moment if zone else moment.replace(tzinfo=None)).isoformat()


def _array(text: str, type_: DataType) -> NormalForm | None:
    """`ARRAY[…]` or `'{…}'` as the tuple of its elements; None for any other expression."""
    element = type_.element
    if re.match(r"array\s*\[", text, re.IGNORECASE):
        inner = text[text.index("[") + 1 : text.rindex("]")]
        parts = _split_commas(inner)
        return ("array", tuple(normal_default(part, element) for part in parts))
    literal = unquote_string(text)
    if literal is None or not (literal.startswith("{") and literal.endswith("}")):
        return None
    elements = _split_array_literal(literal[1:-1])
    return None if elements is None else ("array", tuple(_literal(part, element) for part in elements))


def _split_commas(text: str) -> list[str]:
    parts: list[str] = [""]
    depth = 0
    for token in tokens(text):
        depth += (token in "([") - (token in ")]") if len(token) == 1 else 0
        if token == "," and not depth:
            parts.append("")
        else:
            # A sign belongs to its number.
            parts[-1] += token if token == "::" or parts[-1] in ("", "-", "+") else f" {token}"
    return [part.strip() for part in parts if part.strip()]


def _split_array_literal(text: str) -> list[str] | None:
    """The elements of an array literal's inside; None for nested arrays. Manual, section 8.15.6."""
    if "{" in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        return None
    found = re.findall(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,"]+?))\s*(?:,|$)', text)
    return [bare or re.sub(r"\\(.)", r"\1", quoted) for quoted, bare in found if quoted or bare or text]


def sequence_of(sql: str) -> str | None:
    """The sequence that a `nextval('…'::regclass)` default draws from, or None."""
    match = re.fullmatch(r"\(?nextval\('((?:[^']|'')+)'(?:::(?:text|regclass))*\)\)?(?:::\w+)?", sql.strip())
    return match[1].replace("''", "'") if match else None


def cast_type(sql: str) -> DataType | None:
    """The type that an expression's outermost cast names, if it has one."""
    _, casts = split_casts(sql)
    return parse_type(casts[-1]) if casts else None
