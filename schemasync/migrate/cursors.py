"""psycopg2 cursors whose statements pass their connection's watcher, whatever class the caller wants."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import psycopg2.extensions as driver


class _Cursor(driver.cursor):
    """The innermost class: it sees what is really sent, also where a caller's class sends something else."""

    _total: int | None = None

    def _watched(self, sql: str) -> AbstractContextManager[None]:
        watcher = getattr(self.connection, "watcher", None)
        return nullcontext() if watcher is None else watcher.statement(sql)

    def execute(self, query: Any, vars: Any = None) -> Any:  # noqa: A002 - the DBAPI's name
        self._total = None
        if getattr(self.connection, "watcher", None) is None:
            return super().execute(query, vars)
        sent = self.mogrify(query, vars)
        with self._watched(sent.decode(errors="replace") if isinstance(sent, bytes) else str(sent)):
            return super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Iterable[Any]) -> Any:
        if getattr(self.connection, "watcher", None) is None:
            return super().executemany(query, vars_list)
        total = 0
        for values in vars_list:
            self.execute(query, values)
            total += max(super().rowcount, 0)
        self._total = total
        return None

    @property
    def rowcount(self) -> int:
        """The rows that the last call wrote or found; of executemany all that it wrote."""
        return super().rowcount if self._total is None else self._total

    def callproc(self, procname: Any, parameters: Any = None) -> Any:
        with self._watched(f"SELECT * FROM {procname}()"):
            return super().callproc(procname, parameters)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> Any:
        with self._watched(sql if isinstance(sql, str) else sql.as_string(self)):
            return super().copy_expert(sql, file, size)

    def copy_from(self, file: Any, table: str, *arguments: Any, **options: Any) -> Any:
        with self._watched("COPY " + _quoted(table) + " FROM STDIN"):
            return super().copy_from(file, table, *arguments, **options)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@cache
def fenced_cursor(factory: type[Any]) -> type[Any]:
    """The cursor class that a caller wants, its own methods before the fence's and psycopg2's."""
    if issubclass(factory, _Cursor):
        return factory
    if factory is driver.cursor:
        return _Cursor
    return type(f"Fenced{factory.__name__}", (factory, _Cursor), {})
