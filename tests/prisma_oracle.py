"""Prisma itself as a judge of schemas: a Node process that stays open."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BESIDE_THE_CLONE = Path(__file__).resolve().parents[2]


class OracleMissingError(Exception):
    """Why there is no oracle here."""


class Oracle:
    """Judges schemas by Prisma 7's or 6's own rules.

    Args:
        folder: where the oracle is installed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._processes: dict[tuple[str, ...], subprocess.Popen[str]] = {}

    def judge(
        self, schema: str | Path | Mapping[str, str], version: int = 7, *, blank_urls: bool = False
    ) -> dict[str, Any]:
        """What Prisma says: `valid`, `errors`, `dmmf`, `ddl` and more.

        Args:
            schema: the text of a schema, its files by name, or the path of a file or folder.
            version: Prisma's major version.
            blank_urls: whether 7 overlooks the datasource's URLs, which it refuses and 6 demands.
        """
        if isinstance(schema, str):
            order: dict[str, Any] = {"id": "schema", "schema": schema}
        elif isinstance(schema, Path):
            order = {"path": str(schema.resolve())}
        else:
            order = {"id": "schema", "files": [list(item) for item in schema.items()]}
        options = (f"--{version}", *(["--blank-urls"] if blank_urls else []))
        process = self._process(options)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the oracle ended with exit code {process.wait()}")
        judged: dict[str, Any] = json.loads(answer)
        return judged

    def close(self) -> None:
        """End the processes."""
        for process in self._processes.values():
            process.communicate()
        self._processes.clear()

    def _process(self, options: tuple[str, ...]) -> subprocess.Popen[str]:
        process = self._processes.get(options)
        if process is None or process.poll() is not None:
            process = subprocess.Popen(
                ["node", "oracle.mjs", *options],
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            self._processes[options] = process
        return process


def find_oracle() -> Path:
    """The folder of an installed oracle; installed into the user's cache folder if need be."""
    if shutil.which("node") is None:
        raise OracleMissingError("Node is not installed")
    named = os.environ.get("SCHEMASYNC_ORACLE")
    if named:
        if not _is_installed(Path(named)):
            raise OracleMissingError(f"SCHEMASYNC_ORACLE={named} holds no installed oracle")
        return Path(named)
    if _is_installed(BESIDE_THE_CLONE / "oracle"):
        return BESIDE_THE_CLONE / "oracle"
    source = BESIDE_THE_CLONE / "shared" / "oracle"
    if not (source / "install").is_file():
        raise OracleMissingError("neither SCHEMASYNC_ORACLE nor a folder oracle or shared/oracle beside the clone")
    if shutil.which("npm") is None:
        raise OracleMissingError("npm is not installed")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    target = Path(cache) / "schemasync" / "oracle"
    target.parent.mkdir(parents=True, exist_ok=True)
    # The workers of one run would install it all at once.
    with (target.parent / "oracle.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_installed(target):
            completed = subprocess.run(["sh", source / "install", target], capture_output=True, text=True, check=False)
            if completed.returncode or not _is_installed(target):
                raise OracleMissingError(f"the oracle could not be installed: {completed.stderr.strip()[-500:]}")
    return target


def _is_installed(folder: Path) -> bool:
    packages = [folder / f"prisma{major}" / "node_modules" / ".package-lock.json" for major in (6, 7)]
    return (folder / "oracle.mjs").is_file() and all(one.is_file() for one in packages)
