"""Prisma itself as a judge of schemas: a Node process that stays open."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parent / "prisma" / "bridge"


class OracleMissingError(Exception):
    """Why there is no Prisma here."""


class Oracle:
    """Judges schemas by Prisma 7's or 6's own rules.

    Args:
        folder: where the bridge is installed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None

    def judge(
        self,
        schema: str | Path | Mapping[str, str],
        version: int = 7,
        *,
        blank_urls: bool = False,
        ddl: bool = True,
        quick: bool = False,
    ) -> dict[str, Any]:
        """What Prisma says: `valid` (None where Prisma crashes), `errors` and `warnings` with their places, `ddl`.

        Args:
            schema: the text of a schema, its files by name, or the path of a file or folder.
            version: Prisma's major version.
            blank_urls: whether 7 overlooks the datasource's URLs, which it refuses and 6 demands.
            ddl: whether the DDL is wanted.
            quick: whether Prisma's check for editors decides alone; it runs the same rules in half the time.
        """
        order: dict[str, Any] = {"version": version, "blank_urls": blank_urls, "ddl": ddl, "quick": quick}
        if isinstance(schema, Path):
            order["path"] = str(schema.resolve())
        else:
            files = {"schema.prisma": schema} if isinstance(schema, str) else schema
            order["files"] = [list(item) for item in files.items()]
        process = self._process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the bridge to Prisma ended with exit code {process.wait()}")
        judged: dict[str, Any] = json.loads(answer)
        return judged

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        return subprocess.Popen(
            ["node", "bridge.mjs"],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


def find_oracle() -> Path:
    """The folder of the installed bridge; installed into the user's cache folder if need be."""
    if shutil.which("node") is None:
        raise OracleMissingError("Node is not installed")
    contents = {name: (SOURCES / name).read_bytes() for name in ("package.json", "package-lock.json", "bridge.mjs")}
    state = hashlib.sha256(b"\0".join(contents.values())).hexdigest()[:16]
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    target = Path(cache) / "schemasync" / f"prisma-bridge-{state}"
    target.mkdir(parents=True, exist_ok=True)
    # The workers of one run would install it all at once.
    with (target.parent / "prisma-bridge.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / "installed").is_file():
            _install(target, contents)
            (target / "installed").touch()
    return target


def _install(target: Path, contents: Mapping[str, bytes]) -> None:
    if shutil.which("npm") is None:
        raise OracleMissingError("npm is not installed")
    for name, content in contents.items():
        (target / name).write_bytes(content)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    completed = subprocess.run(command, cwd=target, capture_output=True, text=True, check=False)
    if completed.returncode:
        raise OracleMissingError(f"Prisma's engines could not be installed: {completed.stderr.strip()[-500:]}")
