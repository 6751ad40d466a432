"""The grammar's text, and the expressions of its terminals, without the parser generator that reads the rest."""

import re
from functools import cache
from pathlib import Path

from schemasync.late_patterns import late_pattern

_REGULAR = late_pattern(r"/(.*)/")
_LITERAL = late_pattern(r'"([^"\\]*)"')
_TERMINAL = late_pattern(r"^([A-Z_]+)(?:\.\d+)?: (.*)$", re.MULTILINE)


@cache
def grammar_text() -> str:
    """The text of `prisma.lark`: from the installed package, else from the repository's `grammar/` folder."""
    packaged = Path(__file__).with_name("prisma.lark")
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[3] / "grammar" / "prisma.lark").read_text(encoding="utf-8")


@cache
def _terminals() -> dict[str, str]:
    return dict(_TERMINAL.findall(grammar_text()))


@cache
def terminal_pattern(name: str) -> str:
    """The regular expression of a terminal, as Lark reads it: `/…/` as it stands, `"a" | "b"` as alternatives.

    Raises:
        LookupError: the grammar has no such terminal, or one of another form.
    """
    definition = _terminals().get(name)
    if definition is not None:
        regular = _REGULAR.fullmatch(definition)
        if regular is not None:
            return regular[1].replace("\\/", "/")
        words = definition.split(" | ")
        literals = [_LITERAL.fullmatch(word) for word in words]
        if all(literals):
            return f"(?:{'|'.join(re.escape(literal[1]) for literal in literals if literal)})"
    raise LookupError(f"the grammar has no terminal {name} of one expression")


@cache
def plain_pattern(name: str) -> str:
    """The same for ASCII without a backslash: what else a terminal allows, and how it says so, takes time.

    Raises:
        LookupError: as from `terminal_pattern`.
    """
    return terminal_pattern(name).replace(r"[^\W\d_]|[", "[A-Za-z").replace(r"\\[^\r\n]|", "")
