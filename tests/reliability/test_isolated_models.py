"""Models are imported in a process of its own: neither its time nor its memory nor its end is ours."""

import os
import sys
import time
from pathlib import Path

import pytest

from schemasync.errors import ModelImportError
from schemasync.witnesses.loader import load_schema

GOOD = """import sqlalchemy
metadata = sqlalchemy.MetaData()
sqlalchemy.Table("t", metadata, sqlalchemy.Column("a", sqlalchemy.Integer))
"""


def reading(tmp_path: Path, source: str, **limits: float) -> str:
    """The message with which the import of a module fails."""
    (tmp_path / "models.py").write_text(GOOD + source)
    with pytest.raises(ModelImportError) as caught:
        load_schema("models:metadata", path=[tmp_path], working_folder=tmp_path, **limits)
    return str(caught.value)


def test_within_the_limits_models_are_read(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(GOOD)
    assert load_schema("models:metadata", path=[tmp_path], working_folder=tmp_path).table("t") is not None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to RLIMIT_DATA")
def test_models_that_take_all_memory_are_stopped(tmp_path: Path) -> None:
    message = reading(tmp_path, "hoard = []\nwhile True:\n    hoard.append(bytearray(1 << 24))\n", memory=512 << 20)
    assert "models.py:6" in message
    assert "MemoryError" in message


def test_models_that_never_end_are_stopped_with_what_they_started(tmp_path: Path) -> None:
    source = (
        "import subprocess, pathlib\n"
        "child = subprocess.Popen(['sleep', '300'])\n"
        "pathlib.Path('child').write_text(str(child.pid))\n"
        "while True:\n    pass\n"
    )
    message = reading(tmp_path, source, timeout=5)
    assert "took longer than 5 seconds" in message
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not is_running(child):
            break
        time.sleep(0.1)
    assert not is_running(child)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_models_that_kill_their_process_are_no_crash_of_ours(tmp_path: Path) -> None:
    assert "SIGKILL" in reading(tmp_path, "import os\nos.kill(os.getpid(), 9)\n")
