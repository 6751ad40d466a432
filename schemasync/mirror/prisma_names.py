"""Names of Prisma's models, fields and values, by rule."""

import re

from schemasync.schema.model import Table
from schemasync.schema.names import snake_case

# Words that Prisma refuses as a model's name (Prisma documentation, "Naming models").
_RESERVED = frozenset(
    {"break", "case", "catch", "class", "const", "continue", "default", "delete", "do", "else", "enum"}
)


def field_names(table: Table) -> dict[str, str]:
    """The fields' names, by column."""
    used: set[str | None] = set()
    return {column.name: free_name(camel_case(identifier(column.name)), used) for column in table.columns}


def camel_case(name: str) -> str:
    """`created_at` as `createdAt`."""
    first, *rest = [word for word in snake_case(name).split("_") if word] or ["field"]
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def plural(name: str) -> str:
    """`invoice` as `invoices`."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def identifier(text: str) -> str:
    """Text as a name that Prisma takes."""
    plain = re.sub(r"[^0-9A-Za-z_]+", "_", text).strip("_")
    return plain if plain[:1].isalpha() else f"v_{plain}" if plain else "value"


def free_name(name: str, taken: set[str | None]) -> str:
    """A name that is not taken yet; it is from then on."""
    found, number = f"{name}_" if name in _RESERVED else name, 1
    while found in taken:
        number += 1
        found = f"{name}{number}"
    taken.add(found)
    return found
