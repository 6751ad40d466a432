"""Made-up values: for every type one that is natural and distinct for each row number, as PostgreSQL's text."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from schemasync.schema.types import DataType

_DAY = date(2024, 1, 1)
_MOMENT = datetime(2024, 1, 1, 12)
_LARGEST = {"smallint": 32_767, "integer": 2_147_483_647, "bigint": 2**63 - 1, "oid": 4_294_967_295}
# Texts of the forms that CHECK constraints demand most; `{n}` is the row's number.
_TEXTS = (
    "a{n}@example.org",
    "https://example.org/{n}",
    "a{n}",
    "A{n}",
    "{n}",
    "a",
    "A",
    "aaa",
    "AAA",
    "+4930{n}",
    "#00{n:04x}",
    "a-{n}",
    "2024-01-01",
    "10.0.0.1",
    "",
)


def natural_value(column: str, type_: DataType, number: int, labels: Sequence[str] = ()) -> str | None:
    """A value of a type for the row of a number; None for a type of which nothing is known.

    Args:
        column: its name, which a text shows.
        type_: the type; a domain's base type in its place.
        number: the row's, from 0: other numbers give other values as far as the type has them.
        labels: an enum's values.
    """
    if labels:
        # Not by the number alone: pairs with whatever else goes by it shall differ too.
        value: str | None = labels[(number + number // 11) % len(labels)]
    elif type_.family == "character":
        value = _text(column, type_.element, number)
    else:
        make = _BY_NAME.get(type_.name)
        value = make(type_.element, number) if make is not None else None
    if value is not None and type_.dimensions:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '{"' + escaped + '"}'
    return value


def candidates(
    column: str, type_: DataType, number: int, constants: Sequence[str], labels: Sequence[str] = ()
) -> list[str]:
    """Values among which one may satisfy a constraint, the natural one first.

    Args:
        column, type_, number, labels: as for `natural_value`.
        constants: the literals of the constraint, without quotes.
    """
    own = natural_value(column, type_, number, labels)
    found = [own] if own is not None else []
    if labels:
        return list(dict.fromkeys([*found, *labels]))
    if type_.dimensions:
        return [*found, "{}"]
    if type_.family == "character":
        lengths = [int(one) for one in constants if one.isdigit() and 0 < int(one) <= 512]
        found += [str(number).zfill(length)[-length:] for length in lengths]
        found += [("a" * length + str(number))[-length:] for length in lengths]
        found += list(constants)
        found += [text.format(n=number) for text in _TEXTS]
        length = _length(type_)
        found = [one for one in found if length is None or len(one) <= length]
    elif type_.family in ("integer", "numeric", "float") or type_.name == "money":
        numbers = [Decimal(one) for one in constants if _is_number(one)]
        near = [value + step for value in numbers for step in (0, 1, -1)]
        halves = [] if type_.family == "integer" else [Decimal("0.5")]
        found += [_plain(value) for value in (*near, *halves, *map(Decimal, (0, 1, 2, 10, 100)))]
        found = [one for one in found if _fits(type_, Decimal(one))]
    elif type_.name in ("timestamp", "timestamptz", "date"):
        moved = [natural_value(column, type_, number + days) for days in (1, -1, 400)]
        found += [one for one in moved if one is not None]
        found += [one for one in constants if len(one) >= 8 and one[:4].isdigit()]
    elif type_.name == "boolean":
        found += ["t", "f"]
    elif type_.name in ("json", "jsonb"):
        found += ["{}", "[]", "null", '"a"', "1"]
    return list(dict.fromkeys(found))[:24]


def _text(column: str, type_: DataType, number: int) -> str:
    text = f"{column} {number}"
    length = _length(type_)
    if length is None or len(text) <= length:
        return text
    return _base36(number).rjust(length, "0")[-length:]


def _length(type_: DataType) -> int | None:
    first = type_.arguments[0] if type_.arguments else None
    if type_.name == "char" and first == "internal":
        return 1
    return first if isinstance(first, int) else None


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    found = ""
    while True:
        number, digit = divmod(number, 36)
        found = digits[digit] + found
        if not number:
            return found


def _whole(type_: DataType, number: int) -> str:
    return str(number % (_LARGEST[type_.name] + 1))


def _numeric(type_: DataType, number: int) -> str:
    if not type_.arguments or len(type_.arguments) < 2:
        return str(number)
    precision, scale = (int(part) for part in type_.arguments[:2])
    units = 10 ** max(precision - scale, 0)
    if number < units:
        return str(number)
    return _plain(Decimal(number % 10**precision).scaleb(-scale))


def _bits(type_: DataType, number: int) -> str:
    length = _length(type_)
    text = f"{number:b}"
    return text if length is None else text[-length:].rjust(length, "0")


def _fits(type_: DataType, value: Decimal) -> bool:
    if type_.family == "integer":
        return value == value.to_integral_value() and abs(value) <= _LARGEST[type_.name]
    if type_.name == "numeric" and type_.arguments and len(type_.arguments) >= 2:
        precision, scale = (int(part) for part in type_.arguments[:2])
        return abs(value) < Decimal(10) ** (precision - scale)
    return True


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit() and text.isascii()


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _vector(type_: DataType, number: int) -> str:
    return json.dumps([number + 1] * (_length(type_) or 3))


_BY_NAME: dict[str, Callable[[DataType, int], str]] = {
    "boolean": lambda _, n: "t" if (n + n // 11) % 2 == 0 else "f",
    "smallint": _whole,
    "integer": _whole,
    "bigint": _whole,
    "oid": _whole,
    "numeric": _numeric,
    "real": lambda _, n: str(n),
    "double precision": lambda _, n: str(n),
    "money": lambda _, n: str(n),
    "uuid": lambda _, n: f"00000000-0000-4000-8000-{n:012x}",
    "date": lambda _, n: str(_DAY + timedelta(days=n)),
    "timestamp": lambda _, n: str(_MOMENT + timedelta(days=n)),
    "timestamptz": lambda _, n: f"{_MOMENT + timedelta(days=n)}+00",
    "time": lambda _, n: str(time(n // 60 % 24, n % 60)),
    "timetz": lambda _, n: f"{time(n // 60 % 24, n % 60)}+00",
    "interval": lambda _, n: f"{n} days",
    "json": lambda _, n: json.dumps({"n": n}),
    "jsonb": lambda _, n: json.dumps({"n": n}),
    "bytea": lambda _, n: f"\\x{n:08x}",
    "bit": _bits,
    "bit varying": _bits,
    "inet": lambda _, n: f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
    "cidr": lambda _, n: f"10.{n >> 8 & 255}.{n & 255}.0/24",
    "macaddr": lambda _, n: f"02:00:00:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}",
    "macaddr8": lambda _, n: f"02:00:00:00:00:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}",
    "xml": lambda _, n: f"<row n='{n}'/>",
    "point": lambda _, n: f"({n},{n})",
    "lseg": lambda _, n: f"[({n},0),({n},1)]",
    "line": lambda _, n: f"{{1,-1,{n}}}",
    "box": lambda _, n: f"({n},{n}),({n + 1},{n + 1})",
    "path": lambda _, n: f"[({n},0),({n},1)]",
    "polygon": lambda _, n: f"(({n},0),({n},1),({n + 1},1))",
    "circle": lambda _, n: f"<({n},{n}),1>",
    "tsvector": lambda _, n: f"row {n}",
    "tsquery": lambda _, n: f"row{n}",
    "int4range": lambda _, n: f"[{n},{n + 1})",
    "int8range": lambda _, n: f"[{n},{n + 1})",
    "numrange": lambda _, n: f"[{n},{n + 1})",
    "daterange": lambda _, n: f"[{_DAY + timedelta(days=n)},{_DAY + timedelta(days=n + 1)})",
    "tsrange": lambda _, n: f'["{_MOMENT + timedelta(days=n)}","{_MOMENT + timedelta(days=n + 1)}")',
    "tstzrange": lambda _, n: f'["{_MOMENT + timedelta(days=n)}+00","{_MOMENT + timedelta(days=n + 1)}+00")',
    "pg_lsn": lambda _, n: f"0/{n:X}",
    "hstore": lambda _, n: f"n=>{n}",
    "ltree": lambda _, n: f"top.row{n}",
    "vector": _vector,
    "halfvec": _vector,
    "geometry": lambda _, n: f"POINT({n % 180} {n % 90})",
    "geography": lambda _, n: f"POINT({n % 180} {n % 90})",
}
