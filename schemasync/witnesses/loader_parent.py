"""Runs `loader_process` and understands how it ended."""

import contextlib
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from schemasync.errors import ModelImportError
from schemasync.paths import shown
from schemasync.schema.model import Schema
from schemasync.witnesses.import_errors import without_passwords
from schemasync.witnesses.loader import printed_note
from schemasync.witnesses.loader_process import ERROR, SCHEMA
from schemasync.witnesses.user_files import UserFiles

# With -P neither the current folder nor ours comes first: the user's modules must not be hidden by any other.
_BOOT = (
    "import sys; sys.path.append(sys.argv[2]); from schemasync.witnesses.loader_process import main; main(sys.argv[1])"
)
# How much longer than the process itself its parent waits before it ends it.
_GRACE = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """What the process is to do; the arguments of `load_schema`, fit for JSON."""

    reference: str
    path: tuple[str, ...]
    stub_missing: bool
    working_folder: str
    default_schema: str
    timeout: float
    memory: int

    @property
    def user_files(self) -> UserFiles:
        """What counts as the user's own."""
        folder = Path(self.working_folder)
        return UserFiles((*(folder / entry for entry in self.path), folder))


@contextlib.contextmanager
def begun(request: Request) -> Iterator[Callable[[], Schema]]:
    """Starts the process, which goes on beside whatever is done within; it is ended at the end.

    Yields:
        Waits for the process, and gives the schema that it read; raises ModelImportError where the process reported
        one, ended without an answer, or took too long.

    Raises:
        ModelImportError: the working folder does not exist.
    """
    if not Path(request.working_folder).is_dir():
        raise ModelImportError(f"the working folder {request.working_folder} does not exist")
    with tempfile.TemporaryDirectory(prefix="schemasync-") as temporary:
        folder = Path(temporary)
        (folder / "request.json").write_text(json.dumps(dataclasses.asdict(request)))
        with _process(request, folder) as process:
            yield lambda: _answer(request, folder, process)


def _answer(request: Request, folder: Path, process: "subprocess.Popen[bytes]") -> Schema:
    code: int | None = None  # where it had to be killed
    with contextlib.suppress(subprocess.TimeoutExpired):
        code = process.wait(request.timeout + _GRACE)
    _end(process)
    output = (folder / "output").read_bytes()
    if (error := folder / ERROR).exists():
        raise ModelImportError(**json.loads(error.read_text(encoding="utf-8")))
    if not (answer := folder / SCHEMA).exists():
        raise _without_answer(request, code, folder / "trace", output)
    schema = Schema.from_json(answer.read_text(encoding="utf-8"))
    return dataclasses.replace(schema, notes=(*schema.notes, *printed_note(output)))


@contextlib.contextmanager
def _process(request: Request, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    package_root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-P", "-c", _BOOT, str(folder), str(package_root)]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and code; the reference is data in a file
            command,
            cwd=request.working_folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the process and, where there are process groups, all that it started."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _without_answer(request: Request, code: int | None, trace: Path, output: bytes) -> ModelImportError:
    traced = trace.read_text(errors="replace") if trace.exists() else ""
    if traced.strip() or code is None:
        return ModelImportError(
            f"{_innermost(traced, request)}importing {request.reference} took longer than {request.timeout:g} seconds",
            hint="models must not wait for anything when they are imported",
        )
    how = f"crashed with {_signal(-code)}" if code < 0 else f"ended with exit code {code}"
    last = output.decode(errors="replace").strip().splitlines()[-1:]
    said = f"; its last words: {without_passwords(last[0])}" if last and code != 0 else ""
    return ModelImportError(
        f"the process that imported {request.reference} {how}{said}",
        hint="models must not end the process when they are imported",
    )


def _innermost(trace: str, request: Request) -> str:
    """`path:line: ` of the user's innermost frame in faulthandler's dump, in which the main thread comes last."""
    folder = Path(request.working_folder)
    for thread in reversed(re.split(r"\n(?=\S*[Tt]hread )", trace)):
        for filename, line in re.findall(r'File "([^"]+)", line (\d+)', thread):
            if request.user_files.hold(filename):
                return f"{shown(filename, folder)}:{line}: "
    return ""


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
