"""Models written as source, imported from a temporary folder, read into a schema."""

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from schemasync.errors import ModelImportError
from schemasync.schema.model import Schema
from schemasync.witnesses.loader import load_metadata, load_schema
from schemasync.witnesses.metadata import read_metadata
from schemasync.witnesses.user_files import UserFiles

_numbers = itertools.count()

PREAMBLE = """\
import datetime, decimal, enum, uuid
import sqlalchemy as sa
from sqlalchemy import *
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import *
class Base(DeclarativeBase): pass
"""

Read = Callable[..., Schema]


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    """Reads the metadata of a Python source, `Base` unless told otherwise; the source stands after PREAMBLE."""
    before = set(sys.modules)

    def read_source(source: str, attribute: str = "Base", preamble: str = PREAMBLE, **keywords: str) -> Schema:
        name = f"models_{next(_numbers)}"
        (tmp_path / f"{name}.py").write_text(preamble + dedent(source))
        loaded = load_metadata(f"{name}:{attribute}", path=[tmp_path], working_folder=tmp_path)
        return read_metadata(
            loaded.declared, working_folder=tmp_path, user_files=UserFiles((tmp_path,)), source=name, **keywords
        )

    yield read_source
    for name in set(sys.modules) - before:
        if name.startswith("models_"):
            del sys.modules[name]


@pytest.fixture
def load(tmp_path: Path) -> Read:
    """Writes files and loads `app.models:metadata` from them in a process of its own."""

    def write_and_load(files: dict[str, str], reference: str = "app.models:metadata", **keywords: Any) -> Schema:
        for name, text in {"app/__init__.py": "", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return load_schema(reference, working_folder=tmp_path, **keywords)

    return write_and_load


@pytest.fixture
def refusal(load: Read) -> Callable[..., str]:
    """What is said when files cannot be loaded."""

    def load_and_fail(files: dict[str, str], reference: str = "app.models:metadata", **keywords: Any) -> str:
        with pytest.raises(ModelImportError) as caught:
            load(files, reference, **keywords)
        return caught.value.render()

    return load_and_fail
