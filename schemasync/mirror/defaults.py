"""What fills a column in, in Python: `server_default`, `default` and `onupdate`."""

import re
from collections.abc import Callable

from schemasync.mirror.layout import Argument, Call, literal
from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.expressions import unquote_string
from schemasync.schema.model import Identity
from schemasync.schema.types import DataType

Use = Callable[[str], str]

# SQLAlchemy's text() takes `:name` for a parameter unless a backslash stands before it (documentation of text()).
_PARAMETER = re.compile(r"(?<![:\w]):(?=\w)|\\(?=:)")


def sql_text(sql: str, use: Use, head: str = "") -> Call:
    """An SQL expression as `text("…")`; `head` stands before it."""
    escaped = _PARAMETER.sub(lambda found: f"\\{found[0]}", sql)
    return Call(f"{head}{use('text')}", (literal(escaped),))


def server_default(default: Default, use: Use) -> Argument:
    """`server_default=…` for what the database fills in; a sequence's number is no such default."""
    if default.sql is None:
        return f"server_default={use('FetchedValue')}()"
    plain = unquote_string(default.sql)
    return f"server_default={literal(plain)}" if plain is not None else sql_text(default.sql, use, "server_default=")


def client_default(default: ClientDefault, type_: DataType, use: Use) -> str | None:
    """The value of `default=` or `onupdate=`; None for what only its own client can make."""
    is_uuid = type_.name == "uuid"
    if default.kind == "now":
        return _now(type_, use)
    if default.kind == "uuid":
        function = use("uuid7") if default.argument == "7" else use("uuid4")
        return function if is_uuid else f"lambda: {use('str')}({function}())"
    if default.kind == "cuid":
        return use("cuid2") if default.argument == "2" else use("cuid")
    if default.kind == "ulid":
        return use("ulid")
    if default.kind == "nanoid":
        function = use("nanoid")
        return function if default.argument in ("", "21") else f"lambda: {function}({default.argument})"
    return None


def _now(type_: DataType, use: Use) -> str:
    """The current time as a value of the type."""
    if type_.name in ("timestamp", "timestamptz"):
        return use("utc_now" if type_.name == "timestamptz" else "naive_utc_now")
    part = {"date": "date", "time": "time", "timetz": "timetz"}.get(type_.name)
    return f"lambda: {use('utc_now')}().{part}()" if part else use("utc_now")


def identity(value: Identity, use: Use) -> str:
    """`Identity(…)`."""
    settings = [f"always={value.always}"] if value.always else []
    for name, number in value.options or ():
        settings.append(f"{name}={bool(number) if name == 'cycle' else number}")
    return f"{use('Identity')}({', '.join(settings)})"
