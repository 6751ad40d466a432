"""What sqlacodegen and `schemasync mirror` lose of the same schemas: the table of docs/mirror-and-sqlacodegen.md.

`python -m benchmarks.side_by_side` takes the example, the cases of the tests, and every schema of SCHEMASYNC_CORPUS
that Prisma (SCHEMASYNC_ORACLE) accepts for PostgreSQL. Prisma's own DDL makes a database of each; sqlacodegen reads
that database, `schemasync mirror` the schema; what each wrote is imported and held against the schema, fact by fact.
"""

import argparse
import json
import os
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import schemasync
from benchmarks.measures import oracle
from benchmarks.mirrors import sqlacodegen
from schemasync.mirror.update.existing import existing_names
from schemasync.schema.model import Schema, Table
from schemasync.schema.names import snake_case
from schemasync.scratch import scratch_server
from schemasync.witnesses.loader import load_schema

REPOSITORY = Path(__file__).parents[1]
PAGE = REPOSITORY / "docs" / "mirror-and-sqlacodegen.md"
MARK = "<!-- measured -->"
TOOLS = ("sqlacodegen", "schemasync mirror")


@dataclass
class Fact:
    """A line of the table.

    Args:
        name: what is counted.
        total: how many there are in a Prisma schema.
        kinds: the kinds of drift that say one is lost.
    """

    name: str
    total: Callable[[Schema], int]
    kinds: tuple[str, ...]


def _columns(of: Callable[[Table], int]) -> Callable[[Schema], int]:
    return lambda schema: sum(of(table) for table in schema.tables if table.kind == "table")


FACTS = (
    Fact("tables with a model", _columns(lambda table: table.model is not None), ("mirror-missing",)),
    Fact("columns", _columns(lambda table: len(table.columns)), ("column-missing", "column-extra")),
    Fact("types", _columns(lambda table: len(table.columns)), ("column-type", "column-length")),
    Fact("nullability", _columns(lambda table: len(table.columns)), ("column-nullability",)),
    Fact("annotations that fit the type", _columns(lambda table: len(table.columns)), ("python-type",)),
    Fact(
        "server defaults",
        _columns(lambda table: sum(column.default is not None for column in table.columns)),
        ("column-default", "column-identity"),
    ),
    Fact(
        "client defaults (`uuid()`, `cuid()`, `@updatedAt` …)",
        _columns(
            lambda table: sum(
                column.client_default is not None or column.on_update is not None for column in table.columns
            )
        ),
        ("client-default",),
    ),
    Fact("enums' labels", lambda schema: len(schema.enums), ("enum-values", "enum-missing")),
    Fact("primary keys", _columns(lambda table: table.primary_key is not None), ("primary-key",)),
    Fact(
        "indexes and uniques",
        _columns(lambda table: len(table.indexes) + len(table.uniques)),
        ("index-missing", "unique-missing", "index-definition", "index-extra", "unique-extra"),
    ),
    Fact("foreign keys", _columns(lambda table: len(table.foreign_keys)), ("foreign-key-missing", "foreign-key-extra")),
    Fact("their actions", _columns(lambda table: len(table.foreign_keys)), ("foreign-key-action",)),
    Fact(
        "names of constraints and indexes",
        _columns(
            lambda table: (
                len(table.indexes) + len(table.uniques) + len(table.foreign_keys) + (table.primary_key is not None)
            )
        ),
        ("constraint-name", "index-name"),
    ),
    Fact(
        "relationships, both ends",
        _columns(lambda table: len(table.relationships)),
        ("relationship-missing", "relationship-mismatch"),
    ),
)
COUNTED = (
    "relationships by Prisma's name",
    "of those: implicit many-to-many",
    "attributes by Prisma's name",
    "documentation (`///`)",
)
MODULES = ("modules that can be imported", "modules that pass `mypy --strict`")


@dataclass
class Tally:
    """What there was, and what each tool lost of it."""

    total: Counter[str] = field(default_factory=Counter)
    lost: dict[str, Counter[str]] = field(default_factory=lambda: {tool: Counter() for tool in TOOLS})

    def add(self, prisma: Schema, tool: str, models: Schema, source: str) -> None:
        """Hold what a tool wrote against the schema."""
        kinds = Counter(drift.kind for drift in schemasync.compare({"prisma": prisma, "sqlalchemy": models}))
        for fact in FACTS:
            self.lost[tool][fact.name] += sum(kinds[kind] for kind in fact.kinds)
        names = existing_names(prisma, models)
        for table in prisma.tables:
            if table.model is None or table.kind != "table":
                continue
            for one in table.relationships:
                is_lost = names.get(f"{table.model}.{one.name}") != snake_case(one.name)
                self.lost[tool][COUNTED[0]] += is_lost
                self.lost[tool][COUNTED[1]] += is_lost and one.secondary is not None
            for column in table.columns:
                wanted = snake_case(column.field or column.name)
                # Where a rule of Python or SQLAlchemy asks for another name, that is no loss.
                self.lost[tool][COUNTED[2]] += names.get(f"{table.model}.{column.field}", "").strip("_") not in (
                    wanted,
                    f"{wanted}_column",
                )
        self.lost[tool][COUNTED[3]] += sum(text not in _words(source) for text in _documentation(prisma))

    def count(self, prisma: Schema) -> None:
        """Add what a schema has."""
        for fact in FACTS:
            self.total[fact.name] += fact.total(prisma)
        tables = [table for table in prisma.tables if table.model is not None and table.kind == "table"]
        relationships = [one for table in tables for one in table.relationships]
        self.total[COUNTED[0]] += len(relationships)
        self.total[COUNTED[1]] += sum(one.secondary is not None for one in relationships)
        self.total[COUNTED[2]] += sum(len(table.columns) for table in tables)
        self.total[COUNTED[3]] += len(_documentation(prisma))


def _documentation(prisma: Schema) -> list[str]:
    texts = [table.documentation for table in prisma.tables if table.kind == "table"]
    texts += [column.documentation for table in prisma.tables if table.kind == "table" for column in table.columns]
    return [_words(text) for text in texts if text]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def schemas() -> Iterator[tuple[str, Path, str]]:
    """Each schema's name and path, and Prisma's own DDL for it."""
    folder = oracle()
    if folder is None:
        raise SystemExit("SCHEMASYNC_ORACLE names no folder with the real Prisma")
    paths = {"the example": REPOSITORY / "examples/invoices/frontend/prisma/schema.prisma"}
    for path in sorted((REPOSITORY / "tests/mirror/cases").glob("*.prisma")):
        paths[f"tests/mirror/cases/{path.name}"] = path
    corpus = Path(os.environ.get("SCHEMASYNC_CORPUS", "corpus"))
    for path in sorted(corpus.rglob("*.prisma")):
        paths[str(path.relative_to(corpus))] = path
    for rules in ([], ["--6"]):
        command = ["node", "oracle.mjs", *rules, "--blank-urls", "--no-dmmf", *map(str, paths.values())]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        for (name, path), line in zip(list(paths.items()), done.stdout.splitlines(), strict=True):
            answer = json.loads(line)
            if not answer["valid"]:
                continue
            del paths[name]
            if "postgres" in path.read_text() and answer.get("ddl"):
                yield name, path, answer["ddl"]


def _peer(url: str, output: Path, namespaces: list[str]) -> None:
    command = [sqlacodegen() or "sqlacodegen", "--schemas", ",".join(namespaces), "--outfile", str(output)]
    subprocess.run([*command, url.replace("postgresql://", "postgresql+psycopg2://")], capture_output=True, check=True)


def _read(module: Path) -> Schema:
    text = module.read_text()
    attribute = "Base" if "class Base" in text else "metadata"
    return load_schema(f"{module.stem}:{attribute}", path=[module.parent], working_folder=module.parent)


def _checked(folder: Path, command: list[str], pattern: str) -> set[str]:
    done = subprocess.run([*command, "."], cwd=folder, capture_output=True, text=True, check=False)
    return set(re.findall(pattern, done.stdout + done.stderr, re.MULTILINE))


def measured(folder: Path) -> tuple[Tally, Tally, list[str], dict[str, list[int]]]:
    """All schemas together, the example, what was left out, and how many modules are good."""
    whole, example, left_out = Tally(), Tally(), []
    written: dict[str, list[str]] = {tool: [] for tool in TOOLS}
    broken: dict[str, set[str]] = {tool: set() for tool in TOOLS}
    with scratch_server("auto") as server:
        for number, (name, path, ddl) in enumerate(schemas()):
            prisma = schemasync.read_prisma(path)
            if not any(table.kind == "table" and table.model for table in prisma.tables):
                continue
            with server.create_database() as database:
                try:
                    connection = database.connect()
                    connection.autocommit = True
                    with connection.cursor() as cursor:
                        cursor.execute("CREATE EXTENSION IF NOT EXISTS citext")
                        cursor.execute(ddl)
                    connection.close()
                except Exception as error:  # noqa: BLE001 - what this server lacks is said on the page
                    left_out.append(f"{name}: {str(error).splitlines()[0]}")
                    continue
                modules = {tool: folder / tool.split()[0] / f"models_{number}.py" for tool in TOOLS}
                for module in modules.values():
                    module.parent.mkdir(exist_ok=True)
                modules["schemasync mirror"].write_text(schemasync.mirror(prisma))
                _peer(database.url, modules["sqlacodegen"], sorted({table.schema for table in prisma.tables}))
            models = {}
            for tool, module in modules.items():
                written[tool].append(module.stem)
                try:
                    models[tool] = _read(module)
                except schemasync.SchemasyncError as error:
                    broken[tool].add(module.stem)
                    print(f"{name}: {tool}: {error}")
            # Models that nobody can import state nothing; to count all of that as lost would hide the rest.
            for tally in [whole, *([example] if name == "the example" else [])] if len(models) == len(TOOLS) else []:
                tally.count(prisma)
                for tool, module in modules.items():
                    tally.add(prisma, tool, models[tool], module.read_text())
    good = {}
    for tool in TOOLS:
        place = folder / tool.split()[0]
        untyped = _checked(place, ["mypy", "--strict"], r"(models_\d+)\.py:\d+: error")
        good[tool] = [len(broken[tool]), len(untyped), len(written[tool])]
    return whole, example, left_out, good


def table(whole: Tally, example: Tally, good: dict[str, list[int]]) -> Iterator[str]:
    """The lines of the page's table."""
    yield f"| | all | {' | '.join(f'{tool} loses' for tool in TOOLS)} | the example | {' | '.join(TOOLS)} |"
    yield "| --- " * 7 + "|"
    for name in (*(fact.name for fact in FACTS), *COUNTED):
        cells = [name]
        for tally in (whole, example):
            cells += [f"{tally.total[name]:,}", *(f"{tally.lost[tool][name]:,}" for tool in TOOLS)]
        yield f"| {' | '.join(cells)} |"
    for place, name in enumerate(MODULES):
        bad = [f"{good[tool][place]:,}" for tool in TOOLS]
        yield f"| {name} | {good[TOOLS[0]][-1]:,} | {' | '.join(bad)} | | | |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the measured part of the page anew.")
    parser.add_argument("--print", action="store_true", help="print it instead")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole, example, left_out, good = measured(Path(folder))
    program = subprocess.run([sqlacodegen() or "sqlacodegen", "--version"], capture_output=True, text=True, check=True)
    lines = [
        f"{good[TOOLS[0]][-1]} schemas; sqlacodegen {program.stdout.split()[-1]}, SQLAlchemy {version('sqlalchemy')}.",
        "",
        *table(whole, example, good),
    ]
    print("left out:", *left_out, sep="\n  ")
    if chosen.print:
        print("\n".join(lines))
        return
    before, _, after = PAGE.read_text().split(MARK)
    PAGE.write_text("\n".join([before + MARK, *lines, MARK + after]))


if __name__ == "__main__":
    main()
