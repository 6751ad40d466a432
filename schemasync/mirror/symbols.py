"""The names that mirror modules import, and what they are called where a model's own name would hide them."""

import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache

_SQLALCHEMY = (
    "BigInteger Boolean CHAR CheckConstraint Column Computed Date Double Enum FetchedValue ForeignKey "
    "ForeignKeyConstraint Identity Index Integer LargeBinary MetaData Numeric PrimaryKeyConstraint REAL Sequence "
    "SmallInteger String Table Text UniqueConstraint Uuid event text"
)
_POSTGRESQL = (
    "ARRAY BIT CIDR CITEXT DATEMULTIRANGE DATERANGE HSTORE INET INT4MULTIRANGE INT4RANGE INT8MULTIRANGE INT8RANGE "
    "INTERVAL JSON JSONB MACADDR MACADDR8 MONEY NUMMULTIRANGE NUMRANGE OID REGCLASS REGCONFIG TIME TIMESTAMP "
    "TSMULTIRANGE TSQUERY TSRANGE TSTZMULTIRANGE TSTZRANGE TSVECTOR Range"
)

# Where each name comes from; an empty module is Python itself, a name equal to its module is the module.
SOURCES: Mapping[str, str] = {
    **dict.fromkeys(_SQLALCHEMY.split(), "sqlalchemy"),
    **dict.fromkeys(_POSTGRESQL.split(), "sqlalchemy.dialects.postgresql"),
    **dict.fromkeys(("DeclarativeBase", "Mapped", "mapped_column", "relationship"), "sqlalchemy.orm"),
    **dict.fromkeys(("bool", "bytes", "dict", "float", "int", "list", "str"), ""),
    "Any": "typing",
    "Decimal": "decimal",
    "SQLAlchemy": "flask_sqlalchemy",
    "StrEnum": "enum",
    "MappingProxyType": "types",
    "TYPE_CHECKING": "typing",
    "UUID": "uuid",
    "datetime": "datetime",
    "uuid4": "uuid",
    "UserDefinedType": "sqlalchemy.types",
}
# What the generated helpers are called; they live in the module itself or beside it.
HELPERS = frozenset(
    {"PostgresqlType", "cuid", "cuid2", "labels", "naive_utc_now", "nanoid", "read_only", "ulid", "utc_now", "uuid7"}
)
# These are named outside of classes alone, where no attribute hides them.
_AT_MODULE_LEVEL = frozenset({"labels", "read_only"})


class Symbols:
    """What imported names are called in one module.

    Args:
        taken: the names that the module's own classes and attributes have.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        hidden = (SOURCES.keys() | HELPERS).intersection(taken) - _AT_MODULE_LEVEL
        self._local = {name: _other_name(name) for name in hidden}

    def __call__(self, name: str) -> str:
        """What the name is called here; a module's member may be named too, as `datetime.date`."""
        if self._local and "." in name:
            module, _, member = name.partition(".")
            return f"{self(module)}.{member}"
        return self._local.get(name, name)

    def import_of(self, name: str) -> tuple[str, str] | None:
        """The module to import from and what to import, `x as y` where needed; None for a name of Python itself."""
        name = name.partition(".")[0]
        module, local = SOURCES[name], self(name)
        if not module:
            return ("", "builtins") if local != name else None
        if module == name:
            return ("", f"{module} as {local}" if local != name else module)
        return (module, f"{name} as {local}" if local != name else name)


def _other_name(name: str) -> str:
    if name in SOURCES and not SOURCES[name]:
        return f"builtins.{name}"
    if name in SOURCES and SOURCES[name] == name:
        return f"{name}_module"
    return f"Sql{name}" if name[0].isupper() else f"sql_{name}"


# Where nothing is hidden, which is nearly everywhere; what is rendered with it can be shared between modules.
PLAIN = Symbols()


@cache
def import_lines(imports: frozenset[tuple[str, str]], width: int = 88) -> str:
    """Import statements as isort orders them: standard library, packages, then relative ones.

    Args:
        imports: pairs of a module and what is imported from it; for a whole module the first is empty.
        width: how long a line may be.
    """
    plain: dict[int, set[str]] = {}
    by_module: dict[int, dict[str, set[str]]] = {}
    for module, name in imports:
        section = section_of(module or name)
        if module:
            by_module.setdefault(section, {}).setdefault(module, set()).add(name)
        else:
            plain.setdefault(section, set()).add(name)
    sections = []
    for section in sorted(plain.keys() | by_module.keys()):
        lines = [f"import {name}" for name in sorted(plain.get(section, ()))]
        modules = by_module.get(section, {})
        for module in sorted(modules, key=_module_order):
            plainly = {name for name in modules[module] if " as " not in name}
            lines += [from_import(module, plainly, width)] if plainly else []
            lines += [f"from {module} import {name}" for name in sorted(modules[module] - plainly, key=name_order)]
        sections.append("\n".join(lines))
    return "\n\n".join(sections)


def from_import(module: str, names: Iterable[str], width: int = 88) -> str:
    """`from module import a, b`, broken into lines where it is too long."""
    ordered = sorted(names, key=name_order)
    flat = f"from {module} import {', '.join(ordered)}"
    if len(flat) <= width:
        return flat
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in ordered) + ")"


@cache
def name_order(name: str) -> tuple[int, list[tuple[int, str]], str]:
    """Constants, then classes, then the rest, as isort's `order-by-type` has them."""
    return (_kind(name), _natural(name.lower()), name)


def export_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """The order of `__all__` (ruff's rule RUF022), where capitals come before small letters."""
    return (_kind(name), _natural(name))


def _kind(name: str) -> int:
    return 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2


def _natural(name: str) -> list[tuple[int, str]]:
    """Numbers by their value."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


@cache
def section_of(module: str) -> int:
    """The section of an import: 0 for the standard library, 1 for packages, 2 for the project, 3 for siblings."""
    first = module.split(" ")[0].split(".")[0]
    if module.startswith("."):
        return 3
    if first in sys.stdlib_module_names:
        return 0
    return 1 if first in ("sqlalchemy", "flask_sqlalchemy") else 2


@cache
def _module_order(module: str) -> tuple[int, list[tuple[int, str]]]:
    # Relative imports: farther ones first, as isort has them.
    dots = len(module) - len(module.lstrip("."))
    return (-dots, _natural(module.lower()))
