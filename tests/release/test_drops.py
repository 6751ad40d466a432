"""The gate: Prisma may not drop or rename what the deployed or the new mirror still maps."""

import json
from dataclasses import replace

import pytest
from command_line import schemasync
from release_project import SHOP, USER, USERS, Release

from schemasync.release.drops import drops_in_use
from schemasync.schema.model import Column, Schema, Table
from schemasync.schema.types import parse_type

ID = Column("id", parse_type("integer"), nullable=False)
NICK = Column("nick", parse_type("text"))
WITHOUT = USER.replace("    nick: Mapped[str | None] = mapped_column(Text)\n", "")
MANIFESTS = ("--deployed-manifest", "prisma.json", "--deployed-manifest", "sqlalchemy.json")


def side(witness: str, *columns: Column) -> Schema:
    tables = (Table("users", columns=columns),) if columns else ()
    return Schema(witness, tables=tables)  # type: ignore[arg-type]  # one of two


DEPLOYED = {"prisma": side("prisma", ID, NICK), "sqlalchemy": side("sqlalchemy", ID, NICK)}


def test_nothing_is_dropped() -> None:
    assert drops_in_use(DEPLOYED, DEPLOYED) == ()
    assert drops_in_use({}, DEPLOYED) == ()
    more = {"prisma": side("prisma", ID, NICK, replace(NICK, name="more")), "sqlalchemy": DEPLOYED["sqlalchemy"]}
    assert drops_in_use(DEPLOYED, more) == ()


@pytest.mark.parametrize(
    ("mirror", "severity", "who", "first"),
    [
        ((ID, NICK), "error", "the deployed mirror and the new mirror still map it", "Three releases. This one: take"),
        ((ID,), "warning", "the deployed mirror still maps it", "This release takes users.nick out of the mirror"),
    ],
)
def test_a_column_that_is_still_mapped(mirror: tuple[Column, ...], severity: str, who: str, first: str) -> None:
    new = {"prisma": side("prisma", ID), "sqlalchemy": side("sqlalchemy", *mirror)}
    (drift,) = drops_in_use(DEPLOYED, new)
    assert (drift.kind, drift.severity, drift.table, drift.object) == ("prisma-drop", severity, "users", "nick")
    assert drift.message == f"users.nick: Prisma drops it, and {who}"
    assert drift.fix.startswith(first)


def test_one_that_nobody_maps_any_more_may_go() -> None:
    gone = {"prisma": side("prisma", ID), "sqlalchemy": side("sqlalchemy", ID)}
    assert drops_in_use({**DEPLOYED, "sqlalchemy": side("sqlalchemy", ID)}, gone) == ()


def test_a_rename_and_a_table() -> None:
    renamed = {"prisma": side("prisma", ID, replace(NICK, name="handle")), "sqlalchemy": DEPLOYED["sqlalchemy"]}
    (drift,) = drops_in_use(DEPLOYED, renamed)
    assert "Prisma drops it, or renames it to handle, and" in drift.message
    (drift,) = drops_in_use(DEPLOYED, {"prisma": side("prisma"), "sqlalchemy": DEPLOYED["sqlalchemy"]})
    assert (drift.table, drift.object) == ("users", None)
    assert "@@ignore" in drift.fix
    required = replace(NICK, nullable=False)
    deployed = {**DEPLOYED, "prisma": side("prisma", ID, required)}
    (drift,) = drops_in_use(deployed, {"prisma": side("prisma", ID), "sqlalchemy": DEPLOYED["sqlalchemy"]})
    assert "and make it optional" in drift.fix


def test_check_says_which_release_must_do_what(release: Release) -> None:
    """Release by release, as the gate says; each passes it, and each has a safe order."""

    def kinds(*witnesses: str) -> list[str]:
        found = schemasync(release.capsys, "check", *MANIFESTS, *witnesses, "--format", "json")
        drifts = json.loads(found.out)["drifts"]
        return [one["severity"] for one in drifts if one["kind"] == "prisma-drop"]

    sides = ("--witness", "prisma", "--witness", "sqlalchemy")
    release.declare((USERS % "").replace("  nick String?\n", ""), USER + SHOP)
    assert kinds(*sides) == ["error"]
    # The first release takes it out of the mirror alone.
    release.declare(USERS % "", WITHOUT + SHOP)
    assert kinds(*sides) == []
    assert release.order() == ["service:front end", "service:back end"]
    release.deploy()
    # The second takes it out of the front end.
    release.declare((USERS % "").replace("nick String?", "nick String? @ignore"), WITHOUT + SHOP)
    assert kinds(*sides) == []
    release.deploy()
    # The third drops it.
    release.prisma.write("20240301000000_drop", "ALTER TABLE users DROP nick;")
    release.declare((USERS % "").replace("  nick String?\n", ""), WITHOUT + SHOP)
    assert kinds(*sides) == []
    assert set(release.order()) == {"prisma", "service:front end", "service:back end"}
