"""Mirrors put together: one module, or a package with a module a model."""

from collections.abc import Iterable

from schemasync.mirror.base import Base
from schemasync.mirror.columns import ColumnWriter
from schemasync.mirror.core import core_table
from schemasync.mirror.declarative import model_class
from schemasync.mirror.enums import enum_class
from schemasync.mirror.helper_source import helper_source
from schemasync.mirror.layout import literal
from schemasync.mirror.plan import Plan
from schemasync.mirror.section import Section
from schemasync.mirror.symbols import HELPERS, PLAIN, SOURCES, Symbols, export_order, from_import, import_lines
from schemasync.schema.model import Table

Import = tuple[str, str]

_INTRODUCTION = "SQLAlchemy mirrors of the tables that Prisma owns, written by schemasync mirror."


def one_module(plan: Plan) -> str:
    """All mirrors as the source of one module."""
    symbols = _symbols(plan.names.taken())
    writers = _Writers(plan, symbols)
    enums = [enum_class(plan, enum, symbols) for enum in plan.enums]
    joins = [writers.join(key, variable) for key, variable in plan.join_tables.items()]
    models = [writers.model(table) for table in plan.models]
    used = frozenset[str]().union(*(section.symbols for section in (*enums, *joins, *models)))
    imports, base = _base(plan, symbols, {section.base for section in (*joins, *models)})
    helper_imports, helpers = helper_source(used & HELPERS)
    imports |= helper_imports | _imports(used, symbols)
    parts = [base] if base else []
    parts += [helpers] if helpers else []
    renamed = sorted(name for name in used & HELPERS if symbols(name) != name)
    parts += ["\n".join(f"{symbols(name)} = {name}" for name in renamed)] if renamed else []
    parts += [section.text for section in enums]
    return _module(_INTRODUCTION, imports, [*parts, *_together(plan, joins, models)], plan.width)


def package(plan: Plan, package_name: str | None = None) -> dict[str, str]:
    """A package with a module a model, by file name; `__init__.py` imports them all.

    Args:
        package_name: the package's full name for absolute imports; relative ones without it.
    """
    return Package(plan, package_name).files()


class Package:
    """Writes the modules of a package.

    Args:
        prefix: what stands before a sibling's name in an import.
    """

    def __init__(self, plan: Plan, package_name: str | None = None) -> None:
        self.plan = plan
        self.prefix = f"{package_name}." if package_name else "."
        self.shared = _Writers(plan, PLAIN)
        self.class_modules = {model.class_name: model.module for model in plan.names.models.values()}
        self.enum_names = {name for enum in plan.names.enums.values() for name in (enum.class_name, enum.constant)}

    def files(self) -> dict[str, str]:
        """Every file's text."""
        plan = self.plan
        helpers: set[str] = set()
        files: dict[str, str] = {}
        if plan.base.module is None:
            imports, base = _base(plan, PLAIN, None)
            what = "The MetaData of all mirrors." if plan.style == "table" else "The base class of all mirrors."
            files["base.py"] = _module(what, imports, [base], plan.width)
        if plan.enums:
            sections = [enum_class(plan, enum, self._enum_symbols()) for enum in plan.enums]
            files["enums.py"] = self._siblings("The enums of Prisma's tables.", sections, self._enum_symbols(), helpers)
        if plan.join_tables:
            joins = [self.shared.join(key, variable) for key, variable in plan.join_tables.items()]
            files["associations.py"] = self._siblings(
                "The tables of implicit many-to-many relations.", joins, PLAIN, helpers, blank=1
            )
        for table in plan.models:
            files[f"{plan.names.models[table.key].module}.py"] = self.model(table, helpers)
        if helpers:
            helper_imports, text = helper_source(helpers)
            files["helpers.py"] = _module(
                "What the mirrors need beside SQLAlchemy.", helper_imports, [text], plan.width
            )
        files["__init__.py"] = self._registry()
        return dict(sorted(files.items()))

    def model(self, table: Table, helpers: set[str]) -> str:
        """The module of one model.

        Args:
            helpers: gains the helpers that it uses.
        """
        symbols = self.symbols_for(table)
        writers = self.shared if symbols is PLAIN else _Writers(self.plan, symbols)
        section = writers.model(table)
        name = table.model or table.name
        introduction = f"Mirror of Prisma's {name}." if table.model else f"Mirror of the table {name}."
        return self._siblings(introduction, [section], symbols, helpers)

    def symbols_for(self, table: Table) -> Symbols:
        """What imported names are called in a model's module."""
        model = self.plan.names.models[table.key]
        own = {model.class_name, *model.attributes.values(), *model.relationships.values()}
        own.update(self.plan.writer.targets(table))
        return _symbols(own | self.enum_names)

    def _enum_symbols(self) -> Symbols:
        return _symbols(self.enum_names)

    def _siblings(
        self, introduction: str, sections: list[Section], symbols: Symbols, helpers: set[str], blank: int = 2
    ) -> str:
        used = frozenset[str]().union(*(section.symbols for section in sections))
        helpers |= used & HELPERS
        imports = _imports(used, symbols) | self._sibling_imports(sections, used & HELPERS, symbols)
        imports |= self._base_imports({section.base for section in sections if section.base})
        targets = frozenset[str]().union(*(section.targets for section in sections))
        parts = ["\n\n".join(section.text for section in sections)] if blank == 1 else [one.text for one in sections]
        if not targets:
            return _module(introduction, imports, parts, self.plan.width)
        imports.add(("typing", "TYPE_CHECKING"))
        ordered = sorted(targets, key=self.class_modules.__getitem__)
        lines = [from_import(self.prefix + self.class_modules[name], [name], self.plan.width) for name in ordered]
        checking = "if TYPE_CHECKING:\n" + "\n".join(_indented(line) for line in lines)
        return _module(introduction, imports, parts, self.plan.width, checking)

    def _sibling_imports(self, sections: list[Section], helpers: Iterable[str], symbols: Symbols) -> set[Import]:
        found = {(f"{self.prefix}enums", name) for section in sections for name in section.enums}
        found |= {(f"{self.prefix}associations", name) for section in sections for name in section.joins}
        return found | {(f"{self.prefix}helpers", _renamed(name, symbols)) for name in helpers}

    def _base_imports(self, expressions: set[str]) -> set[Import]:
        base = self.plan.base
        if base.module is None:
            return {(f"{self.prefix}base", base.name)} if expressions else set()
        return _imported_bases(self.plan, expressions)

    def _registry(self) -> str:
        names = self.plan.names
        imports = {(self.prefix + model.module, model.class_name) for model in names.models.values()}
        imports |= {(f"{self.prefix}enums", enum.class_name) for enum in names.enums.values() if enum.class_name}
        imports |= {(f"{self.prefix}associations", variable) for variable in self.plan.join_tables.values()}
        if self.plan.base.module is None:
            imports.add((f"{self.prefix}base", self.plan.base.name))
        exported = sorted({name for _, name in imports}, key=export_order)
        listed = "__all__ = [\n" + "".join(f"    {literal(name)},\n" for name in exported) + "]"
        return _module(_INTRODUCTION, imports, [listed], self.plan.width)


class _Writers:
    """The column writers of one module, and what they write with."""

    def __init__(self, plan: Plan, symbols: Symbols) -> None:
        self.plan = plan
        self.typed = ColumnWriter(symbols, plan.names.enums, typed=True, width=plan.width)
        self.core = ColumnWriter(symbols, plan.names.enums, typed=False, width=plan.width)

    def model(self, table: Table) -> Section:
        if self.plan.style == "table":
            return core_table(self.plan, table, self.plan.names.models[table.key].class_name, self.core)
        return model_class(self.plan, table, self.typed)

    def join(self, key: tuple[str, str], variable: str) -> Section:
        return core_table(self.plan, self.plan.tables[key], variable, self.core)


def _symbols(taken: set[str]) -> Symbols:
    return PLAIN if taken.isdisjoint(SOURCES.keys() | HELPERS) else Symbols(taken)


def _renamed(name: str, symbols: Symbols) -> str:
    return name if symbols(name) == name else f"{name} as {symbols(name)}"


def _imports(names: Iterable[str], symbols: Symbols) -> set[Import]:
    found = (symbols.import_of(name) for name in names if name.partition(".")[0] in SOURCES)
    return {one for one in found if one is not None}


def _base(plan: Plan, symbols: Symbols, expressions: set[str] | None) -> tuple[set[Import], str]:
    """The base's imports and its text, where it is defined with the mirrors."""
    if plan.base.module is not None:
        return _imported_bases(plan, expressions or {plan.base.expression}), ""
    if plan.style == "table":
        return _imports(["MetaData"], symbols), f"{plan.base.name} = {symbols('MetaData')}()"
    text = f'class Base({symbols("DeclarativeBase")}):\n    """What all mirrors inherit from."""'
    if plan.style == "declarative":
        return _imports(["DeclarativeBase"], symbols), text
    text += (
        f"\n\n\ndb = {symbols('SQLAlchemy')}(model_class=Base)\n\n"
        "# Type checkers cannot see that db.Model is a class.\n"
        f"if {symbols('TYPE_CHECKING')}:\n    Model = Base\nelse:\n    Model = db.Model"
    )
    return _imports(["DeclarativeBase", "SQLAlchemy", "TYPE_CHECKING"], symbols), text


def _imported_bases(plan: Plan, expressions: set[str]) -> set[Import]:
    found = set()
    base: Base | None = plan.base
    while base is not None:
        if base.module is not None and expressions & {base.expression, base.metadata, base.name}:
            found.add((base.module, base.name))
        base = base.parent
    return found


def _together(plan: Plan, joins: list[Section], models: list[Section]) -> list[str]:
    """Tables stand one line apart, classes two."""
    if plan.style == "table":
        return ["\n\n".join(section.text for section in (*joins, *models))]
    tables = ["\n\n".join(section.text for section in joins)] if joins else []
    return [*tables, *(section.text for section in models)]


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _module(introduction: str, imports: Iterable[Import], parts: list[str], width: int, checking: str = "") -> str:
    statements = import_lines(frozenset(imports), width)
    head = f'"""{introduction}"""\n\n{statements}'
    if checking:
        head += f"\n\n{checking}"
    first = parts[0] if parts else ""
    gap = "\n\n\n" if first.startswith(("class ", "def ", "@")) else "\n\n"
    return head + gap + "\n\n\n".join(parts) + "\n"
