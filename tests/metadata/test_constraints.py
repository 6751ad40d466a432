"""Keys, checks, exclusions and indexes."""

from typing import Any

import pytest
import sqlalchemy as sa

from schemasync import compare
from schemasync.schema.model import Check, Exclusion, ForeignKey, Index, IndexPart, PrimaryKey, Unique
from schemasync.witnesses.database import read_database
from schemasync.witnesses.metadata import read_metadata

CORE = """
    metadata = MetaData({options})
    users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("tenant", Integer))
    t = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("b", String),
        Column("during", postgresql.TSRANGE),
        Column("doc", postgresql.JSONB),
        {items}
    )
"""


def _table(read: Any, items: str, options: str = "", **keywords: str) -> Any:
    return read(CORE.format(items=items, options=options), attribute="metadata", **keywords).table("t")


def test_an_unnamed_constraint_has_no_name(read: Any) -> None:
    table = _table(read, "Column('c', Integer, ForeignKey('users.id'), unique=True), CheckConstraint('a > 0')")
    assert table.primary_key == PrimaryKey(("id",))
    assert table.uniques == (Unique(("c",)),)
    assert table.foreign_keys == (ForeignKey(("c",), "public", "users", ("id",)),)
    assert table.checks == (Check("a > 0"),)


CONVENTION = (
    'naming_convention={"pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s", '
    '"fk": "fk_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s", '
    '"ix": "ix_%(column_0_label)s"}'
)


def test_naming_conventions_are_applied(read: Any) -> None:
    table = _table(
        read,
        "Column('c', Integer, ForeignKey('users.id'), unique=True), Column('d', Integer, index=True), "
        "CheckConstraint('a > 0', name='positive')",
        CONVENTION,
    )
    assert table.primary_key.name == "pk_t"
    assert table.uniques[0].name == "uq_t_c"
    assert table.foreign_keys[0].name == "fk_t_c"
    assert [check.name for check in table.checks] == ["ck_t_positive"]
    assert table.indexes[0].name == "ix_t_d"


def test_a_name_is_cut_as_the_database_would_cut_it(read: Any) -> None:
    table = _table(read, f"UniqueConstraint('a', name='{'x' * 70}'), UniqueConstraint('b', name='" + "ü" * 40 + "')")
    assert [unique.name for unique in table.uniques] == ["x" * 63, "ü" * 31]


def test_foreign_keys_say_all_that_they_do(read: Any) -> None:
    table = _table(
        read,
        "Column('c', Integer), Column('d', Integer), ForeignKeyConstraint(['c', 'd'], ['users.id', 'users.tenant'], "
        "name='fk', ondelete='set  null', onupdate='CASCADE', match='FULL', deferrable=True, initially='DEFERRED', "
        "postgresql_not_valid=True)",
    )
    assert table.foreign_keys == (
        ForeignKey(
            ("c", "d"), "public", "users", ("id", "tenant"), "fk", "SET NULL", "CASCADE", True, True, True, False
        ),
    )


def test_what_is_initially_deferred_is_deferrable(read: Any) -> None:
    key = _table(read, "Column('c', Integer, ForeignKey('users.id', initially='deferred'))").foreign_keys[0]
    assert (key.deferrable, key.initially_deferred) == (True, True)


def test_a_foreign_key_may_lead_out_of_the_metadata(read: Any) -> None:
    items = "Column('c', ForeignKey('away.key')), Column('d', ForeignKey('other.away.key'))"
    schema = read(CORE.format(items=items, options=""), attribute="metadata", default_schema="app")
    table = schema.table("t", "app")
    assert [(key.referenced_schema, key.referenced_table, key.referenced_columns) for key in table.foreign_keys] == [
        ("app", "away", ("key",)),
        ("other", "away", ("key",)),
    ]


def test_a_set_null_of_some_columns_is_noted(read: Any) -> None:
    source = CORE.format(items="Column('c', ForeignKey('users.id', ondelete='SET NULL (c)'))", options="")
    schema = read(source, attribute="metadata")
    assert schema.table("t").foreign_keys[0].on_delete == "SET NULL"
    assert schema.notes == ("ON DELETE SET NULL (c) of t(c): the columns in brackets are not compared.",)


def test_uniques_with_everything(read: Any) -> None:
    table = _table(
        read,
        "UniqueConstraint('b', 'a', name='u', deferrable=True, postgresql_nulls_not_distinct=True)",
    )
    assert table.uniques == (Unique(("b", "a"), "u", True, False, True),)


@pytest.mark.skipif(sa.__version__ < "2.1", reason="SQLAlchemy 2.0 has no INCLUDE for unique constraints")
def test_uniques_may_include_columns(read: Any) -> None:
    table = _table(read, "UniqueConstraint('a', name='u', postgresql_include=['doc'])")
    assert table.uniques == (Unique(("a",), "u", include=("doc",)),)


def test_checks_are_spelled_out(read: Any) -> None:
    table = _table(
        read,
        "Column('c', Integer, CheckConstraint('c % 2 = 0', name='even')), Column('d', Boolean(create_constraint=True))",
    )
    assert table.checks == (Check("c % 2 = 0", "even"),)
    from_clause = "CheckConstraint(column('a').in_([1, 2]), name='few')"
    assert _table(read, from_clause).checks == (Check("a IN (1, 2)", "few"),)


def test_exclusions(read: Any) -> None:
    table = _table(
        read,
        "postgresql.ExcludeConstraint(('a', '='), ('during', '&&'), name='one', where=text('a > 0'), deferrable=True)",
    )
    assert table.exclusions == (
        Exclusion("EXCLUDE USING gist (a WITH =, during WITH &&) WHERE ((a > 0)) DEFERRABLE", "one"),
    )


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("Index('i', 'a', 'b')", Index((IndexPart("a"), IndexPart("b")), "i")),
        ("Index('i', 'a', unique=True)", Index((IndexPart("a"),), "i", unique=True)),
        ("Index('i', column('a').desc())", Index((IndexPart("a", descending=True, nulls_first=True),), "i")),
        ("Index('i', text('a DESC'))", Index((IndexPart("a", descending=True, nulls_first=True),), "i")),
        ("Index('i', text('a DESC NULLS LAST'))", Index((IndexPart("a", descending=True),), "i")),
        ("Index('i', column('a').asc().nulls_first())", Index((IndexPart("a", nulls_first=True),), "i")),
        ("Index('i', func.lower(column('b')))", Index((IndexPart(expression="lower(b)"),), "i")),
        ("Index('i', text('lower(b) DESC'))", Index((IndexPart(None, "lower(b)", True, True),), "i")),
        ("Index('i', text('(a + 1)'))", Index((IndexPart(expression="a + 1"),), "i")),
        ("Index('i', text('(lower(b)::text)'))", Index((IndexPart(expression="lower(b)::text"),), "i")),
        ("Index('i', text('b text_pattern_ops'))", Index((IndexPart("b", operator_class="text_pattern_ops"),), "i")),
        ("Index('i', column('b').collate('C'))", Index((IndexPart("b", collation="C"),), "i")),
        (
            "Index('i', 'doc', postgresql_using='GIN', postgresql_ops={'doc': 'jsonb_path_ops'})",
            Index((IndexPart("doc", operator_class="jsonb_path_ops"),), "i", method="gin"),
        ),
        (
            "Index('i', 'doc', postgresql_using='gin', postgresql_ops={'doc': 'jsonb_ops'})",
            Index((IndexPart("doc"),), "i", method="gin"),
        ),
        (
            "Index('i', 'a', postgresql_where=text('a > 0'), postgresql_include=['b'], "
            "postgresql_nulls_not_distinct=True, postgresql_with={'fillfactor': 70}, unique=True)",
            Index(
                (IndexPart("a"),),
                "i",
                True,
                predicate="a > 0",
                include=("b",),
                nulls_not_distinct=True,
                options=(("fillfactor", "70"),),
            ),
        ),
    ],
)
def test_indexes(read: Any, declared: str, expected: Index) -> None:
    assert _table(read, declared).indexes == (expected,)


EVERYTHING = """
    users = Table("users", Base.metadata, Column("id", Integer, primary_key=True))

    class Level(enum.Enum):
        LOW = "low"
        HIGH = "high"

    class Thing(Base):
        __tablename__ = "things"
        id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
        number: Mapped[int] = mapped_column(BigInteger, Identity(start=5, increment=5), unique=True)
        double: Mapped[int] = mapped_column(BigInteger, Computed("number * 2", persisted=True))
        level: Mapped[Level] = mapped_column(server_default="LOW")
        path: Mapped[str] = mapped_column(String(20), server_default=r"C:\\%")
        tags = mapped_column(ARRAY(String(10)), server_default=text("'{}'"))
        size: Mapped[str] = mapped_column(Enum("s", "m", name="size", native_enum=False, create_constraint=True))
        made: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
        during = mapped_column(postgresql.TSRANGE, comment="when")
        doc = mapped_column(postgresql.JSONB)
        owner_id = mapped_column(ForeignKey("users.id", ondelete="CASCADE", deferrable=True), index=True)
        parent_id = mapped_column(ForeignKey("things.id", ondelete="SET NULL", onupdate="RESTRICT"))
        __table_args__ = (
            CheckConstraint("number > 0 AND path <> ''", name="sane"),
            UniqueConstraint("level", "path", name="one_path"),
            postgresql.ExcludeConstraint(("during", "&&"), name="no_overlap", where=text("number > 1")),
            Index("by_path", func.lower(path), made.desc()),
            Index("by_doc", doc, postgresql_using="gin", postgresql_ops={"doc": "jsonb_path_ops"}),
            Index(
                "by_level", level, unique=True, postgresql_where=text("owner_id IS NULL"), postgresql_include=["made"]
            ),
            Index("by_made", made.desc().nulls_last(), path.collate("C")),
            {"comment": "Things"},
        )
"""


def test_what_sqlalchemy_creates_has_no_drift(read: Any, database: Any) -> None:
    import sys

    models = read(EVERYTHING)
    engine = sa.create_engine("postgresql+psycopg2://", creator=database.connect)
    sys.modules[models.source].Base.metadata.create_all(engine)
    engine.dispose()
    live = read_database(database.url)
    assert [drift.message for drift in compare({"sqlalchemy": models, "database": live})] == []
    stated, actual = models.table("things"), live.table("things")
    assert stated.column("path").default.sql == r"'C:\%'"
    assert [index.parts for index in stated.indexes if index.name != "by_path"] == [
        index.parts for index in actual.indexes if index.name != "by_path"
    ]
    assert stated.column("number").identity == actual.column("number").identity
    assert (stated.comment, stated.column("during").comment) == ("Things", "when")


def test_order_is_by_name_then_columns(read: Any) -> None:
    table = _table(
        read,
        "UniqueConstraint('b'), UniqueConstraint('a'), UniqueConstraint('doc', name='a_name'), "
        "Index('z', 'a'), Index('y', 'b')",
    )
    assert [unique.columns for unique in table.uniques] == [("a",), ("b",), ("doc",)]
    assert [index.name for index in table.indexes] == ["y", "z"]


def test_a_table_says_who_owns_it() -> None:
    metadata = sa.MetaData()
    for name, info in {
        "a": {"owner": "prisma"},
        "b": "prisma",
        "c": "sqlalchemy",
        "d": {"owner": "me"},
        "e": 3,
    }.items():
        sa.Table(name, metadata, sa.Column("id", sa.Integer), info={"schemasync": info})
    sa.Table("f", metadata, sa.Column("id", sa.Integer))
    owners = [table.marked_owner for table in read_metadata(metadata).tables]
    assert owners == ["prisma", "prisma", "sqlalchemy", None, None, None]


def test_a_partitioned_table() -> None:
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer), postgresql_partition_by="RANGE (id)")
    assert read_metadata(metadata).tables[0].kind == "partitioned table"
