"""Where the plan has it from what is deployed."""

import subprocess

from command_line import schemasync
from release_project import BACK, FRONT, PRISMA, SECOND, SHOP, USER, USERS, Release


def test_from_a_git_revision(release: Release) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=release.folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "deployed")
    release.prisma.write(SECOND, "ALTER TABLE users DROP nick;")
    without = USER.replace("    nick: Mapped[str | None] = mapped_column(Text)\n", "")
    release.declare((USERS % "").replace("  nick String?\n", ""), without + SHOP)
    assert release.order("--deployed", "HEAD") == [FRONT, BACK, PRISMA]
    result = schemasync(release.capsys, "plan", "--deployed", "nonsense")
    assert (result.code, "git rev-parse failed" in result.err) == (2, True)
    # Without it the deployed services are taken to rely on all that is there.
    found = release.plan("--stub-missing")
    assert [step["id"] for step in found["order"]] == [FRONT, BACK, PRISMA]
    assert "is not known" in found["notes"][0]
