"""The table of attacks by layer: run on demand, written to docs/fence.md."""

from dataclasses import dataclass

from attacks.hostile_python import HOSTILE_PYTHON
from attacks.hostile_sql import HOSTILE_SQL
from attacks.legitimate import LEGITIMATE

from schemasync.migrate.layers import Layers

NONE = Layers(parser=False, connections=False, guard=False, gate=False, counters=False, facts=False, rehearsal=False)


@dataclass(frozen=True)
class Column:
    """One column of the table: a set-up."""

    name: str
    title: str
    layers: Layers
    login_role: bool = False


def _alone(**layers: bool) -> Layers:
    from dataclasses import replace

    return replace(NONE, **layers)


COLUMNS = (
    Column("none", "no layer", NONE),
    Column("parser", "parser", _alone(parser=True)),
    Column("rehearsal", "rehearsal, tripwires only", _alone(rehearsal=True)),
    Column("connections", "one connection", _alone(connections=True)),
    Column("guard", "guard session", _alone(guard=True)),
    Column("gate", "commit gate", _alone(gate=True)),
    Column("counters", "counters and locks", _alone(counters=True)),
    Column("facts", "facts", _alone(facts=True)),
    Column("role", "login role", NONE, login_role=True),
    Column("all", "all", Layers()),
    Column("all and role", "all, and the login role", Layers(), login_role=True),
)
HOSTILE = (*HOSTILE_SQL, *HOSTILE_PYTHON)
SIGNS = {"refused": "✓", "late": "after", "missed": "**missed**", "passed": "✓", "false alarm": "**refused**"}

HEAD = """\
# The fence, layer by layer

Every hostile and every legitimate migration of the test suite (`tests/migrate/attacks/`) runs against each layer of the
fence alone, and against all of them together. Whether one got through is told from outside: rows, sequences and the
complete facts of everything protected, before and after. This page is written by the test run:
`SCHEMASYNC_FENCE_TABLE=1 pytest tests/migrate/test_layers.py`.

- ✓: refused, failed by itself, or came to nothing: nothing protected had changed. For a legitimate migration: applied.
- **missed**: it ran, and something protected had changed.
- after: it was refused, but something had been committed, or a sequence moved, by then.
- **refused**: a legitimate migration that was refused.

No layer stops Python code that means to take the fence itself apart: it runs in the same process. Against that only the
login role helps (`schemasync roles --sql`), since PostgreSQL itself then refuses.

"""


def table(results: dict[str, dict[str, str]], server: str) -> str:
    """The page.

    Args:
        results: by column and migration.
        server: the version of PostgreSQL that it was run on.
    """
    columns = [column for column in COLUMNS if column.name in results]
    lines = [
        HEAD,
        f"## Summary\n\n{len(HOSTILE)} hostile and {len(LEGITIMATE)} legitimate migrations on PostgreSQL {server}.\n",
    ]
    lines += ["| set-up | missed | seen only afterwards | legitimate ones refused |", "| --- | ---: | ---: | ---: |"]
    for column in columns:
        values = list(results[column.name].values())
        counts = [values.count(word) for word in ("missed", "late", "false alarm")]
        lines.append(f"| {column.title} | {' | '.join(map(str, counts))} |")
    for heading, names in (("Hostile", HOSTILE), ("Legitimate", LEGITIMATE)):
        lines += ["", f"## {heading} migrations\n"]
        lines.append(f"| migration | {' | '.join(column.title for column in columns)} |")
        lines.append("| --- |" + " :-: |" * len(columns))
        for name in names:
            signs = [SIGNS[results[column.name][_key(heading, name)]] for column in columns]
            lines.append(f"| {name} | {' | '.join(signs)} |")
    return "\n".join(lines) + "\n"


def _key(heading: str, name: str) -> str:
    return f"{heading.lower()}: {name}"
