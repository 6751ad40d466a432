"""Imports the user's models: in this process, or in one of their own that gives back the schema alone."""

import importlib
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.errors import ModelImportError
from schemasync.witnesses import references
from schemasync.witnesses.guard import SideEffectError, stopped_side_effects
from schemasync.witnesses.import_errors import describe_attempt, side_effect_error, user_error
from schemasync.witnesses.stubs import StandInFinder, stand_ins
from schemasync.witnesses.user_files import UserFiles

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from schemasync.schema.model import Schema

DEFAULT_TIMEOUT = 120.0
# Bytes that models may take while they are imported; large applications take some hundred megabytes.
DEFAULT_MEMORY = 4 << 30


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a reference names.

    Args:
        metadata: the MetaData.
        notes: what was stood in for, stopped, or kept from our output, in sentences.
        declared: the object itself: the MetaData, the declarative base or the `db`.
    """

    metadata: "MetaData"
    notes: tuple[str, ...]
    declared: object


def load_metadata(
    reference: str,
    *,
    path: Sequence[Path] = (),
    stub_missing: bool = False,
    working_folder: Path | None = None,
) -> Loaded:
    """Imports `module:attribute` in this process; the modules stay imported.

    While it imports, what is printed is kept back, and `create_all()` and database connections are stopped.

    Args:
        reference: `module:attribute`, with dots on either side where needed.
        path: folders that are put on `sys.path` first, relative to the working folder.
        stub_missing: whether third-party packages that are not installed are stood in for.
        working_folder: where relative paths start; the current folder unless it is given.

    Raises:
        ModelImportError: there is no such module or attribute, it is no metadata, or the user's code failed.
    """
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True)
    with redirect_stdout(output), redirect_stderr(output):
        loaded = load_openly(reference, path=path, stub_missing=stub_missing, working_folder=working_folder)
    printed = output.buffer.getvalue() if isinstance(output.buffer, io.BytesIO) else b""
    return Loaded(loaded.metadata, (*loaded.notes, *printed_note(printed)), loaded.declared)


def load_schema(
    reference: str,
    *,
    path: Sequence[Path] = (),
    stub_missing: bool = False,
    working_folder: Path | None = None,
    default_schema: str = "public",
    timeout: float = DEFAULT_TIMEOUT,
    memory: int = DEFAULT_MEMORY,
) -> "Schema":
    """Imports `module:attribute` and reads it, both in a process of its own that runs in the working folder.

    Args:
        reference: `module:attribute`, with dots on either side where needed.
        path: folders that are put on `sys.path` first, relative to the working folder.
        stub_missing: whether third-party packages that are not installed are stood in for.
        working_folder: where the process runs and relative paths start; the current folder unless it is given.
        default_schema: where tables stand that name no schema.
        timeout: the seconds that importing and reading may take.
        memory: the bytes that they may take, on Linux; 0 is no limit.

    Raises:
        ModelImportError: as `load_metadata`, and where the process hangs, exits or crashes.
    """
    with schema_loading(
        reference,
        path=path,
        stub_missing=stub_missing,
        working_folder=working_folder,
        default_schema=default_schema,
        timeout=timeout,
        memory=memory,
    ) as loaded:
        return loaded()


@contextmanager
def schema_loading(
    reference: str,
    *,
    path: Sequence[Path] = (),
    stub_missing: bool = False,
    working_folder: Path | None = None,
    default_schema: str = "public",
    timeout: float = DEFAULT_TIMEOUT,
    memory: int = DEFAULT_MEMORY,
) -> "Iterator[Callable[[], Schema]]":
    """`load_schema` beside whatever is done within: the process runs, and what is yielded waits for its schema.

    Raises:
        ModelImportError: the working folder does not exist; all else is raised where the schema is waited for.
    """
    from schemasync.witnesses.loader_parent import Request, begun

    folder = (working_folder or Path.cwd()).resolve()
    paths = tuple(str(entry) for entry in path)
    with begun(Request(reference, paths, stub_missing, str(folder), default_schema, timeout, memory)) as loaded:
        yield loaded


def load_openly(
    reference: str, *, path: Sequence[Path] = (), stub_missing: bool = False, working_folder: Path | None = None
) -> Loaded:
    """`load_metadata` for a process whose output nobody sees: what the models print is not kept back."""
    folder = (working_folder or Path.cwd()).resolve()
    roots = tuple((folder / entry).resolve() for entry in path)
    user_files = UserFiles((*roots, folder))
    module_name, attribute = references.split(reference)
    standing_in = stand_ins(user_files, (*roots, folder)) if stub_missing else nullcontext(None)
    with _first_on_path((*roots, folder)), stopped_side_effects(user_files) as attempts, standing_in as finder:
        try:
            references.check_module(module_name, (*roots, folder), folder)
            declared = references.attribute_of(importlib.import_module(module_name), attribute)
        except (ModelImportError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever a module raises, SystemExit too, is the user's
            stopped = _stopped_by(error)
            if stopped is not None:
                raise side_effect_error(stopped, folder) from None
            raise user_error(error, user_files, folder, hint=_hint(error, finder)) from None
    metadata = references.metadata_at(declared, module_name, attribute)
    notes = [f"{describe_attempt(attempt, folder)}." for attempt in attempts.stopped]
    if finder is not None and finder.stubbed:
        notes.append(f"Stand-ins took the place of packages that are not installed: {', '.join(finder.packages())}.")
    if not metadata.tables:
        notes.append(f"{reference} has no tables: {module_name} does not import the modules that define the models.")
    return Loaded(metadata, tuple(notes), declared)


def printed_note(output: bytes) -> tuple[str, ...]:
    """A note on how much the models printed; none where they printed nothing."""
    lines = len(output.splitlines())
    if not lines:
        return ()
    return (f"The models printed {lines} line{'s' if lines != 1 else ''} while they were imported; not shown.",)


@contextmanager
def _first_on_path(folders: Sequence[Path]) -> Iterator[None]:
    before = list(sys.path)
    sys.path[:0] = [str(folder) for folder in folders]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = before


def _stopped_by(error: BaseException) -> SideEffectError | None:
    """The stopped attempt that an exception is, or was raised from."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        if isinstance(current, SideEffectError):
            return current
        seen.add(id(current))
        current = current.__cause__ or current.__context__
    return None


def _hint(error: BaseException, finder: StandInFinder | None) -> str:
    if isinstance(error, ModuleNotFoundError) and finder is None and error.name is not None:
        return f"install {error.name.partition('.')[0]}, or let stand-ins take its place with --stub-missing"
    if finder is not None and finder.stubbed:
        return f"stand-ins were used for {', '.join(finder.packages())}; the error may come from one of them"
    return ""
