"""CPU time of calls and processes, taken in turns, so that a busy machine slows all of them alike."""

import gc
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

Samples = dict[str, list[float]]


def calls(works: Mapping[str, Callable[[], Any]], rounds: int, servers: Mapping[str, int] | None = None) -> Samples:
    """Milliseconds of CPU per call: this process's, and those of the server process that a work has.

    What a call returns is let go of when its time is taken.
    """
    samples: Samples = {name: [] for name in works}
    for turn in range(rounds + 1):  # the first warms up
        for name, work in works.items():
            gc.collect()
            server = (servers or {}).get(name)
            before = time.process_time() + _server_seconds(server)
            made = work()
            taken = time.process_time() + _server_seconds(server) - before
            del made
            if turn:
                samples[name].append(taken * 1000)
    return samples


def _server_seconds(process: int | None) -> float:
    """The CPU seconds of a server process on this machine; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9 if process else 0.0
    except OSError:
        return 0.0


def processes(
    commands: Mapping[str, Sequence[str]],
    rounds: int,
    environment: Mapping[str, str],
    differing: Collection[str] = (),
) -> tuple[Samples, Samples]:
    """Milliseconds of CPU of whole processes and their children, and milliseconds until they end.

    A command that fails is said and left out.

    Args:
        commands: by name.
        rounds: how often each is run, in turns.
        environment: what is added to this process's own.
        differing: the commands whose exit code 1 says that something differs; any other's says that it failed.
    """
    working = {
        name: command
        for name, command in commands.items()
        if _runs(name, command, environment, (0, 1) if name in differing else (0,))
    }
    cpu: Samples = {name: [] for name in working}
    wall: Samples = {name: [] for name in working}
    for _ in range(rounds):
        for name, command in working.items():
            before, started = _children_seconds(), time.perf_counter()
            subprocess.run(command, capture_output=True, env={**os.environ, **environment}, check=False)
            wall[name].append((time.perf_counter() - started) * 1000)
            cpu[name].append((_children_seconds() - before) * 1000)
    return cpu, wall


def _runs(name: str, command: Sequence[str], environment: Mapping[str, str], good: Collection[int]) -> bool:
    """Whether a command can be measured; that run also warms up what it reads."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    if done.returncode not in good:
        print(f"{name} is not measured, for it failed: {done.stderr.strip()[-300:]}")
    return done.returncode in good


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ratio(samples: Samples, one: str, other: str) -> float:
    """The median of `one / other`, turn by turn."""
    return statistics.median(a / b for a, b in zip(samples[one], samples[other], strict=True))


def median(values: Sequence[float]) -> float:
    """The middle of some measurements."""
    return statistics.median(values)


def tree_seconds() -> float:
    """The CPU seconds of the processes that have been run and waited for."""
    return _children_seconds()


def server_tree_seconds(postmaster: int) -> float:
    """The CPU seconds of a PostgreSQL server: its first process, those that it has waited for, and those that live."""
    tick = os.sysconf("SC_CLK_TCK")
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        is_postmaster = int(stat.parent.name) == postmaster
        if is_postmaster or int(fields[1]) == postmaster:
            used += sum(int(field) for field in fields[11 : 15 if is_postmaster else 13])
    return used / tick
