"""The Flask extension on the example's application shape: commands, the guard on create_all, readiness."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Database
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Integer, Table, Text

from schemasync.errors import SchemasyncError
from schemasync.integrations.flask import CreateAllError, Schemasync

SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\nmodel users {\n  id Int @id\n}\n'


@pytest.fixture
def app(tmp_path: Path, database: Database) -> Iterator[tuple[Flask, SQLAlchemy, Path]]:
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    configuration = tmp_path / "schemasync.toml"
    configuration.write_text('[prisma]\nschema = "schema.prisma"\n')
    application = Flask("app", root_path=str(tmp_path))
    application.config["SQLALCHEMY_DATABASE_URI"] = database.url.replace("postgresql:", "postgresql+psycopg2:")
    db = SQLAlchemy(application)
    Table("users", db.metadata, Column("id", Integer, primary_key=True))
    Table("notes", db.metadata, Column("id", Integer, primary_key=True), Column("body", Text))
    yield application, db, configuration
    with application.app_context():
        db.engine.dispose()


def test_create_all_is_refused_where_it_would_create_prismas_tables(app, database: Database) -> None:
    application, db, configuration = app
    Schemasync(application, db, config=configuration)
    with application.app_context():
        with pytest.raises(CreateAllError, match="would create users, which Prisma owns"):
            db.create_all()
        assert database.execute("SELECT to_regclass('notes')") == [(None,)]
        database.execute("CREATE TABLE users (id serial PRIMARY KEY)")
        db.create_all()
        assert database.execute("SELECT to_regclass('notes') IS NOT NULL") == [(True,)]


def test_a_test_may_switch_the_guard_off(app, database: Database) -> None:
    application, db, configuration = app
    Schemasync(application, db, config=configuration, guard_create_all=False)
    with application.app_context():
        db.create_all()
    assert database.execute("SELECT to_regclass('users') IS NOT NULL") == [(True,)]


def test_readiness_fails_until_the_database_states_what_the_models_rely_on(app, database: Database) -> None:
    application, db, configuration = app
    extension = Schemasync(application, db, config=configuration, readiness_path="/ready")
    database.execute("CREATE TABLE users (id serial PRIMARY KEY)")
    client = application.test_client()
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert any("notes" in reason for reason in answer.json["reasons"])
    database.execute("CREATE TABLE notes (id serial PRIMARY KEY, body text)")
    extension._answer = None
    assert client.get("/ready").status_code == 200


def test_the_check_at_start_raises(app, database: Database) -> None:
    application, db, configuration = app
    database.execute("CREATE TABLE users (id serial PRIMARY KEY)")
    with pytest.raises(SchemasyncError, match="does not state what the models rely on"):
        Schemasync(application, db, config=configuration, check_at_start=True)


def test_every_command_is_one_of_flasks(app) -> None:
    application, db, configuration = app
    Schemasync(application, db, config=configuration)
    runner = application.test_cli_runner()
    listed = runner.invoke(args=["schemasync", "--help"])
    assert "upgrade" in listed.output
    failed = runner.invoke(args=["schemasync", "upgrade", "--config", str(configuration)])
    assert failed.exit_code == 2
    assert "no Alembic project is configured" in failed.output


def test_an_application_that_cannot_be_made_is_told_in_one_error(tmp_path: Path) -> None:
    """Flask loads no application for the command of a package, so what fails is told as everywhere."""
    (tmp_path / "shop.py").write_text("raise RuntimeError('no settings')\n")
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    settings = '[prisma]\nschema = "schema.prisma"\n\n[sqlalchemy]\nmetadata = "shop:db"\npath = ["."]\n'
    (tmp_path / "schemasync.toml").write_text(settings)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "shop", "schemasync", "check"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert "no settings" in done.stderr
    assert "Traceback" not in done.stderr
