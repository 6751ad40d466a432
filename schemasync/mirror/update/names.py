"""What imported names are called in a file that people edit: as it calls them already, else as it can import them."""

from collections import Counter
from collections.abc import Iterable

import libcst as cst

from schemasync.mirror.symbols import HELPERS, SOURCES, Symbols, from_import, name_order, section_of
from schemasync.mirror.update.source import SourceFile

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
        self._pending: dict[str, set[str]] = {}
        self._inserted: list[tuple[int, bool, str, str]] = []

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
            for name, _ in _import_key(statement) if isinstance(statement, cst.SimpleStatementLine) else ():
                relative += name.startswith(".")
                absolute += bool(self.package) and name.startswith(f"{self.package.partition('.')[0]}.")
            if isinstance(statement, cst.If):
                for inner in statement.body.body:
                    self._typing_only.update(self._bindings(inner))
            elif isinstance(statement, (cst.ClassDef, cst.FunctionDef)):
                self._own.add(statement.name.value)
            elif isinstance(statement, cst.SimpleStatementLine):
                self._bound.update(self._bindings(statement))
                self._own.update(_assigned(statement))
        if relative or absolute:
            self.is_relative = relative > absolute

    def _bindings(self, statement: cst.CSTNode) -> dict[str, tuple[str, str]]:
        found = _bindings(statement)
        return {local: (self._absolute(module), name) for local, (module, name) in found.items()}

    def _absolute(self, module: str) -> str:
        """A relative import's module by its full name."""
        if not module.startswith("."):
            return module
        rest = module.lstrip(".")
        parents = self.package.split(".")[: len(self.package.split(".")) - (len(module) - len(rest)) + 1]
        return ".".join([*parents, rest] if rest else parents)

    def _written(self, module: str) -> str:
        """A module as this file imports it."""
        if self.is_relative and self.package and module.startswith(f"{self.package}."):
            return module[len(self.package) :]
        return module

    def _usual_prefix(self) -> str | None:
        """`db` in a file that writes `db.Column` and `db.String`; None in one that imports these names."""
        counter = _AttributeCounter()
        self.source.module.visit(counter)
        usual = counter.counts.most_common(1)
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

    def write(self) -> None:
        """Asks the file for all imports that were required."""
        if self.wanted_for_typing and self._typing_block() is None:
            self.require(["TYPE_CHECKING"])
        for module, name in self.wanted.values():
            self._pending.setdefault(self._written(module), set()).add(name)
        self._grouped()
        if self.wanted_for_typing:
            self._import_for_typing()

    def _grouped(self) -> None:
        for module, names in sorted(self._pending.items()):
            statement = None if not module else self._statement_of(module)
            plain = {name for name in names if " as " not in name}
            if statement is not None and plain:
                self._extend(statement, module, plain)
                names = names - plain
            for text in _statements(module, names, self.source.width):
                self._insert(module or text.split()[1], text, is_plain=not module)
        self._flush()

    def _statement_of(self, module: str) -> cst.SimpleStatementLine | None:
        for statement in self.source.module.body:
            if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
                found = statement.body[0]
                if (
                    isinstance(found, cst.ImportFrom)
                    and _module_of(found) == module
                    and not isinstance(found.names, cst.ImportStar)
                    and not self.source.has_comment(found)
                ):
                    return statement
        return None

    def _extend(self, statement: cst.SimpleStatementLine, module: str, names: set[str]) -> None:
        found = statement.body[0]
        assert isinstance(found, cst.ImportFrom)
        assert not isinstance(found.names, cst.ImportStar)
        present = {self.source.text(alias).rstrip(",").strip().rstrip(",") for alias in found.names}
        text = from_import(module, present | names, self.source.width)
        self.source.replace(found, text)

    def _insert(self, module: str, text: str, *, is_plain: bool) -> None:
        self._inserted.append((section_of(module), not is_plain, module.lower(), text))

    def _flush(self) -> None:
        """Puts new import statements where isort would: by section, whole modules first, then by name."""
        existing = [
            (section_of(module), not is_plain, module.lower(), statement)
            for statement in self.source.module.body
            if isinstance(statement, cst.SimpleStatementLine)
            for module, is_plain in _import_key(statement)
        ]
        places: dict[int, list[tuple[int, bool, str, str]]] = {}
        for one in sorted(self._inserted):
            after = -1
            for number, (section, is_from, module, _) in enumerate(existing):
                if (section, is_from, module) <= one[:3]:
                    after = number
            places.setdefault(after, []).append(one)
        for after, ones in places.items():
            self._put(existing, after, ones)

    def _put(
        self,
        existing: list[tuple[int, bool, str, cst.SimpleStatementLine]],
        after: int,
        ones: list[tuple[int, bool, str, str]],
    ) -> None:
        lines: list[str] = []
        section = existing[after][0] if after >= 0 else None
        for one in ones:
            if section is not None and one[0] != section:
                lines.append("")
            lines.append(one[3])
            section = one[0]
        following = existing[after + 1] if after + 1 < len(existing) else None
        if after >= 0:
            if following is not None and following[0] != section and existing[after][0] == following[0]:
                lines.append("")
            self.source.insert_after(existing[after][3], "\n".join(lines))
        elif following is not None:
            lines += [""] if following[0] != section else []
            self.source.insert_before(following[3], "\n".join(lines))
        else:
            self._put_first(lines)

    def _put_first(self, lines: list[str]) -> None:
        body = self.source.module.body
        if body and isinstance(body[0], cst.SimpleStatementLine) and _is_docstring(body[0]):
            self.source.insert_after(body[0], "\n".join(["", *lines]))
        elif body:
            self.source.insert_before(body[0], "\n".join([*lines, "", ""]))
        else:
            self.source.append("\n".join(lines))

    def _typing_block(self) -> cst.If | None:
        for statement in self.source.module.body:
            if isinstance(statement, cst.If) and self.source.text(statement.test).endswith("TYPE_CHECKING"):
                return statement
        return None

    def _import_for_typing(self) -> None:
        pairs = sorted((self._written(module), name) for module, name in self.wanted_for_typing)
        lines = [from_import(module, [name], self.source.width) for module, name in pairs]
        indented = ["\n".join(f"    {part}" for part in line.split("\n")) for line in lines]
        found = self._typing_block()
        if found is not None:
            for (module, _), line in zip(pairs, indented, strict=True):
                before = [
                    inner
                    for inner in found.body.body
                    if isinstance(inner, cst.SimpleStatementLine)
                    and any(key.lower() <= module.lower() for key, _ in _import_key(inner))
                ]
                if before:
                    self.source.insert_after(before[-1], line)
                else:
                    self.source.insert_before(found.body.body[0], line)
            return
        block = "\n".join([f"if {self('TYPE_CHECKING')}:", *indented])
        imports = [
            statement
            for statement in self.source.module.body
            if isinstance(statement, cst.SimpleStatementLine) and list(_import_key(statement))
        ]
        if imports:
            self.source.insert_after(imports[-1], f"\n{block}")
        else:
            self.source.append(f"\n{block}", rank=0)


def _origin(name: str) -> tuple[str, str]:
    """The module that a name comes from, and what it is called there."""
    if name in HELPERS:
        return "", name
    first, dot, member = name.partition(".")
    if dot:
        return SOURCES[first], member
    return SOURCES[name], name


def _bindings(statement: cst.CSTNode) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    if not isinstance(statement, cst.SimpleStatementLine):
        return found
    for part in statement.body:
        if isinstance(part, cst.ImportFrom) and not isinstance(part.names, cst.ImportStar):
            for alias in part.names:
                found[_local(alias)] = (_module_of(part), str(alias.evaluated_name))
        elif isinstance(part, cst.Import):
            for alias in part.names:
                if alias.asname is None and "." in alias.evaluated_name:
                    continue
                found[_local(alias)] = ("", str(alias.evaluated_name))
    return found


def _local(alias: cst.ImportAlias) -> str:
    return str(alias.evaluated_alias or alias.evaluated_name)


def _module_of(statement: cst.ImportFrom) -> str:
    dots = "." * len(statement.relative)
    if statement.module is None:
        return dots
    return dots + cst.Module([]).code_for_node(statement.module)


def _import_key(statement: cst.SimpleStatementLine) -> Iterable[tuple[str, bool]]:
    for part in statement.body:
        if isinstance(part, cst.ImportFrom):
            yield _module_of(part), False
        elif isinstance(part, cst.Import):
            yield str(part.names[0].evaluated_name), True


def _assigned(statement: cst.SimpleStatementLine) -> set[str]:
    names: set[str] = set()
    for part in statement.body:
        targets = [target.target for target in part.targets] if isinstance(part, cst.Assign) else []
        names.update(target.value for target in targets if isinstance(target, cst.Name))
    return names


def _statements(module: str, names: set[str], width: int) -> list[str]:
    if not module:
        return [f"import {name}" for name in sorted(names)]
    plain = {name for name in names if " as " not in name}
    found = [from_import(module, plain, width)] if plain else []
    return found + [f"from {module} import {name}" for name in sorted(names - plain, key=name_order)]


def _is_docstring(statement: cst.SimpleStatementLine) -> bool:
    first = statement.body[0]
    return isinstance(first, cst.Expr) and isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))


class _AttributeCounter(cst.CSTVisitor):
    """How often each name stands before one of SQLAlchemy's: `db` in `db.Column`."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def visit_Attribute(self, node: cst.Attribute) -> None:  # noqa: N802 - LibCST calls it so
        """Counts one."""
        if isinstance(node.value, cst.Name) and SOURCES.get(node.attr.value) in _OF_DB:
            self.counts[node.value.value] += 1
