"""The rehearsal of a project's release: the plan carried out on a scratch database, with each version's statements."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from schemasync.errors import ModelImportError, SchemasyncError, ScratchError
from schemasync.project_plan import planned, release_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from schemasync.compatibility import Service
    from schemasync.config import Configuration
    from schemasync.project_plan import ReleaseInputs
    from schemasync.release.hazards import Size
    from schemasync.release.plan import Plan
    from schemasync.release.rehearsal import Rehearsal, Stage
    from schemasync.release.rehearsal_services import Troupe
    from schemasync.release.rehearsal_worker import Models
    from schemasync.release.replayed import Replay
    from schemasync.release.squawk import LintFinding
    from schemasync.scratch.interface import ScratchDatabase, ScratchServer

Key = tuple[str, str]
Start = Literal["histories", "database"]
ROWS = 10
STARTS = {"histories": "what the histories built", "database": "a copy of the live database's definitions"}


def rehearse(
    configuration: Configuration,
    *,
    deployed: str | None = None,
    manifests: Sequence[Path] = (),
    stub_missing: bool = False,
    start: Start = "histories",
    rows: int = ROWS,
    env: bool = True,
) -> Rehearsal:
    """Plan the release of this tree, and carry the plan out on a scratch database.

    Args:
        configuration: the settings of this tree.
        deployed: the git revision that the deployed services were built from.
        manifests: what they rely on, as `schemasync snapshot` wrote it when they were built.
        stub_missing: stand-ins for packages that the models import and that are not installed.
        start: what the scratch database is at first: what the histories built, or a copy of the live one's definitions.
        rows: how many made-up rows each table gets.
        env: whether Alembic's revisions run by env.py within the fence, too; not with stand-ins for missing packages.

    Raises:
        ConfigurationError: no database, no history or no service is configured, or git does not know the revision.
        ScratchError: the live database's definitions cannot be copied.
        SchemasyncError: something could not be read, or the histories must be mended first.
    """
    from schemasync.migrate.environment import quiet
    from schemasync.release.rehearsal import Rehearsal, Stagehand
    from schemasync.release.rehearsal_findings import proved, unproved
    from schemasync.release.synthetic_rows import Filled
    from schemasync.scratch import scratch_server

    given = release_inputs(configuration, deployed=deployed, manifests=manifests, stub_missing=stub_missing)
    chosen = configuration.text(configuration.scratch.server, "[scratch] server")
    with given as inputs, scratch_server(chosen) as server:
        plan = planned(inputs, server)
        if plan.order is None:
            return Rehearsal(plan, "", Filled(), (), (), ())
        with troupe_of(configuration, inputs, plan, stub_missing=stub_missing) as troupe, ExitStack() as stack:
            replay = _replay(inputs, server, start)
            stack.callback(replay.database.close)
            stagehand = Stagehand(server, replay, inputs.histories, plan, troupe, rows)
            stagehand.sizes, stagehand.may_be_null = live_tables(inputs, plan)
            without_env = "" if env else "it was left out"
            if stub_missing:
                without_env = "it cannot be run with stand-ins for missing packages"
            if not without_env:
                stagehand.within_fence = within_fence(inputs)
            with quiet():  # env.py has set up logging, for this process too
                filled, stages = stagehand.rehearse(STARTS[start])
            findings, failures = _linted(inputs, stages)
            return Rehearsal(
                plan,
                STARTS[start],
                filled,
                stages,
                tuple(proved(plan, stages, filled, without_env)),
                (*unproved(plan, stages, filled, troupe, without_env), *_other_base(plan, start), *failures),
                findings,
            )


def within_fence(inputs: ReleaseInputs) -> Callable[[ScratchDatabase, str], None]:
    """Runs an Alembic revision on a scratch database as `schemasync upgrade` will: by env.py, within the fence.

    Args:
        inputs: what the plan started from.
    """
    from schemasync.project_migration import environment_settings

    settings = environment_settings(inputs.configuration, inputs.after) if inputs.places.alembic is not None else None

    def run(database: ScratchDatabase, revision: str) -> None:
        from schemasync.migrate.refusals import FenceBreachError
        from schemasync.migrate.trial import try_revision

        assert settings is not None
        try:
            try_revision(settings, revision, database)
        except FenceBreachError as error:
            first = error.refusals[0]
            place = f"{first.place}: " if first.place is not None else ""
            raise SchemasyncError(f"{place}schemasync upgrade refuses it: {first.what}", hint=first.instead) from error

    return run


def _other_base(plan: Plan, start: Start) -> Iterator[str]:
    """What was not looked at where the live database is not what the histories built."""
    if start == "histories" and plan.base is not None and plan.base.count:
        number = f"{plan.base.count} difference{'' if plan.base.count == 1 else 's'}"
        yield f"the live database is not what the histories built ({number}): --from database rehearses on what it is"


def _linted(inputs: ReleaseInputs, stages: Sequence[Stage]) -> tuple[tuple[LintFinding, ...], tuple[str, ...]]:
    """What squawk says, where it is installed."""
    from schemasync.release.squawk import find_squawk, lint
    from schemasync.witnesses.catalog_connection import open_reader

    program = find_squawk()
    if program is None:
        return (), ()
    with open_reader(inputs.url) as reader:
        version = int(reader.rows("SELECT pg_catalog.current_setting('server_version_num')")[0][0])
    return lint(program, [script for stage in stages for script in stage.scripts], version)


def _replay(inputs: ReleaseInputs, server: ScratchServer, start: Start) -> Replay:
    from schemasync.release.replayed import Replay, replayed, steps_of

    if start == "histories":
        return replayed(server, inputs.places, steps_of(inputs.histories, pending=False))
    import psycopg2

    from schemasync.migrate.clone import clone
    from schemasync.migrate.locks import Anchor, connect
    from schemasync.ownership import HISTORY_TABLES
    from schemasync.schema.names import quote
    from schemasync.witnesses.alembic_history import version_table

    connection = connect(inputs.url, "schemasync rehearse")
    try:
        database = clone(Anchor(connection, inputs.url, 0), server, ())
    except ScratchError as error:
        raise ScratchError(error.message, hint="or rehearse what the histories built: --from histories") from error
    finally:
        connection.close()
    alembic = inputs.histories.alembic
    if alembic is not None and alembic.at:
        opened = database.connect()
        try:
            with opened.cursor() as cursor:
                # Without env.py Alembic looks for its versions here, and the table that env.py names is one of ours.
                schema, name = version_table(alembic.config)
                if name not in HISTORY_TABLES:
                    cursor.execute(f"DROP TABLE IF EXISTS {quote(schema or 'public')}.{quote(name)}")
                cursor.execute(
                    "CREATE TABLE IF NOT EXISTS public.alembic_version (version_num varchar(255) PRIMARY KEY)"
                )
                for revision in alembic.at:
                    cursor.execute("INSERT INTO public.alembic_version VALUES (%s)", (revision,))
        except psycopg2.Error as error:
            database.close()
            raise ScratchError(f"the copy cannot be told its Alembic revision: {error}") from error
        finally:
            opened.close()
    return Replay(database, inputs.places)


def live_tables(inputs: ReleaseInputs, plan: Plan) -> tuple[dict[Key, Size], Callable[[Key, str], bool]]:
    """The live tables' sizes, and whether a column that is to become NOT NULL holds a NULL there.

    Args:
        inputs: what the plan started from.
        plan: the plan, which has an order.
    """
    from schemasync.release.hazards import live_sizes
    from schemasync.schema.names import quote
    from schemasync.witnesses.catalog_connection import open_reader

    first, last = plan.states[0], plan.states[-1]
    filled = set()
    with open_reader(inputs.url) as reader:
        sizes = live_sizes(reader.rows)
        for table in first.tables:
            there = last.table_by_key.get(table.key)
            for column in table.columns:
                after = there.column(column.name) if there is not None else None
                if after is None or not column.nullable or after.nullable or table.key not in sizes:
                    continue
                name = f"{quote(table.schema)}.{quote(table.name)}"
                found = reader.rows(f"SELECT 1 FROM {name} WHERE {quote(column.name)} IS NULL LIMIT 1")
                if not found:
                    filled.add((table.key, column.name))
    return sizes, lambda key, column: (key, column) not in filled


@contextmanager
def troupe_of(
    configuration: Configuration, inputs: ReleaseInputs, plan: Plan, *, stub_missing: bool
) -> Iterator[Troupe]:
    """The versions that run in a release, their models imported, until the end.

    Args:
        configuration: the settings of this tree.
        inputs: what the plan started from.
        plan: the plan.
        stub_missing: stand-ins for packages that the models import and that are not installed.
    """
    from schemasync.release.rehearsal_services import Troupe
    from schemasync.release.rehearsal_worker import ModelProcess

    services: dict[str, Service] = {}
    processes: dict[str, ModelProcess] = {}
    absent: dict[str, str] = {}
    written: list[str] = []
    with ExitStack() as stack:
        for rollout in plan.rollouts:
            for service in (rollout.before, rollout.after):
                if service is None:
                    continue
                services[service.name] = service
                if service.client != "sqlalchemy":
                    continue
                tree = configuration if service is rollout.after else inputs.old
                written += [service.name] if tree is None else []
                models = _models(service, tree, stub_missing, stack)
                processes[service.name] = ModelProcess(service.name, models)
                stack.callback(processes[service.name].close)
        for name, process in processes.items():
            try:
                process.demand_imported()
            except ModelImportError as error:
                absent[name] = error.message
        yield Troupe(services, processes, absent, written)


def _models(service: Service, tree: Configuration | None, stub_missing: bool, stack: ExitStack) -> Models:
    """Where a version's models are: in its tree, or else written from what is known of it."""
    from schemasync.release.rehearsal_worker import Models

    if tree is not None:
        assert tree.sqlalchemy.metadata is not None
        path = [tree.path(folder, "[sqlalchemy] path") for folder in tree.sqlalchemy.path] or [tree.folder]
        reference = tree.text(tree.sqlalchemy.metadata, "[sqlalchemy] metadata")
        folder = Path.cwd() if Path.cwd().is_relative_to(tree.folder) else tree.folder
        return Models(reference, tuple(str(one) for one in path), str(folder), stub_missing)
    from schemasync.mirror import mirror

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="schemasync-")))
    (folder / "deployed_models.py").write_text(mirror(service.facts, style="declarative"), encoding="utf-8")
    return Models("deployed_models:Base", (str(folder),), str(folder))
