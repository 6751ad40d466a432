"""Tables that agree in everything are told quickly: with the same result as looking at each of them closely."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from schemasync.compare.agreement import Agreement
from schemasync.compare.drift import Comparison
from schemasync.compare.engine import compare_witnesses
from schemasync.ownership import Ownership
from schemasync.schema.defaults import ClientDefault, Default
from schemasync.schema.model import (
    Check,
    Column,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    IndexPart,
    PrimaryKey,
    Relationship,
    Schema,
    Silence,
    Table,
    Unique,
)
from schemasync.schema.types import DataType

COLUMNS = (
    Column("id", DataType("integer"), nullable=False, identity=Identity(always=True, options=(("start", 5),))),
    Column("serial", DataType("integer"), default=Default("nextval('a_serial_seq'::regclass)", "sequence")),
    Column(
        "name",
        DataType("varchar", (20,)),
        default=Default("'x'"),
        client_default=ClientDefault("uuid"),
        on_update=ClientDefault("now"),
        collation="C",
        comment="a name",
        options=(("storage", "external"),),
        python_type="str",
    ),
    Column("upper", DataType("text"), generated=Generated("upper(name)")),
    Column("role", DataType("role", schema="public", dimensions=1), default=Default("'{}'")),
    Column("price", DataType("numeric", (10, 2)), default=Default("0")),
)
TABLE = Table(
    "a",
    columns=COLUMNS,
    primary_key=PrimaryKey(("id",), "a_pkey"),
    uniques=(Unique(("name",), "a_name_key", include=("price",)),),
    foreign_keys=(ForeignKey(("serial",), "public", "b", ("id",), "a_serial_fkey"),),
    indexes=(
        Index((IndexPart("name", operator_class="text_pattern_ops"), IndexPart(None, "lower(name)")), "a_name_idx"),
        Index((IndexPart("price", descending=True),), "a_price_idx", predicate="price > 0", options=(("f", "7"),)),
    ),
    checks=(Check("price > 0", "a_price_check"),),
    exclusions=(Exclusion("EXCLUDE USING gist (name WITH =)", "a_name_excl"),),
    relationships=(Relationship("bs", "many-to-one", "public", "b", ("serial",), on_this_side=True),),
    comment="a table",
    options=(("fillfactor", "70"),),
)
OTHER = Table("b", columns=(Column("id", DataType("integer"), nullable=False),), primary_key=PrimaryKey(("id",)))
SILENT: frozenset[Silence] = frozenset({"comment", "collation", "check", "python-type"})


def changed(value: Any) -> Iterator[Any]:
    """Values that are nearly the same: one fact of it, or of what it consists of, is another."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            stated = getattr(value, field.name)
            if dataclasses.is_dataclass(stated) and field.name != "type":
                yield dataclasses.replace(value, **{field.name: None})
            for other in changed(stated):
                yield dataclasses.replace(value, **{field.name: other})
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from ((*value[:place], other, *value[place + 1 :]) for other in changed(item))
        yield from (value[1:], value[:-1]) if value else [("other",)]
        yield value[::-1]
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value}_other"
        if value.startswith("'"):
            yield from (f"{value}::text", f"({value})", f"{value}::character varying")
        if value == "0":
            yield from ("'0'", "0.00", "0::numeric")
    else:
        yield from (None,)


def is_sound(table: Any) -> bool:
    """Whether what was changed still has the shape that its parts expect."""
    return all(
        isinstance(items, tuple) and not any(isinstance(item, str) for item in items)
        for items in (table.columns, table.uniques, table.foreign_keys, table.indexes, table.checks, table.exclusions)
    ) and all(dataclasses.is_dataclass(part) for index in table.indexes for part in index.parts)


CHANGED = [table for table in changed(TABLE) if isinstance(table, Table) and is_sound(table)]


def found(witnesses: Mapping[str, Schema], ownership: Ownership | None) -> Comparison | str:
    try:
        return compare_witnesses(witnesses, ownership)
    except (TypeError, AttributeError, ValueError) as error:  # what was changed may make no sense
        return repr(error)


def both_ways(
    monkeypatch: pytest.MonkeyPatch, witnesses: Mapping[str, Schema], ownership: Ownership | None = None
) -> tuple[Comparison | str, Comparison | str]:
    quick = found(witnesses, ownership)
    with monkeypatch.context() as closely:
        closely.setattr(Agreement, "facts", lambda *_: None)
        return quick, found(witnesses, ownership)


@pytest.mark.parametrize(
    ("one", "other", "complete", "silent"),
    [
        ("prisma", "database", False, frozenset()),
        ("prisma", "database", False, SILENT),
        ("database", "prisma", False, SILENT),
        ("prisma", "prisma-migrations", False, SILENT),
        ("snapshot", "database", True, frozenset()),
        ("snapshot", "database", False, frozenset()),
        ("sqlalchemy", "database", False, SILENT),
        ("prisma", "sqlalchemy", False, SILENT),
    ],
)
def test_a_table_that_is_told_quickly_is_one_in_which_nothing_is_found(
    one: str, other: str, complete: bool, silent: frozenset[Silence], monkeypatch: pytest.MonkeyPatch
) -> None:
    drifts = 0
    for table in (TABLE, *CHANGED):
        witnesses = {
            one: Schema(one, tables=(TABLE, OTHER), silent=silent, complete=complete),  # type: ignore[arg-type]  # of the names above
            other: Schema(other, tables=(table, OTHER), complete=complete),  # type: ignore[arg-type]  # likewise
        }
        quick, closely = both_ways(monkeypatch, witnesses)
        assert quick == closely
        drifts += isinstance(quick, Comparison) and bool(quick.drifts)
    assert drifts > 50


@pytest.mark.parametrize(
    "ownership",
    [Ownership(), Ownership(sqlalchemy=("a",)), Ownership(prisma=("*",)), Ownership(ignore=("a",))],
    ids=["by default", "SQLAlchemy's", "Prisma's", "ignored"],
)
@pytest.mark.parametrize(
    "names", [("prisma", "database"), ("snapshot", "database"), ("prisma", "snapshot", "database")]
)
@pytest.mark.parametrize("external", [(), ("a",), ("public.a",)])
def test_whose_the_table_is_is_looked_at_too(
    ownership: Ownership, names: tuple[str, ...], external: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    witnesses = {name: Schema(name, tables=(TABLE, OTHER), external=external) for name in names}  # type: ignore[arg-type]  # names of witnesses
    quick, closely = both_ways(monkeypatch, witnesses, ownership)
    assert quick == closely


def test_a_default_beside_an_identity_says_nothing_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    type_, default = DataType("integer"), Default("nextval('other'::regclass)", "sequence")
    always = Identity(always=True)
    ours = Table("a", columns=(Column("x", type_, identity=always), Column("y", type_)))
    theirs = Table(
        "a", columns=(Column("x", type_, identity=always, default=default), Column("y", type_, default=default))
    )
    quick, closely = both_ways(
        monkeypatch, {"prisma": Schema("prisma", tables=(ours,)), "database": Schema("database", tables=(theirs,))}
    )
    assert quick == closely
    assert isinstance(quick, Comparison)
    assert [drift.object for drift in quick.drifts] == ["y"]


def test_each_table_that_agrees_is_told_quickly() -> None:
    """Without that the two ways above would be one."""
    witnesses = {name: Schema(name, tables=(TABLE, OTHER)) for name in ("prisma", "database")}
    agreement = Agreement(witnesses)
    assert [agreement.facts(dict.fromkeys(witnesses, table), "prisma") for table in (TABLE, OTHER)] == [62, 11]
    other = dataclasses.replace(TABLE, comment="another")
    assert agreement.facts({"prisma": TABLE, "database": other}, "prisma") is None
