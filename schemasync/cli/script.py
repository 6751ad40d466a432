"""How the script of a release calls schemasync and Prisma: as the plan was called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import TYPE_CHECKING, Any

from schemasync.paths import shown

if TYPE_CHECKING:
    from schemasync.config import Configuration
    from schemasync.report.plan_shell import ScriptSettings

# A URL that was given on the command line has a password, and the script is kept.
_DATABASE = '--database "${DATABASE_URL:?}"'


def script_settings(
    configuration: Configuration, sources: Mapping[str, Any], *, stub_missing: bool = False
) -> ScriptSettings:
    """The settings of a script that does what this call of `schemasync plan` planned.

    Args:
        configuration: with what the command line gave in its place.
        sources: the options that say where the witnesses are, by their parameters' names.
        stub_missing: as the option of that name.
    """
    from schemasync.report.plan_shell import ScriptSettings

    database = [] if configuration.file is None else [f"--config {quote(shown(configuration.file))}"]
    database += [_DATABASE] if sources.get("database") else []
    given = [*database, *_given(sources), *(["--stub-missing"] if stub_missing else [])]
    folder, deploy = _prisma(configuration)
    return ScriptSettings(tuple(given), tuple(database), folder, deploy)


def _given(sources: Mapping[str, Any]) -> Iterator[str]:
    for option, name in (("--prisma", "prisma"), ("--metadata", "metadata")):
        if sources.get(name):
            yield f"{option} {quote(sources[name])}"
    for option, name in (("--path", "folders"), ("--schema", "schemas")):
        for value in sources.get(name) or ():
            yield f"{option} {quote(value)}"


def _prisma(configuration: Configuration) -> tuple[str, str]:
    """Where Prisma's commands run, and the one that deploys: the folder of package.json, as `npx` has it."""
    command = "npx prisma migrate deploy"
    if configuration.prisma.schema is None:
        return ".", command
    schema = configuration.path(configuration.prisma.schema, "[prisma] schema").absolute()
    folder = next((one for one in schema.parents if (one / "package.json").is_file()), configuration.folder.absolute())
    knows = any(folder.glob("prisma.config.*")) or schema.parent == folder / "prisma"
    if not knows and schema.is_relative_to(folder):
        command += f" --schema {quote(str(schema.relative_to(folder)))}"
    return shown(folder) or ".", command
