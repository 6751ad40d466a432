"""A signal ends the command line, whatever it is doing."""

import signal
import subprocess
import sys

import pytest
from command_line import environment_with_sources

DEAF = """
import os, sys, threading
from schemasync.cli import main

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), int(sys.argv[1]))
        for _ in range(100000):  # the exception comes before the next one
            pass

def busy(arguments):
    Finalized()
    threading.Event().wait(60)
    return 0

main.main = busy
main.run()
"""


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_while_python_ignores_exceptions(ending: signal.Signals, code: int) -> None:
    """In a finalizer or a callback nothing can be raised; it is raised a moment later."""
    command = [sys.executable, "-c", DEAF, str(int(ending))]
    done = subprocess.run(command, env=environment_with_sources(), capture_output=True, timeout=50, check=False)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done
