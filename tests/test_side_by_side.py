"""Work that is begun now and asked for later."""

from threading import Event

import pytest

from schemasync.side_by_side import begun


def test_it_goes_on_beside() -> None:
    started, may_end = Event(), Event()

    def work() -> str:
        started.set()
        may_end.wait(10)
        return "done"

    result = begun(work)
    assert started.wait(10)
    may_end.set()
    assert result() == "done"
    assert result() == "done"


def test_its_error_is_raised_where_it_is_asked_for() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    result = begun(fail)
    with pytest.raises(LookupError, match="nothing there"):
        result()
