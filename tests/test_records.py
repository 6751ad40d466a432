"""Records: frozen dataclasses in every respect, made by assignment."""

import copy
import dataclasses
import gc
import inspect
import pickle
import subprocess
import sys
from functools import cached_property

import pytest

from schemasync.records import beside, maker, record, replace
from schemasync.schema.collection import collection_put_off
from schemasync.schema.model import Column, Location, Table
from schemasync.schema.types import DataType

COLUMN = Column("id", DataType("uuid"), nullable=False, field="key", location=Location("schema.prisma", 3))


@record(frozen=True, slots=True)
class _Point:
    x: int
    y: int = 7


def test_a_record_has_what_it_was_given_and_the_defaults() -> None:
    assert (_Point(1).x, _Point(1).y, _Point(y=2, x=3).y) == (1, 7, 2)
    assert (COLUMN.name, COLUMN.nullable, COLUMN.default, COLUMN.options) == ("id", False, None, ())


def test_a_record_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        COLUMN.name = "other"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del COLUMN.name
    with pytest.raises((AttributeError, TypeError)):
        COLUMN.other = 1  # type: ignore[attr-defined]


def test_a_record_is_of_its_class() -> None:
    assert type(COLUMN) is Column
    assert isinstance(COLUMN.type, DataType)
    assert not hasattr(COLUMN, "__dict__")


def test_records_are_equal_by_their_compared_fields() -> None:
    assert dataclasses.replace(COLUMN, location=None) == COLUMN
    assert dataclasses.replace(COLUMN, nullable=True) != COLUMN
    assert hash(COLUMN) == hash(dataclasses.replace(COLUMN, field=None))


def test_records_travel() -> None:
    table = Table("users", columns=(COLUMN,))
    for again in (copy.deepcopy(table), pickle.loads(pickle.dumps(table)), dataclasses.replace(table)):
        assert again == table
        assert again.columns[0].location == COLUMN.location
        assert repr(again) == repr(table)


def test_a_records_arguments_are_told() -> None:
    assert str(inspect.signature(_Point)) == "(x: int, y: int = 7) -> None"
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        _Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        _Point(1, 2, 3)  # type: ignore[call-arg]


def test_a_maker_makes_what_the_class_makes() -> None:
    make = maker(_Point)
    assert (make(1), make(1, 2), make(y=2, x=1)) == (_Point(1), _Point(1, 2), _Point(1, 2))
    assert type(make(1)) is _Point
    with pytest.raises(dataclasses.FrozenInstanceError):
        make(1).x = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        make()  # type: ignore[call-arg]


def test_a_maker_takes_what_it_is_asked_to_take() -> None:
    make = maker(Column, "type", "name", "location")
    assert make(COLUMN.type, "id", COLUMN.location) == Column("id", COLUMN.type)
    assert make(COLUMN.type, "id", COLUMN.location).location == COLUMN.location
    with pytest.raises(TypeError, match="positional arguments"):
        make(COLUMN.type, "id", None, True)
    for names in (("type",), ("name", "type", "colour")):
        with pytest.raises(TypeError, match="cannot be made of"):
            maker(Column, *names)


def test_a_class_that_is_no_plain_record_is_refused() -> None:
    with pytest.raises(TypeError, match="is no plain record"):

        @record(frozen=True, slots=True)
        class Factory:
            items: list[int] = dataclasses.field(default_factory=list)

    with pytest.raises(TypeError, match="is no plain record"):

        @record(frozen=True, slots=True)
        class Listed:
            items: list[int] = []  # type: ignore[misc]  # noqa: RUF012 - which is what is refused

    with pytest.raises(TypeError, match="is no plain record"):

        @record(frozen=True, slots=True)
        class Deeper(_Point):
            z: int

    with pytest.raises(TypeError, match="is frozen"):

        @record(slots=True)
        class Open:
            x: int


@record(frozen=True, slots=True)
class _Basket:
    owner: str
    fruits: list[str] = beside(default_factory=list)
    label: str = ""

    def __post_init__(self) -> None:
        if not self.owner:
            raise ValueError("a basket has an owner")
        if not self.label:
            object.__setattr__(self, "label", f"{self.owner}'s")


def test_a_default_may_be_made_anew_for_each() -> None:
    one, other = _Basket("Ada"), _Basket("Ada")
    assert one == other
    assert one.fruits is not other.fruits
    assert _Basket("Ada", ["pear"]).fruits == ["pear"]
    assert dataclasses.fields(_Basket)[1].default_factory is list
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


def test_a_record_may_check_and_complete_itself() -> None:
    basket = _Basket("Ada")
    assert basket.label == "Ada's"
    assert [one.label for one in (replace(basket, label="red"), replace(basket, owner="Eve"))] == ["red", "Ada's"]
    assert dataclasses.replace(basket, owner="Eve", label="").label == "Eve's"
    with pytest.raises(ValueError, match="a basket has an owner"):
        _Basket("")
    with pytest.raises(TypeError, match="cannot be made of"):
        maker(_Basket)


@record(frozen=True)
class _Square:
    side: int
    name: str = beside(default="", compare=False)

    @cached_property
    def area(self) -> int:
        return self.side**2


def test_a_record_without_slots_remembers() -> None:
    square = _Square(3, "red")
    assert (square.area, square.area, square, hash(square)) == (9, 9, _Square(3), hash(_Square(3)))
    assert (repr(square), pickle.loads(pickle.dumps(square)).name) == ("_Square(side=3, name='red')", "red")
    with pytest.raises(dataclasses.FrozenInstanceError):
        square.side = 4  # type: ignore[misc]


def test_a_record_is_a_dataclass_to_whoever_asks() -> None:
    """Whether a record of it was made yet or not."""
    for class_ in (Column, _Square):
        assert dataclasses.is_dataclass(class_)
        assert [item.name for item in dataclasses.fields(class_)] == list(class_.__match_args__)
        assert class_.__dataclass_fields__ is class_.__dataclass_fields__  # type: ignore[attr-defined]  # made once
    assert [item.compare for item in dataclasses.fields(_Square)] == [True, False]
    assert dataclasses.asdict(_Square(2)) == {"side": 2, "name": ""}
    assert replace(_Square(2, "red"), side=3) == dataclasses.replace(_Square(2, "red"), side=3) == _Square(3)
    match _Point(1):
        case _Point(x, y):
            assert (x, y) == (1, 7)


def test_importing_records_imports_little() -> None:
    code = "import sys, schemasync.records; print('dataclasses' in sys.modules, 'inspect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == (
        "False False\n"
    )


def test_the_garbage_collector_is_left_as_it_was_found() -> None:
    assert gc.isenabled()
    with collection_put_off():
        assert not gc.isenabled()
        with collection_put_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="on the way"), collection_put_off():
        raise ValueError("on the way")
    assert gc.isenabled()
