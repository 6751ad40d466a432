"""SQLAlchemy's types: what is read is what SQLAlchemy's own DDL makes in PostgreSQL."""

from textwrap import indent
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeDecorator, UserDefinedType

from schemasync.schema.types import DataType, parse_type
from schemasync.witnesses.database import read_database
from schemasync.witnesses.metadata import read_metadata


class Money(TypeDecorator[Any]):
    impl = sa.Numeric(12, 2)
    cache_ok = True


class Portable(TypeDecorator[Any]):
    impl = sa.CHAR(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else sa.CHAR(36))


class Wrapped(TypeDecorator[Any]):
    impl = Money
    cache_ok = True


class Point(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "point"


TYPES = {
    "String": sa.String(),
    "String(50)": sa.String(50),
    "Unicode(20)": sa.Unicode(20),
    "Text": sa.Text(),
    "UnicodeText": sa.UnicodeText(),
    "CHAR(3)": sa.CHAR(3),
    "CHAR": sa.CHAR(),
    "Integer": sa.Integer(),
    "SmallInteger": sa.SmallInteger(),
    "BigInteger": sa.BigInteger(),
    "Numeric": sa.Numeric(),
    "Numeric(10)": sa.Numeric(10),
    "Numeric(10, 2)": sa.Numeric(10, 2),
    "DECIMAL(65, 30)": sa.DECIMAL(65, 30),
    "Float": sa.Float(),
    "Float(24)": sa.Float(24),
    "Float(25)": sa.Float(25),
    "REAL": sa.REAL(),
    "Double": sa.Double(),
    "Boolean": sa.Boolean(),
    "LargeBinary": sa.LargeBinary(),
    "LargeBinary(10)": sa.LargeBinary(10),
    "JSON": sa.JSON(),
    "JSONB": postgresql.JSONB(),
    "Uuid": sa.Uuid(),
    "Uuid(native_uuid=False)": sa.Uuid(native_uuid=False),
    "UUID": postgresql.UUID(),
    "Date": sa.Date(),
    "DateTime": sa.DateTime(),
    "DateTime(timezone=True)": sa.DateTime(timezone=True),
    "TIMESTAMP": sa.TIMESTAMP(),
    "Time": sa.Time(),
    "Time(timezone=True)": sa.Time(timezone=True),
    "pg TIMESTAMP": postgresql.TIMESTAMP(),
    "pg TIMESTAMP(3)": postgresql.TIMESTAMP(precision=3),
    "pg TIMESTAMP(6)": postgresql.TIMESTAMP(precision=6),
    "pg TIMESTAMP(3, timezone)": postgresql.TIMESTAMP(precision=3, timezone=True),
    "pg TIME(0)": postgresql.TIME(precision=0),
    "Interval": sa.Interval(),
    "Interval(second_precision)": sa.Interval(second_precision=3),
    "INTERVAL(YEAR TO MONTH)": postgresql.INTERVAL(fields="YEAR TO MONTH"),
    "INET": postgresql.INET(),
    "CIDR": postgresql.CIDR(),
    "MACADDR": postgresql.MACADDR(),
    "MACADDR8": postgresql.MACADDR8(),
    "MONEY": postgresql.MONEY(),
    "OID": postgresql.OID(),
    "REGCLASS": postgresql.REGCLASS(),
    "TSVECTOR": postgresql.TSVECTOR(),
    "TSQUERY": postgresql.TSQUERY(),
    "HSTORE": postgresql.HSTORE(),
    "CITEXT": postgresql.CITEXT(),
    "BIT": postgresql.BIT(),
    "BIT(8)": postgresql.BIT(8),
    "BIT VARYING": postgresql.BIT(varying=True),
    "BIT VARYING(8)": postgresql.BIT(8, varying=True),
    "INT4RANGE": postgresql.INT4RANGE(),
    "TSTZRANGE": postgresql.TSTZRANGE(),
    "ARRAY(String(10))": sa.ARRAY(sa.String(10)),
    "ARRAY(Integer, dimensions=2)": sa.ARRAY(sa.Integer(), dimensions=2),
    "pg ARRAY(TIMESTAMP(3))": postgresql.ARRAY(postgresql.TIMESTAMP(precision=3)),
    "ARRAY(DateTime)": sa.ARRAY(sa.DateTime()),
    "Enum": sa.Enum("a", "b", name="Level"),
    "Enum in a schema": sa.Enum("a", "b", name="level", schema="other"),
    "Enum of an awkward name": sa.Enum("a", name="odd Name.x"),
    "ARRAY(Enum)": sa.ARRAY(sa.Enum("a", "b", name="levels")),
    "Enum(native_enum=False)": sa.Enum("short", "longer", native_enum=False),
    "Enum(native_enum=False, length)": sa.Enum("a", native_enum=False, length=40),
    "DOMAIN": postgresql.DOMAIN("us_postal_code", sa.Text()),
    "TypeDecorator": Money(),
    "TypeDecorator of a TypeDecorator": Wrapped(),
    "TypeDecorator with load_dialect_impl": Portable(),
    "with_variant": sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
    "with_variant for another": sa.Text().with_variant(mysql.LONGTEXT(), "mysql"),
    "a decorated variant": sa.String(9).with_variant(Money(), "postgresql"),
    "UserDefinedType": Point(),
    "String with a collation": sa.String(10, collation="C"),
    "ARRAY of String with a collation": sa.ARRAY(sa.String(10, collation="C")),
}


def _schema_of(**types: Any) -> dict[str, DataType]:
    table = sa.Table("t", sa.MetaData(), *(sa.Column(name, type_) for name, type_ in types.items()))
    return {column.name: column.type for column in read_metadata(table.metadata).tables[0].columns}


def test_every_type_is_the_one_that_sqlalchemy_makes_in_postgresql(database: Any) -> None:
    database.execute("CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE SCHEMA other")
    metadata = sa.MetaData()
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(TYPES.values())]
    sa.Table("t", metadata, *columns)
    engine = sa.create_engine("postgresql+psycopg2://", creator=database.connect)
    metadata.create_all(engine)
    engine.dispose()
    formatted = dict(
        database.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 't'::regclass AND attnum > 0"
        )
    )
    ours = {column.name: column.type for column in read_metadata(metadata).tables[0].columns}
    theirs = {
        column.name: column for column in read_database(database.url, schemas=("public", "other")).tables[0].columns
    }
    for number, name in enumerate(TYPES):
        stated, actual = ours[f"c{number}"], theirs[f"c{number}"].type
        if stated.arguments is None:
            assert (stated.name, stated.dimensions) == (actual.name, actual.dimensions), name
        else:
            assert stated == actual, name
            if stated.schema is None:
                assert stated == parse_type(formatted[f"c{number}"]), name
    collations = {f"c{number}" for number, name in enumerate(TYPES) if "collation" in name}
    assert {name for name, column in theirs.items() if column.collation == "C"} == collations
    assert {
        column.name for column in read_metadata(metadata).tables[0].columns if column.collation == "C"
    } == collations


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 1000), st.integers(1, 500), st.integers(0, 6), st.booleans())
def test_lengths_and_precisions_are_kept(length: int, precision: int, fraction: int, timezone: bool) -> None:
    scale = min(precision, fraction)
    found = _schema_of(
        text=sa.String(length),
        number=sa.Numeric(precision, scale),
        moment=postgresql.TIMESTAMP(precision=fraction, timezone=timezone),
    )
    assert found["text"] == DataType("varchar", (length,))
    assert found["number"] == DataType("numeric", (precision, scale))
    name = "timestamptz" if timezone else "timestamp"
    assert found["moment"] == DataType(name, () if fraction == 6 else (fraction,))


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (sa.DateTime(), DataType("timestamp", None)),
        (sa.DateTime(timezone=True), DataType("timestamptz", None)),
        (sa.TIMESTAMP(), DataType("timestamp", None)),
        (sa.Time(), DataType("time", None)),
        (sa.ARRAY(sa.DateTime()), DataType("timestamp", None, 1)),
        (postgresql.TIMESTAMP(), DataType("timestamp", ())),
        (postgresql.TIMESTAMP(precision=3), DataType("timestamp", (3,))),
    ],
)
def test_generic_times_are_silent_on_precision(type_: Any, expected: DataType) -> None:
    assert _schema_of(c=type_)["c"] == expected


def test_a_type_that_postgresql_lacks_is_noted() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", mysql.YEAR()), sa.Column("b"))
    schema = read_metadata(table.metadata)
    assert [str(column.type) for column in schema.tables[0].columns] == ["unknown", "unknown"]
    assert schema.notes[0].startswith("The type of t.a is unknown: PostgreSQL has no YEAR: ")
    assert schema.notes[1] == "The type of t.b is unknown: it has no type."


ENUMS = """
    class Color(enum.Enum):
        RED = "red"
        BLUE = "blue"

    shared = postgresql.ENUM("x", "y", name="shared", metadata=Base.metadata)
    unused = postgresql.ENUM("p", "q", name="unused", metadata=Base.metadata)

    class Car(Base):
        __tablename__ = "cars"
        id: Mapped[int] = mapped_column(primary_key=True)
        color: Mapped[Color]
        inside: Mapped[Color] = mapped_column(
            Enum(Color, name="InsideColor", values_callable=lambda members: [member.value for member in members])
        )
        kind = mapped_column(shared)
        size: Mapped[str] = mapped_column(Enum("s", "m", name="size", native_enum=False, create_constraint=True))
        many = mapped_column(ARRAY(Enum("d", "e", name="many")))
"""


def test_enums_have_the_labels_that_sqlalchemy_sends(read: Any) -> None:
    schema = read(ENUMS)
    assert {enum.name: enum.values for enum in schema.enums} == {
        "InsideColor": ("red", "blue"),
        "color": ("RED", "BLUE"),
        "many": ("d", "e"),
        "shared": ("x", "y"),
        "unused": ("p", "q"),
    }
    table = schema.table("cars")
    assert [str(table.column(name).type) for name in ("color", "inside", "kind", "size", "many")] == [
        "color",
        '"InsideColor"',
        "shared",
        "varchar(1)",
        "many[]",
    ]
    assert [check.name for check in table.checks] == ["size"]
    assert table.checks[0].expression == "size IN ('s', 'm')"
    assert schema.enum_by_key["public", "color"].location == table.column("color").location
    assert schema.enum_by_key["public", "unused"].location is None
    assert "enum-missing" in schema.silent


def test_an_enum_stands_in_its_own_schema_or_the_default_one(read: Any) -> None:
    source = """
        class A(Base):
            __tablename__ = "a"
            __table_args__ = {"schema": "shop"}
            id: Mapped[int] = mapped_column(primary_key=True)
            one = mapped_column(Enum("x", name="one"))
            two = mapped_column(Enum("x", name="two", schema="shop"))
    """
    schema = read(source, default_schema="app")
    assert [enum.key for enum in schema.enums] == [("app", "one"), ("shop", "two")]
    assert [str(column.type) for column in schema.tables[0].columns] == ["integer", "app.one", "shop.two"]


def test_two_enums_of_one_name_are_noted(read: Any) -> None:
    body = 'id: Mapped[int] = mapped_column(primary_key=True)\nlevel = mapped_column(Enum({values}, name="level"))\n'
    source = "".join(
        f'class {name}(Base):\n    __tablename__ = "{name.lower()}"\n' + indent(body.format(values=values), "    ")
        for name, values in {"A": '"x"', "B": '"y"'}.items()
    )
    assert read(source).notes == ("The enum level is declared twice with different values; the first one counts.",)
