"""Findings of the last check as refusals."""

from typing import TYPE_CHECKING

from schemasync.migrate.counters import Trace
from schemasync.migrate.inventory import Thing
from schemasync.migrate.layers import Executed
from schemasync.migrate.protected import Protection
from schemasync.migrate.refusals import Refusal

if TYPE_CHECKING:
    from schemasync.compare.drift import Drift


def of_drift(drift: "Drift", protection: Protection, blamed: Executed | None) -> Refusal:
    """A fact that is no longer what it was."""
    subject = ".".join(part for part in (drift.schema, drift.table, drift.object) if part)
    return Refusal(
        "facts",
        f"after it {drift.message.replace('the snapshot', 'what was there before')}",
        blamed.place if blamed else None,
        blamed.sql if blamed else None,
        f"{'table' if drift.table else drift.kind} {subject}",
        protection.owners.get((drift.schema, drift.table or "")),
        "change it by a migration of its owner (for Prisma's: schema.prisma, prisma migrate)",
    )


def of_trace(trace: Trace, thing: Thing, protection: Protection, blamed: Executed | None) -> Refusal:
    """Rows that were written, or a lock that was taken."""
    return Refusal(
        "counters",
        f"{thing} was {trace.what}" if trace.what.startswith("locked") else f"{trace.what} in {thing}",
        blamed.place if blamed else None,
        blamed.sql if blamed else None,
        str(thing),
        protection.owner(thing),
        "write to it in the application, or in a migration of its owner",
    )


def of_large_objects(blamed: Executed | None) -> Refusal:
    """Large objects that were changed or dropped."""
    place, sql = (blamed.place, blamed.sql) if blamed else (None, None)
    what = "it changes or drops large objects, of which nobody can tell whose they are"
    return Refusal("counters", what, place, sql, instead="do it in the application that has them")


def of_gate(what: str, blamed: Executed | None, instead: str) -> Refusal:
    """A transaction that is not the fence's any more, or would not be at its end."""
    return Refusal("gate", what, blamed.place if blamed else None, blamed.sql if blamed else None, instead=instead)
