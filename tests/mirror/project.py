"""A package of models that is read and updated as `schemasync mirror --update` does it."""

import importlib
import itertools
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

import schemasync
from schemasync.schema.model import Schema

_numbers = itertools.count()


class Project:
    """A package of models on `sys.path`, read and updated as `schemasync mirror --update` does."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / f"project_{next(_numbers)}"
        self.name = f"models_{next(_numbers)}"
        self.folder = self.root / self.name
        self.folder.mkdir(parents=True)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).write_text(text)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def texts(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in sorted(self.folder.glob("*.py"))}

    def read(self, monkeypatch: pytest.MonkeyPatch) -> Schema:
        """The models as they are now: under another name, for Python keeps modules."""
        again = f"{self.name}_{next(_numbers)}"
        shutil.copytree(self.folder, self.root / again)
        monkeypatch.syspath_prepend(self.root)
        importlib.invalidate_caches()
        module: ModuleType = importlib.import_module(again)
        module.Base.registry.configure(cascade=True)
        schema = schemasync.read_metadata(module.Base)
        shutil.rmtree(self.root / again)
        return Schema.from_json(schema.to_json().replace(again, self.name))

    def update(
        self, prisma: Schema, monkeypatch: pytest.MonkeyPatch, *, deletes: bool = False
    ) -> schemasync.MirrorUpdate:
        models = self.read(monkeypatch)
        result = schemasync.update_mirrors(prisma, models, self.folder, path=[self.root], deletes=deletes)
        for path, (_, after) in result.files.items():
            path.write_bytes(after)
        return result
