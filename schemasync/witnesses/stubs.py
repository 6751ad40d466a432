"""Stand-ins for third-party packages that are not installed, so that models can be imported without them."""

import ast
import difflib
import importlib.abc
import importlib.machinery
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

from schemasync.witnesses.user_files import UserFiles

# Without these a metadata is not what the user wrote: they make columns, types, tables, or migrations.
NEVER_STUBBED = frozenset(
    {
        "advanced_alchemy",
        "alembic",
        "flask_migrate",
        "flask_sqlalchemy",
        "flask_sqlalchemy_lite",
        "geoalchemy2",
        "pgvector",
        "schemasync",
        "sqlalchemy",
        "sqlalchemy_utils",
        "sqlmodel",
    }
)
# What SQLAlchemy itself imports for an engine that is never going to connect.
_ENGINE_PACKAGES = frozenset({"asyncpg", "greenlet", "pg8000", "psycopg", "psycopg2", "psycopg2cffi"})
# Close enough to one of the user's own modules to be a slip of the finger.
_LIKENESS = 0.85


class StandIn:
    """Whatever a missing package would have held: a class, a function, a decorator, an instance."""

    def __init__(self, name: str) -> None:
        self.__dict__["_stand_in_name"] = name
        self.__dict__["_stand_in_base"] = None

    def __repr__(self) -> str:
        return f"<stand-in for {self._stand_in_name}>"

    def __getattr__(self, name: str) -> "StandIn":
        # Python and SQLAlchemy ask every object for such names to find out what it is.
        if name.startswith(("__", "_sa_")):
            raise AttributeError(name)
        found = StandIn(f"{self._stand_in_name}.{name}")
        self.__dict__[name] = found
        return found

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """As a decorator, gives back what it decorates; else another stand-in."""
        if len(arguments) == 1 and not keywords and isinstance(arguments[0], (FunctionType, type)):
            return arguments[0]
        return StandIn(f"{self._stand_in_name}()")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        """As a base class: an empty one, of the plain metaclass, so that it goes with any other base."""
        if self.__dict__["_stand_in_base"] is None:
            name = str(self._stand_in_name).rpartition(".")[2]
            self.__dict__["_stand_in_base"] = type(name, (_Base,), {})
        base: type = self.__dict__["_stand_in_base"]
        return (base,)

    def __getitem__(self, item: Any) -> "StandIn":
        return self

    def __setitem__(self, item: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __contains__(self, item: Any) -> bool:
        return False

    def __enter__(self) -> "StandIn":
        return self

    def __exit__(self, *details: Any) -> None:
        pass

    async def __aenter__(self) -> "StandIn":
        return self

    async def __aexit__(self, *details: Any) -> None:
        pass

    def __or__(self, other: Any) -> "StandIn":
        return self

    def __ror__(self, other: Any) -> "StandIn":
        return self

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __subclasscheck__(self, subclass: Any) -> bool:
        return False

    def __lt__(self, other: Any) -> bool:
        return False

    def __gt__(self, other: Any) -> bool:
        return False


class _Base:
    """What a class derived from a stand-in inherits; one subclass of it for each stand-in."""

    # Another base, such as SQLAlchemy's, must still learn of its subclasses and instances.
    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        if _has_after_base(type(self), "__init__"):
            super().__init__(*arguments, **keywords)

    def __init_subclass__(cls, **keywords: Any) -> None:
        if _has_after_base(cls, "__init_subclass__"):
            super().__init_subclass__(**keywords)

    def __getattr__(self, name: str) -> StandIn:
        if name.startswith(("__", "_sa_")):
            raise AttributeError(name)
        return StandIn(f"{type(self).__name__}.{name}")


def _has_after_base(derived: type, method: str) -> bool:
    """Whether a class that comes after `_Base`, but before `object`, defines a method."""
    following = derived.__mro__[derived.__mro__.index(_Base) + 1 : -1]
    return any(method in vars(ancestor) for ancestor in following)


class _StandInModule(ModuleType):
    """A missing module: every attribute is a stand-in."""

    # SQLAlchemy asks a driver for both before it makes an engine.
    __version__ = "999.0.0"
    paramstyle = "pyformat"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__: list[str] = []

    def __getattr__(self, name: str) -> StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        found = StandIn(f"{self.__name__}.{name}")
        setattr(self, name, found)
        return found


class _Loader(importlib.abc.Loader):
    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


@dataclass
class StandInFinder(importlib.abc.MetaPathFinder):
    """Last on `sys.meta_path`: supplies what nobody else has found, where that is a third-party package.

    Args:
        user_files: tells who imports; a package's own attempts at something optional must fail as ever.
        roots: the folders of the user's own modules.
        stubbed: the modules that were supplied.
    """

    user_files: UserFiles
    roots: tuple[Path, ...] = ()
    stubbed: list[str] = field(default_factory=list)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - Python's own signature
        target: ModuleType | None = None,  # noqa: ARG002 - Python's own signature
    ) -> importlib.machinery.ModuleSpec | None:
        """A specification of a stand-in module, or None to let the import fail."""
        if not self._may_stand_in(fullname) or not self._is_asked_for(fullname):
            return None
        self.stubbed.append(fullname)
        return importlib.machinery.ModuleSpec(fullname, _Loader(), is_package=True)

    def packages(self) -> tuple[str, ...]:
        """What was supplied, without the modules inside it."""
        names = set(self.stubbed)
        return tuple(sorted(name for name in names if name.rpartition(".")[0] not in names))

    def _may_stand_in(self, fullname: str) -> bool:
        top, _, rest = fullname.partition(".")
        if top in NEVER_STUBBED or top in sys.stdlib_module_names:
            return False
        if not rest:
            own = {module.name for module in pkgutil.iter_modules([str(root) for root in self.roots])}
            return not difflib.get_close_matches(top, own, cutoff=_LIKENESS)
        parent = sys.modules.get(fullname.rpartition(".")[0])
        # Of an installed package nothing is missing; a namespace such as `google` is open to others.
        if isinstance(parent, _StandInModule):
            return True
        folders = [str(folder) for folder in getattr(parent, "__path__", ())]
        is_users = any(self.user_files.hold(str(Path(folder) / "__init__.py")) for folder in folders)
        return getattr(parent, "__file__", None) is None and bool(folders) and not is_users

    def _is_asked_for(self, fullname: str) -> bool:
        """Whether the user's code imports it, outside a `try` that is made for its absence."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and _is_import_machinery(frame):
            # `importlib.util.find_spec` only asks whether a package is there.
            if frame.f_globals.get("__name__") == "importlib.util":
                return False
            frame = frame.f_back
        if frame is None:
            return False
        filename = frame.f_code.co_filename
        if self.user_files.hold(filename):
            return not _is_optional(filename, frame.f_lineno)
        is_sqlalchemy = str(frame.f_globals.get("__name__", "")).partition(".")[0] == "sqlalchemy"
        return is_sqlalchemy and fullname.partition(".")[0] in _ENGINE_PACKAGES


def _is_import_machinery(frame: FrameType) -> bool:
    filename = frame.f_code.co_filename
    return filename == __file__ or filename.startswith("<frozen importlib") or "importlib" in Path(filename).parts


@cache
def _guarded_lines(filename: str) -> tuple[tuple[int, int], ...]:
    """The lines of every `try` body whose handler takes a missing module."""
    try:
        tree = ast.parse(Path(filename).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ()
    takes = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
    return tuple(
        (node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try)
        and any(
            handler.type is None
            or takes.intersection(name.id for name in ast.walk(handler.type) if isinstance(name, ast.Name))
            for handler in node.handlers
        )
    )


def _is_optional(filename: str, line: int) -> bool:
    return any(first <= line <= last for first, last in _guarded_lines(filename))


@contextmanager
def stand_ins(user_files: UserFiles, roots: Sequence[Path]) -> Iterator[StandInFinder]:
    """While it is open, missing third-party packages are stood in for; afterwards they are missing again."""
    finder = StandInFinder(user_files, tuple(roots))
    sys.meta_path.append(finder)
    try:
        yield finder
    finally:
        sys.meta_path.remove(finder)
        for name in finder.stubbed:
            sys.modules.pop(name, None)
