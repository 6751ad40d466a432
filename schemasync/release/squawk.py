"""Squawk's word on pending SQL, where it is installed (PyPI `squawk-cli`; https://squawkhq.com/docs/cli)."""

import bisect
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 60


@dataclass(frozen=True, slots=True)
class Script:
    """The SQL of one migration.

    Args:
        step: the step's id.
        name: the migration's name, or the revision's identifier.
        path: the file that is shown.
        text: its SQL.
        places: for each line of the text at which a statement starts `path:line`; empty where the text is the file.
        in_transaction: whether it runs in one transaction.
    """

    step: str
    name: str
    path: str
    text: str
    places: tuple[tuple[int, str], ...] = ()
    in_transaction: bool = True

    def place(self, line: int) -> str:
        """`path:line` of a line of the text."""
        if not self.places:
            return f"{self.path}:{line}"
        found = bisect.bisect_right([start for start, _ in self.places], line) - 1
        return self.places[max(found, 0)][1]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One of squawk's findings.

    Args:
        step: the step's id.
        migration: the migration's name.
        place: `path:line`.
        rule: squawk's rule.
        level: `Warning` or `Error`.
        message: what it says.
        help: what it advises; empty for nothing.
    """

    step: str
    migration: str
    place: str
    rule: str
    level: str
    message: str
    help: str = ""


def find_squawk() -> str | None:
    """The program: on the PATH, or beside this Python; None where it is not installed."""
    beside = Path(sys.executable).parent
    return shutil.which("squawk") or shutil.which("squawk", path=str(beside))


def lint(program: str, scripts: Iterable[Script], version: int) -> tuple[tuple[LintFinding, ...], tuple[str, ...]]:
    """What squawk says of migrations; its own configuration, `.squawk.toml`, holds.

    Args:
        program: squawk.
        scripts: the migrations.
        version: the live server's `server_version_num`.

    Returns:
        Its findings, and why it could say nothing of a script.
    """
    findings: list[LintFinding] = []
    failures: list[str] = []
    for script in scripts:
        if not script.text.strip():
            continue
        answer = _run(program, script, version)
        if isinstance(answer, str):
            failures.append(f"squawk could not read {script.path}: {answer}")
            continue
        findings += [
            LintFinding(
                script.step,
                script.name,
                script.place(int(one["line"]) + 1),  # squawk counts from 0
                one["rule_name"],
                one["level"],
                " ".join(one["message"].split()),
                " ".join((one.get("help") or "").split()),
            )
            for one in answer
        ]
    return tuple(findings), tuple(failures)


def _run(program: str, script: Script, version: int) -> list[dict[str, Any]] | str:
    """Squawk's JSON; or what went wrong. It exits with 1 where it finds something."""
    wrapped = "--assume-in-transaction" if script.in_transaction else "--no-assume-in-transaction"
    command = [program, "--reporter", "json", "--pg-version", f"{version // 10_000}.{version % 10_000}", wrapped]
    try:
        done = subprocess.run(  # noqa: S603 - squawk, as it is installed; the SQL is its input
            [*command, "--stdin-filepath", script.path],
            input=script.text,
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    try:
        answer = json.loads(done.stdout)
    except json.JSONDecodeError:
        return " ".join((done.stderr or done.stdout).split())[:300] or f"it ended with exit code {done.returncode}"
    return answer if isinstance(answer, list) else "it printed no list"
