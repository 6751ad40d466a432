"""What a rehearsal proved, and what it could not: sentences."""

from collections.abc import Iterator, Sequence

from schemasync.release.plan import Plan
from schemasync.release.rehearsal import Stage
from schemasync.release.rehearsal_services import Troupe
from schemasync.release.rehearsal_trials import DEPENDS, PASSED
from schemasync.release.synthetic_rows import Filled
from schemasync.schema.names import qualified


def proved(plan: Plan, stages: Sequence[Stage], filled: Filled, without_env: str = "") -> Iterator[str]:
    """What was proved.

    Args:
        plan: what was rehearsed.
        stages: as far as it went.
        filled: the made-up rows.
        without_env: why Alembic's revisions were not run by env.py; empty where they were.
    """
    assert plan.order is not None
    clients = {one.name: one.client for rollout in plan.rollouts for one in (rollout.before, rollout.after) if one}
    passed = [trial for stage in stages for trial in stage.trials if trial.outcome == PASSED]
    for name in dict.fromkeys(trial.service for trial in passed):
        mine = [trial for trial in passed if trial.service == name]
        states = sum(any(trial.service == name for trial in stage.trials) for stage in stages)
        tables = len({(trial.schema, trial.table) for trial in mine})
        how = "SQLAlchemy sent" if clients[name] == "sqlalchemy" else "as Prisma's client sends them,"
        where = f"{_number(tables, 'table')} at {_number(states, 'state')} of the database"
        yield f"{name}: {how} {_number(len(mine), 'statement')} to {where}, and PostgreSQL took them"
    migrated = [stage for stage in stages if stage.step is not None and not stage.step.id.startswith("service:")]
    ran = [stage for stage in migrated if not stage.failure]
    if ran:
        rows = sum(filled.rows.values())
        told = f"the migrations of {_number(len(ran), 'step')} ran on {_number(rows, 'made-up row')}"
        sound = sum(not stage.differences for stage in ran)
        after = "each step" if sound == len(ran) else f"{sound} of the steps"
        yield f"{told}; after {after} the database stated what the plan expects" if sound else told
    revisions = sum(stage.step is not None and stage.step.actor == "alembic" for stage in ran)
    if revisions and not without_env:
        told = f"{_number(revisions, 'revision')} ran by env.py too, within the fence of schemasync upgrade"
        yield f"{told}, which refused none of {'its' if revisions == 1 else 'their'} statements"


def unproved(
    plan: Plan, stages: Sequence[Stage], filled: Filled, troupe: Troupe, without_env: str = ""
) -> Iterator[str]:
    """What could not be proved, and why.

    Args:
        plan, stages, filled: as for `proved`.
        troupe: the services' versions.
        without_env: why Alembic's revisions were not run by env.py; empty where they were.
    """
    assert plan.order is not None
    left = len(plan.order.steps) + 1 - len(stages)
    if left > 0:
        yield f"{_number(left, 'step')} after the one that failed"
    for name, reason in troupe.absent.items():
        yield f"{name}: its statements, because its models cannot be imported: {reason}"
    for name in troupe.written:
        yield f"{name}: its own models; its statements were those of models written from what is known of it"
    for (schema, table), reason in filled.reasons.items():
        yield f"{qualified(schema, table)} had no rows: {reason}"
    for (schema, table), reason in troupe.untold.items():
        if (schema, table) not in filled.reasons:
            yield f"INSERT on {qualified(schema, table)}: no row could be made up that PostgreSQL takes: {reason}"
    depends = {
        (trial.service, trial.statement, qualified(trial.schema, trial.table), trial.variant, trial.reason): None
        for stage in stages
        for trial in stage.trials
        if trial.outcome == DEPENDS
    }
    for service, statement, table, variant, reason in depends:
        yield f"{service}: {statement} on {table} with {variant} depends on the values: {reason}"
    clients = {rollout.after.client for rollout in plan.rollouts}
    if "prisma" in clients:
        yield "how Prisma's client decodes what it gets, but for enum values: the plan held the types against it"
    yield "SQL that services write by hand"
    if any(stage.step is not None and stage.step.actor == "alembic" for stage in stages):
        if without_env:
            yield f"env.py, and what schemasync upgrade would refuse: {without_env}"
        yield "whether the role that migrates may do what the steps do: here a superuser did it"
    yield "what the live rows hold beyond what the plan counted there, and how long a step takes on them"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
