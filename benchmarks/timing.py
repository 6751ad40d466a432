"""CPU time of calls and processes, taken in turns, so that a busy machine slows all of them alike."""

import gc
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Samples = dict[str, list[float]]


def calls(works: Mapping[str, Callable[[], Any]], rounds: int, servers: Mapping[str, int] | None = None) -> Samples:
    """Milliseconds of CPU per call: this process's, and those of the server process that a work has."""
    samples: Samples = {name: [] for name in works}
    for turn in range(rounds + 1):  # the first warms up
        for name, work in works.items():
            gc.collect()
            server = (servers or {}).get(name)
            before = time.process_time() + _server_seconds(server)
            work()
            if turn:
                samples[name].append((time.process_time() + _server_seconds(server) - before) * 1000)
    return samples


def _server_seconds(process: int | None) -> float:
    """The CPU seconds of a server process on this machine; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9 if process else 0.0
    except OSError:
        return 0.0


def processes(
    commands: Mapping[str, Sequence[str]], rounds: int, environment: Mapping[str, str]
) -> tuple[Samples, Samples]:
    """Milliseconds of CPU of whole processes and their children, and milliseconds until they end.

    A command that fails is said and left out.
    """
    working = {name: command for name, command in commands.items() if _runs(name, command, environment)}
    cpu: Samples = {name: [] for name in working}
    wall: Samples = {name: [] for name in working}
    for _ in range(rounds):
        for name, command in working.items():
            before, started = _children_seconds(), time.perf_counter()
            subprocess.run(command, capture_output=True, env={**os.environ, **environment}, check=False)
            wall[name].append((time.perf_counter() - started) * 1000)
            cpu[name].append((_children_seconds() - before) * 1000)
    return cpu, wall


def _runs(name: str, command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a command can be measured; that run also warms up what it reads."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    if done.returncode > 1:
        print(f"{name} is not measured, for it failed: {done.stderr.strip()[-300:]}")
    return done.returncode <= 1


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ratio(samples: Samples, one: str, other: str) -> float:
    """The median of `one / other`, turn by turn."""
    return statistics.median(a / b for a, b in zip(samples[one], samples[other], strict=True))


def median(values: Sequence[float]) -> float:
    """The middle of some measurements."""
    return statistics.median(values)
