"""What a project's own files say of Prisma: its version in `package.json`, its settings in `prisma.config.ts`.

Sources: Prisma documentation, "Prisma config"; npm documentation, "package.json: dependencies". Nothing is run.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from schemasync.records import record
from schemasync.witnesses.prisma.javascript import Code, Value, Variable, exported

_ENDINGS = ("js", "ts", "mjs", "cjs", "mts", "cts")
# Where Prisma looks in the folder that it is run in, in its order; the first two since 7.10.
_NAMES_SINCE_7 = tuple(f"{base}.{ending}" for base in ("prisma7.config", ".config/prisma7") for ending in _ENDINGS)
_NAMES = tuple(
    f"{base}{index}.{ending}"
    for base in ("prisma.config", ".config/prisma", ".config/prisma.config")
    for index in ("", "/index")
    for ending in _ENDINGS
)
_DEFAULT_SCHEMAS = ("schema.prisma", "prisma/schema.prisma")
_PACKAGES = ("prisma", "@prisma/client")
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
VERSIONS = (6, 7)
_FARTHEST = 8  # folders above the schema


@record(frozen=True, slots=True)
class PrismaConfig:
    """A `prisma.config.ts`, as far as it is plain literals.

    Args:
        file: where it is.
        schema: the schema's path, if it names one.
        migrations: the folder of migrations, if it names one.
        tables: `tables.external`: what Prisma Migrate leaves alone; None where that is written but was not read.
        enums: `enums.external`, likewise.
        variable: the environment variable with the database's URL.
        notes: what was not read, in sentences.
    """

    file: Path
    schema: Path | None = None
    migrations: Path | None = None
    tables: tuple[str, ...] | None = ()
    enums: tuple[str, ...] | None = ()
    variable: str | None = None
    notes: tuple[str, ...] = ()


def find_config(schema: Path) -> PrismaConfig | None:
    """The nearest configuration beside a schema or above it that does not name another schema.

    Args:
        schema: the schema's file or folder.
    """
    for folder in _folders(schema):
        for file in _configs(folder):
            found = read_config(file)
            if found is not None and (found.schema is None or _is_of(schema, found.schema)):
                return found
    return None


def is_config(file: Path) -> bool:
    """Whether a file has a name by which Prisma finds its configuration."""
    return f"/{file.as_posix()}".endswith(tuple(f"/{name}" for name in (*_NAMES_SINCE_7, *_NAMES)))


def configured_schema(folder: Path) -> tuple[Path | None, tuple[str, ...]]:
    """The schema that Prisma would take, run in this folder, by the configuration there; and what of that was not read.

    Without a configuration there is none: a `schema.prisma` by itself may be anybody's.
    """
    config = next((found for file in _configs(folder) if (found := read_config(file)) is not None), None)
    if config is None:
        return None, ()
    if config.schema is not None:
        return config.schema, ()
    unread = tuple(note for note in config.notes if not note.startswith(("migrations", "tables", "enums")))
    defaults = [] if unread else [folder / name for name in _DEFAULT_SCHEMAS]
    return next((path for path in defaults if path.is_file()), None), unread


def _configs(folder: Path) -> Iterator[Path]:
    files = [folder / name for name in (*_NAMES_SINCE_7, *_NAMES)]
    found = [file for file in files if file.is_file()]
    if found and find_version(folder) == 6:
        found = [file for file in found if "prisma7" not in file.name]
    yield from found


def read_config(file: Path) -> PrismaConfig | None:
    """Read a configuration; None where it cannot be read at all."""
    try:
        settings = exported(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(settings, dict):
        return PrismaConfig(file, tables=None, enums=None, notes=(f"{file.name} is no plain object and was not read",))
    notes: list[str] = []

    def text(*names: str) -> Value:
        value = _at(settings, names)
        if isinstance(value, Code):
            notes.append(f"{'.'.join(names)} in {file.name} is no plain literal and was not read: {_short(value)}")
        return value

    def names(*path: str) -> tuple[str, ...] | None:
        value = text(*path)
        if value is None:
            return ()
        if not isinstance(value, list):
            return None
        unread = [item for item in value if not isinstance(item, str)]
        for item in unread:
            shown = _short(item) if isinstance(item, Code) else "an entry that is no string"
            notes.append(f"{'.'.join(path)} in {file.name} was read in part only, without {shown}")
        return None if unread else tuple(item for item in value if isinstance(item, str))

    schema, migrations, url = text("schema"), text("migrations", "path"), _at(settings, ("datasource", "url"))
    tables, enums = names("tables", "external"), names("enums", "external")
    written = {"tables.external": tables, "enums.external": enums}
    for setting in (setting for setting in written if _at(settings, tuple(setting.split("."))) is not None):
        if _at(settings, ("experimental", "externalTables")) in (None, False):
            notes.append(f"Prisma refuses {setting} in {file.name} without experimental.externalTables: true")
        if unqualified := [name for name in written[setting] or () if "." not in name]:
            shown = f"{setting} in {file.name} names {', '.join(unqualified)} without a schema"
            notes.append(f"{shown}, which Prisma refuses (P3023): write {_qualified(unqualified[0])}")
    return PrismaConfig(
        file,
        _path(file, schema),
        _path(file, migrations),
        tables,
        enums,
        url.name if isinstance(url, Variable) else None,
        tuple(notes),
    )


def find_version(schema: Path) -> int | None:
    """Prisma's major version, 6 or 7, by the nearest `package.json` beside a schema or above it that names Prisma.

    None where there is none, or where its range does not settle it (`latest`, `catalog:`, `>=6`).
    """
    found = version_file(schema)
    return found[0] if found is not None else None


def version_file(schema: Path) -> tuple[int, Path] | None:
    """What `find_version` finds, with the file that says so."""
    for folder in _folders(schema):
        file = folder / "package.json"
        ranges = _ranges(file)
        if ranges:
            majors = {_major(text) for text in ranges}
            major = majors.pop() if len(majors) == 1 else None
            return (major, file) if major in VERSIONS else None
    return None


def _folders(schema: Path) -> Iterator[Path]:
    start = schema.absolute()
    folders = [start, *start.parents] if start.is_dir() else list(start.parents)
    for folder in folders[:_FARTHEST]:
        yield folder
        if (folder / ".git").exists():
            return


def _ranges(file: Path) -> list[str]:
    import json

    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return []
    groups = [content.get(name) for name in _DEPENDENCIES] if isinstance(content, dict) else []
    found = [group.get(package) for package in _PACKAGES for group in groups if isinstance(group, dict)]
    return [text for text in found if isinstance(text, str)]


def _major(text: str) -> int | None:
    """The one major version that a range of npm's allows."""
    majors = set()
    for part in re.split(r"\s*\|\|\s*", text.strip()):
        match = re.fullmatch(r"(?:npm:[^@]+@|npm:@[^@]+@)?[v=^~]*\s*(\d+)(?:\.[\dxX*]+){0,2}(?:[-+][\w.+-]+)?", part)
        bounded = re.fullmatch(r">=\s*(\d+)[\d.]*(?:-\S+)?\s+<\s*(\d+)(?:\.0)*(?:-0)?", part)
        if match is not None:
            majors.add(int(match[1]))
        elif bounded is not None:
            majors.update(range(int(bounded[1]), int(bounded[2])))
        else:
            return None
    return majors.pop() if len(majors) == 1 else None


def _at(settings: Value, names: tuple[str, ...]) -> Value:
    """A setting by its path; the code where a part of the path is code, None where it is not there."""
    for name in names:
        if isinstance(settings, Code):
            return settings
        if not isinstance(settings, dict):
            return None
        settings = settings.get(name, settings.get("..."))
    return settings


def _path(file: Path, value: Value) -> Path | None:
    return file.parent / value if isinstance(value, str) and value else None


def _is_of(schema: Path, named: Path) -> bool:
    here, there = schema.resolve(), named.resolve()
    return here == there or there in here.parents or here in there.parents


def _qualified(name: str) -> str:
    return f'"public.{name}"'


def _short(code: Code) -> str:
    text = " ".join(code.text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
