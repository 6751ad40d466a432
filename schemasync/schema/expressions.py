"""SQL expressions as PostgreSQL prints them, brought to one spelling as far as text alone allows.

A static normaliser: it folds case outside quotes, drops redundant brackets and the casts that PostgreSQL adds to
literals. Two expressions with one normal form mean the same; two forms that differ may still mean the same, and only
PostgreSQL itself can tell.
"""

import re
from functools import lru_cache

from schemasync.late_patterns import late_pattern
from schemasync.schema.expression_tree import Node, UnreadableError, read_tree
from schemasync.schema.types import parse_type

# The class of a name's first characters is said by those that are not in it: quicker to compile by far.
_TOKEN = late_pattern(
    r"""\s+|--[^\n]*|/\*.*?\*/
    |(?P<token>
      [eE]?'(?:[^'\\]|''|\\.)*'          # a string
      |\$(?P<tag>\w*)\$.*?\$(?P=tag)\$   # a dollar-quoted string
      |"(?:[^"]|"")*"                    # a quoted identifier
      |\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+
      |[^\x00-\x40\x5b-\x5e\x60\x7b-\x7f][\w$]*   # a name: it begins with a letter, _ or anything beyond ASCII
      |::|<=|>=|<>|!=|\|\||->>|->|\#>>|\#>|@>|<@|!~~\*|!~~|~~\*|~~|!~\*|!~|~\*|=>|:=
      |.)""",
    re.VERBOSE | re.DOTALL,
)


def tokens(sql: str) -> list[str]:
    """An expression's tokens; white space and comments are dropped, strings and quoted names kept as written."""
    return [match["token"] for match in _TOKEN.finditer(sql) if match["token"] is not None]


def unquote_string(text: str) -> str | None:
    """A string literal's value; None for anything that is not one string literal."""
    if re.fullmatch(r"'(?:[^']|'')*'", text, re.DOTALL):
        return text[1:-1].replace("''", "'")
    if re.fullmatch(r"[eE]'(?:[^'\\]|''|\\.)*'", text, re.DOTALL):
        escapes = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
        inner = text[2:-1].replace("''", "'")
        return re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[1]), inner, flags=re.DOTALL)
    match = re.fullmatch(r"\$(\w*)\$(.*)\$\1\$", text, re.DOTALL)
    return match[2] if match else None


@lru_cache(maxsize=65536)
def split_casts(sql: str) -> tuple[str, tuple[str, ...]]:
    """An expression without its outer brackets and trailing casts, and the canonical names of those casts' types."""
    text = sql.strip()
    casts: list[str] = []
    while True:
        inner = _without_brackets(text)
        if inner is not None:
            text = inner
            continue
        found = _trailing_cast(text)
        if found is None:
            return text, tuple(reversed(casts))
        text, type_name = found
        casts.append(type_name)


def _without_brackets(text: str) -> str | None:
    """The inside of brackets that enclose the whole text, or None."""
    if not (text.startswith("(") and text.endswith(")")):
        return None
    depth = 0
    position = 0
    for match in _TOKEN.finditer(text):
        token = match["token"]
        if token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
            position = match.end()
            if depth == 0 and position < len(text):
                return None
    return text[1:-1].strip() if depth == 0 else None


_CAST = late_pattern(
    r"""^(?P<rest>.+?)::\s*(?P<type>(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)(?:\.(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*))?
    (?:\s+(?:varying|precision))?(?:\s*\(\s*[\d,\s]*\))?(?:\s+(?:with|without)\s+time\s+zone)?(?:\s*\[\s*\])*)\s*$""",
    re.VERBOSE | re.DOTALL,
)


def _trailing_cast(text: str) -> tuple[str, str] | None:
    """The operand and type name where the whole text is `operand::type` and the operand is one term."""
    position = _last_cast(text)
    if position is None:
        return None
    match = _CAST.match(text[position:].join(("x", "")) if position else "")
    operand = text[:position].strip()
    if match is None or not _is_term(operand):
        return None
    return operand, parse_type(match["type"]).name


def _last_cast(text: str) -> int | None:
    depth, found = 0, None
    for match in _TOKEN.finditer(text):
        token = match["token"]
        if token in ("(", "["):
            depth += 1
        elif token in (")", "]"):
            depth -= 1
        elif token == "::" and depth == 0:
            found = match.start()
    return found


def _is_term(text: str) -> bool:
    """Whether a cast after the text applies to all of it: a literal, call, array, bracketed or already cast term."""
    depth = 0
    parts = tokens(text)
    for index, token in enumerate(parts):
        if token in ("(", "["):
            if depth == 0 and index and not re.fullmatch(r'[\w$"]+|::', parts[index - 1]):
                return False
            depth += 1
        elif token in (")", "]"):
            depth -= 1
        elif depth == 0 and index and token not in ("::", ".") and parts[index - 1] not in ("::", "."):
            return token in ("varying", "precision", "with", "without", "time", "zone")
    return bool(parts)


@lru_cache(maxsize=65536)
def normal_expression(sql: str) -> str:
    """One spelling for expressions that differ only in case, spaces, brackets, IN, BETWEEN, LIKE and added casts.

    An expression that the small reader of `expression_tree` does not know keeps its words, in lower case.
    """
    parts = [_normal_token(token) for token in tokens(sql)]
    try:
        return _printed(read_tree(parts))
    except (UnreadableError, RecursionError):
        return " ".join(parts)


def _printed(node: Node) -> str:
    if isinstance(node, str):
        return node
    head, *rest = node
    inner = ", ".join(_printed(item) if isinstance(item, (str, tuple)) else str(item) for item in rest if item != "()")
    return f"{head}({inner})"


_SYNONYMS = {
    "!=": "<>",
    "bool": "boolean",
    "int4": "integer",
    "int": "integer",
    "int8": "bigint",
    "bpchar": "char",
}


def _normal_token(token: str) -> str:
    if token[0] == '"':
        bare = token[1:-1]
        return bare if re.fullmatch(r"[a-z_][a-z0-9_]*", bare) else token
    if token[0] in "'$" or token[:2] in ("e'", "E'"):
        value = unquote_string(token)
        return token if value is None else "'" + value.replace("'", "''") + "'"
    lowered = token.lower()
    return _SYNONYMS.get(lowered, lowered)


def same_expression(one: str, other: str) -> bool | None:
    """Whether two expressions mean the same: True where one spelling covers both, None where the text cannot tell."""
    return True if one == other or normal_expression(one) == normal_expression(other) else None
