"""What a check of all three witnesses takes longer than the import of the user's models, which is theirs."""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measures import Row
from benchmarks.mirrors import write_models
from benchmarks.process_measures import ENVIRONMENT, our_command
from benchmarks.timing import median, processes

# The models are told apart from what SQLAlchemy needs to configure them, as an application does before its first query.
_IMPORT = "import sys; sys.path.insert(0, {folder!r}); import models; models.Base.registry.configure()"


def three_way_rows(path: Path, url: str, size: int, rounds: int) -> list[Row]:
    """Milliseconds until the check ends, less those until the import of the same models does.

    Args:
        path: of the schema, whose mirrors are the models.
        url: of the database that has the schema's tables.
    """
    folder = path.parent / "three_way"
    folder.mkdir()
    write_models(path, folder / "models.py")
    commands: dict[str, Sequence[str]] = {
        "check": [
            *our_command("check"), "--prisma", str(path), "--database", url,
            "--metadata", "models:Base", "--path", str(folder),
        ],
        "import": [sys.executable, "-c", _IMPORT.format(folder=str(folder))],
    }  # fmt: skip
    _, wall = processes(commands, rounds, ENVIRONMENT)
    if len(wall) < len(commands):
        return []
    beside = [ours - theirs for ours, theirs in zip(wall["check"], wall["import"], strict=True)]
    return [
        Row("import of the models", "", size, median(wall["import"])),
        Row("check of all three, beside the import", "", size, median(beside), limit=300),
    ]
