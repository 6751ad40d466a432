"""A project's own gate as tests. Import those that are wanted into a test module, or run `pytest --schemasync`.

    from schemasync.integrations.testing import test_alembic_has_one_head, test_no_drift

The configuration is found upwards from the working folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemasync.compare.drift import Comparison, Drift
    from schemasync.config import Configuration
    from schemasync.schema.model import Schema

__tracebackhide__ = True
DECLARATIONS = ("prisma", "sqlalchemy")
REPLAYED = frozenset({"prisma-history", "alembic-history"})


def test_no_drift() -> None:
    """Prisma's schema and the models agree: no error and no warning."""
    witnesses, comparison = _checked(_configuration())
    _none(comparison.drifts, witnesses, comparison)


def test_migrations_build_what_is_declared() -> None:
    """Both migration histories, run on an empty scratch database, build the schema and the models."""
    configuration = _configuration()
    _demand_histories(configuration)
    witnesses, comparison = _checked(configuration, replay=True)
    _none([drift for drift in comparison.drifts if drift.kind in REPLAYED], witnesses, comparison)


def test_alembic_has_one_head() -> None:
    """No two Alembic revisions are nobody's down_revision."""
    from schemasync.witnesses.alembic_history import read_revisions

    revisions = read_revisions(_alembic(_configuration()))
    needed = {name for revision in revisions for name in revision.down}
    heads = [revision.title for revision in revisions if revision.id not in needed]
    assert len(heads) <= 1, f"Alembic has {len(heads)} heads: {'; '.join(heads)}. Join them: alembic merge heads"


def test_alembic_goes_up_down_and_up_again() -> None:
    """Alembic's revisions can be taken back to the base and run again, and build the same both times."""
    import schemasync
    from schemasync.errors import DatabaseError
    from schemasync.project_histories import places_of
    from schemasync.release.replayed import replayed, steps_of
    from schemasync.scratch import scratch_server
    from schemasync.witnesses.histories import read_histories
    from schemasync.witnesses.replay import replay_alembic

    configuration = _configuration()
    config = _alembic(configuration)
    places = places_of(configuration)
    steps = steps_of(read_histories(None, migrations=places.migrations, alembic=places.alembic), pending=True)
    with scratch_server(configuration.text(configuration.scratch.server, "[scratch] server")) as server:
        replay = replayed(server, places, steps)
        try:
            first = replay.schema()
            _down(config, replay.database.url, places.path)
            try:
                replay_alembic(config, replay.database.url, path=places.path)
            except DatabaseError as error:
                pytest.fail(f"after a downgrade to the base the upgrade fails: {error.message}", pytrace=False)
            second = replay.schema()
        finally:
            replay.database.close()
    drifts = schemasync.compare({"snapshot": first, "database": second})
    said = "\n".join(drift.message for drift in drifts)
    assert not drifts, f"after a downgrade to the base and an upgrade the database is another:\n{said}"


TESTS = (
    test_no_drift,
    test_migrations_build_what_is_declared,
    test_alembic_has_one_head,
    test_alembic_goes_up_down_and_up_again,
)


def _configuration() -> Configuration:
    from schemasync.config import FILE_NAME, load
    from schemasync.errors import ConfigurationError

    configuration = load()
    if configuration.file is None:
        raise ConfigurationError(
            f"there is no {FILE_NAME} in {configuration.folder} or above it", hint="write one: schemasync init"
        )
    return configuration


def _checked(configuration: Configuration, *, replay: bool = False) -> tuple[dict[str, Schema], Comparison]:
    from schemasync.project import check

    return check(configuration, DECLARATIONS, replay=replay)


def _none(drifts: Sequence[Drift], witnesses: dict[str, Schema], comparison: Comparison) -> None:
    import dataclasses

    from schemasync.report import render, report_on
    from schemasync.report.places import severities_in_words, tables_in_words

    found = tuple(drift for drift in drifts if drift.severity != "info")
    if found:
        report = report_on(witnesses, dataclasses.replace(comparison, drifts=found))
        # pytest's summary shows the first line alone.
        verdict = f"{severities_in_words(report)} in {tables_in_words(report)}"
        pytest.fail(f"{verdict}\n\n{render(report, 'text')}", pytrace=False)


def _demand_histories(configuration: Configuration) -> None:
    from schemasync.project_histories import configured_histories

    if configured_histories(configuration) == (None, None):
        pytest.skip("no migration history is configured")


def _alembic(configuration: Configuration) -> Path:
    if configuration.alembic.config is None:
        pytest.skip("no [alembic] config is configured")
    return configuration.path(configuration.alembic.config, "[alembic] config")


def _down(config: Path, url: str, path: Sequence[Path]) -> None:
    """Take every revision back, without the project's own env.py, as the replay went up."""
    import sys

    import psycopg2
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    from schemasync.urls import connection_parameters
    from schemasync.witnesses.replay import alembic_settings

    settings = alembic_settings(config)
    scripts = ScriptDirectory.from_config(settings)
    parameters: dict[str, Any] = dict(connection_parameters(url))
    engine = create_engine("postgresql+psycopg2://", creator=lambda: psycopg2.connect(**parameters), poolclass=NullPool)
    before = list(sys.path)
    sys.path[:0] = [str(folder) for folder in path]
    try:
        environment = EnvironmentContext(
            settings, scripts, fn=lambda revision, _: scripts._downgrade_revs("base", revision), destination_rev="base"
        )
        with environment, engine.connect() as opened:
            environment.configure(connection=opened, transaction_per_migration=True)
            with environment.begin_transaction():
                environment.run_migrations()
    except Exception as error:  # noqa: BLE001 - whatever a revision's own code raises
        pytest.fail(f"the downgrade to the base fails: {error}", pytrace=False)
    finally:
        sys.path[:] = before
