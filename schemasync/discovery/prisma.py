"""Finds Prisma's schema, its migrations, and the variable with the database's URL."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemasync.discovery.files import text_of
from schemasync.witnesses.prisma.project_files import is_config, read_config

VARIABLE = re.compile(r"\b(?:env(?:<[^>]*>)?\(\s*[\"'](?P<call>\w+)[\"']|process\.env\.(?P<property>\w+))")
NAMESPACES = re.compile(r"(?m)^\s*schemas\s*=\s*\[(?P<names>[^\]]*)\]")


@dataclass(frozen=True, slots=True)
class PrismaFound:
    """What was found of Prisma.

    Args:
        schema: a file, or a folder of `.prisma` files.
        named_by: the file that names the schema; None where it was found by its name.
        migrations: the folder, where it exists.
        variable: the environment variable with the database's URL, and the file that names it.
        namespaces: the PostgreSQL schemas that the datasource lists.
        others: further schemas, which may be other projects'.
    """

    schema: Path
    named_by: Path | None
    migrations: Path | None
    variable: tuple[str, Path] | None
    namespaces: tuple[str, ...]
    others: tuple[Path, ...]


def find_prisma(files: Sequence[Path]) -> PrismaFound | None:
    """Prisma's schema: as `prisma.config.ts` or `package.json` names it, else by its name; None where there is none."""
    named = [(schema, file) for file in files for schema in _named_schemas(file) if schema.exists()]
    by_name = [_folder_of_many(file) for file in files if file.name == "schema.prisma"]
    candidates = dict.fromkeys([*(schema for schema, _ in named), *sorted(by_name, key=_likeliness)])
    if not candidates:
        return None
    schema, *others = candidates
    named_by = next((file for candidate, file in named if candidate == schema), None)
    texts = [(file, text_of(file)) for file in _prisma_files(schema)]
    sources = [*([(named_by, text_of(named_by))] if named_by else []), *texts]
    listed = next((found["names"] for _, text in texts if (found := NAMESPACES.search(text))), "")
    return PrismaFound(
        schema=schema,
        named_by=named_by,
        migrations=_migrations(schema, named_by),
        variable=next(((name, file) for file, text in sources for name in _variables(text)), None),
        namespaces=tuple(re.findall(r'"([^"]+)"', listed)),
        others=tuple(other for other in others if other not in schema.parents and schema not in other.parents),
    )


def _named_schemas(file: Path) -> list[Path]:
    """The schemas that a Prisma configuration names as literal text; it is not run."""
    if is_config(file):
        config = read_config(file)
        return [config.schema.resolve()] if config is not None and config.schema is not None else []
    if file.name == "package.json" and '"prisma"' in (text := text_of(file)):
        try:
            schema = json.loads(text)["prisma"]["schema"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return []
        return [(file.parent / schema).resolve()] if isinstance(schema, str) else []
    return []


def _folder_of_many(file: Path) -> Path:
    """The folder that a schema is spread over, or the file itself."""
    several = [other for other in file.parent.rglob("*.prisma") if "migrations" not in other.parts]
    return file.parent if len(several) > 1 else file


def _likeliness(schema: Path) -> tuple[bool, bool, int]:
    """Sorts by how likely a schema is the project's: with migrations, in a folder `prisma`, near the root."""
    return (_migrations(schema, None) is None, "prisma" not in schema.parts, len(schema.parts))


def _prisma_files(schema: Path) -> list[Path]:
    return sorted(schema.rglob("*.prisma")) if schema.is_dir() else [schema]


def _migrations(schema: Path, config: Path | None) -> Path | None:
    candidates = [schema / "migrations", schema.parent / "migrations"]
    found = read_config(config) if config is not None else None
    if found is not None and found.migrations is not None:
        candidates.insert(0, found.migrations.resolve())
    return next((folder for folder in candidates if folder.is_dir()), None)


def _variables(text: str) -> list[str]:
    found = [match["call"] or match["property"] for match in VARIABLE.finditer(text)]
    return sorted((name for name in found if "URL" in name), key=lambda name: name != "DATABASE_URL")
