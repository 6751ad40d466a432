"""The plan of a release as a script for bash: each step with what must hold before it, and what it must leave behind.

The database tells which steps have been taken, so the script can be interrupted, run again, and run twice. It keeps to
what bash 3.2 can do, which is what macOS has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from shlex import quote

from schemasync.release.lattice import ReleaseStep
from schemasync.release.plan import Plan
from schemasync.report import Terminal
from schemasync.report.plan_text import render as as_text
from schemasync.report.shell_functions import FUNCTIONS, HEADER, HOOKS

WIDTH = 110


@dataclass(frozen=True, slots=True)
class ScriptSettings:
    """How the script calls what it calls.

    Args:
        options: words of shell that say to `schemasync verify` where everything is.
        database_options: those that every other command takes.
        prisma_folder: where Prisma's commands run.
        prisma_deploy: what carries out Prisma's migrations there.
    """

    options: tuple[str, ...] = ()
    database_options: tuple[str, ...] = ()
    prisma_folder: str = "."
    prisma_deploy: str = "npx prisma migrate deploy"


def render(plan: Plan, settings: ScriptSettings) -> str:
    """The script; one that only says why and fails where there is no safe order."""
    if plan.order is None:
        told = [f"# {line}".rstrip() for line in as_text(plan, Terminal()).splitlines()]
        lines = ["#!/usr/bin/env bash", "#", *told, "", "echo 'There is no safe order for this release.' >&2", "exit 1"]
        return "\n".join(lines) + "\n"
    steps = plan.order.steps
    lines = ["#!/usr/bin/env bash", "#", *_comment(plan), *HEADER]
    services = [step for step in steps if _is_service(step)]
    if services:
        lines += HOOKS
        width = max(len(_name(step)) for step in services)
        for step in services:
            lines.append(f"#   deploy_{_name(step)}{'':{width - len(_name(step))}}  {_variable('DEPLOY', step)}")
    lines += ["set -euo pipefail", ""]
    lines += _array("options", settings.options)
    lines += _array("database_options", settings.database_options)
    lines += _array("pending", [quote(one) for one in _tokens(plan)])
    lines += _array("unknown", [quote(one) for one in plan.unknown])
    lines += [f"prisma_folder={quote(settings.prisma_folder)}"]
    lines += [f': "${{PRISMA_MIGRATE_DEPLOY:={settings.prisma_deploy}}}"', "", *FUNCTIONS.splitlines(), ""]
    lines += [f"demand deploy_{_name(step)} {_variable('DEPLOY', step)}" for step in services]
    lines += ['keep_others_out "$@"', ""]
    for number, step in enumerate(steps, 1):
        lines += [f"announce {quote(f'{number} of {len(steps)}: {step.title}')}"]
        lines += _service(plan, step, number) if _is_service(step) else _migration(plan, step, number)
        lines += [f"echo {quote(text)}" for text in _ended(plan, step)]
        lines.append("")
    return "\n".join([*lines, "announce 'The release is complete.'"]) + "\n"


def _comment(plan: Plan) -> Iterator[str]:
    for line in as_text(plan, Terminal(unicode=False)).splitlines():
        yield f"# {line}".rstrip()


def _migration(plan: Plan, step: ReleaseStep, number: int) -> Iterator[str]:
    words = [quote(step.id)]
    if step.id == "prisma":
        words += [f"--migration {quote(one.name.partition(':')[2])}" for one in plan.awaited if one.step == step.id]
    arguments = " ".join(words)
    run = "migrate_prisma" if step.id == "prisma" else f"migrate_alembic {quote(step.id.partition(':')[2])}"
    yield f"if is_done {arguments}; then"
    yield "  skip"
    yield "else"
    yield f"  demand_before {_before(plan, number)} {arguments}"
    yield f"  {run}"
    yield f"  demand_after {arguments}"
    yield "fi"


def _service(plan: Plan, step: ReleaseStep, number: int) -> Iterator[str]:
    name = _name(step)
    # An old version is called by the service's name, and something in brackets.
    places = dict.fromkeys(one.place for one in plan.failing if one.service.partition(" (")[0] == step.actor)
    arguments = " ".join([quote(step.id), *(f"--failing {quote(place)}" for place in places)])
    yield f"demand_before {_before(plan, number)} {arguments}"
    yield f"if is_deployed is_{name}_deployed {_variable('IS', step)}_DEPLOYED; then"
    yield "  skip"
    yield "else"
    yield f"  call deploy_{name} {_variable('DEPLOY', step)}"
    yield "fi"
    yield f"demand_after {arguments}"


def _ended(plan: Plan, step: ReleaseStep) -> Iterator[str]:
    """What need not be held back any more, once a step is done."""
    for one in plan.cautions:
        if one.until.id == step.id:
            yield (
                f"From now on {one.value!r} may be written to {one.place}."
                if one.is_new
                else f"Nothing knows {one.value!r} in {one.place} any more."
            )


def _tokens(plan: Plan) -> list[str]:
    """The pending migrations in the order of the plan."""
    assert plan.order is not None
    return [one.token for step in plan.order.steps for one in plan.awaited if one.step == step.id]


def _before(plan: Plan, number: int) -> int:
    """How many of the pending migrations have been applied before the step of that number."""
    assert plan.order is not None
    earlier = {step.id for step in plan.order.steps[: number - 1]}
    return sum(one.step in earlier for one in plan.awaited)


def _is_service(step: ReleaseStep) -> bool:
    return step.id.startswith("service:")


def _name(step: ReleaseStep) -> str:
    return re.sub(r"\W+", "_", step.actor).strip("_").lower()


def _variable(verb: str, step: ReleaseStep) -> str:
    return f"{verb}_{_name(step).upper()}"


def _array(name: str, words: "list[str] | tuple[str, ...]") -> list[str]:
    one_line = f"{name}=({' '.join(words)})"
    if len(one_line) <= WIDTH:
        return [one_line]
    return [f"{name}=(", *(f"  {word}" for word in words), ")"]
