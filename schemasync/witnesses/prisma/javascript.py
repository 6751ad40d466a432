"""Plain literals out of a JavaScript or TypeScript module, which is not run: strings, lists, objects, and few calls.

What is no literal is a `Code`, so that whoever asks for it can say that it was not read.
"""

import re

from schemasync.late_patterns import late_pattern
from schemasync.records import record

_BLANK = late_pattern(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NAME = late_pattern(r"[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*")
_NUMBER = late_pattern(r"-?\d[\d_.]*")
_STRING = late_pattern(r"""'((?:\\.|[^'\\\n])*)'|"((?:\\.|[^"\\\n])*)"|`((?:\\.|[^`\\])*)`""", re.DOTALL)
_ESCAPE = late_pattern(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n|.))", re.DOTALL)
_EXPORT = late_pattern(r"\bexport\s+default\b|\bmodule\s*\.\s*exports\s*=(?!=)")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_HERE = frozenset({"__dirname", "import.meta.dirname"})
_ENVIRONMENT = late_pattern(r"process\s*\.\s*env\s*\.\s*(\w+)")


@record(frozen=True, slots=True)
class Code:
    """Something that is no plain literal, as it is written."""

    text: str


@record(frozen=True, slots=True)
class Variable:
    """`env("NAME")` or `process.env.NAME`."""

    name: str


Value = str | float | bool | None | Code | Variable | list["Value"] | dict[str, "Value"]


def exported(text: str) -> Value:
    """What a module exports by default, through `defineConfig(…)` or a constant of its own.

    Args:
        text: the module's source.
    """
    found = next((match for match in _outside_strings(text, _EXPORT)), None)
    if found is None:
        return Code("")
    value = _Reader(text, found.end()).value()
    if isinstance(value, Code) and re.fullmatch(r"[\w$]+", value.text):
        constant = re.compile(rf"\b(?:const|let|var)\s+{re.escape(value.text)}\b[^=;]*=(?![=>])")
        defined = next((match for match in _outside_strings(text, constant)), None)
        if defined is not None:
            return _Reader(text, defined.end()).value()
    return value


def _outside_strings(text: str, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """The matches of a pattern that do not begin within a comment or a string."""
    hidden = [match.span() for match in re.finditer(rf"{_STRING.pattern}|//[^\n]*|/\*.*?\*/", text, re.DOTALL)]
    return [match for match in pattern.finditer(text) if not any(start <= match.start() < end for start, end in hidden)]


class _Reader:
    def __init__(self, text: str, position: int) -> None:
        self.text, self.position = text, position

    def value(self) -> Value:
        """The value here, `as const` and `satisfies T` behind it passed over."""
        self._blank()
        start = self.position
        found = self._plain()
        self._blank()
        if re.compile(r"(?:as|satisfies)\b").match(self.text, self.position):
            self._rest()
        elif self.position < len(self.text) and self.text[self.position] not in ",)]};":
            line_end = self.text.find("\n", start, self.position)
            if line_end < 0 or self.text[self.position] in ".+?|&[(!=<>*/-`":
                self._rest()
                return Code(self.text[start : self.position].strip())
        return found

    def _plain(self) -> Value:
        text = self.text
        sign = text[self.position : self.position + 1]
        if sign in ("{", "["):
            self.position += 1
            return self._object() if sign == "{" else self._list()
        if match := _STRING.match(text, self.position):
            self.position = match.end()
            if match[3] is not None and "${" in match[3]:
                return Code(match[0])
            return _unescaped(next(group for group in match.groups() if group is not None))
        if match := _NUMBER.match(text, self.position):
            self.position = match.end()
            return float(match[0].replace("_", "")) if match[0].count(".") < 2 else Code(match[0])
        if match := _NAME.match(text, self.position):
            return self._named(match)
        start = self.position
        self._rest()
        return Code(text[start : self.position].strip())

    def _named(self, match: re.Match[str]) -> Value:
        start, self.position = self.position, match.end()
        name = re.sub(r"\s", "", match[0])
        if name in ("true", "false"):
            return name == "true"
        if name in ("null", "undefined"):
            return None
        if variable := _ENVIRONMENT.fullmatch(match[0]):
            if self.text.startswith("!", self.position):
                self.position += 1
            return Variable(variable[1])
        generic = re.compile(r"\s*<[^<>()]*>(?=\s*\()").match(self.text, self.position)
        self.position = generic.end() if generic else self.position
        self._blank()
        if not self.text.startswith("(", self.position):
            return "" if name in _HERE else Code(match[0])
        self.position += 1
        arguments = self._list(")")
        if name == "env" and len(arguments) == 1 and isinstance(arguments[0], str):
            return Variable(arguments[0])
        texts = [item for item in arguments if isinstance(item, str)]
        if name.rpartition(".")[2] in ("join", "resolve") and len(texts) == len(arguments) > 0:
            return "/".join(item for item in texts if item)
        if name == "defineConfig" and len(arguments) == 1:
            return arguments[0]
        return Code(self.text[start : self.position])

    def _list(self, end: str = "]") -> list[Value]:
        items: list[Value] = []
        while not self._ends(end):
            items.append(self.value())
        return items

    def _object(self) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        while not self._ends("}"):
            start = self.position
            key = _STRING.match(self.text, start) or re.compile(r"[\w$]+").match(self.text, start)
            if key is not None:
                self.position = key.end()
                self._blank()
                if self.text.startswith(":", self.position):
                    self.position += 1
                    entries[key[0].strip("'\"`")] = self.value()
                    continue
            self._rest()
            # A spread, a method or a short form: its name, and whatever it may bring along, are not known.
            name = key[0] if key is not None and key[0] not in ("async", "get") else "..."
            entries[name] = Code(self.text[start : self.position].strip())
        return entries

    def _ends(self, end: str) -> bool:
        """Whether the brackets close here; else the next item begins, if there is one."""
        self._blank()
        while self.text.startswith(",", self.position):
            self.position += 1
            self._blank()
        if self.position >= len(self.text):
            return True
        if self.text[self.position] == end:
            self.position += 1
            return True
        if self.text[self.position] in ")]};":
            self.position = len(self.text)  # brackets that do not match: this is no module to go on with
            return True
        return False

    def _rest(self) -> None:
        """Go on to the end of an expression, over brackets, strings and comments."""
        closing: list[str] = []
        while self.position < len(self.text):
            if match := _STRING.match(self.text, self.position) or _BLANK.match(self.text, self.position):
                self.position = match.end()
                continue
            sign = self.text[self.position]
            if not closing and sign in ",)]};":
                return
            if sign in _BRACKETS:
                closing.append(_BRACKETS[sign])
            elif closing and sign == closing[-1]:
                closing.pop()
            self.position += 1

    def _blank(self) -> None:
        if match := _BLANK.match(self.text, self.position):
            self.position = match.end()


def _unescaped(text: str) -> str:
    def sign(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _SIGNS.get(match[3], match[3])

    return _ESCAPE.sub(sign, text)
