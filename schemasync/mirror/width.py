"""How long a line may be: as the project's formatter is told."""

import re
from collections.abc import Sequence
from pathlib import Path

from schemasync.mirror.layout import LINE_LENGTH

_MAXIMUM_WIDTH = 120


def configured_width(folder: Path) -> int | None:
    """The line length in the nearest settings of ruff or Black, up to the repository's root; None without one."""
    for place in (folder.resolve(), *folder.resolve().parents):
        for name in ("ruff.toml", ".ruff.toml", "pyproject.toml"):
            settings = place / name
            if settings.is_file():
                found = re.search(r"(?m)^\s*line[-_]length\s*=\s*(\d+)", settings.read_text(errors="replace"))
                if found:
                    return int(found[1])
        if (place / ".git").exists():
            break
    return None


def usual_width(folder: Path, files: Sequence[Path]) -> int:
    """The line length that the project's formatter is told, else the longest that its files have.

    Args:
        folder: where the search for settings begins; it goes on upwards to the repository's root.
        files: the files.
    """
    configured = configured_width(folder)
    if configured is not None:
        return configured
    lines = (line for path in files for line in path.read_text(errors="replace").splitlines())
    # Formatters break neither comments nor texts.
    longest = max((len(line) for line in lines if "#" not in line and '"""' not in line), default=0)
    return min(max(longest, LINE_LENGTH), _MAXIMUM_WIDTH)
