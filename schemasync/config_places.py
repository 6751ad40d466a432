"""Where a key stands in TOML text: `tomllib` does not tell."""

import re
from collections.abc import Sequence

from schemasync.late_patterns import late_pattern

HEADER = late_pattern(r"^\s*\[(?P<name>[^\[\]]+)\]\s*(?:#.*)?$")


def locate(lines: Sequence[str], keys: tuple[str, ...]) -> tuple[int, int, int]:
    """Line, column and width of a key in TOML text; of the nearest table around it where it is not found.

    A search by lines, not a parser: a key inside a multi-line string could be taken for the real one. It serves
    error messages only.
    """
    table: tuple[str, ...] = ()
    best: tuple[int, tuple[int, int, int]] = (-1, (1, 1, 1))
    for number, line in enumerate(lines, start=1):
        header = HEADER.match(line)
        if header:
            table = _keys(header["name"])
            if table == keys[: len(table)] and len(table) > best[0]:
                best = (len(table), (number, header.start("name") + 1, len(header["name"])))
            continue
        if "=" not in line or table != keys[: len(table)]:
            continue
        written = line.partition("=")[0]
        path = (*table, *_keys(written))
        if path == keys[: len(path)] and len(path) > best[0]:
            start = len(written) - len(written.lstrip())
            best = (len(path), (number, start + 1, len(written.strip())))
            rest = keys[len(path) :]
            inline = re.search(rf"[\"']?\b{re.escape(rest[0])}\b[\"']?\s*=", line[len(written) + 1 :]) if rest else None
            if inline:
                place = len(written) + 2 + inline.start()
                best = (len(path) + 1, (number, place, len(inline[0].rstrip("= \t"))))
    return best[1]


def _keys(written: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in written.strip().split("."))
