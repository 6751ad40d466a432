"""The services of a project: what this tree, or a manifest that a build left, relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemasync.errors import ConfigurationError, SnapshotError
from schemasync.paths import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemasync.compatibility import Service
    from schemasync.config import Configuration

NAMES = {"prisma": "front end", "sqlalchemy": "back end"}


def services_of(
    configuration: Configuration, wanted: Sequence[str], manifests: Sequence[Path], *, stub_missing: bool = False
) -> tuple[Service, ...]:
    """What is to run.

    Args:
        wanted: the witnesses of this tree; without them and without manifests all that are configured.
        manifests: files that `schemasync snapshot` wrote.
        stub_missing: stand-ins for packages that the models import and that are not installed.

    Raises:
        ConfigurationError: nothing is to run, or a witness is not configured.
        SchemasyncError: a witness or a manifest cannot be read.
    """
    from schemasync.compatibility import service_of
    from schemasync.project import configured_witnesses, witness_schemas

    available = [name for name in configured_witnesses(configuration) if name in NAMES]
    chosen = tuple(wanted) or (() if manifests else tuple(available))
    if not chosen and not manifests:
        raise ConfigurationError("nothing to wait for", hint="give --manifest, --prisma or --metadata")
    schemas = witness_schemas(configuration, chosen, stub_missing=stub_missing)
    found = [service_of(NAMES[name], schema) for name, schema in schemas.items()]
    return (*found, *(read_manifest(path) for path in manifests))


def read_manifest(path: Path, name: str | None = None) -> Service:
    """What a build relies on, as `schemasync snapshot` wrote it.

    Args:
        path: the file.
        name: what to call the service; by default front end or back end, whichever's it is.

    Raises:
        SnapshotError: the file cannot be read, is no snapshot, or is one of a database.
    """
    from schemasync.compatibility import service_of
    from schemasync.schema.model import Schema

    schema = Schema.from_json(_text(path))
    if schema.witness not in NAMES:
        raise SnapshotError(
            f"the manifest {shown(path)} is a snapshot of the witness {schema.witness}",
            hint="a build relies on what prisma or sqlalchemy state: schemasync snapshot --witness sqlalchemy",
        )
    return service_of(name or NAMES[schema.witness], schema)


def manifest_migrations(path: Path) -> tuple[str, ...] | None:
    """The migrations that a build came with, by its manifest; None where it does not say.

    Raises:
        SnapshotError: the file cannot be read, or is no snapshot.
    """
    from schemasync.schema.snapshot import migrations_of

    return migrations_of(_text(path))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SnapshotError(f"cannot read the manifest {shown(path)}: {reason}") from error
