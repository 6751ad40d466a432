"""Characters of the Prisma schema language: spaces, letters, escapes."""

import re

from schemasync.late_patterns import late_pattern
from schemasync.records import record

SPACES = "\t \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
LINE_END = late_pattern(r"\r\n|\r|\n")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = late_pattern(r"\\(?:u((?:[0-9A-Fa-f]{4})?)|(.))", re.DOTALL)
_ODD_ASCII_SPACES = "\x0b\x0c\x1c\x1d\x1e\x1f"
_ODD_SPACE = late_pattern(r"[^\S \t\r\n]")
_BAD_HEX = late_pattern(r"\\u[0-9A-Fa-f]{0,3}")


@record(frozen=True, slots=True)
class Problem:
    """Something wrong within a line: a message, and where, in offsets from the text's beginning."""

    message: str
    start: int
    end: int
    hint: str = ""


def lines_of(text: str) -> list[str]:
    """The lines of a text, without their endings."""
    return LINE_END.split(text) if "\r" in text else text.split("\n")


def has_usual_spaces(text: str) -> bool:
    """Whether all that Python takes for space is a space, a tab or the end of a line."""
    if text.isascii():
        return not any(space in text for space in _ODD_ASCII_SPACES)
    return _ODD_SPACE.search(text) is None


def is_name(text: str) -> bool:
    """Whether a word that the grammar takes for a name has only letters, the digits 0 to 9, `_`, `-` (and dots)."""
    return text.isascii() or all(character.isalpha() or character.isascii() for character in text)


def unescape(literal: str, start: int, problems: list[Problem]) -> str:
    """The content of a string literal, as JSON writes strings (RFC 8259, section 7).

    Args:
        literal: the literal with its quotes.
        start: the offset of its opening quote.
        problems: escapes that mean nothing are added here.
    """
    content = literal[1:-1]
    if "\\" not in content:
        return content
    parts: list[str] = []
    position = 0
    while (escape := _ESCAPE.search(content, position)) is not None:
        parts.append(content[position : escape.start()])
        position = escape.end()
        offset = start + 1 + escape.start()
        plain = escape[2]
        if plain is not None:
            if plain in _ESCAPES:
                parts.append(_ESCAPES[plain])
            else:
                hint = "write a backslash as \\\\"
                problems.append(Problem(f"\\{plain} is no escape sequence", offset, offset + 2, hint))
            continue
        character, position = _unicode_escape(content, escape, offset, problems)
        parts.append(character)
    parts.append(content[position:])
    return "".join(parts)


def _unicode_escape(content: str, escape: re.Match[str], offset: int, problems: list[Problem]) -> tuple[str, int]:
    """One `\\uXXXX`, or a pair that stands for one character; where it goes on."""
    if not escape[1]:
        bad = _BAD_HEX.match(content, escape.start())
        end = bad.end() if bad else escape.end()
        problems.append(Problem("\\u needs four hexadecimal digits", offset, offset + end - escape.start()))
        return "", end
    code = int(escape[1], 16)
    if not 0xD800 <= code < 0xE000:
        return chr(code), escape.end()
    second = _ESCAPE.match(content, escape.end())
    low = int(second[1], 16) if second and second[1] else 0
    if second and code < 0xDC00 and 0xDC00 <= low < 0xE000:
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)), second.end()
    length = 12 if second and second[1] else 6
    problems.append(Problem("this is half a character (a lone surrogate)", offset, offset + length))
    return "", escape.start() + length
