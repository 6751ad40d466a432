"""What imported names are called in a file that people edit: as it calls them already, else as it can import them."""

import re
from collections import Counter
from collections.abc import Iterable

import libcst as cst

from schemasync.mirror.symbols import HELPERS, SOURCES, Symbols
from schemasync.mirror.update.source import SourceFile
from schemasync.mirror.update.statements import assigned_names, bindings_of, import_keys

# Names that a Flask-SQLAlchemy `db` hands on from sqlalchemy and sqlalchemy.orm.
_OF_DB = frozenset({"sqlalchemy", "sqlalchemy.orm"})


class FileNames(Symbols):
    """The names of one file.

    Args:
        source: the file.
        module: its module's name.
        helpers: the module that the helpers are imported from.
        relative: whether siblings are imported relatively, where the file itself does not tell.
        own: names of classes and attributes that an import must not hide.
    """

    def __init__(
        self, source: SourceFile, module: str, helpers: str, *, relative: bool = False, own: Iterable[str] = ()
    ) -> None:
        super().__init__()
        self.source = source
        self.module = module
        self.package = module if source.path.name == "__init__.py" else module.rpartition(".")[0]
        self.helpers = helpers
        self.is_relative = relative
        self._bound: dict[str, tuple[str, str]] = {}
        self._typing_only: dict[str, tuple[str, str]] = {}
        self._own = set(own)
        self._hidden: set[str] = set()
        self._found: dict[str, str] = {}
        self.wanted: dict[str, tuple[str, str]] = {}
        self.helpers_used: set[str] = set()
        self.wanted_for_typing: set[tuple[str, str]] = set()
        self._collect()
        self._prefix = self._usual_prefix()

    def __call__(self, name: str) -> str:
        """What the name is called here; `require` asks for what that takes."""
        if name not in self._found:
            self._found[name] = self._resolved(name)
        return self._found[name]

    def hide(self, attributes: Iterable[str]) -> None:
        """Names that attributes of a class have, so that its body cannot use them for anything else."""
        self._hidden.update(attributes)
        self._found.clear()

    def require(self, names: Iterable[str]) -> None:
        """Asks for the imports that these names take."""
        for name in names:
            if name.partition(".")[0] not in SOURCES and name not in HELPERS:
                continue
            if name in HELPERS:
                self.helpers_used.add(name)
            local = self(name).partition(".")[0]
            if local == "builtins" and local not in self._bound:
                self.wanted[local] = ("", local)
            elif local not in self._bound:
                wanted = self._wanted(name, local)
                if wanted is not None:
                    self.wanted[local] = wanted

    def require_from(self, module: str, name: str) -> str:
        """Asks for a name of the project's own; gives what it is called here."""
        if module == self.module:
            return name
        for local, bound in self._bound.items():
            if bound == (module, name):
                return local
        self.wanted[name] = (module, name)
        return name

    def require_for_typing(self, module: str, name: str) -> None:
        """Asks for a name that annotations alone need."""
        known = {*self._bound.values(), *self._typing_only.values()}
        if module != self.module and (module, name) not in known and name not in self._typing_only:
            self.wanted_for_typing.add((module, name))

    def require_import(self, module: str, name: str) -> None:
        """Asks for an import by that very name."""
        if self._bound.get(name) != (module, name):
            self.wanted[name] = (module, name)

    @property
    def defined(self) -> frozenset[str]:
        """What the file defines itself."""
        return frozenset(self._own)

    def is_known(self, name: str) -> bool:
        """Whether the file has that name, or defines it."""
        return name in self._bound or name in self._own

    def origin_of(self, name: str) -> tuple[str, str] | None:
        """The module that a name of the file is imported from, and what it is called there."""
        return self._bound.get(name)

    def imported_modules(self) -> list[str]:
        """The modules that names are imported from."""
        return sorted({module for module, _ in self._bound.values() if module})

    def _collect(self) -> None:
        relative = absolute = 0
        for statement in self.source.module.body:
            for name, _ in import_keys(statement) if isinstance(statement, cst.SimpleStatementLine) else ():
                relative += name.startswith(".")
                absolute += bool(self.package) and name.startswith(f"{self.package.partition('.')[0]}.")
            if isinstance(statement, cst.If):
                for inner in statement.body.body:
                    self._typing_only.update(self._bindings(inner))
            elif isinstance(statement, (cst.ClassDef, cst.FunctionDef)):
                self._own.add(statement.name.value)
            elif isinstance(statement, cst.SimpleStatementLine):
                self._bound.update(self._bindings(statement))
                self._own.update(assigned_names(statement))
        if relative or absolute:
            self.is_relative = relative > absolute

    def _bindings(self, statement: cst.CSTNode) -> dict[str, tuple[str, str]]:
        found = bindings_of(statement)
        return {local: (self._absolute(module), name) for local, (module, name) in found.items()}

    def _absolute(self, module: str) -> str:
        """A relative import's module by its full name."""
        if not module.startswith("."):
            return module
        rest = module.lstrip(".")
        parents = self.package.split(".")[: len(self.package.split(".")) - (len(module) - len(rest)) + 1]
        return ".".join([*parents, rest] if rest else parents)

    def written(self, module: str) -> str:
        """A module as this file imports it."""
        if self.is_relative and self.package and module.startswith(f"{self.package}."):
            return module[len(self.package) :]
        return module

    def _usual_prefix(self) -> str | None:
        """`db` in a file that writes `db.Column` and `db.String`; None in one that imports these names."""
        text = self.source.content.decode(self.source.module.encoding)
        found = re.findall(r"(?<![\w.])(\w+)\.(\w+)", text)
        usual = Counter(prefix for prefix, name in found if SOURCES.get(name) in _OF_DB).most_common(1)
        return usual[0][0] if usual and usual[0][0] in self._bound else None

    def _resolved(self, name: str) -> str:
        module, member = _origin(name)
        if name in HELPERS:
            module = self.helpers
            if module == self.module:
                return name
        for local, bound in self._bound.items():
            if bound == (module, member) and local not in self._hidden:
                return local
        if not module:
            return f"builtins.{member}" if member in self._hidden else member
        for local, bound in self._bound.items():
            if bound == ("", module) and module and local not in self._hidden:
                return f"{local}.{member}"
        if self._prefix is not None and module in _OF_DB and name not in ("Mapped", "mapped_column", "DeclarativeBase"):
            return f"{self._prefix}.{member}"
        if not self._is_taken(member):
            return member if "." not in name else (name if not self._is_taken(module) else member)
        if module in ("uuid", "decimal", "datetime") and not self._is_taken(module):
            return f"{module}.{member}"
        return f"Sql{member}" if member[0].isupper() else f"sql_{member}"

    def _is_taken(self, name: str) -> bool:
        return name in self._bound or name in self._own or name in self._hidden

    def _wanted(self, name: str, local: str) -> tuple[str, str] | None:
        module, member = _origin(name)
        if name in HELPERS:
            module = self.helpers
        if not module or module == self.module:
            return None
        if local == module:
            return ("", module)
        return (module, member if local == member else f"{member} as {local}")


def _origin(name: str) -> tuple[str, str]:
    """The module that a name comes from, and what it is called there."""
    if name in HELPERS:
        return "", name
    first, dot, member = name.partition(".")
    if dot:
        return SOURCES[first], member
    return SOURCES[name], name
