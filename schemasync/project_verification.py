"""Verifies a step of a project's release, before it is taken and after."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from schemasync.project_services import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemasync.compatibility import Service
    from schemasync.config import Configuration
    from schemasync.release.verification import Verification

SERVICE = "service:"


def verify(
    configuration: Configuration,
    step: str,
    *,
    named: Sequence[str] = (),
    failing: Sequence[str] = (),
    stub_missing: bool = False,
) -> Verification:
    """Whether the live database states what a step of a release should leave behind.

    Args:
        configuration: the settings of the tree that is released.
        step: `prisma`, `alembic:REVISION`, `service:front end` or `service:back end`.
        named: which of Prisma's migrations the step runs; all that the folder has where none is named.
        failing: tables and columns for which a service failed before the release already.
        stub_missing: stand-ins for packages that the models import and that are not installed.

    Raises:
        ConfigurationError: there is no such step, or the database or what the step needs is not configured.
        SchemasyncError: the database or a history cannot be read, or no scratch database could be had.
    """
    from schemasync.project_histories import database_place, places_of
    from schemasync.release.verification import seen, verify_facts, verify_service
    from schemasync.scratch import scratch_server
    from schemasync.witnesses.database import read_database
    from schemasync.witnesses.histories import read_histories
    from schemasync.witnesses.spelling import ScratchSpeller

    url, schemas = database_place(configuration)
    if step.startswith(SERVICE):
        service = _service(configuration, step, stub_missing)
        return verify_service(step, service, read_database(url, schemas), failing)
    places = places_of(configuration)
    histories = read_histories(url, migrations=places.migrations, alembic=places.alembic, schemas=schemas)
    said = seen(step, histories, named)
    if not said.done:
        return said
    live = read_database(url, schemas)
    chosen = configuration.text(configuration.scratch.server, "[scratch] server")
    with scratch_server(chosen) as server, ScratchSpeller(chosen, [live]) as speller:
        return verify_facts(said, histories, places, server, live, configuration.table_ownership(), speller=speller)


def ready(
    configuration: Configuration,
    step: str,
    *,
    named: Sequence[str] = (),
    pending: Sequence[str] = (),
    accepted: Sequence[str] = (),
    failing: Sequence[str] = (),
    stub_missing: bool = False,
) -> Verification:
    """Whether a step of a planned release may be taken now: nobody else has been there, and all that it needs is.

    Args:
        configuration, step, named, failing, stub_missing: as for `verify`.
        pending: the migrations that are pending before the step by the plan, each with its digest.
        accepted: what the database had seen and no folder had when the release was planned.

    Raises:
        SchemasyncError: as for `verify`.
    """
    from schemasync.project_histories import database_place, places_of
    from schemasync.release.awaited import obstacles
    from schemasync.release.lock import VARIABLE, is_held_by
    from schemasync.release.verification import Verification, seen, verify_service
    from schemasync.witnesses.database import read_database
    from schemasync.witnesses.histories import read_histories

    url, schemas = database_place(configuration)
    places = places_of(configuration)
    histories = read_histories(url, migrations=places.migrations, alembic=places.alembic, schemas=schemas)
    in_the_way: list[str] = []
    notes: tuple[str, ...] = ()
    if step.startswith(SERVICE):
        service = _service(configuration, step, stub_missing)
        found = verify_service(step, service, read_database(url, schemas), failing)
        in_the_way += found.missing
        notes = found.notes
        own: list[str] = []
    else:
        own = [f"{step.partition(':')[0]}:{name}" for name in seen(step, histories, named).migrations]
    in_the_way = [*obstacles(step, histories, pending, own, accepted), *in_the_way]
    holder = os.environ.get(VARIABLE)
    if holder is None:
        notes = (*notes, "nothing keeps another release out: schemasync lock does")
    elif not is_held_by(url, holder):
        in_the_way.insert(0, "the lock that keeps other releases out has been lost: start the release again")
    return Verification(step, tuple(in_the_way), notes=notes)


def _service(configuration: Configuration, step: str, stub_missing: bool) -> Service:
    from schemasync.errors import ConfigurationError
    from schemasync.project_services import services_of

    witness = next((witness for witness, name in NAMES.items() if f"{SERVICE}{name}" == step), None)
    if witness is None:
        names = " and ".join(f"'{SERVICE}{name}'" for name in NAMES.values())
        raise ConfigurationError(f"there is no step {step!r}", hint=f"services are {names}")
    return services_of(configuration, [witness], (), stub_missing=stub_missing)[0]
