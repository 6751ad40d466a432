"""What a project's own files say of Prisma: its version in `package.json`, its settings in `prisma.config.ts`.

Sources: Prisma documentation, "Prisma config"; npm documentation, "package.json: dependencies". Nothing is run.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemasync.witnesses.prisma.javascript import Code, Value, Variable, exported

CONFIG_NAMES = re.compile(r"prisma\.config\.(?:ts|mts|cts|js|mjs|cjs)")
_NAMES = tuple(f"prisma.config.{ending}" for ending in ("ts", "mts", "cts", "js", "mjs", "cjs"))
_PACKAGES = ("prisma", "@prisma/client")
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
VERSIONS = (6, 7)
_FARTHEST = 8  # folders above the schema


@dataclass(frozen=True, slots=True)
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
        for file in (folder / name for name in _NAMES):
            if file.is_file():
                found = read_config(file)
                if found is not None and (found.schema is None or _is_of(schema, found.schema)):
                    return found
    return None


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
    for folder in _folders(schema):
        ranges = _ranges(folder / "package.json")
        if ranges:
            majors = {_major(text) for text in ranges}
            major = majors.pop() if len(majors) == 1 else None
            return major if major in VERSIONS else None
    return None


def _folders(schema: Path) -> Iterator[Path]:
    start = schema.absolute()
    folders = [start, *start.parents] if start.is_dir() else list(start.parents)
    for folder in folders[:_FARTHEST]:
        yield folder
        if (folder / ".git").exists():
            return


def _ranges(file: Path) -> list[str]:
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


def _short(code: Code) -> str:
    text = " ".join(code.text.split())
    return text if len(text) <= 60 else f"{text[:57]}..."
