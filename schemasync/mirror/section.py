"""A part of a module: its text, and the names that it needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One class, table or enum.

    Args:
        text: without blank lines around it.
        symbols: the imported names, and the helpers, that it uses.
        enums: the classes and constants of enums that it uses.
        joins: the variables of join tables that it uses.
        targets: the classes that only its annotations name.
        needs_base: whether it uses the base itself; a table uses its metadata.
    """

    text: str
    symbols: frozenset[str]
    enums: frozenset[str] = frozenset()
    joins: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    base: str = ""


def separated(names: set[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Imported names and enum names, out of what the column writer collected."""
    enums = {name.removeprefix("enum ") for name in names if name.startswith("enum ")}
    return frozenset(name for name in names if not name.startswith("enum ")), frozenset(enums)
