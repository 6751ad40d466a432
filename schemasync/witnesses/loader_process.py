"""The process that imports the user's models: reads a request from a folder and leaves its answer there."""

import dataclasses
import faulthandler
import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

from schemasync.errors import SchemasyncError
from schemasync.witnesses.guard import stopped_side_effects
from schemasync.witnesses.import_errors import user_error
from schemasync.witnesses.loader import load_openly
from schemasync.witnesses.user_files import UserFiles

# The files of an answer.
SCHEMA, ERROR = "schema.json", "error.json"


def main(folder: str) -> None:
    """Carries out `request.json` of a folder and ends the process.

    Args:
        folder: where the request is, and where `schema.json`, else `error.json`, and after the timeout `trace` are
            written.
    """
    # This process is short: what the models leave for the collector goes with it, and looking for it takes longer than
    # importing them.
    gc.disable()
    request = json.loads((Path(folder) / "request.json").read_text())
    # Models that look at the command line at import must not see ours.
    sys.argv[:] = ["schemasync"]
    _limit_memory(request["memory"])
    with (Path(folder) / "trace").open("w") as trace:
        faulthandler.dump_traceback_later(request["timeout"], exit=True, file=trace)
        name, answer = _answer(request)
        faulthandler.cancel_dump_traceback_later()
    partial = Path(folder) / "answer.partial"
    partial.write_text(answer, encoding="utf-8")
    partial.replace(Path(folder) / name)
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads and exit handlers of the user's code could hold the process up.
    os._exit(0)


def _limit_memory(most: int) -> None:
    """Let the process have so many bytes of its own, where the system can hold it to that (Linux, RLIMIT_DATA)."""
    if sys.platform == "win32" or not most:
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _answer(request: dict[str, Any]) -> tuple[str, str]:
    """The name of a file, and what it is to say."""
    folder = Path(request["working_folder"])
    path = [Path(entry) for entry in request["path"]]
    user_files = UserFiles((*(folder / entry for entry in path), folder))
    try:
        with stopped_side_effects(user_files):
            return SCHEMA, _read(request, path, folder, user_files)
    except SchemasyncError as error:
        return ERROR, json.dumps({"message": error.message, "hint": error.hint})
    except Exception as error:
        # The user's own types and properties run while the metadata is read; without a frame of theirs it is our bug.
        shown = user_error(error, user_files, folder)
        if not _has_user_frame(error, user_files):
            raise
        return ERROR, json.dumps({"message": shown.message, "hint": shown.hint})


def _read(request: dict[str, Any], path: list[Path], folder: Path, user_files: UserFiles) -> str:
    from schemasync.witnesses.metadata import read_metadata

    loaded = load_openly(request["reference"], path=path, stub_missing=request["stub_missing"], working_folder=folder)
    schema = read_metadata(
        loaded.declared,
        default_schema=request["default_schema"],
        source=request["reference"],
        working_folder=folder,
        user_files=user_files,
    )
    return dataclasses.replace(schema, notes=(*loaded.notes, *schema.notes)).to_json()


def _has_user_frame(error: BaseException, user_files: UserFiles) -> bool:
    step = error.__traceback__
    while step is not None:
        if user_files.hold(step.tb_frame.f_code.co_filename):
            return True
        step = step.tb_next
    return False
