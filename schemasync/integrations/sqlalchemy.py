"""Keeps `create_all()` and `drop_all()` away from the tables that Prisma migrates.

    from schemasync.integrations.sqlalchemy import guard

    guard(db)

Mirrors say by `info={"schemasync": {"owner": "prisma"}}` that they are Prisma's.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import MetaData, Table, inspect
from sqlalchemy.exc import NoInspectionAvailable, SQLAlchemyError

_LOGGER = logging.getLogger("schemasync")
_GUARDED = "schemasync_guarded"


def is_mirror(table: Table) -> bool:
    """Whether a table is marked as Prisma's."""
    mark = table.info.get("schemasync")
    return (mark.get("owner") if isinstance(mark, Mapping) else mark) == "prisma"


def guard(models: Any) -> None:
    """Makes `create_all()` and `drop_all()` leave out every table that is marked as Prisma's.

    What is left out is logged (logger `schemasync`): as a warning where tables are missing from the database, which
    `prisma migrate deploy` creates, and at level INFO else. A second call changes nothing.

    Args:
        models: a `MetaData`, a declarative base class, or a Flask-SQLAlchemy `db`, with all its binds.

    Raises:
        TypeError: it has no MetaData.
    """
    for metadata in _metadatas(models):
        if not metadata.info.get(_GUARDED):
            metadata.info[_GUARDED] = True
            for name in ("create_all", "drop_all"):
                # On the instance: a subclass of MetaData would miss the one that the application has already.
                setattr(metadata, name, _guarded(metadata, name, getattr(metadata, name)))


def _metadatas(models: Any) -> Iterable[MetaData]:
    if isinstance(models, MetaData):
        return [models]
    several = getattr(models, "metadatas", None)
    if isinstance(several, Mapping):
        return [one for one in several.values() if isinstance(one, MetaData)]
    one = getattr(models, "metadata", None)
    if not isinstance(one, MetaData):
        raise TypeError(f"{type(models).__name__} has no MetaData: give a MetaData, a declarative base class, or a db")
    return [one]


def _guarded(metadata: MetaData, name: str, original: Callable[..., None]) -> Callable[..., None]:
    def without_mirrors(
        bind: Any, tables: Sequence[Table] | None = None, checkfirst: Any = True, **further: Any
    ) -> None:
        wanted = list(metadata.tables.values() if tables is None else tables)
        left_out = [table for table in wanted if is_mirror(table)]
        if left_out:
            _say(name, bind, left_out)
        original(bind, tables=[table for table in wanted if not is_mirror(table)], checkfirst=checkfirst, **further)

    return without_mirrors


def _say(name: str, bind: Any, left_out: Sequence[Table]) -> None:
    names = sorted(table.fullname for table in left_out)
    plural = "s" if len(names) != 1 else ""
    missing = _missing(bind, left_out) if name == "create_all" else []
    if missing:
        _LOGGER.warning(
            "%s() leaves %d table%s to Prisma, which the database lacks: %s. Run: prisma migrate deploy",
            name,
            len(missing),
            "s" if len(missing) != 1 else "",
            ", ".join(missing),
        )
    else:
        _LOGGER.info("%s() leaves %d table%s to Prisma: %s", name, len(names), plural, ", ".join(names))


def _missing(bind: Any, tables: Sequence[Table]) -> list[str]:
    """The tables that the database lacks; none where it cannot be asked, as with a mock engine."""
    try:
        inspector = inspect(bind)
        have = {
            schema: {*inspector.get_table_names(schema), *inspector.get_view_names(schema)}
            for schema in {table.schema for table in tables}
        }
    except (NoInspectionAvailable, SQLAlchemyError, AttributeError):
        return []
    return sorted(table.fullname for table in tables if table.name not in have[table.schema])
