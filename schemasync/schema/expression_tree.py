"""A small reader of SQL expressions, so that brackets, IN, BETWEEN, LIKE and added casts are no difference.

Precedence as in the PostgreSQL manual, section 4.1.6 "Operator Precedence". What it does not know (CASE, subqueries,
window functions …) it refuses; the caller then compares the text.
"""

import re
from collections.abc import Sequence

from schemasync.late_patterns import late_pattern

Node = tuple[object, ...] | str

_BINARY = {
    "or": 1,
    "and": 2,
    "is": 4,
    "<": 5,
    ">": 5,
    "=": 5,
    "<=": 5,
    ">=": 5,
    "<>": 5,
    "in": 6,
    "between": 6,
    "like": 6,
    "ilike": 6,
    "+": 8,
    "-": 8,
    "*": 9,
    "/": 9,
    "%": 9,
    "^": 10,
    "::": 14,
}
_OTHER_OPERATOR = 7
_NOT, _UNARY = 3, 13
_LIKE = {"like": "~~", "ilike": "~~*"}
_SYNONYMS = {"!=": "<>", "current_timestamp": "now"}
_WORDS_OF_TYPES = {"character": "varying", "char": "varying", "bit": "varying", "double": "precision"}
_LITERAL = late_pattern(r"'.*'|\d.*|\.\d.*|true|false|null", re.DOTALL)
# A name begins with a small letter, an underscore or anything beyond ASCII, said by what it does not begin with: to
# compile a class of a million characters would take as long as all the rest of the module.
_NAME = late_pattern(r'[^\x00-\x5e\x60\x7b-\x7f][\w$]*|".*"', re.DOTALL)
_TEXT_TYPES = ("text", "varchar", "char", "character varying", "bpchar", "character")
_UNREADABLE = frozenset({"case", "select", "over", "filter", "within", "row", "collate", "at", "overlaps"})


class UnreadableError(ValueError):
    """The expression has something that this reader does not know."""


def read_tree(tokens: Sequence[str]) -> Node:
    """An expression's tokens as a tree in normal form.

    Args:
        tokens: unquoted names in lower case, strings in plain quotes.

    Raises:
        UnreadableError: the expression has something that this reader does not know.
    """
    reader = _Reader(tokens)
    tree = reader.expression(0)
    if reader.peek():
        raise UnreadableError(reader.peek())
    return tree


class _Reader:
    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._position = 0

    def peek(self, ahead: int = 0) -> str:
        index = self._position + ahead
        return self._tokens[index] if index < len(self._tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected is not None and token != expected):
            raise UnreadableError(token)
        self._position += 1
        return _SYNONYMS.get(token, token)

    def expression(self, floor: int) -> Node:
        left = self._operand()
        while True:
            operator = _SYNONYMS.get(self.peek(), self.peek())
            negated = operator == "not" and self.peek(1) in ("in", "between", "like", "ilike")
            if negated:
                operator = self.peek(1)
            strength = _strength(operator)
            if strength is None or strength <= floor:
                return left
            if negated:
                self.take()
            self.take()
            left = self._applied(operator, strength, left, negated=negated)

    def _applied(self, operator: str, strength: int, left: Node, *, negated: bool) -> Node:
        if operator == "::":
            return _cast(left, self._type())
        if operator == "is":
            return self._is(left)
        if operator == "in":
            items = ("array", *self._list("(", ")"))
            return ("<> all" if negated else "= any", left, items)
        if operator == "between":
            low = self.expression(_BINARY["between"])
            self.take("and")
            high = self.expression(_BINARY["between"])
            found = _flat("and", ((">=", left, low), ("<=", left, high)))
            return ("not", found) if negated else found
        if operator in _LIKE:
            return (f"!{_LIKE[operator]}" if negated else _LIKE[operator], left, self.expression(strength))
        if operator in ("and", "or"):
            return _flat(operator, (left, self.expression(strength)))
        if self.peek() in ("any", "all", "some"):
            quantifier = "any" if self.take() != "all" else "all"
            (array,) = self._list("(", ")")
            return (f"{operator} {quantifier}", left, array)
        return (operator, left, self.expression(strength))

    def _is(self, left: Node) -> Node:
        negated = self.peek() == "not" and bool(self.take())
        what = self.take()
        if what == "distinct":
            self.take("from")
            found: Node = ("is distinct from", left, self.expression(_BINARY["is"]))
        elif what in ("null", "true", "false", "unknown"):
            found = (f"is {what}", left)
        else:
            raise UnreadableError(what)
        return ("not", found) if negated else found

    def _operand(self) -> Node:
        token = self.take()
        if token == "not":
            return ("not", self.expression(_NOT))
        if token in ("-", "+"):
            operand = self.expression(_UNARY)
            return f"-{operand}" if token == "-" and isinstance(operand, str) else (f"unary {token}", operand)
        if token == "(":
            inner = self.expression(0)
            self.take(")")
            return self._subscripted(inner)
        if token == "array":
            return self._subscripted(("array", *self._list("[", "]")))
        if _LITERAL.fullmatch(token):
            return token
        if not _NAME.fullmatch(token) or token in _UNREADABLE:
            raise UnreadableError(token)
        if self.peek().startswith("'"):
            return self.take()  # interval '1 day': the type before a literal says no more than a cast after it
        name = token
        while self.peek() == ".":
            self.take()
            qualifier, name = name, self.take()
            name = name if qualifier in ("pg_catalog", "public") else f"{qualifier}.{name}"
        if self.peek() == "(":
            return self._subscripted((name, "()", *self._list("(", ")")))
        if name == "now" and token == "now":
            return (name, "()")
        return self._subscripted(name)

    def _subscripted(self, node: Node) -> Node:
        while self.peek() == "[":
            node = ("[]", node, *self._list("[", "]"))
        return node

    def _list(self, opening: str, closing: str) -> tuple[Node, ...]:
        self.take(opening)
        items: list[Node] = []
        while self.peek() != closing:
            if items:
                self.take(",")
            items.append(self.expression(0))
        self.take(closing)
        return tuple(items)

    def _type(self) -> str:
        words = [self.take()]
        if self.peek() == ".":
            self.take()
            words = [self.take() if words[0] in ("pg_catalog", "public") else f"{words[0]}.{self.take()}"]
        if _WORDS_OF_TYPES.get(words[0]) == self.peek():
            words.append(self.take())
        if self.peek() == "(":
            self._list("(", ")")
        if self.peek() in ("with", "without"):
            words += [self.take(), self.take("time"), self.take("zone")]
        while self.peek() == "[":
            self.take()
            self.take("]")
            words.append("[]")
        return " ".join(words)


def _strength(operator: str) -> int | None:
    if operator in _BINARY:
        return _BINARY[operator]
    symbolic = operator and all(character in "+-*/<>=~!@#%^&|?" for character in operator)
    return _OTHER_OPERATOR if symbolic else None


def _flat(operator: str, sides: tuple[Node, Node]) -> Node:
    """AND and OR are associative: one list of operands, in order."""
    operands: list[object] = []
    for side in sides:
        operands += side[1:] if isinstance(side, tuple) and side[0] == operator else [side]
    return (operator, *operands)


def _cast(node: Node, type_name: str) -> Node:
    """A cast; those that PostgreSQL adds itself, of literals, arrays and to text, are dropped."""
    is_literal = isinstance(node, str) and bool(_LITERAL.fullmatch(node.removeprefix("-")))
    if is_literal or (isinstance(node, tuple) and node[0] == "array") or type_name.removesuffix(" []") in _TEXT_TYPES:
        return node
    return ("::", node, type_name)
