"""The configuration file's text: TOML in, checked settings out, every error with its line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from schemasync.config_places import locate
from schemasync.errors import ConfigurationError, Diagnostic
from schemasync.late_patterns import late_pattern
from schemasync.records import record

if TYPE_CHECKING:
    from tomllib import TOMLDecodeError

SYNTAX_PLACE = late_pattern(r"\s*\((?:at line (?P<line>\d+), column (?P<column>\d+)|at end of document)\)$")
SEVERITIES = ("error", "warning", "info")


class ConfigurationFileError(ConfigurationError):
    """A configuration file with errors; carries a diagnostic for each."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(item.render() for item in self.diagnostics))

    def render(self) -> str:
        """Every diagnostic with its line and caret, then their number."""
        count = len(self.diagnostics)
        return f"{self.message}\n{count} error{'s' if count != 1 else ''} in the configuration"


@record(frozen=True, slots=True)
class Entry:
    """What a setting may hold, and what it means; `choices` where only some texts will do."""

    shape: Literal["text", "texts", "choice", "number", "mirror", "kinds", "severities", "names"]
    meaning: str
    choices: tuple[str, ...] = ()


def read_settings(path: Path, known: Mapping[str, Mapping[str, Entry]]) -> dict[str, dict[str, Any]]:
    """A file's settings by section and key; lists as tuples, what is not there left out.

    Args:
        path: a `schemasync.toml`, or any other TOML file that has a table `[tool.schemasync]`.
        known: the sections, and the settings of each.

    Raises:
        ConfigurationError: the file cannot be read.
        ConfigurationFileError: it is no TOML, or has settings that are unknown or ill-typed.
    """
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise ConfigurationError(f"cannot read {_shown(path)}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{_shown(path)} is not UTF-8: {error.reason} at byte {error.start}") from error
    import tomllib

    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationFileError([_syntax_error(path, text, error)]) from error
    prefix: tuple[str, ...] = ()
    if path.name == "pyproject.toml" or set(content) == {"tool"}:
        prefix = ("tool", "schemasync")
        if not isinstance(content.get("tool"), dict) or not isinstance(content["tool"].get("schemasync"), dict):
            raise ConfigurationError(
                f"{_shown(path)} has no table [tool.schemasync]", hint="schemasync init writes a configuration"
            )
        content = content["tool"]["schemasync"]
    reader = _Reader(path, text.splitlines(), prefix)
    settings = reader.sections(content, known)
    if reader.errors:
        raise ConfigurationFileError(sorted(reader.errors, key=lambda error: (error.line, error.column)))
    return settings


class _Reader:
    """Goes through a parsed file and collects what is wrong with it."""

    def __init__(self, path: Path, lines: list[str], prefix: tuple[str, ...]) -> None:
        self.path = path
        self.lines = lines
        self.prefix = prefix
        self.errors: list[Diagnostic] = []

    def sections(
        self, content: Mapping[str, Any], known: Mapping[str, Mapping[str, Entry]]
    ) -> dict[str, dict[str, Any]]:
        result: dict[str, dict[str, Any]] = {}
        for section, settings in content.items():
            if section not in known:
                owners = [name for name, entries in known.items() if section in entries]
                hint = f"it belongs under [{owners[0]}]" if owners else ""
                self.error((section,), f"unknown section {section!r}", hint or nearest(section, known))
            elif not isinstance(settings, dict):
                self.error((section,), f"[{section}] must be a table, not {_kind(settings)}")
            else:
                result[section] = dict(self.settings(section, settings, known[section]))
        return result

    def settings(
        self, section: str, settings: Mapping[str, Any], entries: Mapping[str, Entry]
    ) -> Iterator[tuple[str, Any]]:
        for key, value in settings.items():
            if key not in entries:
                self.error((section, key), f"unknown setting {key!r} in [{section}]", nearest(key, entries))
                continue
            yield key, self.value((section, key), value, entries[key])

    def value(self, keys: tuple[str, ...], value: Any, entry: Entry) -> Any:
        if entry.shape == "choice":
            return self._choice(keys, value, entry.choices)
        if entry.shape == "number":
            return self._number(keys, value, entry.choices)
        read: dict[str, Callable[[tuple[str, ...], Any], Any]] = {
            "text": self._text,
            "texts": self._texts,
            "mirror": self._mirror,
            "kinds": self._kinds,
            "severities": self._severities,
            "names": self._names,
        }
        return read[entry.shape](keys, value)

    def error(self, keys: tuple[str, ...], message: str, hint: str = "") -> None:
        line, column, width = locate(self.lines, (*self.prefix, *keys))
        source = self.lines[line - 1] if line <= len(self.lines) else ""
        self.errors.append(Diagnostic(message, _shown(self.path), line, column, column + width, source, hint))

    def _text(self, keys: tuple[str, ...], value: Any) -> str:
        if isinstance(value, str):
            return value
        self.error(keys, f"{_named(keys)} must be a string, not {_kind(value)}")
        return ""

    def _choice(self, keys: tuple[str, ...], value: Any, choices: tuple[str, ...]) -> str:
        if value not in choices:
            expected = ", ".join(f'"{choice}"' for choice in choices)
            self.error(keys, f"{_named(keys)} must be one of {expected}", nearest(value, choices))
        return str(value)

    def _number(self, keys: tuple[str, ...], value: Any, choices: tuple[str, ...]) -> int | None:
        if type(value) is not int or str(value) not in choices:
            self.error(keys, f"{_named(keys)} must be {' or '.join(choices)}")
            return None
        return value

    def _texts(self, keys: tuple[str, ...], value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            self.error(keys, f"{_named(keys)} must be a list of strings", f'write {keys[-1]} = ["{value}"]')
        elif not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.error(keys, f"{_named(keys)} must be a list of strings, not {_kind(value)}")
        else:
            return tuple(value)
        return ()

    def _mirror(self, keys: tuple[str, ...], value: Any) -> tuple[str, ...]:
        if value in ("all", "none"):
            return ("*",) if value == "all" else ()
        if isinstance(value, list):
            return self._texts(keys, value)
        self.error(keys, f'{_named(keys)} must be "all", "none" or a list of table names or patterns')
        return ()

    def _names(self, keys: tuple[str, ...], value: Any) -> dict[str, str]:
        if isinstance(value, dict) and all(isinstance(name, str) for name in value.values()):
            return dict(value)
        self.error(keys, f'{_named(keys)} must be a table of names, such as {{ "User.name" = "full_name" }}')
        return {}

    def _kinds(self, keys: tuple[str, ...], value: Any) -> tuple[str, ...]:
        patterns = self._texts(keys, value)
        for pattern in patterns:
            problem = unknown_kind(pattern.partition(":")[0])
            if problem:
                self.error(keys, f"{_named(keys)}: {problem[0]}", problem[1])
        return patterns

    def _severities(self, keys: tuple[str, ...], value: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            self.error(keys, f"{_named(keys)} must be a table of kind = severity, not {_kind(value)}")
            return {}
        for kind, severity in value.items():
            problem = unknown_kind(kind)
            if problem:
                self.error((*keys, kind), f"{_named(keys)}: {problem[0]}", problem[1])
            if severity not in SEVERITIES:
                expected = ", ".join(f'"{item}"' for item in SEVERITIES)
                self.error((*keys, kind), f"{_named(keys)}: {kind} must be one of {expected}")
        return dict(value)


def unknown_kind(kind: str) -> tuple[str, str] | None:
    """A message and a hint where no kind of drift has that name or matches that pattern; else None."""
    from fnmatch import filter as matching

    from schemasync.compare.kinds import catalogue

    kinds = catalogue()
    if matching(kinds, kind):
        return None
    return f"there is no kind of drift {kind!r}", nearest(kind, kinds)


def nearest(name: object, names: Mapping[str, object] | Sequence[str]) -> str:
    """A hint that names the nearest right name, or the few that there are."""
    from difflib import get_close_matches

    close = get_close_matches(str(name), names, n=1)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(names)}" if len(names) <= 12 else ""


def _syntax_error(path: Path, text: str, error: "TOMLDecodeError") -> Diagnostic:
    lines = text.splitlines() or [""]
    message = str(error)
    place = SYNTAX_PLACE.search(message)
    line, column = len(lines), len(lines[-1]) + 1
    if place and place["line"]:
        line, column = int(place["line"]), int(place["column"])
    message = message[: place.start()] if place else message
    source = lines[line - 1] if line <= len(lines) else ""
    return Diagnostic(message[:1].lower() + message[1:], _shown(path), line, column, column + 1, source)


def _named(keys: tuple[str, ...]) -> str:
    return f"[{keys[0]}] {keys[1]}"


def _kind(value: object) -> str:
    names = {bool: "a boolean", int: "an integer", float: "a number", list: "a list", dict: "a table", str: "a string"}
    return names.get(type(value), f"a {type(value).__name__}")


def _shown(path: Path) -> str:
    """A path as short as the working folder makes it."""
    from schemasync.paths import shown

    return shown(path)
