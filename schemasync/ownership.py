"""Who owns which table: the side whose migrations may change it.

The default rule: Prisma owns what schema.prisma declares, SQLAlchemy the rest of its metadata. Configuration overrides
it by table names or patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from schemasync.errors import ConfigurationError
from schemasync.records import record

if TYPE_CHECKING:
    from schemasync.schema.model import Schema, Table

Owner = Literal["prisma", "sqlalchemy"]

# The histories' own tables: nobody declares them, and they are no drift.
HISTORY_TABLES = frozenset({"_prisma_migrations", "alembic_version"})


@record(frozen=True, slots=True)
class Ownership:
    """What the user configured about owners.

    Args:
        prisma, sqlalchemy: table names or patterns (`*`, `?`, `[…]`) that override the default rule; a name may be
            qualified as `schema.table`.
        ignore: tables that no comparison looks at.
        mirror: the Prisma-owned tables that need a mirror; `("*",)` is all of them.
        history_tables: tables that a migration tool keeps for itself.
    """

    prisma: tuple[str, ...] = ()
    sqlalchemy: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    mirror: tuple[str, ...] = ("*",)
    history_tables: frozenset[str] = HISTORY_TABLES

    def __post_init__(self) -> None:
        both = sorted(set(self.prisma) & set(self.sqlalchemy))
        if both:
            raise ConfigurationError(
                f"[ownership] gives {', '.join(both)} to both prisma and sqlalchemy",
                hint="list each table under one owner",
            )

    def is_ignored(self, schema: str, table: str) -> bool:
        """Whether no comparison looks at the table."""
        return table in self.history_tables or matches(self.ignore, schema, table)

    def needs_mirror(self, schema: str, table: str) -> bool:
        """Whether a Prisma-owned table must have a SQLAlchemy model."""
        return matches(self.mirror, schema, table)

    def configured_owner(self, schema: str, table: str) -> Owner | None:
        """The owner that the configuration names, an exact name before a pattern; None where it names none.

        Raises:
            ConfigurationError: patterns of both owners match the table.
        """
        if not (self.prisma or self.sqlalchemy):
            return None
        for exact in (True, False):
            found: list[Owner] = []
            if matches(self.prisma, schema, table, exact=exact):
                found.append("prisma")
            if matches(self.sqlalchemy, schema, table, exact=exact):
                found.append("sqlalchemy")
            if len(found) == 2:
                raise ConfigurationError(
                    f"[ownership] patterns of both prisma and sqlalchemy match {schema}.{table}",
                    hint="name the table itself under its owner: a name wins over a pattern",
                )
            if found:
                return found[0]
        return None


def unknown_names(keys: Iterable[tuple[str, str]], ownership: Ownership) -> Iterator[str]:
    """Names that the configuration gives to an owner or a mirror and that no table has, in sentences; no patterns.

    Args:
        keys: schema and name of every table.
    """
    names = {name for schema, table in keys for name in (table, f"{schema}.{table}")}
    configured = {"prisma": ownership.prisma, "sqlalchemy": ownership.sqlalchemy, "mirror": ownership.mirror}
    for setting, patterns in configured.items():
        for pattern in patterns:
            if pattern not in names and not any(character in pattern for character in "*?["):
                from difflib import get_close_matches

                close = get_close_matches(pattern, sorted(names), n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                yield f"[ownership] {setting} names {pattern}, and there is no such table{hint}"


def matches(patterns: Iterable[str], schema: str, table: str, *, exact: bool | None = None) -> bool:
    """Whether a pattern names the table, as `table` or as `schema.table`.

    Args:
        exact: True for plain names only, False for patterns only, None for both.
    """
    for pattern in patterns:
        is_pattern = any(character in pattern for character in "*?[")
        if exact is not None and exact is is_pattern:
            continue
        if pattern in (table, f"{schema}.{table}"):
            return True
        if is_pattern and (fnmatchcase(table, pattern) or fnmatchcase(f"{schema}.{table}", pattern)):
            return True
    return False


def owner_of(key: tuple[str, str], witnesses: Mapping[str, Schema], ownership: Ownership) -> Owner | None:
    """A table's owner: as configured, else as its mirror is marked, else by the default rule; None if undeclared.

    Args:
        key: the table's schema and name.
        witnesses: by their name in the comparison.
    """
    configured = ownership.configured_owner(*key)
    if configured is not None:
        return configured
    if _first(key, witnesses, ("prisma", "prisma-migrations")) is not None:
        external = witnesses["prisma"].external if "prisma" in witnesses else ()
        return "sqlalchemy" if matches(external, *key) else "prisma"
    model = _first(key, witnesses, ("sqlalchemy", "alembic"))
    if model is None:
        return None
    return model.marked_owner or "sqlalchemy"


def _first(key: tuple[str, str], witnesses: Mapping[str, Schema], names: Iterable[str]) -> Table | None:
    for name in names:
        if name in witnesses and (table := witnesses[name].table_by_key.get(key)) is not None:
            return table
    return None
