"""The Flask extension: `flask schemasync …`, a guard on `create_all`, and a readiness check.

from schemasync.integrations.flask import Schemasync

Schemasync(app, db)
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from schemasync.cli.commands import CommandLine
from schemasync.cli.main import COMMANDS, COULD_NOT_BE_DONE
from schemasync.errors import SchemasyncError

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import MetaData

    from schemasync.config import Configuration

__all__ = ["CreateAllError", "Schemasync"]

# How long an answer of the readiness check holds: a probe that asks every second must not read every second.
SECONDS_TO_KEEP = 10.0


class CreateAllError(SchemasyncError):
    """`create_all` would create tables that Prisma owns."""


class Schemasync:
    """The extension.

    Args:
        app: the application; `init_app` takes it later.
        db: Flask-SQLAlchemy's object, or anything with `metadata` and `engine`.
        config: the configuration file; None looks for it upwards from the application's folder.
        guard_create_all: refuse `create_all` where it would create a table that Prisma owns.
        readiness_path: a URL path that answers 200 while the database states what the models rely on, and 503 with
            the reasons while it does not; None adds none.
        check_at_start: raise in `init_app` where the database does not state what the models rely on.
    """

    def __init__(
        self,
        app: Flask | None = None,
        db: Any = None,
        *,
        config: Path | None = None,
        guard_create_all: bool = True,
        readiness_path: str | None = None,
        check_at_start: bool = False,
    ) -> None:
        self.db = db
        self.config = config
        self.guard_create_all = guard_create_all
        self.readiness_path = readiness_path
        self.check_at_start = check_at_start
        self._answer: tuple[float, tuple[str, ...]] | None = None
        if app is not None:
            self.init_app(app, db)

    def init_app(self, app: Flask, db: Any = None) -> None:
        """Add the commands, the guard and the check to an application.

        Raises:
            SchemasyncError: the database does not state what the models rely on, where that is to be checked.
        """
        self.db = db if db is not None else self.db
        app.extensions["schemasync"] = self
        app.cli.add_command(commands)
        if self.db is None:
            return
        if self.guard_create_all:
            _guard(self.db.metadata, lambda: self._configuration(app))
        if self.readiness_path is not None:
            app.add_url_rule(self.readiness_path, "schemasync_ready", lambda: self._respond(app))
        if self.check_at_start:
            with app.app_context():
                reasons = self.unready(app)
            if reasons:
                raise SchemasyncError(
                    "the database does not state what the models rely on:\n" + "\n".join(reasons),
                    hint="run prisma migrate deploy and schemasync upgrade first",
                )

    def unready(self, app: Flask) -> tuple[str, ...]:
        """What the models rely on and the database does not state; read-only, within an application context.

        Raises:
            SchemasyncError: the database cannot be reached.
        """
        from schemasync.compare.engine import compare_witnesses
        from schemasync.witnesses.database import read_database
        from schemasync.witnesses.metadata import read_metadata

        models = read_metadata(self.db.metadata)
        schemas = tuple(sorted({table.schema for table in models.tables})) or ("public",)
        live = read_database(self.db.engine, schemas)
        ownership = self._configuration(app).table_ownership()
        comparison = compare_witnesses({"sqlalchemy": models, "database": live}, ownership)
        return tuple(
            f"{drift.table or drift.object}: {drift.message}"
            for drift in comparison.drifts
            if drift.severity == "error"
        )

    def _respond(self, app: Flask) -> tuple[dict[str, Any], int]:
        now = time.monotonic()
        if self._answer is None or now - self._answer[0] > SECONDS_TO_KEEP:
            try:
                reasons = self.unready(app)
            except SchemasyncError as error:
                reasons = (error.message,)
            self._answer = (now, reasons)
        reasons = self._answer[1]
        return {"ready": not reasons, "reasons": list(reasons)}, 503 if reasons else 200

    def _configuration(self, app: Flask) -> Configuration:
        from schemasync.config import load

        return load(self.config, start=Path(app.root_path))


class FlaskCommands(CommandLine):
    """All commands as `flask schemasync …`, with the exit codes that they have by themselves."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command; Flask itself would pass over what it returns."""
        try:
            result = super().invoke(context)
        except SchemasyncError as error:
            click.echo(error.render(), err=True)
            context.exit(COULD_NOT_BE_DONE)
        if isinstance(result, int) and result:
            context.exit(result)
        return result


# Also an entry point of the package: Flask then knows the commands even where the application cannot be made.
commands = FlaskCommands(COMMANDS)


def _guard(metadata: MetaData, configuration: Any) -> None:
    from sqlalchemy import event

    def before_create(_target: Any, connection: Any, *, tables: Any = None, **_options: Any) -> None:
        from schemasync.integrations.alembic import configured_filter

        # A scratch database of a test wants all tables. Its bind names another database than the configured one, but
        # nobody can tell a test's from a fresh one: the test says so by guard_create_all=False.
        rules = configured_filter(configuration(), metadata)
        default = getattr(connection.dialect, "default_schema_name", None) or "public"
        foreign = sorted(table.name for table in tables or () if not rules.owns(table.schema or default, table.name))
        if foreign:
            raise CreateAllError(
                f"create_all would create {', '.join(foreign)}, which Prisma owns, in SQLAlchemy's version of them and "
                "without Prisma's history",
                hint="run prisma migrate deploy first, then schemasync upgrade; in tests give guard_create_all=False",
            )

    event.listen(metadata, "before_create", before_create)
