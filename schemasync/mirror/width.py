"""How long a line may be: as the project's formatter is told."""

import re
from pathlib import Path


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
