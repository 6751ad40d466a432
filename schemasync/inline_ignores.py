"""Drifts that a comment beside the declaration ignores.

`// schemasync: ignore kind` in a Prisma schema and `# schemasync: ignore[kind]` in a Python model stand at the end of
the line that a drift leads to, or on a line of their own above it. Several kinds are separated by commas, and may be
patterns.
"""

from __future__ import annotations

import dataclasses
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import filter as matching
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from schemasync.compare.drift import Comparison, Drift, DriftLocation, Suppression
from schemasync.compare.kinds import catalogue
from schemasync.late_patterns import late_pattern
from schemasync.paths import shown
from schemasync.records import record

if TYPE_CHECKING:
    from schemasync.schema.model import Column, Enum, Schema, Table

_MARK = "schemasync:"
IN_PRISMA = late_pattern(r"^/{2,3}\s*schemasync:\s*ignore\b\s*(?P<kinds>.*)$")
IN_PYTHON = late_pattern(r"^#\s*schemasync:\s*ignore\b\s*(?:\[(?P<kinds>[^\]]*)\])?")
PRISMA_TEXT = late_pattern(r'"(?:[^"\\]|\\.)*"')


@record(frozen=True, slots=True)
class Ignore:
    """A comment: where it stands, the line that it is about, and the kinds or patterns that it names."""

    path: str
    line: int
    column: int
    target: int
    kinds: tuple[str, ...]

    def covers(self, place: DriftLocation) -> bool:
        """Whether it is about this place."""
        return place.line == self.target and Path(place.path).absolute() == Path(self.path).absolute()


def ignored_inline(comparison: Comparison, witnesses: Mapping[str, Schema], *, judge: bool) -> Comparison:
    """A comparison without the drifts that comments ignore; comments that ignore nothing are drifts themselves.

    Args:
        witnesses: by name; the files that they were read from are looked through.
        judge: whether unused comments are reported: a comparison of fewer witnesses than the project has cannot know.
    """
    comments = [comment for path in _files(witnesses) for comment in comments_of(path)]
    if not comments:
        return comparison
    kept: list[Drift] = []
    suppressed: list[Suppression] = []
    used: set[tuple[Ignore, str]] = set()
    for drift in comparison.drifts:
        hits = [
            (comment, kind)
            for comment in comments
            for kind in comment.kinds
            if fnmatchcase(drift.kind, kind) and any(comment.covers(place) for place in drift.locations)
        ]
        used.update(hits)
        if hits:
            where = hits[0][0]
            suppressed.append(Suppression(drift, "inSource", f"ignored in {shown(where.path)}:{where.line}"))
        else:
            kept.append(drift)
    unused = [drift for comment in comments for drift in _unused(comment, used)] if judge else []
    count = len(suppressed)
    note = (f"{count} drift{'s' if count != 1 else ''}, ignored by comments in the sources",) if count else ()
    return dataclasses.replace(
        comparison,
        drifts=(*kept, *unused),
        not_compared=(*comparison.not_compared, *note),
        suppressed=(*comparison.suppressed, *suppressed),
    )


def _files(witnesses: Mapping[str, Schema]) -> list[str]:
    """Every file that the witnesses' tables and enums come from."""
    paths = set()
    for name in ("prisma", "sqlalchemy"):
        schema = witnesses.get(name)
        if schema is None:
            continue
        stated: list[Table | Enum | Column] = [*schema.tables, *schema.enums]
        for table in schema.tables:
            stated += table.columns
        paths |= {thing.location.path for thing in stated if thing.location is not None}
    return sorted(paths)


def comments_of(path: str) -> Iterator[Ignore]:
    """The comments of a file; none where it cannot be read."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    if _MARK not in text:  # to take every file apart would take longer than to compare them
        return
    is_python = path.endswith(".py")
    lines = text.split("\n")  # as both languages count them: a form feed or U+2028 ends no line
    for line, column, comment in _python_comments(text) if is_python else _prisma_comments(lines):
        found = (IN_PYTHON if is_python else IN_PRISMA).match(comment)
        if found:
            kinds = tuple(kind for kind in re.split(r"[\s,]+", found["kinds"] or "") if kind)
            alone = not lines[line - 1][:column].strip()
            target = _next_code(lines, line, "#" if is_python else "//") if alone else line
            yield Ignore(path, line, column + 1, target, kinds)


def _prisma_comments(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    for number, line in enumerate(lines, start=1):
        start = PRISMA_TEXT.sub(lambda found: " " * len(found[0]), line).find("//")
        if start >= 0:
            yield number, start, line[start:].rstrip()


def _python_comments(text: str) -> Iterator[tuple[int, int, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    # A file that Python cannot read has been reported as such. A zero byte is a SystemError of CPython 3.13's.
    except (tokenize.TokenError, SyntaxError, SystemError):
        return


def _next_code(lines: list[str], line: int, comment: str) -> int:
    """The first line after this one that is neither blank nor a comment."""
    for number, text in enumerate(lines[line:], start=line + 1):
        if text.strip() and not text.lstrip().startswith(comment):
            return number
    return line


def _unused(comment: Ignore, used: Iterable[tuple[Ignore, str]]) -> Iterator[Drift]:
    place = f"{shown(comment.path)}:{comment.line}"
    if not comment.kinds:
        yield _drift(comment, "*", f"the comment at {place} names no kind to ignore", "name the kind, or take it out")
    for kind in comment.kinds:
        if (comment, kind) in used:
            continue
        if matching(catalogue(), kind):
            yield _drift(comment, kind, f"the comment at {place} ignores {kind}, and its line has none", "take it out")
        else:
            from difflib import get_close_matches

            close = get_close_matches(kind, catalogue(), n=1)
            hint = f"did you mean {close[0]}?" if close else "schemasync explain lists all kinds"
            yield _drift(comment, kind, f"the comment at {place} names {kind!r}, which is no kind of drift", hint)


def _drift(comment: Ignore, kind: str, message: str, fix: str) -> Drift:
    witness = "sqlalchemy" if comment.path.endswith(".py") else "prisma"
    location = DriftLocation(comment.path, comment.line, comment.column, witness)
    breaks = catalogue()["ignore-unused"].breaks
    where = f"{kind} in {shown(comment.path)}"
    return Drift(
        "ignore-unused", "warning", None, "public", None, where, {}, (), message, breaks, fix, None, (location,)
    )
