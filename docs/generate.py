"""Writes the pages that are made from code: `docs/kinds`, and the JSON schemas. Run it by `make docs`."""

from pathlib import Path

from schemasync.report.kinds import pages
from schemasync.report.schemas import schemas

FOLDER = Path(__file__).resolve().parent


def generated() -> dict[Path, str]:
    """Every generated file with the text that it must have."""
    kinds = {FOLDER / "kinds" / name: text for name, text in pages().items()}
    return {**kinds, **{FOLDER / "schemas" / name: text for name, text in schemas().items()}}


def main() -> None:
    """Write them, and remove what is left of kinds that are no more."""
    wanted = generated()
    for path in (FOLDER / "kinds").glob("*.md"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
