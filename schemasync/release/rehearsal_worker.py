"""Back ends' models in processes of their own, which try their statements whenever they are asked."""

import contextlib
import dataclasses
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemasync.errors import ModelImportError
from schemasync.release.rehearsal_trials import Trial

_BOOT = (
    "import sys; sys.path.append(sys.argv[2]); from schemasync.release.rehearsal_process import main; main(sys.argv[1])"
)
SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Models:
    """Where a back end's models are.

    Args:
        reference: `module:attribute`.
        path: folders to import from.
        working_folder: where the process runs.
        stub_missing: stand-ins for packages that are not installed.
    """

    reference: str
    path: tuple[str, ...]
    working_folder: str
    stub_missing: bool = False


class ModelProcess:
    """Models, imported once, and their statements; several import theirs beside each other.

    Args:
        service: the version's name.
        models: where they are.
    """

    def __init__(self, service: str, models: Models) -> None:
        self.service, self.models = service, models
        self._folder = tempfile.TemporaryDirectory(prefix="schemasync-")
        folder = Path(self._folder.name)
        (folder / "request.json").write_text(json.dumps(dataclasses.asdict(models)))
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code; the reference is data in a file
            [sys.executable, "-P", "-c", _BOOT, str(folder), str(Path(__file__).resolve().parents[2])],
            cwd=models.working_folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            start_new_session=True,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self._imported = False

    def demand_imported(self) -> None:
        """Wait until the models have been imported.

        Raises:
            ModelImportError: they cannot be.
        """
        if self._imported:
            return
        first = self._answer()
        if "error" in first:
            self.close()
            raise ModelImportError(first["error"])
        self._imported = True

    def trials(self, url: str, tables: Mapping[str, Any]) -> list[Trial]:
        """Try the statements of every table on a database.

        Args:
            url: the database's.
            tables: by `schema.table` what is there: the `candidate` and the `existing` row, the columns' `types`.

        Raises:
            ModelImportError: the models cannot be imported, or the process ended or hangs.
        """
        self.demand_imported()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"url": url, "tables": tables}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._ended() from error
        return [Trial(self.service, **one) for one in self._answer()]

    def close(self) -> None:
        """End the process and all that it started; a second call does nothing."""
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._folder.cleanup()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError, OSError):  # closed meanwhile
            for line in self._process.stdout:
                self._answers.put(line)
        self._answers.put("")

    def _answer(self) -> Any:
        try:
            line = self._answers.get(timeout=SECONDS)
        except queue.Empty:
            self.close()
            raise ModelImportError(
                f"{self.models.reference} did not answer within {SECONDS:g} seconds",
                hint="models must not wait for anything when they are imported",
            ) from None
        if not line:
            raise self._ended()
        return json.loads(line)

    def _ended(self) -> ModelImportError:
        self.close()
        return ModelImportError(f"the process that imported {self.models.reference} ended by itself")
