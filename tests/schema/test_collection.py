"""The garbage collector is put off, and left as it was found."""

import gc
from collections.abc import Iterator

import pytest

from schemasync.schema.collection import collection_put_off


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    enabled = gc.isenabled()
    yield
    gc.unfreeze()
    (gc.enable if enabled else gc.disable)()


def test_nothing_is_collected_within_and_what_was_made_is_old() -> None:
    gc.enable()
    with collection_put_off():
        assert not gc.isenabled()
        kept = [[number] for number in range(50_000)]
    assert gc.isenabled()
    young = {id(thing) for thing in gc.get_objects(generation=0)}
    assert not any(id(thing) in young for thing in kept)


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    with collection_put_off():
        pass
    assert not gc.isenabled()


def test_what_a_program_has_frozen_stays_frozen() -> None:
    gc.enable()
    frozen = [[]]
    gc.freeze()
    with collection_put_off():
        pass
    assert not any(thing is frozen for thing in gc.get_objects())


def test_whoever_leaves_last_enables_it() -> None:
    gc.enable()
    first, second = collection_put_off(), collection_put_off()
    with first:
        second.__enter__()
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_it_is_enabled_after_an_error() -> None:
    gc.enable()
    with pytest.raises(ValueError, match="broken"), collection_put_off():
        raise ValueError("broken")
    assert gc.isenabled()
