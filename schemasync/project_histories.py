"""What a project's migration histories add to its check."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemasync.errors import ConfigurationError
from schemasync.progress import step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from schemasync.compare.drift import Comparison
    from schemasync.compare.sides import Speller
    from schemasync.config import Configuration
    from schemasync.release.replayed import Places
    from schemasync.schema.model import Schema
    from schemasync.scratch.interface import ScratchServer
    from schemasync.witnesses.histories import Histories


def configured_histories(configuration: Configuration) -> tuple[Path | None, Path | None]:
    """Prisma's folder of migrations and Alembic's configuration; None for what is not configured, or not there.

    Raises:
        ConfigurationError: a path names an environment variable that is not set.
    """
    migrations = configuration.migrations()
    if configuration.prisma.migrations is None and migrations is not None and not migrations.is_dir():
        migrations = None  # beside the schema by default, where a project without migrations has none
    config = configuration.alembic.config
    return migrations, None if config is None else configuration.path(config, "[alembic] config")


def migrations_of_build(configuration: Configuration, witness: str) -> tuple[str, ...] | None:
    """The migrations that the build of a service comes with; None for other witnesses, and where it has no history.

    Raises:
        DatabaseError: a folder or a script cannot be read.
    """
    from schemasync.release.deployed import migrations_in

    found = migrations_in(places_of(configuration)) if witness in ("prisma", "sqlalchemy") else None
    if found is None:
        return None
    if witness == "prisma":
        return None if found.prisma is None else tuple(found.prisma)
    return found.alembic


def database_place(configuration: Configuration) -> tuple[str, tuple[str, ...]]:
    """The live database's URL, and the PostgreSQL schemas to look at.

    Raises:
        ConfigurationError: no database is configured, or its URL needs a variable that is not set.
    """
    if configuration.database.url is None:
        raise ConfigurationError("no database is configured", hint="set [database] url, or give --database")
    schemas = configuration.database.schemas
    url = configuration.text(configuration.database.url, "[database] url")
    return url, ("public",) if schemas == ("*",) else schemas


def with_histories(
    configuration: Configuration,
    witnesses: Mapping[str, Schema],
    comparison: Comparison,
    *,
    replay: bool,
    speller: Speller | None,
    live: Histories | None = None,
    server: ScratchServer | None = None,
) -> Comparison:
    """A comparison with what the histories say: what is pending or in the way, and which drifts that explains.

    Args:
        witnesses: what was compared; the live histories are looked at where the database is among them.
        replay: whether to hold what all the migrations build against what is declared, too.
        speller: as it was compared with.
        live: the live histories, where they have been read already.
        server: where to replay; one of its own by default.

    Raises:
        SchemasyncError: a history cannot be read; with `replay` also, that there is none, or no scratch database.
    """
    if configured_histories(configuration) == (None, None):
        if replay:
            raise _nothing_configured()
        return comparison
    places = places_of(configuration)
    if "database" in witnesses:
        live = live or _read_live(configuration, places)
        comparison = _with_live_histories(configuration, witnesses, comparison, places, speller, live, server)
    if replay:
        from schemasync.release.rebuilt import history_gaps
        from schemasync.witnesses.histories import read_histories

        everything = read_histories(None, migrations=places.migrations, alembic=places.alembic)
        ownership = configuration.table_ownership()
        with step("Running all migrations in a scratch database"), _scratch(configuration, server) as chosen:
            gaps = history_gaps(witnesses, ownership, everything, places, chosen, speller=speller)
        comparison = dataclasses.replace(
            comparison,
            drifts=(*comparison.drifts, *gaps.drifts),
            not_compared=tuple(dict.fromkeys([*comparison.not_compared, *gaps.not_compared])),
        )
    return comparison


def applied_witnesses_of(
    configuration: Configuration, *, live: Histories | None = None, server: ScratchServer | None = None
) -> dict[str, Schema]:
    """What the migrations that the database has seen build on an empty one, as a witness a side.

    Args:
        live: the live histories, where they have been read already.
        server: where to replay; one of its own by default.

    Raises:
        ConfigurationError: no history is configured, or the database has none.
        SchemasyncError: the history cannot be read, or it does not run through.
    """
    from schemasync.release.rebuilt import applied_witnesses

    places = places_of(configuration)
    demand_history(places)
    histories, missing = _known_histories(live or _read_live(configuration, places))
    if missing:
        raise ConfigurationError("; ".join(missing), hint="compare without --at-applied")
    with _scratch(configuration, server) as chosen:
        return applied_witnesses(histories, places, chosen)


def unknown_histories(found: Histories) -> list[str]:
    """What a database does not keep of its histories, as sentences."""
    return _known_histories(found)[1]


def demand_history(places: Places) -> None:
    """Refuse a project without a history.

    Raises:
        ConfigurationError: it has none.
    """
    if places.migrations is None and places.alembic is None:
        raise _nothing_configured()


def places_of(configuration: Configuration) -> Places:
    """Where a project's histories are."""
    from schemasync.release.replayed import Places

    migrations, alembic = configured_histories(configuration)
    folders = [configuration.path(folder, "[sqlalchemy] path") for folder in configuration.sqlalchemy.path]
    schemas = configuration.database.schemas
    named = ("public",) if schemas == ("*",) else schemas
    return Places(migrations, alembic, tuple(folders or [configuration.folder]), named)


def _with_live_histories(
    configuration: Configuration,
    witnesses: Mapping[str, Schema],
    comparison: Comparison,
    places: Places,
    speller: Speller | None,
    live: Histories,
    server: ScratchServer | None,
) -> Comparison:
    from schemasync.compare.histories import history_drifts
    from schemasync.release.pending import explained

    histories, missing = _known_histories(live)
    pending = [*histories.prisma.under_way, *histories.prisma.pending] if histories.prisma else []
    pending += histories.alembic.pending if histories.alembic else ()
    if pending:
        with step("Running the migrations in a scratch database"), _scratch(configuration, server) as chosen:
            ownership = configuration.table_ownership()
            comparison = explained(comparison, witnesses, ownership, histories, places, chosen, speller=speller)
    return dataclasses.replace(
        comparison,
        drifts=(*comparison.drifts, *history_drifts(histories)),
        not_compared=(*comparison.not_compared, *missing),
    )


def _read_live(configuration: Configuration, places: Places) -> Histories:
    from schemasync.witnesses.histories import read_histories

    url, schemas = database_place(configuration)
    return read_histories(url, migrations=places.migrations, alembic=places.alembic, schemas=schemas)


def _known_histories(found: Histories) -> tuple[Histories, list[str]]:
    """The histories that the database itself keeps, and what it lacks: a database may be built without one."""
    missing = []
    prisma = found.prisma
    if prisma is not None and not prisma.has_table:
        missing.append("the database has no _prisma_migrations: which of Prisma's migrations it has seen is unknown")
        prisma = None
    return dataclasses.replace(found, prisma=prisma), missing


@contextmanager
def _scratch(configuration: Configuration, given: ScratchServer | None = None) -> Iterator[ScratchServer]:
    from schemasync.scratch import scratch_server

    if given is not None:
        yield given
        return

    with scratch_server(configuration.text(configuration.scratch.server, "[scratch] server")) as server:
        yield server


def _nothing_configured() -> ConfigurationError:
    return ConfigurationError("no migration history is configured", hint="set [prisma] migrations or [alembic] config")
