"""Models whose third-party packages are not installed."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from schemasync.errors import ModelImportError
from schemasync.schema.model import Schema
from schemasync.witnesses.loader import load_schema

Load = Callable[..., Schema]

MODELS = """
from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase): pass
class T({bases}Base):
    __tablename__ = "t"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes a module and others, and loads `app.models:Base` with stand-ins."""

    def write_and_load(source: str, bases: str = "", files: dict[str, str] | None = None) -> Schema:
        everything = {"app/__init__.py": "", "app/models.py": source + MODELS.format(bases=bases), **(files or {})}
        for name, text in everything.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return load_schema("app.models:Base", working_folder=tmp_path, stub_missing=True)

    return write_and_load


def _stood_in(schema: Schema) -> str:
    assert [table.name for table in schema.tables] == ["t"]
    prefix = "Stand-ins took the place of packages that are not installed: "
    notes = [note.removeprefix(prefix).removesuffix(".") for note in schema.notes if note.startswith(prefix)]
    return notes[0] if notes else ""


@pytest.mark.parametrize(
    ("source", "packages"),
    [
        ("import boto3\ns3 = boto3.client('s3', region_name='x')\nbucket = s3.Bucket('a').objects.all()\n", "boto3"),
        ("from nowhere.cloud import storage\nimport nowhere.cloud.storage.blob as blob\nstorage.Client()\n", "nowhere"),
        (
            "from celery import Celery, Task\nfrom celery.schedules import crontab\napp = Celery('x')\n"
            "@app.task\ndef one(a): return a + 1\nassert one(1) == 2\n"
            "@app.task(bind=True, max_retries=3)\ndef two(self, a): return a + 2\nassert two(None, 1) == 3\n"
            "class Mine(Task):\n    def run(self): return 5\nassert Mine().run() == 5\n"
            "app.conf.beat_schedule = {'x': crontab(minute=0)}\n",
            "celery",
        ),
        (
            "from stripe import *\nimport stripe.error\ntry:\n    pass\nexcept stripe.error.CardError:\n    pass\n",
            "stripe",
        ),
        (
            "import redis\nfrom typing import Optional\nclient = redis.Redis.from_url('redis://')\n"
            "def get(c: redis.Redis[str], d: Optional[redis.Redis]) -> redis.Redis | None: ...\n"
            "for key in client.scan_iter(): raise AssertionError\n"
            "with client.pipeline() as pipe: pipe['a'] = 1\n"
            "assert not isinstance(3, redis.Redis)\nassert len(client.keys()) == 0\n",
            "redis",
        ),
        (
            "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
            "class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env='.env')\n    name: str = 'x'\n"
            "settings = Settings()\nassert settings.name == 'x'\nurl = settings.redis_url\n",
            "pydantic_settings",
        ),
    ],
)
def test_missing_packages_are_stood_in_for(load: Load, source: str, packages: str) -> None:
    assert _stood_in(load(source)) == packages


def test_a_model_may_derive_from_stand_ins(load: Load) -> None:
    source = "from flask_login_x import UserMixin, Other\nfrom elsewhere_x import Third\n"
    schema = load(source, "UserMixin, Other, Third, ")
    assert _stood_in(schema) == "elsewhere_x, flask_login_x"
    assert [column.name for column in schema.tables[0].columns] == ["id"]


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
def test_an_engine_of_a_missing_driver_may_be_made(load: Load, driver: str) -> None:
    pytest.importorskip("sqlalchemy")
    source = f"from sqlalchemy import create_engine\nengine = create_engine('postgresql+{driver}://u:p@h/d')\n"
    assert _stood_in(load(source)) == ("" if find_spec(driver) else driver)


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("from app.modles import x\n", "app.modles"),
        ("from .modles import x\n", "app.modles"),
        ("import app.services.mail\n", "app.services"),
        ("import helpes\n", "helpes"),
        ("import sqlalchemy_utils\n", "sqlalchemy_utils"),
        ("from geoalchemy2 import Geometry\n", "geoalchemy2"),
        ("import sqlalchemy.dialects.postgres\n", "sqlalchemy.dialects.postgres"),
        ("import email.mimes\n", "email.mimes"),
        ("import click.missing\n", "click.missing"),
    ],
)
def test_these_are_never_stood_in_for(load: Load, source: str, missing: str) -> None:
    with pytest.raises(ModelImportError) as caught:
        load(source, files={"helpers.py": ""})
    assert caught.value.message == f"app/models.py:1: ModuleNotFoundError: No module named '{missing}'"


def test_what_is_optional_stays_absent(load: Load) -> None:
    source = (
        "import importlib.util\ntry:\n    import ujson as json\nexcept ImportError:\n    import json\n"
        "assert json.loads('[1]') == [1]\nassert importlib.util.find_spec('boto3') is None\n"
    )
    assert _stood_in(load(source)) == ""


def test_a_package_of_a_users_own_namespace_is_not_stood_in_for(load: Load) -> None:
    with pytest.raises(ModelImportError) as caught:
        load("import own.missing\n", files={"own/present.py": ""})
    assert caught.value.message == "app/models.py:1: ModuleNotFoundError: No module named 'own.missing'"


def test_an_error_after_stand_ins_names_them(load: Load) -> None:
    with pytest.raises(ModelImportError) as caught:
        load("import boto3\nassert boto3.session == 3, 'not three'\n")
    assert caught.value.message == "app/models.py:2: AssertionError: not three"
    assert caught.value.hint == "stand-ins were used for boto3; the error may come from one of them"
