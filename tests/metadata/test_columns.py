"""Columns: nullability, what the database fills in, what SQLAlchemy fills in, what Python says of the type."""

from typing import Any

import pytest

from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.model import Generated, Identity

ONE_TABLE = """
    {before}
    class T(Base):
        __tablename__ = "t"
        id: Mapped[int] = mapped_column(primary_key=True)
        c = {column}
"""


def _column(read: Any, column: str, before: str = "") -> Any:
    return read(ONE_TABLE.format(column=column, before=before.replace("\n", "\n    "))).table("t").column("c")


@pytest.mark.parametrize(
    ("given", "sql"),
    [
        ("server_default='it''s'", "'its'"),
        ('server_default="it\'s"', "'it''s'"),
        (r"server_default='a\\b%'", r"'a\b%'"),
        ("server_default=text('now()')", "now()"),
        ("server_default=func.gen_random_uuid()", "gen_random_uuid()"),
        ("server_default=func.now()", "now()"),
        ("server_default=sa.true()", "true"),
        ("server_default=func.coalesce('a%', 1)", "coalesce('a%', 1)"),
        ("server_default=literal(7)", "7"),
        ("server_default=FetchedValue()", None),
    ],
)
def test_server_defaults_are_spelled_as_create_table_spells_them(read: Any, given: str, sql: str | None) -> None:
    assert _column(read, f"mapped_column(String, {given})").default == Default(sql)


def test_a_server_default_drawn_from_a_sequence_is_one(read: Any) -> None:
    column = _column(read, "mapped_column(Integer, server_default=Sequence('numbers').next_value())")
    assert column.default == Default("nextval('numbers')", "sequence")


KEYS = """
    class Plain(Base):
        __tablename__ = "plain"
        id = mapped_column(Integer, primary_key=True)

    class Big(Base):
        __tablename__ = "big"
        id = mapped_column(BigInteger, primary_key=True)

    class Manual(Base):
        __tablename__ = "manual"
        id = mapped_column(Integer, primary_key=True, autoincrement=False)

    class Filled(Base):
        __tablename__ = "filled"
        id = mapped_column(Integer, primary_key=True, default=lambda: 4)

    class Child(Base):
        __tablename__ = "child"
        id = mapped_column(ForeignKey("plain.id"), primary_key=True)

    class Pair(Base):
        __tablename__ = "pair"
        a = mapped_column(Integer, primary_key=True)
        b = mapped_column(Integer, primary_key=True)

    class Numbered(Base):
        __tablename__ = "numbered"
        id = mapped_column(Integer, Sequence("numbers"), primary_key=True)

    class Optional_(Base):
        __tablename__ = "optional"
        id = mapped_column(Integer, Sequence("numbers", optional=True), primary_key=True)

    class Identified(Base):
        __tablename__ = "identified"
        id = mapped_column(Integer, Identity(always=True, start=10, increment=2, cycle=True), primary_key=True)
        other = mapped_column(Integer, Identity(start=1, minvalue=1))

    class Text_(Base):
        __tablename__ = "text"
        id = mapped_column(String, primary_key=True)
"""


def test_an_integer_key_is_serial_exactly_where_sqlalchemy_makes_it_so(read: Any) -> None:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateTable

    schema = read(KEYS)
    serial = {
        table.name: {column.name for column in table.columns if column.default == Default(None, "sequence")}
        for table in schema.tables
    }
    assert serial == {
        "big": {"id"},
        "child": set(),
        "filled": set(),
        "identified": set(),
        "manual": set(),
        "numbered": set(),
        "optional": {"id"},
        "pair": set(),
        "plain": {"id"},
        "text": set(),
    }
    import sys

    module = sys.modules[schema.source]
    for name, table in module.Base.metadata.tables.items():
        ddl = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert ("SERIAL" in ddl) is bool(serial[name]), name


def test_a_sequence_that_sqlalchemy_draws_from_itself_is_a_client_default(read: Any) -> None:
    column = read(KEYS).table("numbered").column("id")
    assert (column.default, column.client_default) == (None, ClientDefault("function", "nextval('numbers')"))


def test_identity_columns_state_the_options_that_differ(read: Any) -> None:
    table = read(KEYS).table("identified")
    assert table.column("id").identity == Identity(True, (("cycle", 1), ("increment", 2), ("start", 10)))
    assert table.column("other").identity == Identity(False)
    assert table.column("id").default is None


def test_computed_columns(read: Any) -> None:
    column = _column(read, "mapped_column(Integer, Computed('id * 2', persisted=True))")
    assert (column.generated, column.default, column.on_update) == (Generated("id * 2"), None, None)
    assert _column(read, "mapped_column(Integer, Computed('id', persisted=False))").generated == Generated("id", False)


HELPERS = """
from datetime import UTC, timedelta
import functools

def utc_now(): return datetime.datetime.now(UTC)
def in_a_week(): return datetime.datetime.now(UTC) + timedelta(days=7)
def in_place(context): return context.get_current_parameters()["id"]
def make_code(): return "x"
class Maker:
    def __call__(self): return "x"
class Level(enum.Enum):
    LOW = "low"
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("default=uuid.uuid4", ClientDefault("uuid", "4")),
        ("default=lambda: str(uuid.uuid4())", ClientDefault("uuid", "4")),
        ("default=func.gen_random_uuid()", ClientDefault("uuid", "4")),
        ("default=func.uuidv7()", ClientDefault("uuid", "7")),
        ("default=datetime.datetime.now", ClientDefault("now")),
        ("default=datetime.datetime.utcnow", ClientDefault("now")),
        ("default=lambda: datetime.datetime.now(UTC)", ClientDefault("now")),
        ("default=lambda: datetime.datetime.now(UTC).replace(tzinfo=None)", ClientDefault("now")),
        ("default=functools.partial(datetime.datetime.now, UTC)", ClientDefault("now")),
        ("default=utc_now", ClientDefault("now")),
        ("default=lambda: utc_now()", ClientDefault("now")),
        ("default=func.now()", ClientDefault("now")),
        ("default=text('CURRENT_TIMESTAMP')", ClientDefault("now")),
        ("default=text('pg_backend_pid()')", ClientDefault("function", "pg_backend_pid()")),
        ("default='draft'", ClientDefault("literal", "draft")),
        ("default=0", ClientDefault("literal", "0")),
        ("default=True", ClientDefault("literal", "true")),
        ("default={'a': [1]}", ClientDefault("literal", '{"a": [1]}')),
        ("default=list", ClientDefault("function", "list")),
        (None, None),
    ],
)
def test_client_defaults(read: Any, given: str | None, expected: ClientDefault | None) -> None:
    assert _column(read, f"mapped_column(String, {given or ''})", HELPERS).client_default == expected


@pytest.mark.parametrize("name", ["in_a_week", "in_place", "make_code"])
def test_any_other_callable_is_named(read: Any, name: str) -> None:
    schema = read(
        ONE_TABLE.format(column=f"mapped_column(String, default={name})", before=HELPERS.replace("\n", "\n    "))
    )
    found = schema.table("t").column("c").client_default
    assert found == ClientDefault("function", f"{schema.source}.{name}")


def test_a_callable_object_is_named_by_its_class(read: Any) -> None:
    found = _column(read, "mapped_column(String, default=Maker())", HELPERS).client_default
    assert found.kind == "function"
    assert found.argument.endswith(".Maker")


def test_an_enum_member_is_the_label_that_is_sent(read: Any) -> None:
    assert _column(read, "mapped_column(Enum(Level), default=Level.LOW)", HELPERS).client_default.argument == "LOW"
    by_value = "mapped_column(Enum(Level, values_callable=lambda all_: [one.value for one in all_]), default=Level.LOW)"
    assert _column(read, by_value, HELPERS).client_default.argument == "low"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("onupdate=utc_now", ClientDefault("now")),
        ("onupdate=func.now()", ClientDefault("now")),
        ("onupdate='x'", ClientDefault("literal", "x")),
        ("server_onupdate=FetchedValue()", ClientDefault("function", "server_onupdate")),
        (None, None),
    ],
)
def test_what_is_filled_in_on_update(read: Any, given: str | None, expected: ClientDefault | None) -> None:
    assert _column(read, f"mapped_column(String, {given or ''})", HELPERS).on_update == expected


def test_a_dataclass_factory_is_a_client_default(read: Any) -> None:
    source = """
        class T(MappedAsDataclass, Base):
            __tablename__ = "t"
            id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default_factory=uuid.uuid4)
    """
    assert read(source).table("t").column("id").client_default == ClientDefault("uuid", "4")


ANNOTATED = """
    from __future__ import annotations
    import datetime, decimal, enum, uuid
    from typing import Annotated, Any, Optional, TYPE_CHECKING
    from sqlalchemy import *
    from sqlalchemy.orm import *
    {future}
    if TYPE_CHECKING:
        from elsewhere import Missing
    Key = Annotated[uuid.UUID, mapped_column(primary_key=True)]

    class Base(DeclarativeBase):
        type_annotation_map = {{list[str]: ARRAY(String)}}
    class Color(enum.Enum):
        RED = 1
    class T(Base):
        __tablename__ = "t"
        id: Mapped[Key]
        name: Mapped[str]
        nick: Mapped[Optional[str]]
        born: Mapped[datetime.datetime | None]
        price: Mapped[decimal.Decimal] = mapped_column("cost", Numeric(10, 2))
        color: Mapped[Color]
        tags: Mapped[list[str]]
        extra: Mapped[Optional[dict[str, Any]]] = mapped_column(JSON)
        classic = mapped_column(String)
"""


@pytest.mark.parametrize("future", [True, False])
def test_annotations_become_python_types(read: Any, future: bool) -> None:
    source = ANNOTATED.format(future="")
    if not future:
        source = source.replace("from __future__ import annotations\n", "\n")
    import textwrap

    table = read("", preamble=textwrap.dedent(source)).table("t")
    assert {column.name: column.python_type for column in table.columns} == {
        "id": "uuid.UUID",
        "name": "str",
        "nick": "str",
        "born": "datetime.datetime",
        "cost": "decimal.Decimal",
        "color": "Color",
        "tags": "list[str]",
        "extra": "dict[str, typing.Any]",
        "classic": None,
    }
    assert {column.name: column.nullable for column in table.columns if column.nullable} == {
        "nick": True,
        "born": True,
        "extra": True,
        "classic": True,
    }
    assert table.column("cost").field == "price"


def test_an_annotation_of_an_unimported_name_is_read_by_its_syntax(read: Any) -> None:
    source = """
        class T(Base):
            __tablename__ = "t"
            __allow_unmapped__ = True
            id: Mapped[int] = mapped_column(primary_key=True)
            mail: "Address | None" = Column(String)
    """
    preamble = (
        "from __future__ import annotations\n"
        "from typing import TYPE_CHECKING\nfrom sqlalchemy import *\nfrom sqlalchemy.orm import *\n"
        "class Base(DeclarativeBase): pass\n"
    )
    assert read(source, preamble=preamble).table("t").column("mail").python_type == "Address"


def test_comments_and_collations(read: Any) -> None:
    column = _column(read, "mapped_column(String(9, collation='de_DE'), comment='A colour')")
    assert (column.comment, column.collation, str(column.type)) == ("A colour", "de_DE", "varchar(9)")
