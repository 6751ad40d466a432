"""Prisma's and Alembic's own tools on a test's database, and the folders that they work from."""

import json
import subprocess
from pathlib import Path
from typing import Any

REVISION = """\
'''{message}'''
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {down!r}
branch_labels = {label!r}
depends_on = {depends!r}


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""
# As `alembic init` writes it, without the part for offline mode.
ENVIRONMENT = """\
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""


class PrismaProject:
    """A folder of Prisma migrations, and Prisma itself.

    Args:
        folder: where the migrations are written.
        tools: the installed Prisma.
        url: the database.
    """

    def __init__(self, folder: Path, tools: Path, url: str) -> None:
        self.folder, self.tools, self.url = folder, tools, url
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "migration_lock.toml").write_text('provider = "postgresql"\n')

    def write(self, name: str, sql: str) -> Path:
        script = self.folder / name / "migration.sql"
        script.parent.mkdir(exist_ok=True)
        script.write_bytes(sql.encode())
        return script

    def deploy(self) -> dict[str, Any]:
        """`prisma migrate deploy`; an error as `{"error": …}`."""
        return self._run("deploy", "--migrations", str(self.folder))

    def resolve(self, how: str, name: str) -> dict[str, Any]:
        """`prisma migrate resolve --applied` or `--rolled-back`."""
        return self._run("resolve", "--migrations", str(self.folder), f"--{how}", name)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Prisma's tool as a process that the test watches."""
        command = ["node", "migrate.mjs", *arguments, "--url", self.url]
        return subprocess.Popen(command, cwd=self.tools, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def _run(self, *arguments: str) -> dict[str, Any]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=60)
        if process.returncode:
            return {"error": err}
        answer = json.loads(out) if out.strip() not in ("", "undefined") else {}
        return answer if isinstance(answer, dict) else {}


class AlembicProject:
    """A folder of Alembic revisions, and Alembic itself.

    Args:
        folder: where they are written.
        url: the database.
    """

    def __init__(self, folder: Path, url: str, environment: str = ENVIRONMENT) -> None:
        self.folder, self.url = folder, url
        (folder / "versions").mkdir(parents=True)
        # The URL's driver: psycopg 3 is SQLAlchemy's choice from 2.1 on, and is not installed here.
        written = url.replace("postgresql://", "postgresql+psycopg2://").replace("%", "%%")
        self.config = folder / "alembic.ini"
        self.config.write_text(f"[alembic]\nscript_location = {folder.as_posix()}\nsqlalchemy.url = {written}\n")
        (folder / "env.py").write_text(environment)
        (folder / "script.py.mako").touch()

    def write(
        self,
        revision: str,
        down: Any = None,
        upgrade: str = "pass",
        *,
        downgrade: str = "pass",
        depends: Any = None,
        label: Any = None,
        message: str = "",
    ) -> Path:
        script = self.folder / "versions" / f"{revision}.py"
        text = REVISION.format(
            revision=revision,
            down=down,
            upgrade=upgrade,
            downgrade=downgrade,
            depends=depends,
            label=label,
            message=message or f"revision {revision}",
        )
        script.write_text(text)
        return script

    def upgrade(self, target: str = "heads") -> None:
        """`alembic upgrade`."""
        from alembic import command
        from alembic.config import Config

        command.upgrade(Config(str(self.config)), target)

    def stamp(self, target: str) -> None:
        """`alembic stamp`."""
        from alembic import command
        from alembic.config import Config

        command.stamp(Config(str(self.config)), target)
