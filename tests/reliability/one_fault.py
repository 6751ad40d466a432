"""Real schemas with one fault at a time, and whether exactly that fault is reported. `make mutate` runs many.

PYTHONPATH=tests python tests/reliability/one_fault.py --mutations 100000 --seed 1
"""

import argparse
import dataclasses
import random
import time
import warnings
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from faults import CHANGES, COMPLETE_CHANGES, Fault, fault
from prisma_corpus import find_corpus, schemas

import schemasync
from schemasync.compare.drift import Drift
from schemasync.compare.engine import compare_witnesses
from schemasync.errors import SchemasyncError
from schemasync.schema.model import Schema, Silence
from schemasync.witnesses.database import SILENT as DATABASE_SILENT

FOLDERS = ("schemas", "prisma-migrations")
# What a mirror of Prisma's tables is not asked for.
MODELS_SILENT: frozenset[Silence] = frozenset({"enum-missing", "index-validity", "storage", "validity", "view"})


class Case(NamedTuple):
    """A fault, where it was put, and what the comparison says."""

    source: str
    before: Schema
    where: str
    fault: Fault
    drifts: tuple[Drift, ...]

    @property
    def complaint(self) -> str:
        """What is wrong with the report; empty where exactly the fault is reported."""
        expected = _behind(self)
        if not expected:
            return "" if not self.drifts else f"{len(self.drifts)} drifts where none is one"
        if len(self.drifts) != 1:
            return f"{len(self.drifts)} drifts: " + "; ".join(drift.message for drift in self.drifts[:3])
        drift = self.drifts[0]
        if drift.behind != expected:
            return f"{drift.behind} is behind, not {expected}"
        if (drift.schema, drift.table) != self.fault.table or drift.object not in self.fault.objects:
            return f"the drift is of {drift.schema}.{drift.table}.{drift.object}"
        if self.fault.kinds and drift.kind not in self.fault.kinds:
            return f"the drift is a {drift.kind}"
        return ""


def _behind(case: Case) -> tuple[str, ...]:
    """Who must be behind: the witness with the fault, or all others where the fault is the owner's."""
    owner = case.fault.schema if case.where == "prisma" else case.before
    table = owner.table_by_key.get((case.fault.table[0], case.fault.table[1] or ""))
    # An order of enum values is nothing that a model states; and a mirror must name a key where the owner has none.
    free_to_models = case.fault.kinds == {"enum-order"} or (
        case.fault.kinds == {"primary-key"} and table is not None and table.primary_key is None
    )
    behind = ("sqlalchemy", "database") if case.where == "prisma" else (case.where,)
    return tuple(name for name in behind if name != "sqlalchemy" or not free_to_models)


def real_schemas() -> dict[str, Schema]:
    """What the corpus' schemas state, by path."""
    corpus = find_corpus()
    found = {}
    for folder in FOLDERS if corpus is not None else ():
        for path in schemas(corpus, folder):
            try:
                with warnings.catch_warnings(action="ignore"):
                    schema = schemasync.read_prisma(path)
            except SchemasyncError:
                continue
            if schema.tables:
                found[str(path.relative_to(corpus))] = schema
    return found


def witnesses_of(schema: Schema) -> Mapping[str, Schema]:
    """A Prisma schema with models and a database that agree with it."""
    tables = tuple(
        dataclasses.replace(
            table,
            relationships=(),
            columns=tuple(dataclasses.replace(one, client_default=None, on_update=None) for one in table.columns),
        )
        for table in schema.tables
    )
    plain = dataclasses.replace(schema, external=(), external_enums=(), notes=())
    return {
        "prisma": schema,
        "sqlalchemy": dataclasses.replace(plain, witness="sqlalchemy", silent=MODELS_SILENT),
        "database": dataclasses.replace(plain, witness="database", silent=DATABASE_SILENT, tables=tables),
    }


def case(source: str, witnesses: Mapping[str, Schema], luck: random.Random) -> Case | None:
    """One fault in one witness; None where the change that was drawn does not apply."""
    if luck.random() < 0.4:
        snapshot = dataclasses.replace(witnesses["database"], witness="snapshot", complete=True, silent=frozenset())
        put = fault(snapshot, COMPLETE_CHANGES, luck)
        if put is None:
            return None
        later = dataclasses.replace(put.schema, witness="database")
        return Case(
            source, snapshot, "database", put, compare_witnesses({"snapshot": snapshot, "database": later}).drifts
        )
    where = luck.choice(sorted(witnesses))
    put = fault(witnesses[where], CHANGES, luck)
    if put is None:
        return None
    return Case(source, witnesses["prisma"], where, put, compare_witnesses({**witnesses, where: put.schema}).drifts)


def cases(count: int, seed: int) -> tuple[Counter[str], list[Case]]:
    """Many faults: how many of each kind of change were put, and those that were not reported as they must be."""
    luck = random.Random(seed)
    agreeing = {name: witnesses_of(schema) for name, schema in real_schemas().items()}
    names = sorted(agreeing)
    put: Counter[str] = Counter()
    wrong = []
    while names and put.total() < count:
        name = luck.choice(names)
        made = case(name, agreeing[name], luck)
        if made is None:
            continue
        put[made.where] += 1
        if made.complaint:
            wrong.append(made)
    return put, wrong


def main() -> int:
    """Run many, print the wrong ones and the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    start = time.monotonic()
    put, wrong = cases(given.mutations, given.seed)
    for one in wrong[:50]:
        print(f"{one.source}: {one.fault.what} in {one.where}: {one.complaint}")
    print(
        f"{put.total()} faults ({', '.join(f'{count} in {name}' for name, count in sorted(put.items()))}) on"
        f" {len(real_schemas())} real schemas, seed {given.seed}: {len(wrong)} not reported exactly,"
        f" {time.monotonic() - start:.0f} s"
    )
    return 1 if wrong or not put else 0


if __name__ == "__main__":
    raise SystemExit(main())
