"""`pytest --schemasync`: the tests of `schemasync.integrations.testing` beside the project's own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import chdir
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    group = parser.getgroup("schemasync")
    group.addoption("--schemasync", action="store_true", help="Test that Prisma, SQLAlchemy and the migrations agree.")


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the gate's tests after those that were collected."""
    if not config.getoption("--schemasync"):
        return
    from schemasync.integrations.testing import TESTS

    names = {item.name for item in items}
    items += [
        GateItem.from_parent(session, name=test.__name__, nodeid=f"schemasync::{test.__name__}", run=test)
        for test in TESTS
        if test.__name__ not in names  # imported into a test module, it is there already
    ]


class GateItem(pytest.Item):
    """One test of the gate, run in pytest's root folder."""

    def __init__(self, *, run: Callable[[], None], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.run = run

    def runtest(self) -> None:
        """Run it where the configuration is looked for."""
        with chdir(self.config.rootpath):
            self.run()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A message alone: the frames are none of the project's."""
        from schemasync.errors import SchemasyncError

        if isinstance(excinfo.value, SchemasyncError):
            return excinfo.value.render()
        if isinstance(excinfo.value, AssertionError | pytest.fail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where pytest says that it is."""
        return self.config.rootpath, None, f"schemasync::{self.name}"
