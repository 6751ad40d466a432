"""The most usual attributes with many spellings, read without a regular expression: relations, and plain indexes.

A schema of 1,000 models has as many different ones of either. Of whatever is written otherwise nothing is said here.
"""

from collections.abc import Callable

from schemasync.records import maker
from schemasync.witnesses.prisma.syntax import Argument, ArrayValue, Attribute, ConstantValue

_argument, _attribute = maker(Argument), maker(Attribute, "name", "arguments", "start", "end")
_array, _constant = maker(ArrayValue), maker(ConstantValue)

_RELATION = "@relation(fields: ["
_REFERENCES = "], references: ["
_ACTIONS = (", onDelete: ", ", onUpdate: ")
_INDEXES = {"@@index([": "index", "@@unique([": "unique"}


def relation(text: str, is_word: Callable[[str], bool]) -> Attribute | None:
    """`@relation(fields: [a], references: [b], onDelete: Cascade)`, with actions or without, and nothing behind.

    Args:
        text: what follows a relation's type.
        is_word: whether a text is a name without dots.
    """
    if not text.startswith(_RELATION):
        return None
    first = len(_RELATION)
    middle = text.find("]", first)
    second = middle + len(_REFERENCES)
    end = text.find("]", second)
    if not text.startswith(_REFERENCES, middle) or end < 0:
        return None
    column, other = text[first:middle], text[second:end]
    if not (_begins_with_letter(column) and _begins_with_letter(other) and is_word(column) and is_word(other)):
        return None
    arguments = [
        _argument("fields", _list_of_one(column, first), len("@relation("), middle + 1),
        _argument("references", _list_of_one(other, second), middle + len("], "), end + 1),
    ]
    end += 1
    for action in _ACTIONS:
        if text.startswith(action, end):
            start = end + len(action)
            stop = text.find(",", start)
            if stop < 0:
                stop = len(text) - 1
            word = text[start:stop]
            if not (word.isascii() and word.isalpha()):
                return None
            arguments.append(_argument(action[2:-2], _constant(word, start, stop), end + len(", "), stop))
            end = stop
    if end != len(text) - 1 or text[end] != ")":
        return None
    return _attribute("relation", tuple(arguments), 0, end + 1)


def index(text: str, is_word: Callable[[str], bool]) -> Attribute | None:
    """`@@index([a, b])` or `@@unique([a, b])`, and nothing behind.

    Args:
        text: a line from its first sign on.
        is_word: whether a text is a name without dots.
    """
    head, bracket, inner = text.partition("[")
    name = _INDEXES.get(head + bracket)
    if name is None or not inner.endswith("])"):
        return None
    position = start = len(head) + 1
    words = []
    for word in inner[:-2].split(", "):
        if not (_begins_with_letter(word) and is_word(word)):
            return None
        words.append(_constant(word, position, position + len(word)))
        position += len(word) + 2
    end = len(text) - 1
    listed = _array(tuple(words), start - 1, end)
    return _attribute(name, (_argument(None, listed, start - 1, end),), 0, end + 1)


def _begins_with_letter(word: str) -> bool:
    return word[:1].isalpha()


def _list_of_one(word: str, start: int) -> ArrayValue:
    return _array((_constant(word, start, start + len(word)),), start - 1, start + len(word) + 1)
