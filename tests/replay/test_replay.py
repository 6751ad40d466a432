"""Migration histories, run in a fresh database."""

import json
import random
import shutil
import string
import subprocess
from pathlib import Path

import pytest
from databases import Database

from schemasync.errors import DatabaseError
from schemasync.witnesses.replay import collation_key, migration_names, replay_alembic, replay_prisma

SORT = """
const names = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(names.sort((a, b) => a.localeCompare(b))));
"""


def prisma_history(folder: Path, **scripts: str) -> Path:
    for name, sql in scripts.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "migration.sql").write_text(sql)
    (folder / "migration_lock.toml").write_text('provider = "postgresql"\n')
    return folder


def alembic_history(folder: Path, *, ini: str) -> Path:
    """Two revisions beside an env.py that must not run."""
    (folder / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(ini)
    (folder / "env.py").write_text("raise RuntimeError('env.py ran')\n")
    (folder / "script.py.mako").touch()
    head = "from alembic import op\nimport sqlalchemy as sa\n"
    (folder / "versions" / "b_second.py").write_text(
        f"'''second'''\n{head}revision = 'b'\ndown_revision = 'a'\n"
        "def upgrade():\n    op.add_column('shops', sa.Column('name', sa.Text()))\n"
    )
    (folder / "versions" / "a_first.py").write_text(
        f"'''first'''\n{head}revision = 'a'\ndown_revision = None\n"
        "def upgrade():\n    op.create_table('shops', sa.Column('id', sa.Integer(), primary_key=True))\n"
    )
    return folder


def test_migrations_run_in_prismas_order(tmp_path: Path, database: Database) -> None:
    folder = prisma_history(
        tmp_path,
        **{
            "20240101000000_a": "INSERT INTO log (name) VALUES ('second');",
            "20240101_b": "CREATE TABLE log (at serial, name text); INSERT INTO log (name) VALUES ('first');",
            "20240202_c": "INSERT INTO log (name) VALUES ('100 %s');",
            "20240303_empty": "-- nothing\n",
        },
    )
    told: list[str] = []
    names = replay_prisma(folder, database.url, progress=told.append)
    assert names == ("20240101_b", "20240101000000_a", "20240202_c", "20240303_empty")
    assert told == list(names)
    assert database.execute("SELECT name FROM log ORDER BY at") == [("first",), ("second",), ("100 %s",)]


def test_a_script_is_one_transaction(tmp_path: Path, database: Database) -> None:
    folder = prisma_history(tmp_path, a="CREATE TABLE kept (id int);", b="CREATE TABLE lost (id int);\n\nSELECT 1 / 0;")
    with pytest.raises(DatabaseError, match=r"b/migration\.sql: the migration failed: division by zero"):
        replay_prisma(folder, database.url)
    assert database.execute("SELECT to_regclass('kept')::text, to_regclass('lost')::text") == [("kept", None)]


def test_a_script_alone_may_work_concurrently(tmp_path: Path, database: Database) -> None:
    folder = prisma_history(tmp_path, a="CREATE TABLE t (id int);", b="CREATE INDEX CONCURRENTLY t_id_idx ON t (id);")
    replay_prisma(folder, database.url)
    assert database.execute("SELECT indexname FROM pg_indexes WHERE tablename = 't'") == [("t_id_idx",)]


def test_a_failure_names_its_line(tmp_path: Path, database: Database) -> None:
    folder = prisma_history(tmp_path, a="CREATE TABLE t (id int);\n\nSELECT id,\n  nothing FROM t;\n")
    with pytest.raises(DatabaseError, match=r"a/migration\.sql:4: the migration failed: column \"nothing\" does not"):
        replay_prisma(folder, database.url)


def test_a_folder_without_a_script(tmp_path: Path, database: Database) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(DatabaseError, match=r"cannot read .*a/migration\.sql: No such file"):
        replay_prisma(tmp_path, database.url)
    with pytest.raises(DatabaseError, match=r"cannot read Prisma's migrations in .*nothing: No such file"):
        replay_prisma(tmp_path / "nothing", database.url)


def test_no_server_and_no_password(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(DatabaseError, match="cannot connect") as caught:
        replay_prisma(tmp_path, "postgresql://ann:s3cret@127.0.0.1:1/shop")
    assert "s3cret" not in caught.value.render()
    with pytest.raises(DatabaseError, match=r"cannot connect|failed") as caught:
        replay_alembic(alembic_history(tmp_path / "m", ini="[alembic]\n"), "postgresql://ann:s3cret@127.0.0.1:1/shop")
    assert "s3cret" not in caught.value.render()


def test_known_orders() -> None:
    names = ["B", "A", "a", "_x", "20240101000000_a", "20240101_b", "\u00e9", "f", "e", "-"]
    assert sorted(names, key=collation_key) == [
        "_x",
        "-",
        "20240101_b",
        "20240101000000_a",
        "a",
        "A",
        "B",
        "e",
        "\u00e9",
        "f",
    ]


def test_only_folders_are_migrations(tmp_path: Path) -> None:
    assert migration_names(prisma_history(tmp_path, b="", a="")) == ("a", "b")


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_order_is_javascripts() -> None:
    choice = random.Random(20240101).choice
    usual, rare = "abAB019_-", string.printable[:94] + "\u00e9\u00c9\u00fc\u00f1\u00df"
    names = sorted(
        {"".join(choice(choice((usual, usual, rare))) for _ in range(choice(range(1, 7)))) for _ in range(3000)}
    )
    done = subprocess.run(["node", "-e", SORT], input=json.dumps(names), capture_output=True, text=True, check=True)
    assert sorted(names, key=collation_key) == json.loads(done.stdout)


@pytest.mark.parametrize("flask_migrate", [True, False])
def test_revisions_run_without_env_py(tmp_path: Path, database: Database, flask_migrate: bool) -> None:
    ini = "[alembic]\n" if flask_migrate else "[alembic]\nscript_location = %(here)s\n"
    folder = alembic_history(tmp_path / ("100 % migrations" if flask_migrate else "migrations"), ini=ini)
    told: list[str] = []
    config = folder if flask_migrate else folder / "alembic.ini"
    assert replay_alembic(config, database.url, progress=told.append) == ("a", "b")
    assert told == ["first", "second"]
    assert database.execute("SELECT version_num FROM alembic_version") == [("b",)]
    assert replay_alembic(config, database.url) == ()


def test_a_failing_revision_undoes_itself_alone(tmp_path: Path, database: Database) -> None:
    folder = alembic_history(tmp_path / "migrations", ini="[alembic]\n")
    with (folder / "versions" / "b_second.py").open("a") as file:
        file.write("    op.execute('SELECT 1 / 0')\n")
    with pytest.raises(DatabaseError, match="failed after a: division by zero"):
        replay_alembic(folder, database.url)
    assert database.execute("SELECT version_num FROM alembic_version") == [("a",)]
    assert database.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'shops'") == [
        ("id",)
    ]


def test_there_is_no_alembic_ini(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"there is no .*alembic\.ini"):
        replay_alembic(tmp_path, "postgresql://h/d")
