"""Alembic's migration history: the revisions of a project beside what `alembic_version` says of them.

The revisions are read from their text where that suffices, so that neither Alembic nor the application is imported;
where it does not, Alembic's own ScriptDirectory reads them.
"""

import ast
import configparser
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

from schemasync.errors import DatabaseError
from schemasync.paths import shown

# Alembic reads every Python file of the folder but these (alembic.script.base).
_REVISION_FILE = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
# With one of these settings the revisions are elsewhere, or are not only text.
_ELSEWHERE = ("version_locations", "recursive_version_locations", "sourceless")


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision.

    Args:
        id: its identifier.
        needs: the revisions that must be applied before it: `down_revision` and `depends_on`.
        down: its `down_revision`s alone; a head is a revision that is nobody's.
        message: the first paragraph of its docstring.
        path: its file.
    """

    id: str
    needs: tuple[str, ...]
    down: tuple[str, ...]
    message: str
    path: Path

    @property
    def title(self) -> str:
        """The identifier with the message, where there is one."""
        return f"{self.id}: {self.message}" if self.message else self.id


@dataclass(frozen=True, slots=True)
class AlembicHistory:
    """Alembic's side of the story.

    Args:
        config: the `alembic.ini`, or Flask-Migrate's folder.
        revisions: each after those that it needs.
        at: what the database's version table holds.
        has_table: whether the database has one.
    """

    config: Path
    revisions: tuple[Revision, ...]
    at: tuple[str, ...] = ()
    has_table: bool = False

    @property
    def applied(self) -> tuple[str, ...]:
        """The revisions that the database has, each after those that it needs."""
        have = ancestors(self.revisions, self.at)
        return tuple(revision.id for revision in self.revisions if revision.id in have)

    @property
    def pending(self) -> tuple[str, ...]:
        """The revisions that the database lacks, each after those that it needs."""
        have = ancestors(self.revisions, self.at)
        return tuple(revision.id for revision in self.revisions if revision.id not in have)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the version table holds and no file has."""
        known = {revision.id for revision in self.revisions}
        return tuple(identifier for identifier in self.at if identifier not in known)

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that no other one revises; `alembic upgrade head` refuses where there are several."""
        revised = {down for revision in self.revisions for down in revision.down}
        return tuple(revision.id for revision in self.revisions if revision.id not in revised)

    def revision(self, identifier: str) -> Revision:
        """The revision of that identifier."""
        return next(revision for revision in self.revisions if revision.id == identifier)


def read_revisions(config: Path) -> tuple[Revision, ...]:
    """The revisions of an Alembic project, each after those that it needs.

    Args:
        config: an `alembic.ini`, or the folder that Flask-Migrate keeps.

    Raises:
        DatabaseError: the project or one of its revisions cannot be read, or they contradict each other.
    """
    folder = _versions_folder(config)
    found = None if folder is None else _from_text(folder)
    if found is None:
        found = _from_alembic(config)
    return _in_order(found, config)


def ancestors(revisions: Iterable[Revision], heads: Iterable[str]) -> frozenset[str]:
    """The revisions that lead to the given ones, themselves included; unknown ones are left out."""
    needs = {revision.id: revision.needs for revision in revisions}
    found: set[str] = set()
    waiting = [head for head in heads if head in needs]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += needs[current]
    return frozenset(found)


def version_table(config: Path) -> tuple[str | None, str]:
    """The schema and name of Alembic's version table, where env.py spells them out; else Alembic's own choice."""
    folder = _script_folder(config)
    names = {"version_table_schema": None, "version_table": "alembic_version"}
    try:
        tree = ast.parse((folder / "env.py").read_bytes()) if folder is not None else None
    except (OSError, SyntaxError, ValueError, MemoryError, RecursionError):
        tree = None
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.keyword) and node.arg in names and isinstance(node.value, ast.Constant):
            names[node.arg] = node.value.value if isinstance(node.value.value, str) else names[node.arg]
    return names["version_table_schema"], names["version_table"] or "alembic_version"


def _settings(config: Path) -> tuple[Path, Mapping[str, str]]:
    """The ini file, and its section `[alembic]`.

    Raises:
        DatabaseError: there is no such file, or it cannot be read.
    """
    file = config / "alembic.ini" if config.is_dir() else config
    if not file.is_file():
        raise DatabaseError(f"there is no {shown(file)}", hint="set [alembic] config to an alembic.ini")
    parser = configparser.ConfigParser({"here": str(file.parent.absolute()).replace("%", "%%")})
    try:
        text = file.read_text(encoding="utf-8")
        if "\0" in text:
            raise DatabaseError(f"cannot read {shown(file)}: there is a zero byte in it")
        parser.read_string(text)
        return file, dict(parser["alembic"]) if "alembic" in parser else {}
    except (configparser.Error, UnicodeDecodeError) as error:
        raise DatabaseError(f"cannot read {shown(file)}: {' '.join(str(error).split())}") from error


def _script_folder(config: Path) -> Path | None:
    """The folder of env.py; None where only Alembic can tell."""
    file, settings = _settings(config)
    location = settings.get("script_location")
    if location is None:
        # Flask-Migrate writes none: the scripts are beside the file.
        return file.parent
    # `package:folder` is looked up among the importable packages.
    return None if ":" in location[2:] else file.parent / location


def _versions_folder(config: Path) -> Path | None:
    _, settings = _settings(config)
    folder = _script_folder(config)
    return None if folder is None or any(name in settings for name in _ELSEWHERE) else folder / "versions"


def _from_text(folder: Path) -> tuple[Revision, ...] | None:
    """The revisions by their text; None where it does not say all."""
    try:
        files = sorted(file for file in folder.iterdir() if _REVISION_FILE.match(file.name) and file.is_file())
    except OSError as error:
        raise DatabaseError(f"cannot read Alembic's revisions in {shown(folder)}: {error.strerror}") from error
    found = []
    for file in files:
        revision = _revision(file)
        if revision is None:
            return None
        found.append(revision)
    known = {revision.id for revision in found}
    # A branch's label or the beginning of an identifier may stand for a revision, too.
    return tuple(found) if all(need in known for revision in found for need in revision.needs) else None


def _revision(file: Path) -> Revision | None:
    try:
        stat = file.stat()
    except OSError as error:
        raise DatabaseError(f"cannot read the Alembic revision {shown(file)}: {error}") from error
    return _read_revision(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=10_000)
def _read_revision(file: Path, _written: int, _size: int) -> Revision | None:
    """A file as it was written at a time; a run asks for its revisions more than once."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError) as error:
        raise DatabaseError(f"cannot read the Alembic revision {shown(file)}: {error}") from error
    except (MemoryError, RecursionError):  # what Python's parser raises for too many brackets within each other
        raise DatabaseError(f"cannot read the Alembic revision {shown(file)}: it is nested too deeply") from None
    values: dict[str, Any] = {"down_revision": None, "depends_on": None}
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        for name in {"revision", "down_revision", "depends_on"}.intersection(names):
            try:
                values[name] = ast.literal_eval(statement.value)  # type: ignore[attr-defined]  # both assignments have it
            except (ValueError, TypeError):
                return None
    if not isinstance(values.get("revision"), str) or not all(
        value is None or isinstance(value, str) or (isinstance(value, list | tuple) and all(map(_is_text, value)))
        for value in values.values()
    ):
        return None
    down, depends = _several(values["down_revision"]), _several(values["depends_on"])
    message = (ast.get_docstring(tree) or "").split("\n\n")[0]
    needs = tuple(dict.fromkeys([*down, *depends]))
    return Revision(values["revision"], needs, down, " ".join(message.split()), file)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _several(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _from_alembic(config: Path) -> tuple[Revision, ...]:
    """The revisions as Alembic itself loads them, which runs their modules."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    from schemasync.witnesses.replay import alembic_settings

    try:
        scripts = ScriptDirectory.from_config(alembic_settings(config))
        loaded = list(scripts.walk_revisions())
    except Exception as error:  # whatever a revision's module raises when it is imported
        if isinstance(error, CommandError | KeyError | ImportError | SyntaxError):
            reason = " ".join(str(error).split())
        else:
            reason = f"{type(error).__name__}: {error}"
        raise DatabaseError(f"the Alembic revisions of {shown(config)} cannot be loaded: {reason}") from error
    return tuple(
        Revision(
            script.revision,
            tuple(script._all_down_revisions),
            _several(script.down_revision),
            " ".join(script.doc.split()),
            Path(script.path),
        )
        for script in loaded
    )


def _in_order(revisions: Sequence[Revision], config: Path) -> tuple[Revision, ...]:
    """Each revision after those that it needs; among equals by identifier."""
    by_id: dict[str, Revision] = {}
    for revision in sorted(revisions, key=lambda one: one.id):
        if revision.id in by_id:
            raise DatabaseError(
                f"two Alembic revisions are called {revision.id}: {shown(by_id[revision.id].path)} and "
                f"{shown(revision.path)}"
            )
        by_id[revision.id] = revision
    ordered: dict[str, Revision] = {}
    needed_by: dict[str, list[str]] = {}
    missing = {revision.id: len(set(revision.needs)) for revision in by_id.values()}
    for revision in by_id.values():
        for need in set(revision.needs):
            needed_by.setdefault(need, []).append(revision.id)
    ready = [identifier for identifier, count in missing.items() if not count]  # sorted, and so a heap
    while ready:
        current = heappop(ready)
        ordered[current] = by_id[current]
        for dependent in needed_by.get(current, ()):
            missing[dependent] -= 1
            if not missing[dependent]:
                heappush(ready, dependent)
    if len(ordered) < len(by_id):
        rest = ", ".join(identifier for identifier in by_id if identifier not in ordered)
        raise DatabaseError(f"the Alembic revisions of {shown(config)} need each other in a circle: {rest}")
    return tuple(ordered.values())
