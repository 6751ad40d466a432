"""Importing must create nothing and connect to nothing."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from schemasync.schema.model import Schema
from schemasync.witnesses.loader import load_metadata

Load = Callable[..., Schema]
Refusal = Callable[..., str]

MODELS = """\
from sqlalchemy import Column, Integer, MetaData, Table
metadata = MetaData()
Table("t", metadata, Column("id", Integer, primary_key=True))
"""

STOPPED = (
    "error: app/models.py:{line}: {what} was attempted while the models were imported, and was stopped\n"
    "    hint: schemasync only reads the models: move the call into a function that the import does not run"
)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("metadata.create_all(create_engine('postgresql+psycopg2://u:p@127.0.0.1:1/x'))", "create_all()"),
        ("metadata.drop_all(create_engine('sqlite://'))", "drop_all()"),
        ("create_engine('postgresql+psycopg2://u:p@127.0.0.1:1/x').connect()", "a database connection"),
        ("create_engine('sqlite://').raw_connection()", "a database connection"),
        ("create_engine('sqlite://').begin().__enter__()", "a database connection"),
        ("create_engine('sqlite://').pool.connect()", "a database connection"),
        ("import psycopg2; psycopg2.connect('host=127.0.0.1 port=1')", "a database connection"),
        ("from psycopg2 import connect; connect('host=127.0.0.1 port=1')", "a database connection"),
        ("import sqlite3; sqlite3.connect(':memory:')", "a database connection"),
        ("inspect(create_engine('sqlite://'))", "a database connection"),
        ("Table('x', metadata, autoload_with=create_engine('sqlite://'))", "a database connection"),
        (
            "try: metadata.create_all(create_engine('sqlite://'))\nexcept Exception as e: raise RuntimeError from e",
            "create_all()",
        ),
    ],
)
def test_side_effects_at_import_are_stopped(refusal: Refusal, code: str, what: str) -> None:
    said = refusal({"app/models.py": f"{MODELS}from sqlalchemy import create_engine, inspect\n{code}\n"})
    assert said == STOPPED.format(line=5, what=what)


def test_flask_create_all_at_import_is_stopped(refusal: Refusal) -> None:
    code = (
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\n"
        "app.config['SQLALCHEMY_DATABASE_URI'] = 'postgresql+psycopg2://u:secret@127.0.0.1:1/x'\ndb = SQLAlchemy(app)\n"
        "with app.app_context():\n    db.create_all()\n"
    )
    assert refusal({"app/models.py": code}, "app.models:db") == STOPPED.format(line=7, what="create_all()")


def test_what_was_stopped_and_swallowed_is_noted(load: Load) -> None:
    code = "from sqlalchemy import create_engine\n"
    code += "try:\n    create_engine('sqlite://').connect()\nexcept Exception:\n    pass\n"
    assert load({"app/models.py": code + MODELS}).notes == (
        "app/models.py:3: a database connection was attempted while the models were imported, and was stopped.",
    )


def test_connections_work_again_afterwards(tmp_path: Path) -> None:
    import sqlite3

    (tmp_path / "keeping_models.py").write_text(f"from sqlite3 import connect\n{MODELS}")
    load_metadata("keeping_models:metadata", path=[tmp_path])
    kept = sys.modules["keeping_models"].connect
    for connect in (kept, sqlite3.connect):
        connection = connect(":memory:")
        assert connection.execute("SELECT 1").fetchone() == (1,)
        connection.close()
