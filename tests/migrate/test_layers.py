"""Each layer alone against every migration; only on demand, since it takes minutes. The page must be of this suite."""

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attack_runs import hostile_body, protected_state
from attacks.legitimate import LEGITIMATE
from attacks.taking_apart import TAKING_APART
from databases import Database
from fence_project import DECLARED, Project, migrated_database
from layer_table import COLUMNS, SECTIONS, Column, table

from schemasync.errors import SchemasyncError
from schemasync.migrate.inventory import read_inventory
from schemasync.migrate.protected import protection
from schemasync.migrate.roles import roles_sql
from schemasync.ownership import Ownership
from schemasync.scratch import ScratchServer, scratch_server
from schemasync.urls import build_url, connection_parameters

PAGE = Path(__file__).parents[2] / "docs" / "fence.md"
ASKED = os.environ.get("SCHEMASYNC_FENCE_TABLE") == "1"
RESULTS = Path(os.environ.get("SCHEMASYNC_FENCE_RESULTS", Path(tempfile.gettempdir(), "schemasync-fence")))
on_demand = pytest.mark.skipif(not ASKED, reason="takes minutes: SCHEMASYNC_FENCE_TABLE=1 asks for it")
MIGRATOR = "fence_migrator"


class Bench:
    """A database that is renewed when a migration has changed it."""

    def __init__(self, server: ScratchServer, template: str, *, roles: bool = False) -> None:
        self.server = server
        self.roles = roles
        self.template = template
        self.database: Database | None = None
        self.state: dict[str, Any] = {}

    def fresh(self) -> Database:
        if self.database is None:
            self.database = Database(self.server.create_database(template=self.template))
            if self.roles:  # a database's own privileges are not copied with it
                self.database.execute(f"GRANT CREATE, TEMPORARY ON DATABASE {self.database.name} TO {MIGRATOR}")
            self.state = protected_state(self.database)
        return self.database

    def spoil(self) -> None:
        assert self.database is not None
        self.database.close()
        self.database = None


@pytest.fixture
def bench(column: Column) -> Iterator[Bench]:
    """On a server of its own: a role that one column's migrations have changed is as it was for the next column's."""
    with scratch_server("embedded") as server, migrated_database(server) as template:
        if column.login_role:
            with closing(template.connect()) as connection, connection.cursor() as cursor:
                divided = protection(read_inventory(connection), DECLARED, Ownership())
                cursor.execute(roles_sql(divided, ["postgres"], migrator=MIGRATOR, checker="fence_checker"))
                cursor.execute(f"ALTER ROLE {MIGRATOR} PASSWORD 'migrates'")
        yield Bench(server, template.name, roles=column.login_role)


class AsMigrator:
    """The database, seen by the migrating role."""

    def __init__(self, database: Database) -> None:
        parameters = {**connection_parameters(database.url), "user": MIGRATOR, "password": "migrates"}
        self.url = build_url(parameters)
        self.execute = database.execute
        self.name = database.name


def verdict(bench: Bench, column: Column, folder: Path, body: str, hostile: bool) -> str:
    database = bench.fresh()
    seen: Any = AsMigrator(database) if column.login_role else database
    project = Project(folder, seen, bench.server)
    project.add(body.replace(database.url, seen.url))
    try:
        project.upgrade(layers=column.layers)
        refused = False
    except (SchemasyncError, SystemExit):
        refused = True
    if not hostile:
        bench.spoil()
        return "false alarm" if refused else "passed"
    for thread in threading.enumerate():  # one that a migration has started, and that waits for its end
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(10)
    # What a migration left open would end with its process; here it would stand in the way of the next one.
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    )
    unchanged = protected_state(database) == bench.state and project.version() == ["base0"]
    if not (unchanged and refused):
        same = unchanged or protected_state(database) == bench.state
        bench.spoil()
        return ("late" if refused else "missed") if not same else "refused"
    return "refused"


@on_demand
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_column(tmp_path: Path, bench: Bench, column: Column) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{column.name}.json"
    results = json.loads(file.read_text()) if file.exists() else {}
    for heading, names in SECTIONS.items():
        for name in names:
            key = f"{heading.lower()}: {name}"
            if key in results:  # of a run that was stopped before its end
                continue
            hostile = heading != "Legitimate"
            body = hostile_body(name, bench.fresh()) if hostile else LEGITIMATE[name]
            results[key] = verdict(bench, column, tmp_path / f"p{len(results)}", body, hostile)
            file.write_text(json.dumps(results))
    if bench.database is not None:
        bench.spoil()
    if column.name.startswith("all"):
        wrong = {name for name, found in results.items() if found not in ("refused", "passed")}
        # PostgreSQL itself wants UPDATE for a locking read, which the login role must not have on Prisma's tables.
        apart = {f"taking apart: {name}" for name in TAKING_APART}
        assert wrong <= ({"legitimate: locking reads"} if column.login_role else apart)


@on_demand
def test_page_is_written() -> None:
    found = {file.stem: json.loads(file.read_text()) for file in RESULTS.glob("*.json")}
    with scratch_server("embedded") as server:
        major, minor = divmod(server.version, 10_000)
    # What the fence costs is another run's: benchmarks/upgrade.py.
    _, heading, cost = PAGE.read_text(encoding="utf-8").partition("\n## Cost")
    PAGE.write_text(table(found, f"{major}.{minor}") + heading + cost, encoding="utf-8")
    shutil.rmtree(RESULTS)  # the next run begins anew


def test_the_page_is_of_this_suite() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [name for names in SECTIONS.values() for name in names if f"\n| {name} |" not in page]
    assert not missing, "run SCHEMASYNC_FENCE_TABLE=1 pytest tests/migrate/test_layers.py"
    summary = page.partition("## Summary")[2].partition("## Hostile")[0]
    assert "\n| all | 0 | 0 | 0 |" in summary
    assert "\n| all, and the login role | 0 | 0 | 1 | 0 |" in summary
