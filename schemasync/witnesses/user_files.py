"""Which source files are the user's own: not Python's, not a package's, not Schemasync's."""

import importlib.util
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType

_PACKAGES = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True, slots=True)
class UserFiles:
    """Tells the user's files from all others.

    Args:
        roots: folders whose files are the user's even inside an installation, save for packages installed below them.
    """

    roots: tuple[Path, ...] = ()

    def hold(self, filename: str) -> bool:
        """Whether a file is the user's own."""
        return _is_users(filename, self.roots)

    def frame(self, frame: FrameType | None) -> FrameType | None:
        """The innermost frame, from a given one outwards, that runs the user's own code."""
        while frame is not None and not self.hold(frame.f_code.co_filename):
            frame = frame.f_back
        return frame


@cache
def _is_users(filename: str, roots: tuple[Path, ...]) -> bool:
    if filename.startswith("<"):
        return False
    path = Path(filename).resolve()
    foreign = [folder for folder in _foreign_folders() if path.is_relative_to(folder)]
    foreign += [folder for folder in path.parents if folder.name in _PACKAGES]
    if not foreign:
        return True
    nearest = max(foreign, key=lambda folder: len(folder.parts))
    # A root inside a foreign folder is meant; one around it, such as the home folder, is not meant for what it holds.
    inside = [root.resolve() for root in roots if root.resolve() != nearest]
    return any(root.is_relative_to(nearest) and path.is_relative_to(root) for root in inside)


@cache
def _foreign_folders() -> tuple[Path, ...]:
    paths = sysconfig.get_paths()
    folders = {Path(paths[name]).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    # Packages may also be installed into a folder of another name (`pip install --target`); SQLAlchemy is among them.
    found = importlib.util.find_spec("sqlalchemy")
    if found is not None and found.origin is not None:
        folders.add(Path(found.origin).resolve().parents[1])
    return (*sorted(folders), Path(__file__).resolve().parents[1])
