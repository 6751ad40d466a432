"""The plan of a project's release: from what is deployed to this tree."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import ConfigurationError, DatabaseError
from schemasync.git_revisions import RevisionError, checked_out
from schemasync.project_services import NAMES, manifest_migrations, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schemasync.compare.drift import Drift
    from schemasync.config import Configuration
    from schemasync.release.differences import Base, Key
    from schemasync.release.plan import Plan
    from schemasync.release.replayed import Places, Replay
    from schemasync.schema.model import Schema
    from schemasync.scratch.interface import ScratchServer
    from schemasync.witnesses.histories import Histories


@dataclass(frozen=True, slots=True)
class ReleaseInputs:
    """What a release's plan starts from.

    Args:
        configuration: of the tree that is released.
        url: the live database's; empty where it was not asked.
        places: where the histories are.
        histories: what the live database has seen of them, or must have seen.
        before, after: what the deployed services and those of this tree rely on.
        old: the configuration of the deployed revision's tree, where one was named.
        notes: what was assumed.
    """

    configuration: Configuration
    url: str
    places: Places
    histories: Histories
    before: Mapping[str, Schema]
    after: Mapping[str, Schema]
    old: Configuration | None
    notes: tuple[str, ...] = ()


@contextmanager
def release_inputs(
    configuration: Configuration,
    *,
    deployed: str | None,
    manifests: Sequence[Path],
    stub_missing: bool,
    without_database: bool = False,
) -> Iterator[ReleaseInputs]:
    """Read what a release starts from; the deployed revision's tree stays until the end.

    Args:
        configuration, deployed, manifests, stub_missing: as for `plan`.
        without_database: whether what is deployed may stand in for a database that cannot be read.

    Raises:
        ConfigurationError: no database, no history or no service is configured, or git does not know the revision.
        SchemasyncError: something could not be read.
    """
    from schemasync.project import configured_witnesses, witness_schemas
    from schemasync.project_histories import database_place, places_of
    from schemasync.witnesses.histories import read_histories

    wanted = [name for name in configured_witnesses(configuration) if name in NAMES]
    places = places_of(configuration)
    if not wanted or (places.migrations is None and places.alembic is None):
        raise ConfigurationError(
            "a release needs services and migrations", hint="configure [prisma], [sqlalchemy] and [alembic]"
        )
    before: dict[str, Schema] = {}
    with ExitStack() as stack:
        # What is quickly told to be wrong comes first.
        old = None if deployed is None else stack.enter_context(_tree_of(configuration, deployed))
        kept = [read_manifest(path).facts for path in manifests]
        url = ""
        notes: tuple[str, ...] = ()
        try:
            url, schemas = database_place(configuration)
            histories = read_histories(url, migrations=places.migrations, alembic=places.alembic, schemas=schemas)
        except (ConfigurationError, DatabaseError) as error:
            if not without_database or (old is None and not manifests):
                raise
            histories = _deployed(places, old, manifests, error.message)
            url, notes = "", (_not_asked(deployed, error.message),)
        after = witness_schemas(configuration, wanted, stub_missing=stub_missing)
        if old is not None:
            named = [name for name in configured_witnesses(old) if name in wanted]
            before = witness_schemas(old, named, stub_missing=stub_missing)
        before |= {facts.witness: facts for facts in kept}
        yield ReleaseInputs(configuration, url, places, histories, before, after, old, notes)


def deployed_schemas(
    configuration: Configuration, deployed: str | None, manifests: Sequence[Path], *, stub_missing: bool = False
) -> dict[str, Schema]:
    """What the deployed builds rely on, by witness.

    Args:
        configuration, deployed, manifests, stub_missing: as for `plan`.

    Raises:
        ConfigurationError: git does not know the revision.
        SchemasyncError: a manifest or a witness of the revision cannot be read.
    """
    from schemasync.project import configured_witnesses, witness_schemas

    found: dict[str, Schema] = {}
    if deployed is not None:
        with _tree_of(configuration, deployed) as old:
            named = [name for name in configured_witnesses(old) if name in NAMES]
            found = witness_schemas(old, named, stub_missing=stub_missing)
    for path in manifests:
        facts = read_manifest(path).facts
        found[facts.witness] = facts
    return found


def _deployed(places: Places, old: Configuration | None, manifests: Sequence[Path], reason: str) -> Histories:
    """What a database must have seen that runs what is deployed, where for a reason it is not asked itself."""
    from schemasync.project_histories import places_of
    from schemasync.release.deployed import DeployedMigrations, deployed_histories, migrations_in

    if old is not None:
        return deployed_histories(places, migrations_in(places_of(old)))
    named = {read_manifest(path).facts.witness: manifest_migrations(path) for path in manifests}
    prisma = named.get("prisma")
    checksums = None if prisma is None else dict.fromkeys(prisma, "")
    try:
        return deployed_histories(places, DeployedMigrations(checksums, named.get("sqlalchemy")))
    except ConfigurationError as error:
        raise ConfigurationError(f"{reason}; {error.message}", hint=error.hint) from error


def _not_asked(deployed: str | None, reason: str) -> str:
    taken = f"the revision {deployed} has" if deployed is not None else "the deployed builds came with"
    return (
        f"The live database was not asked ({reason}): it is taken to have seen the migrations that {taken}, and to be "
        "as they build it; no rows were counted."
    )


def plan(
    configuration: Configuration,
    *,
    deployed: str | None = None,
    manifests: Sequence[Path] = (),
    stub_missing: bool = False,
) -> Plan:
    """The safe order of the release of this tree.

    Args:
        configuration: the settings of this tree.
        deployed: the git revision that the deployed services were built from.
        manifests: what they rely on, as `schemasync snapshot` wrote it when they were built.
        stub_missing: stand-ins for packages that the models import and that are not installed.

    Raises:
        ConfigurationError: no history or no service is configured, git does not know the revision, or there is neither
            a database nor anything deployed to stand in for it.
        SchemasyncError: something could not be read, or the histories must be mended first.
    """
    from schemasync.scratch import scratch_server

    given = release_inputs(
        configuration, deployed=deployed, manifests=manifests, stub_missing=stub_missing, without_database=True
    )
    chosen = configuration.text(configuration.scratch.server, "[scratch] server")
    with given as inputs, scratch_server(chosen) as server:
        return planned(inputs, server)


def planned(inputs: ReleaseInputs, server: ScratchServer) -> Plan:
    """The plan of a release, tried on a scratch server.

    Raises:
        SchemasyncError: the histories must be mended first, or the live database cannot be asked for its rows.
    """
    from schemasync.release.differences import base_of
    from schemasync.release.plan import make_plan
    from schemasync.witnesses.catalog_connection import open_reader
    from schemasync.witnesses.database import read_database
    from schemasync.witnesses.spelling import ScratchSpeller

    given = (inputs.places, inputs.histories, inputs.before, inputs.after, NAMES)
    if not inputs.url:
        return make_plan(server, *given, notes=inputs.notes)
    configuration = inputs.configuration
    live = read_database(inputs.url, inputs.places.schemas)
    chosen = configuration.text(configuration.scratch.server, "[scratch] server")
    with open_reader(inputs.url) as reader, ScratchSpeller(chosen, [live]) as speller:

        def count(statement: str) -> int:
            return int(reader.rows(statement)[0][0])

        def hold(replay: Replay, concerned: frozenset[Key]) -> Base:
            ownership = configuration.table_ownership()
            keeps = partial(_is_kept, configuration)
            return base_of(replay, live, inputs.histories, ownership, speller, concerned, keeps=keeps)

        return make_plan(server, *given, count=count, hold=hold)


def _is_kept(configuration: Configuration, drift: Drift) -> bool:
    """Whether a drift is none of those that the user ignores."""
    from schemasync.compare.drift import Comparison
    from schemasync.project import judged

    return bool(judged(Comparison((drift,), 0, 0), configuration.check.ignore, {}).drifts)


@contextmanager
def _tree_of(configuration: Configuration, revision: str) -> Iterator[Configuration]:
    """The configuration of another revision of the same repository, in a folder of its own.

    Raises:
        ConfigurationError: there is no configuration file, no repository, or no such revision.
    """
    from schemasync.config import load

    if configuration.file is None:
        raise ConfigurationError("--deployed needs a configuration file", hint="run: schemasync init")
    instead = "give --deployed-manifest instead"
    with ExitStack() as stack:
        try:
            top, folder = stack.enter_context(checked_out(revision, configuration.folder))
        except RevisionError as error:
            hint = f"{error.hint}, or {instead}" if error.hint else instead
            raise ConfigurationError(error.message, hint=hint) from error
        file = folder / configuration.file.resolve().relative_to(top)
        if not file.is_file():
            raise ConfigurationError(f"the revision {revision} has no {configuration.file.name}", hint=instead)
        yield load(file)
