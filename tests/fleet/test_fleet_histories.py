"""A fleet in the middle of a roll-out: databases that have seen different migrations."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from command_line import schemasync
from fleets import CONFIGURATION, MODELS, SCHEMA, Fleet, dropped

from schemasync.demo import deploy
from schemasync.release.replayed import Places, Replay, Step
from schemasync.scratch import ScratchServer

MIGRATIONS = {
    "1_users": "CREATE TABLE users (id integer NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id));",
    "2_email": "ALTER TABLE users ADD email text; CREATE UNIQUE INDEX users_email_key ON users (email);",
}


@pytest.fixture(scope="module")
def rollout(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Three databases, each migrated by itself; the last has not seen the second migration."""
    folder = tmp_path_factory.mktemp("rollout")
    (folder / "schema.prisma").write_text(SCHEMA)
    (folder / "models.py").write_text(MODELS)
    (folder / "schemasync.toml").write_text(CONFIGURATION)
    made = Fleet(folder, tuple(server.create_database() for _ in range(3)))
    migrations = folder / "migrations"
    for number, (name, script) in enumerate(MIGRATIONS.items()):
        (migrations / name).mkdir(parents=True)
        (migrations / name / "migration.sql").write_text(script)
        for database in made.databases[: 3 - number]:
            deploy(migrations, database.url)
    yield made
    dropped(made.databases)


def report(project: Fleet, capsys: pytest.CaptureFixture[str], *more: str | Path) -> dict[str, Any]:
    result = schemasync(capsys, "check", "--databases", project.listed(), "--format", "json", *more)
    assert result.code in (0, 1), result.err
    read: dict[str, Any] = json.loads(result.out)
    return read


def test_databases_that_saw_the_same_at_different_times_are_equal(
    rollout: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rollout.folder)
    members = report(rollout, capsys)["databases"]
    assert [member["group"] for member in members.values()] == [1, 1, 2]


def test_what_is_pending_in_one_explains_its_drifts_and_no_others(
    rollout: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rollout.folder)
    drifts = report(rollout, capsys)["drifts"]
    assert {tuple(drift["databases"]) for drift in drifts} == {("tenant_002",)}
    told = {(drift["kind"], drift["object"]): (drift["severity"], drift["explained_by"]) for drift in drifts}
    assert told["prisma-pending", "2_email"] == ("warning", None)
    assert told["column-missing", "email"] == ("info", "2_email")


def test_an_edited_migration_is_the_same_finding_of_all_that_have_it(
    rollout: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(rollout.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "migrations/2_email/migration.sql"
    script.write_text(f"-- edited\n{script.read_text()}")
    (edited,) = (drift for drift in report(rollout, capsys)["drifts"] if drift["kind"] == "prisma-edited")
    assert (edited["object"], edited["databases"]) == ("2_email", ["tenant_000", "tenant_001"])


def test_the_whole_history_is_everybodys(
    rollout: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(rollout.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.prisma").write_text(
        SCHEMA.replace("email String? @unique", "email String? @unique\n  age Int?")
    )
    found = report(rollout, capsys, "--replay")["drifts"]
    (gap,) = (drift for drift in found if drift["kind"] == "prisma-history")
    assert gap["databases"] == ["tenant_000", "tenant_001", "tenant_002"]


def test_at_applied_holds_each_database_against_its_own_migrations(
    rollout: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a roll-out nothing is a drift; what somebody did by hand is, where they did it."""
    monkeypatch.chdir(rollout.folder)
    read = report(rollout, capsys, "--at-applied")
    assert read["drifts"] == []
    assert {member["state"] for member in read["databases"].values()} == {"compared"}
    for number in (1, 2):
        rollout.change(number, "ALTER TABLE users ADD by_hand integer")
    rollout.change(1, "ALTER TABLE users DROP email")
    try:
        drifts = report(rollout, capsys, "--at-applied")["drifts"]
    finally:
        for number in (1, 2):
            rollout.change(number, "ALTER TABLE users DROP by_hand")
        rollout.change(1, MIGRATIONS["2_email"])
    found = {(drift["kind"], drift["object"]): drift["databases"] for drift in drifts}
    assert found[("column-extra", "by_hand")] == ["tenant_001", "tenant_002"]
    assert found[("column-missing", "email")] == ["tenant_001"]


def test_at_applied_runs_what_several_databases_have_seen_only_once(
    rollout: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import schemasync.release.rebuilt as rebuilt

    runs = []
    replayed = rebuilt.replayed

    def counted(server: ScratchServer, places: Places, steps: Sequence[Step]) -> Replay:
        runs.append([step.name for step in steps])
        return replayed(server, places, steps)

    monkeypatch.setattr(rebuilt, "replayed", counted)
    monkeypatch.chdir(rollout.folder)
    rollout.change(0, "ALTER TABLE users ADD by_hand integer")
    try:
        members = report(rollout, capsys, "--at-applied")["databases"]
    finally:
        rollout.change(0, "ALTER TABLE users DROP by_hand")
    assert {member["group"] for member in members.values()} == {1, 2, 3}
    assert sorted(runs) == [["1_users"], ["1_users", "2_email"]]


def test_at_applied_a_database_without_a_history_is_a_finding_and_stops_nobody(
    rollout: Fleet, server: ScratchServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(rollout.folder)
    with server.create_database() as strange:
        listed = rollout.listed(f"strange = {strange.url}")
        result = schemasync(capsys, "check", "--databases", listed, "--at-applied", "--format", "json")
    (drift,) = json.loads(result.out)["drifts"]
    assert (result.code, drift["kind"], drift["object"]) == (1, "database-unrelated", "strange")
    assert "the database has no _prisma_migrations" in drift["message"]


def test_at_applied_needs_a_history(
    rollout: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(rollout.folder, tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "migrations")
    monkeypatch.chdir(tmp_path)
    result = schemasync(capsys, "check", "--databases", rollout.listed(), "--at-applied")
    assert (result.code, "no migration history is configured" in result.err) == (2, True)


def test_what_prisma_drops_is_everybodys(
    rollout: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--deployed` is about the declarations alone."""
    shutil.copytree(rollout.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    build = tmp_path / "build.json"
    assert schemasync(capsys, "snapshot", "--witness", "prisma", "--output", build).code == 0
    (tmp_path / "schema.prisma").write_text(SCHEMA.replace("  email String? @unique\n", ""))
    drifts = report(rollout, capsys, "--deployed-manifest", build)["drifts"]
    (drop,) = (drift for drift in drifts if drift["kind"] == "prisma-drop")
    assert (drop["object"], drop["databases"]) == ("email", ["tenant_000", "tenant_001", "tenant_002"])
