"""The project that a configuration names: its witnesses, its owners, and what a check of it finds."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, cast

from schemasync.errors import ConfigurationError, SnapshotError
from schemasync.paths import shown
from schemasync.progress import step
from schemasync.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from schemasync.compare.drift import Comparison, Drift, Severity
    from schemasync.config import Configuration
    from schemasync.release.status import Status
    from schemasync.schema.model import Schema

# In the order in which a report shows them.
WITNESSES = ("prisma", "sqlalchemy", "database", "snapshot")
READING = {
    "prisma": "Reading the Prisma schema",
    "sqlalchemy": "Importing the models",
    "database": "Reading the database",
    "snapshot": "Reading the snapshot",
}
OPTIONS = {"prisma": "--prisma", "sqlalchemy": "--metadata", "database": "--database", "snapshot": "--snapshot"}


def configured_witnesses(configuration: Configuration) -> tuple[str, ...]:
    """The witnesses that a configuration names."""
    named = {
        "prisma": configuration.prisma.schema,
        "sqlalchemy": configuration.sqlalchemy.metadata,
        "database": configuration.database.url,
    }
    return tuple(name for name, setting in named.items() if setting is not None)


def check(
    configuration: Configuration,
    wanted: Iterable[str] = (),
    *,
    snapshot: Path | None = None,
    stub_missing: bool = False,
    at_applied: bool = False,
    replay: bool = False,
    deployed: Mapping[str, Schema] | None = None,
) -> tuple[dict[str, Schema], Comparison]:
    """Compare a project's witnesses, as its configuration judges drifts.

    Args:
        configuration: the settings.
        wanted: the witnesses to compare; all that are configured by default.
        snapshot: a file that `Schema.to_json` wrote, as one more witness.
        stub_missing: stand-ins for packages that the models import and that are not installed.
        at_applied: hold the database against what its applied migrations build, and nothing else.
        replay: also whether all the migrations together build what is declared.
        deployed: what the deployed builds rely on: Prisma must not let go of what a mirror still maps.

    Returns:
        The witnesses' schemas, and the comparison without what `[check] ignore` leaves out.

    Raises:
        ConfigurationError: fewer than two witnesses, or a setting that does not fit.
        SchemasyncError: a witness could not be read, or they have no table in common.
    """
    chosen = ("database",) if at_applied else chosen_witnesses(configuration, tuple(wanted), snapshot)
    demand_known_kinds(configuration)
    ownership = configuration.table_ownership()
    witnesses = witness_schemas(configuration, chosen, snapshot=snapshot, stub_missing=stub_missing)
    from schemasync.compare.engine import compare_witnesses
    from schemasync.gate import gated
    from schemasync.project_environment import with_environment
    from schemasync.project_histories import applied_witnesses_of, with_histories
    from schemasync.scratch import scratch_server
    from schemasync.witnesses.spelling import ScratchSpeller

    server = configuration.text(configuration.scratch.server, "[scratch] server")
    if server != "auto":
        # A speller makes do without a server; one that the user chose by a wrong name is a mistake to report.
        scratch_server(server).close()
    with ScratchSpeller(server, witnesses.values()) as speller:
        if at_applied:
            from schemasync.release.rebuilt import held_against_applied

            witnesses = {**applied_witnesses_of(configuration), **witnesses}
            comparison = held_against_applied(witnesses, ownership, speller=speller)
        else:
            unheard = {"prisma", "sqlalchemy"} & set(configured_witnesses(configuration)) - set(chosen)
            comparison = compare_witnesses(witnesses, ownership, speller=speller, unheard=unheard)
            comparison = with_histories(configuration, witnesses, comparison, replay=replay, speller=speller)
            comparison = with_environment(configuration, witnesses, comparison)
            if deployed:
                from schemasync.release.drops import drops_in_use

                found = drops_in_use(deployed, witnesses)
                comparison = replace(comparison, drifts=(*comparison.drifts, *found))
    comparison = gated(configuration, comparison, witnesses, configured_witnesses(configuration))
    return witnesses, judged(comparison, configuration.check.ignore, configuration.check.severity)


def witness_schemas(
    configuration: Configuration,
    wanted: Iterable[str],
    *,
    snapshot: Path | None = None,
    stub_missing: bool = False,
    complete: bool = False,
) -> dict[str, Schema]:
    """The schemas of the witnesses named, in the order of `WITNESSES`.

    Raises:
        SchemasyncError: one of them is not configured, or could not be read.
    """
    from contextlib import ExitStack

    from schemasync.side_by_side import begun

    chosen = set(wanted) - ({"snapshot"} if snapshot is None else set())
    schemas: dict[str, Schema] = {}
    with ExitStack() as stack:
        # The models are imported by another process, and the server needs a while too: neither waits for the other.
        # Whoever reads a witness gives its error, if there is one, so that errors too have a fixed order.
        reading: dict[str, Callable[[], Schema]] = {}
        if "sqlalchemy" in chosen:
            reading["sqlalchemy"] = stack.enter_context(models_loading(configuration, stub_missing))
        if "database" in chosen:
            read = partial(_database, configuration, complete)
            reading["database"] = begun(read) if len(chosen) > 1 else read
        if "prisma" in chosen:
            reading["prisma"] = partial(_prisma, configuration)
        if snapshot is not None:
            reading["snapshot"] = partial(read_snapshot, snapshot)
        for name in (one for one in WITNESSES if one in chosen):
            with step(READING[name]):
                schemas[name] = reading[name]()
        return schemas


def status(configuration: Configuration) -> Status:
    """Both migration histories beside the database.

    Raises:
        ConfigurationError: no database or no history is configured.
        SchemasyncError: one of them cannot be read.
    """
    from schemasync.project_histories import configured_histories, database_place
    from schemasync.release.status import read_status

    migrations, alembic = configured_histories(configuration)
    url, schemas = database_place(configuration)
    return read_status(url, migrations=migrations, alembic=alembic, schemas=schemas)


def read_snapshot(path: Path) -> Schema:
    """A schema kept as JSON, as the witness `snapshot`.

    Raises:
        SnapshotError: the file cannot be read, or is no snapshot.
    """
    from schemasync.schema.model import Schema

    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SnapshotError(f"cannot read the snapshot {shown(path)}: {reason}") from error
    return replace(Schema.from_json(text), witness="snapshot", source=shown(path))


def judged(comparison: Comparison, ignore: Iterable[str], severity: Mapping[str, str]) -> Comparison:
    """A comparison as the user judges it: drifts left out, severities changed, paths as short as they can be.

    Args:
        ignore: kinds, or `kind:table`, `kind:table.object` patterns; a schema may stand before the table.
        severity: by kind or pattern of kinds; an exact kind wins.
    """
    kept = []
    ignored: dict[str, int] = {}
    for drift in comparison.drifts:
        pattern = next((pattern for pattern in ignore if _ignores(pattern, drift)), None)
        if pattern is not None:
            ignored[pattern] = ignored.get(pattern, 0) + 1
            continue
        level = severity.get(drift.kind)
        level = level or next((severity[kind] for kind in severity if fnmatchcase(drift.kind, kind)), drift.severity)
        kept.append(_with_short_paths(replace(drift, severity=cast("Severity", level))))
    left_out = tuple(
        f"{count} drift{'s' if count != 1 else ''}, ignored by {pattern!r} in [check] ignore"
        for pattern, count in ignored.items()
    )
    suppressed = tuple(replace(item, drift=_with_short_paths(item.drift)) for item in comparison.suppressed)
    not_compared = (*comparison.not_compared, *left_out)
    return replace(comparison, drifts=tuple(kept), not_compared=not_compared, suppressed=suppressed)


def _with_short_paths(drift: Drift) -> Drift:
    places = tuple(replace(place, path=shown(place.path)) for place in drift.locations)
    return replace(drift, locations=places)


def _ignores(pattern: str, drift: Drift) -> bool:
    kind, colon, place = pattern.partition(":")
    if not fnmatchcase(drift.kind, kind):
        return False
    if not colon:
        return True
    names = [name for name in (drift.table, drift.object) if name is not None]
    places = [".".join(names), *names[:1]]
    return any(fnmatchcase(name, place) for one in places for name in (one, f"{drift.schema}.{one}"))


def demand_known_kinds(configuration: Configuration) -> None:
    """Refuse to ignore or judge kinds of drift that there are not.

    Raises:
        ConfigurationError: a pattern matches no kind.
    """
    from schemasync.config_file import unknown_kind

    for pattern in (*configuration.check.ignore, *configuration.check.severity):
        problem = unknown_kind(pattern.partition(":")[0])
        if problem:
            raise ConfigurationError(problem[0], hint=problem[1])


def chosen_witnesses(configuration: Configuration, wanted: tuple[str, ...], snapshot: Path | None) -> tuple[str, ...]:
    """The witnesses to compare: those that are wanted, else all that are configured.

    Raises:
        ConfigurationError: fewer than two, or one that is not configured.
    """
    available = (*configured_witnesses(configuration), *(("snapshot",) if snapshot is not None else ()))
    chosen = tuple(dict.fromkeys(wanted)) or available
    for name in chosen:
        if name not in available:
            unread = _unread(configuration) if name == "prisma" else ""
            raise ConfigurationError(
                f"the witness {name} is not configured{unread}",
                hint=f"name it in {configuration.file or 'schemasync.toml'}, or give {OPTIONS[name]}",
            )
    if len(chosen) < 2:
        found = f"only {chosen[0]}" if chosen else "no witness"
        where = f"{shown(configuration.file)} names" if configuration.file else "there is no configuration, and"
        verb = " is given" if configuration.file is None else ""
        raise ConfigurationError(
            f"nothing to compare: {where} {found}{verb}{'' if 'prisma' in chosen else _unread(configuration)}",
            hint="give two or more of --prisma, --metadata, --database and --snapshot, or run: schemasync init",
        )
    return chosen


def _unread(configuration: Configuration) -> str:
    """Why the schema that a `prisma.config.ts` beside the configuration names is not known."""
    from schemasync.witnesses.prisma.project_files import configured_schema

    _, unread = configured_schema(configuration.folder)
    return "".join(f"; {note}" for note in unread)


def _prisma(configuration: Configuration) -> Schema:
    from schemasync.witnesses.prisma.read import read_prisma

    if configuration.prisma.schema is None:
        raise ConfigurationError("the witness prisma is not configured", hint="set [prisma] schema, or give --prisma")
    path = shown(configuration.path(configuration.prisma.schema, "[prisma] schema"))
    return read_prisma(path, configuration.prisma.version)


def models_loading(configuration: Configuration, stub_missing: bool) -> AbstractContextManager[Callable[[], Schema]]:
    """The models, read by a process of their own beside whatever is done within; what it gives waits for them.

    Raises:
        ConfigurationError: no metadata is configured.
    """
    from schemasync.witnesses.loader import schema_loading

    settings = configuration.sqlalchemy
    if settings.metadata is None:
        raise ConfigurationError(
            "the witness sqlalchemy is not configured", hint="set [sqlalchemy] metadata, or give --metadata"
        )
    # Without a path the models are found as `python -m` would find them: from the project's own folder.
    folders = [configuration.path(folder, "[sqlalchemy] path") for folder in settings.path] or [configuration.folder]
    reference = configuration.text(settings.metadata, "[sqlalchemy] metadata")
    return schema_loading(reference, path=folders, stub_missing=stub_missing)


def _database(configuration: Configuration, complete: bool) -> Schema:
    from schemasync.witnesses.database import read_database

    if configuration.database.url is None:
        raise ConfigurationError(
            "the witness database is not configured", hint="set [database] url, or give --database"
        )
    try:
        url = configuration.text(configuration.database.url, "[database] url")
    except ConfigurationError as error:
        others = [name for name in configured_witnesses(configuration) if name != "database"]
        alone = " ".join(f"--witness {name}" for name in others)
        also = f"; or compare without the database: {alone}" if len(others) > 1 else ""
        raise ConfigurationError(error.message, hint=error.hint + also) from error
    schemas = configuration.database.schemas
    return read_database(url, None if schemas == ("*",) else schemas, complete)
