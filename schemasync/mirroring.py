"""The mirrors of the project that a configuration names: written, updated, held against the files that are there."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import cast

from schemasync.config import Configuration
from schemasync.errors import ConfigurationError
from schemasync.mirror import mirror, mirror_modules
from schemasync.mirror.layout import LINE_LENGTH
from schemasync.mirror.styles import Style
from schemasync.mirror.width import configured_width
from schemasync.own_process import kept
from schemasync.ownership import Ownership
from schemasync.paths import shown
from schemasync.progress import step
from schemasync.project import READING, models_loading, witness_schemas
from schemasync.schema.model import Schema


@dataclass(frozen=True, slots=True)
class Mirroring:
    """What is to be written.

    Args:
        text: the whole module, where there is no output to write to.
        files: the files that change, with their new text.
        before: what those files hold now; empty for new ones.
        did, suggested, left: what an update does, suggests, and leaves to people.
    """

    text: str | None = None
    files: Mapping[Path, str] = field(default_factory=dict)
    before: Mapping[Path, str] = field(default_factory=dict)
    did: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def diff(self) -> str:
        """The changes as a unified diff."""
        parts = []
        for path, text in self.files.items():
            old, name = self.before.get(path, ""), shown(path)
            origin = f"a/{name}" if old else "/dev/null"
            lines = difflib.unified_diff(old.splitlines(), text.splitlines(), origin, f"b/{name}", lineterm="")
            parts += list(lines)
        return "\n".join(parts) + ("\n" if parts else "")


def mirroring(
    configuration: Configuration,
    *,
    update: bool = False,
    prune: bool = False,
    only_compares: bool = False,
    force: bool = False,
    stub_missing: bool = False,
) -> Mirroring:
    """What `schemasync mirror` writes; nothing is written yet.

    Files that are as they would be written are told by their bytes, and nothing is imported for that.

    Args:
        update: edit the files that are there, in place.
        prune: delete what Prisma lacks, with `update`.
        only_compares: nothing will be written, so that files which people edited are held against an update.
        force: overwrite files that differ.
        stub_missing: stand-ins for packages that the models import and that are not installed.

    Raises:
        ConfigurationError: files are there that differ, and neither `update` nor `force` was asked for.
        SchemasyncError: the schema or the models cannot be read.
    """
    with ExitStack() as stack:
        loaded = stack.enter_context(_loading(configuration, stub_missing)) if update else None
        target = _Target(configuration, witness_schemas(configuration, ["prisma"])["prisma"])
        kept(target)
        if target.output is None:
            if update or only_compares:
                raise ConfigurationError(
                    "there are no mirrors to compare with", hint="set [mirror] output, or --output"
                )
            return Mirroring(text=target.module())
        written = target.files()
        stale = {path: text for path, text in written.items() if _content(path) != text}
        if not stale:
            return Mirroring()
        existing = [path for path in written if path.is_file()] or target.others()
        if existing and (update or (only_compares and configuration.sqlalchemy.metadata is not None and not force)):
            result = target.update(loaded, prune=prune, stub_missing=stub_missing)
            if result is not None:
                return result
        edited = [path for path in stale if path.is_file()]
        if edited and not (force or only_compares):
            names = ", ".join(shown(path) for path in edited[:3]) + (" …" if len(edited) > 3 else "")
            raise ConfigurationError(
                f"{names} would be overwritten", hint="--update edits files in place; --force writes them anew"
            )
        before = {path: _content(path) or "" for path in stale}
        return Mirroring(None, stale, before, tuple(f"{shown(path)}: written" for path in stale))


@contextmanager
def _loading(configuration: Configuration, stub_missing: bool) -> Iterator[Callable[[], Schema] | None]:
    """Begins to read the models where files are there to update, so that nobody waits for them longer than needed."""
    output = configuration.mirror.output
    place = configuration.path(output, "[mirror] output") if output is not None else None
    if place is None or configuration.sqlalchemy.metadata is None or not (place.is_file() or any(place.glob("*.py"))):
        yield None
        return
    with models_loading(configuration, stub_missing) as loaded:
        yield loaded


@contextmanager
def _imported_beside(module: str) -> Iterator[None]:
    """Imports a module that takes long, LibCST with it, while this process waits for another one."""
    thread = Thread(target=import_module, args=(module,))
    thread.start()
    try:
        yield
    finally:
        thread.join()


class _Target:
    """Where a project's mirrors are, and what they look like."""

    def __init__(self, configuration: Configuration, prisma: Schema) -> None:
        self.configuration = configuration
        self.prisma = prisma
        settings = configuration.mirror
        self.style = cast(Style, settings.style)
        self.base = settings.base
        self.names = settings.names
        self.output = configuration.path(settings.output, "[mirror] output") if settings.output is not None else None
        folders = [configuration.path(folder, "[sqlalchemy] path") for folder in configuration.sqlalchemy.path]
        self.path = folders or [configuration.folder]
        self.width = configured_width(self.output or configuration.folder) or LINE_LENGTH

    @property
    def ownership(self) -> Ownership:
        return self.configuration.table_ownership()

    def module(self) -> str:
        return mirror(
            self.prisma,
            self.style,
            self.base,
            ownership=self.ownership,
            names=self.names,
            path=self.path,
            line_length=self.width,
        )

    def files(self) -> dict[Path, str]:
        assert self.output is not None
        if self.output.suffix == ".py":
            return {self.output: self.module()}
        modules = mirror_modules(
            self.prisma,
            self.style,
            self.base,
            ownership=self.ownership,
            names=self.names,
            path=self.path,
            line_length=self.width,
            package=self._package() if self.base is not None else None,
        )
        return {self.output / name: text for name, text in modules.items()}

    def others(self) -> list[Path]:
        """Modules that are in the output's folder already."""
        assert self.output is not None
        return sorted(self.output.glob("*.py")) if self.output.is_dir() else []

    def _package(self) -> str | None:
        assert self.output is not None
        for folder in self.path:
            if self.output.resolve().is_relative_to(folder.resolve()) and self.output.resolve() != folder.resolve():
                return ".".join(self.output.resolve().relative_to(folder.resolve()).parts)
        return None

    def update(self, loaded: Callable[[], Schema] | None, *, prune: bool, stub_missing: bool) -> Mirroring | None:
        """What an update of the project's models would write.

        Args:
            loaded: waits for the models; None where an update was not asked for, so that models which stand elsewhere
                say nothing about the output.
        """
        assert self.output is not None
        if loaded is not None:
            with step(READING["sqlalchemy"]), _imported_beside("schemasync.mirror.update.updater"):
                models = loaded()
        else:
            models = witness_schemas(self.configuration, ["sqlalchemy"], stub_missing=stub_missing)["sqlalchemy"]
        if loaded is None and not self._has_models_of(models):
            return None
        from schemasync.mirror.update.updating import update_mirrors
        from schemasync.witnesses.spelling import ScratchSpeller

        server = self.configuration.text(self.configuration.scratch.server, "[scratch] server")
        with ScratchSpeller(server, [self.prisma, models]) as speller:
            result = update_mirrors(
                self.prisma,
                models,
                self.output,
                style=self.style,
                base=self.base,
                path=self.path,
                ownership=self.ownership,
                names=self.names,
                deletes=prune,
                speller=speller,
            )
        return Mirroring(
            None,
            {path: after.decode() for path, (_, after) in result.files.items()},
            {path: before.decode() for path, (before, _) in result.files.items()},
            result.did,
            result.suggested,
            result.left,
        )

    def _has_models_of(self, models: Schema) -> bool:
        """Whether a mirror of the project stands in the output."""
        assert self.output is not None
        output = self.output.resolve()
        places = (table.location for table in models.tables if table.key in self.prisma.table_by_key)
        return any(place is not None and Path(place.path).resolve().is_relative_to(output) for place in places)


def _content(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def prisma_side(configuration: Configuration, *, stub_missing: bool = False) -> str:
    """The Prisma models of SQLAlchemy's own tables, and the configuration that keeps Prisma Migrate away from them."""
    from schemasync.mirror.prisma_side import prisma_models

    schemas = witness_schemas(configuration, ["prisma", "sqlalchemy"], stub_missing=stub_missing)
    return prisma_models(schemas["sqlalchemy"], schemas["prisma"], ownership=configuration.table_ownership())
