"""Mirrors proven: against Prisma's own DDL, for every case and every schema of the corpus."""

import subprocess
import sys
from pathlib import Path

import pytest
from databases import Database
from prisma_oracle import Oracle
from proof import Counts, created_anew, drifts_of, engine_of, filled, imported, schema_files
from sqlalchemy.orm import Session

import schemasync
from schemasync.scratch import ScratchServer

STYLES = ("declarative", "flask-sqlalchemy", "table")
# What the server of the tests may lack; a schema that needs it cannot be created.
EXTENSIONS = ("citext",)


def prepared(database: Database, sql: str) -> None:
    for name in EXTENSIONS:
        if name in sql.lower():
            database.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


def prove(
    prisma: schemasync.Schema, sql: str, server: ScratchServer, folder: Path, total: Counts | None = None
) -> list[str]:
    """What is wrong with the mirrors of a schema, in words; nothing if all is right.

    Args:
        total: gains what was proven.
    """
    original, empty = Database(server.create_database()), Database(server.create_database())
    try:
        prepared(original, sql)
        prepared(empty, sql)
        if any(line.strip() and not line.startswith("--") for line in sql.splitlines()):
            original.execute(sql)
        module = imported(schemasync.mirror(prisma), folder)
        metadata = module.Base.metadata
        problems = [f"{drift.kind}: {drift.message}" for drift in drifts_of(prisma, metadata, original)]
        problems += [f"anew: {drift.message}" for drift in created_anew(prisma, metadata, original, empty)]
        classes = sum(table.kind == "table" and table.model is not None for table in prisma.tables)
        counts = filled(prisma, metadata, original)
        problems += [] if counts.rows == classes else [f"{counts.rows} rows of {classes} classes were read back"]
        if total is not None and not problems:
            total.schemas += 1
            total.models += sum(table.model is not None for table in prisma.tables)
            total.rows += counts.rows
            total.relationships += counts.relationships
        return problems
    finally:
        original.close()
        empty.close()


def test_a_case(case, server, tmp_path):
    path, sql = case
    assert prove(schemasync.read_prisma(path), sql, server, tmp_path) == []


def test_the_sql_of_a_case_is_prismas(case, oracle: Oracle):
    path, sql = case
    if path.with_suffix(".sql").exists():
        judged = oracle.judge(path, blank_urls=True)
        assert judged["errors"] == []
        assert judged["ddl"].strip() == sql.strip()


@pytest.mark.parametrize("style", STYLES)
def test_a_package_or_module_of_any_style_states_the_same(case, style, tmp_path, monkeypatch):
    prisma = schemasync.read_prisma(case[0])
    package = f"mirrors_{case[0].stem}_{style[:5]}_{case[0].parent.parent.name}".replace("-", "_")
    folder = tmp_path / package
    folder.mkdir()
    for name, text in schemasync.mirror_modules(prisma, style).items():
        (folder / name).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    modules = [__import__(package), imported(schemasync.mirror(prisma, style), tmp_path)]
    for module in modules:
        base = {"declarative": "Base", "flask-sqlalchemy": "Model"}.get(style)
        metadata = module.metadata if base is None else getattr(module, base).metadata
        assert schemasync.compare({"prisma": prisma, "sqlalchemy": schemasync.read_metadata(metadata)}) == []


@pytest.fixture(scope="module")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command; it remembers what it has found out about SQLAlchemy."""
    return ["mypy", "--strict", "--cache-dir", str(tmp_path_factory.mktemp("mypy"))]


def test_everything_written_passes_ruff_and_mypy(case, tmp_path, mypy):
    prisma = schemasync.read_prisma(case[0])
    for style in STYLES:
        folder = tmp_path / style[:5]
        folder.mkdir()
        (tmp_path / f"one_{style[:5]}.py").write_text(schemasync.mirror(prisma, style))
        for name, text in schemasync.mirror_modules(prisma, style).items():
            (folder / name).write_text(text)
    for command in (["ruff", "format", "--isolated", "--diff"], ["ruff", "check", "--isolated"], mypy):
        completed = subprocess.run(
            [sys.executable, "-m", *command, "."], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert completed.returncode == 0, completed.stdout + completed.stderr


def test_a_view_can_be_read_but_not_written(database, tmp_path):
    path = Path(__file__).parent / "cases" / "everything.prisma"
    module = imported(schemasync.mirror(schemasync.read_prisma(path)), tmp_path)
    database.execute("CREATE VIEW active_users AS SELECT gen_random_uuid() AS id, 'Ada'::text AS name")
    with Session(engine_of(database)) as session:
        assert [row.name for row in session.query(module.ActiveUser)] == ["Ada"]
        session.add(module.ActiveUser(name="Bob"))
        with pytest.raises(TypeError, match="ActiveUser is a view"):
            session.flush()


# What the tests' server may lack: types of PostGIS and of nobody, XML.
LACKING = ('type "public.geography" does not exist', 'type "material" does not exist', "unsupported XML feature")


@pytest.mark.filterwarnings("ignore::schemasync.errors.PrismaSchemaWarning")  # real schemas have what Prisma warns of
def test_every_schema_of_the_corpus(corpus: Path, oracle: Oracle, server: ScratchServer, tmp_path: Path):
    problems: list[str] = []
    lacking = []
    total = Counts()
    for path in schema_files(corpus):
        judged = oracle.judge(path, blank_urls=True)
        if not judged["valid"]:
            judged = oracle.judge(path, 6)
        if not judged["valid"] or "postgres" not in path.read_text():
            continue
        prisma = schemasync.read_prisma(path)
        if not any(table.kind == "table" for table in prisma.tables):
            continue
        try:
            found = prove(prisma, judged["ddl"], server, tmp_path, total)
        except Exception as error:  # noqa: BLE001 - each schema's failure is one line of the report
            text = str(error).splitlines()[0]
            found = [] if any(one in text for one in LACKING) else [f"{type(error).__name__}: {text}"]
            lacking += [] if found else [f"{path.relative_to(corpus)}: {text}"]
        problems += [f"{path.relative_to(corpus)}: {problem}" for problem in found]
    print(total, "not created:", lacking)
    assert problems == []
    assert total.schemas > 50
