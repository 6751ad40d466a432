"""What classes, attributes, enums and modules are called: by rule, unless the user says otherwise."""

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from schemasync.errors import ConfigurationError
from schemasync.schema.model import Enum, Table
from schemasync.schema.names import snake_case

Key = tuple[str, str]

# What SQLAlchemy's declarative base and Flask-SQLAlchemy's models have under these names already.
RESERVED_ATTRIBUTES = frozenset({"metadata", "registry", "query", "query_class"})
# Modules that a package of mirrors has for itself.
RESERVED_MODULES = frozenset({"associations", "base", "enums", "helpers"})
_KEYWORDS = frozenset(keyword.kwlist) | frozenset(name for name in dir(builtins) if name[0].isupper())


@dataclass(frozen=True, slots=True)
class ModelNames:
    """What one table's class is called, and what is in it.

    Args:
        class_name: the class, or in the Core style the table's variable.
        module: the module, in a package of mirrors.
        attributes: by column.
        relationships: by the relation field's name.
    """

    class_name: str
    module: str
    attributes: Mapping[str, str]
    relationships: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EnumNames:
    """What an enum is called: its class, the constant that is its column type, its members in order."""

    class_name: str
    constant: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """All names of a set of mirrors, by schema and name of the table or enum."""

    models: Mapping[Key, ModelNames]
    enums: Mapping[Key, EnumNames]

    def taken(self) -> set[str]:
        """Every name that a model or enum has, which an import must not share."""
        found: set[str] = set()
        for model in self.models.values():
            found.add(model.class_name)
            found.update(model.attributes.values())
            found.update(model.relationships.values())
        for enum in self.enums.values():
            found.update((enum.class_name, enum.constant))
        return found


def chosen_names(
    tables: Iterable[Table],
    enums: Iterable[Enum],
    *,
    settings: Mapping[str, str] | None = None,
    reserved: Collection[str] = (),
    class_names: Collection[str] = (),
    core: bool = False,
) -> Names:
    """Names for all tables and enums.

    Args:
        settings: names that the user chose: by `Model`, `Model.field`, `table` or `table.column`.
        reserved: attributes that the base class has, such as its methods.
        class_names: class names that are taken, such as the base's.
        core: whether tables become variables, not classes.

    Raises:
        ConfigurationError: a chosen name is no Python identifier.
    """
    chosen = _checked(settings or {})
    forbidden = RESERVED_ATTRIBUTES.union(reserved)
    taken, modules = set(class_names), set(RESERVED_MODULES)
    models = {}
    for table in tables:
        given = chosen.get(table.model or "") or chosen.get(table.name)
        plain = variable_name(table.name) if core else class_name(table.model or table.name)
        name = _unique(given or plain, taken)
        module = _unique(module_name(name), modules)
        attributes, relationships = _attributes(table, chosen, forbidden)
        models[table.key] = ModelNames(name, module, attributes, relationships)
    return Names(models, {enum.key: _enum_names(enum, chosen, taken) for enum in enums})


def _attributes(
    table: Table, chosen: Mapping[str, str], forbidden: frozenset[str]
) -> tuple[dict[str, str], dict[str, str]]:
    taken: set[str] = set()
    attributes, relationships = {}, {}
    for column in table.columns:
        given = _given(table, column.field, column.name, chosen) if chosen else None
        name = given or attribute_name(column.field or column.name)
        attributes[column.name] = _unique(f"{name}_" if name in forbidden and not given else name, taken)
    for one in table.relationships:
        given = _given(table, one.name, one.name, chosen) if chosen else None
        name = given or attribute_name(one.name)
        relationships[one.name] = _unique(f"{name}_" if name in forbidden and not given else name, taken)
    return attributes, relationships


def _given(table: Table, field: str | None, column: str, chosen: Mapping[str, str]) -> str | None:
    return (chosen.get(f"{table.model}.{field}") if table.model else None) or chosen.get(f"{table.name}.{column}")


def _checked(settings: Mapping[str, str]) -> Mapping[str, str]:
    wrong = [f"{key} = {name!r}" for key, name in settings.items() if not _is_identifier(name)]
    if wrong:
        raise ConfigurationError(
            f"no Python name: {', '.join(wrong)}", hint="[mirror] names gives classes and attributes their names"
        )
    return settings


def _is_identifier(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


@lru_cache(maxsize=65536)
def attribute_name(name: str) -> str:
    """`generatedByUser` as `generated_by_user`; a keyword gets an underscore behind it, a digit one before it."""
    plain = snake_case(name).strip("_") if name.isascii() else re.sub(r"\W+", "_", name).strip("_").lower()
    if not plain or not plain.isidentifier():
        plain = f"column_{plain}".rstrip("_") if plain[:1].isdigit() or not plain else f"{plain}_"
    return f"{plain}_" if plain in _KEYWORDS else plain


@lru_cache(maxsize=65536)
def class_name(name: str) -> str:
    """`access_codes` as `AccessCodes`; a name in capitals and small letters stays as it is."""
    if name[:1].isupper() and name.isidentifier() and "_" not in name and not name.isupper():
        return f"{name}_" if name in _KEYWORDS else name
    words = [word for word in re.split(r"[\W_]+", name) if word]
    joined = "".join(
        word[:1].upper() + (word[1:].lower() if word.isupper() and len(words) > 1 else word[1:]) for word in words
    )
    joined = joined if joined.isidentifier() else f"Table{joined}"
    return f"{joined}_" if joined in _KEYWORDS else joined


def variable_name(name: str) -> str:
    """A table's variable in the Core style: `_PostToTag` as `post_to_tag`."""
    return attribute_name(name)


def module_name(name: str) -> str:
    """The module of a class: `AccessRequest` as `access_request`; in ASCII, as files should be called."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return attribute_name(plain or "model")


def member_name(name: str) -> str:
    """A member of an enum class: `inProgress` as `IN_PROGRESS`."""
    plain = snake_case(name).strip("_").upper() if name.isascii() else re.sub(r"\W+", "_", name).strip("_").upper()
    return plain if plain.isidentifier() else f"VALUE_{plain}".rstrip("_")


def _enum_names(enum: Enum, chosen: Mapping[str, str], taken: set[str]) -> EnumNames:
    given = chosen.get(enum.model or "") or chosen.get(enum.name)
    name = _unique(given or class_name(enum.model or enum.name), taken)
    constant = _unique(member_name(name), taken)
    used: set[str] = set()
    labels = enum.members or enum.values
    return EnumNames(name, constant, tuple(_unique(member_name(label), used) for label in labels))


def _unique(name: str, taken: set[str]) -> str:
    """A name that is not taken yet, with a number behind it if need be; it is taken from then on."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}" if name[:1].islower() or name.isupper() else f"{name}{number}"
    taken.add(found)
    return found
