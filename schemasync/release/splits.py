"""Expand and contract: a change that has no safe order, as several releases that have one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemasync.compatibility import Breakage
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.names import qualified, quote


@dataclass(frozen=True, slots=True)
class Split:
    """One change in several releases.

    Args:
        subject: what it is about, `table.column` or `table`.
        change: what the release wanted to do with it.
        releases: what to do in each, in order; SQL after a colon.
    """

    subject: str
    change: str
    releases: tuple[str, ...]


def splits(found: Iterable[Breakage], before: Schema, after: Schema) -> tuple[Split, ...]:
    """The splits that would work for what breaks.

    Args:
        found: the breakages in the way.
        before: what the deployed database states.
        after: what it would state after all migrations, as far as they run.
    """
    made: dict[str, Split] = {}
    for one in found:
        old, new = before.table_by_key.get((one.schema, one.table)), after.table_by_key.get((one.schema, one.table))
        for split in _of(one, old, new):
            made.setdefault(split.subject, split)
    return tuple(made.values())


def _of(one: Breakage, old: Table | None, new: Table | None) -> Iterator[Split]:
    name = qualified(one.schema, one.table)
    if old is not None and new is None:
        yield Split(
            name,
            "drop the table",
            (
                "take everything that uses it out of the models and of schema.prisma, and deploy both services",
                f"drop it: DROP TABLE {name}",
            ),
        )
    if old is None or new is None or one.object is None:
        return
    was, is_ = old.column(one.object), new.column(one.object)
    if one.value is not None:
        if is_ is not None:
            yield _teach(name, is_, one.value)
        return
    renamed = _renamed(one.object, old, new)
    if renamed is not None:
        yield _rename(name, *renamed)
    elif was is not None and is_ is None:
        yield Split(
            f"{name}.{was.name}",
            "drop the column",
            (
                f"take {was.name} out of the models and of schema.prisma, and deploy both services"
                + ("" if was.nullable else f": ALTER TABLE {name} ALTER {quote(was.name)} DROP NOT NULL"),
                f"drop it: ALTER TABLE {name} DROP COLUMN {quote(was.name)}",
            ),
        )
    elif was is None and is_ is not None and not is_.nullable:
        yield Split(
            f"{name}.{is_.name}",
            "add a required column",
            (
                f"add it optional, and deploy services that fill it: ALTER TABLE {name} ADD COLUMN "
                f"{quote(is_.name)} {is_.type}",
                f"fill the old rows, and demand it: ALTER TABLE {name} ALTER {quote(is_.name)} SET NOT NULL",
            ),
        )
    elif was is not None and is_ is not None and was.type != is_.type:
        yield _retype(name, was, is_)
    elif was is not None and is_ is not None and was.nullable and not is_.nullable:
        yield Split(
            f"{name}.{is_.name}",
            "demand a value",
            (
                "deploy services that always give a value",
                f"fill the old rows, and demand it: ALTER TABLE {name} ALTER {quote(is_.name)} SET NOT NULL",
            ),
        )


def _teach(table: str, column: Column, value: str) -> Split:
    type_ = qualified(column.type.schema or "public", column.type.name)
    return Split(
        f"{table}.{column.name}",
        f"a new value, {value!r}",
        (
            "add it to the database, and deploy services that all can read it, and do not write it yet: "
            f"ALTER TYPE {type_} ADD VALUE {_text(value)}",
            "deploy the services that write it",
        ),
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _renamed(column: str, old: Table, new: Table) -> tuple[Column, Column] | None:
    """A column that went and the one that came in its place: the only ones, of the same type."""
    gone = [one for one in old.columns if new.column(one.name) is None]
    come = [one for one in new.columns if old.column(one.name) is None]
    if len(gone) == len(come) == 1 and column in (gone[0].name, come[0].name) and gone[0].type == come[0].type:
        return gone[0], come[0]
    return None


def _rename(table: str, was: Column, is_: Column) -> Split:
    return Split(
        f"{table}.{was.name}",
        f"rename the column to {is_.name}",
        (
            f"add the new one beside it, and deploy services that write both and read the old one: ALTER TABLE {table} "
            f"ADD COLUMN {quote(is_.name)} {is_.type}",
            f"copy, and deploy services that read the new one: UPDATE {table} SET {quote(is_.name)} = "
            f"{quote(was.name)} WHERE {quote(is_.name)} IS DISTINCT FROM {quote(was.name)}",
            f"deploy services that know only the new one; then drop the old one: ALTER TABLE {table} DROP COLUMN "
            f"{quote(was.name)}",
        ),
    )


def _retype(table: str, was: Column, is_: Column) -> Split:
    new = f"{was.name}_new"
    return Split(
        f"{table}.{was.name}",
        f"change the type from {was.type} to {is_.type}",
        (
            f"add a column of the new type, and deploy services that write both: ALTER TABLE {table} ADD COLUMN "
            f"{quote(new)} {is_.type}",
            f"copy the old rows, and deploy services that use only {new}",
            f"drop the old one: ALTER TABLE {table} DROP COLUMN {quote(was.name)}",
        ),
    )
