"""The table of attacks by layer: run on demand, written to docs/fence.md."""

from collections.abc import Iterable
from dataclasses import dataclass

from attack_runs import HOSTILE
from attacks.legitimate import LEGITIMATE
from attacks.taking_apart import TAKING_APART

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
SECTIONS: dict[str, Iterable[str]] = {"Hostile": HOSTILE, "Legitimate": LEGITIMATE, "Taking apart": TAKING_APART}
TITLES = {
    "Hostile": "Hostile migrations",
    "Legitimate": "Legitimate migrations",
    "Taking apart": "Python that takes the fence apart",
}
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

The recommended set-up is the last column: all layers, and a login role that owns only Alembic's tables
(`schemasync roles --sql`). No layer stops Python code that means to take the fence itself apart, since it runs in the
same process; the last table is of such code. Against that PostgreSQL itself helps, which then refuses.

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
        f"## Summary\n\n{len(HOSTILE)} hostile and {len(LEGITIMATE)} legitimate migrations, and "
        f"{len(TAKING_APART)} that take the fence apart, on PostgreSQL {server}.\n",
    ]
    lines.append("| set-up | missed | seen only afterwards | legitimate ones refused | taken apart |")
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    for column in columns:
        found = results[column.name]
        values = [value for key, value in found.items() if not key.startswith("taking apart")]
        counts = [values.count(word) for word in ("missed", "late", "false alarm")]
        counts.append(sum(found[_key("Taking apart", name)] in ("missed", "late") for name in TAKING_APART))
        lines.append(f"| {column.title} | {' | '.join(map(str, counts))} |")
    for heading, names in SECTIONS.items():
        lines += ["", f"## {TITLES[heading]}\n"]
        lines.append(f"| migration | {' | '.join(column.title for column in columns)} |")
        lines.append("| --- |" + " :-: |" * len(columns))
        for name in names:
            signs = [SIGNS[results[column.name][_key(heading, name)]] for column in columns]
            lines.append(f"| {name} | {' | '.join(signs)} |")
    return "\n".join(lines) + "\n"


def _key(heading: str, name: str) -> str:
    return f"{heading.lower()}: {name}"
