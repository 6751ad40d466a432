"""Expressions as the catalogue prints them: without needless brackets, and readable."""

import re
from collections.abc import Callable

from schemasync.late_patterns import late_pattern

Spelling = Callable[[str], str]

_QUALIFIER = late_pattern(r"""'(?:[^']|'')*'(?:::regclass)?|"(?:[^"]|"")*"|(?<![\w$."])public\.""")


def without_brackets(expression: str) -> str:
    """An expression without the one pair of brackets that PostgreSQL prints around all of it."""
    if not (expression.startswith("(") and expression.endswith(")")):
        return expression
    depth, quote = 0, ""
    for position, character in enumerate(expression):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0 and position < len(expression) - 1:
                return expression
    return expression[1:-1]


def unqualified(expression: str) -> str:
    """An expression without `public.` before names, as people write it; strings are kept, but for names in them."""
    return _QUALIFIER.sub(_bare, expression) if "public." in expression else expression


def _bare(match: re.Match[str]) -> str:
    text = match[0]
    if text == "public.":
        return ""
    if text.endswith("'::regclass") and text.startswith("'public."):
        return "'" + text[len("'public.") :]
    return text
