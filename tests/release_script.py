"""Runs the script of a release, with hooks that are watched and that can kill it."""

import os
import subprocess
import sys
from pathlib import Path

from command_line import environment_with_sources
from release_project import Release

# $$ is the script itself, in a subshell too.
HOOKS = """\
here() {{
  echo "$1" >> "$HOOK_LOG"
  if [ "${{KILL_AT:-}}" = "$1" ]; then kill -9 $$; exit 1; fi
  if [ "${{WAIT_AT:-}}" = "$1" ]; then touch waiting; while [ ! -e go-on ]; do sleep 0.1; done; fi
}}
prisma_migrate_deploy() {{
  here before-prisma
  {prisma_deploy}
  here after-prisma
}}
alembic_upgrade() {{
  here "before-$1"
  schemasync upgrade "$1" --config schemasync.toml
  here "after-$1"
}}
deploy_front_end() {{ here front; echo new > front-end; }}
deploy_back_end() {{ here back; }}
is_front_end_deployed() {{ [ -e front-end ]; }}
"""


class Script:
    """The script of a release in its folder.

    Args:
        release: what is released.
        folder: the tree that is released; the project's own by default.
    """

    def __init__(self, release: Release, text: str, folder: Path | None = None) -> None:
        self.folder = folder or release.folder
        self.file = self.folder / "release.sh"
        self.file.write_text(text)
        (self.folder / "hooks.sh").write_text(HOOKS.format(prisma_deploy=release.prisma_deploy))
        commands = self.folder / ".commands"
        commands.mkdir(exist_ok=True)
        shim = commands / "schemasync"
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m schemasync "$@"\n')
        shim.chmod(0o755)
        self.log = self.folder / "hooks.log"
        self.environment = environment_with_sources(
            PATH=f"{commands}{os.pathsep}{os.environ['PATH']}",
            RELEASE_URL=release.database.url,
            MIGRATIONS=str(self.folder / "prisma" / "migrations"),
            HOOK_LOG=str(self.log),
            RELEASE_HOOKS="hooks.sh",
        )

    def start(self, **environment: str) -> "subprocess.Popen[str]":
        """Start it; what it says on both streams comes out together."""
        return subprocess.Popen(
            ["bash", self.file.name],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, **environment: str) -> tuple[int, str]:
        """Run it to its end: the exit code, and what it said."""
        process = self.start(**environment)
        said, _ = process.communicate(timeout=300)
        return process.returncode, said

    @property
    def called(self) -> list[str]:
        """Which hooks have been called so far."""
        return self.log.read_text().split() if self.log.exists() else []
