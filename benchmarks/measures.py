"""What is measured in process: reading Prisma's schema, reading the database, comparing."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks import floors
from benchmarks.timing import calls, median, ratio
from schemasync import PrismaSchemaError
from schemasync.compare.engine import compare_witnesses
from schemasync.witnesses.database import read_database
from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.read import read_prisma


@dataclass
class Row:
    """A line of the table: our milliseconds, another's, the ratio, and where it should be.

    Args:
        work: what is measured.
        other: what it is held against; empty for nothing.
        size: how many tables.
        ours, theirs: milliseconds, unless `work` says otherwise.
        ratio: ours by theirs, or theirs by ours where more of it is better.
        target: what the ratio should reach.
        limit: what `ours` should stay below.
    """

    work: str
    other: str
    size: int
    ours: float
    theirs: float | None = None
    ratio: float | None = None
    target: float | None = None
    more_is_better: bool = False
    limit: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether it is where it should be; None where nothing is asked of it."""
        if self.limit is not None:
            return self.ours <= self.limit
        if self.ratio is None or self.target is None:
            return None
        return self.ratio >= self.target if self.more_is_better else self.ratio <= self.target

    @property
    def wanted(self) -> str:
        """Where it should be, in words."""
        if self.limit is not None:
            return f"at most {self.limit:g}"
        if self.target is None:
            return ""
        return f"at {'least' if self.more_is_better else 'most'} {self.target:g}"

    @property
    def key(self) -> str:
        return f"{self.work} / {self.other} at {self.size}"

    def text(self) -> str:
        line = f"{self.work:38} {self.size:>5} tables {self.ours:>9.1f}"
        if self.ratio is not None and self.theirs is not None:
            verb = "faster" if self.more_is_better else "takes"
            line += f"  {self.other:28} {self.theirs:>9.1f}  {verb:6} {self.ratio:>7.2f} x"
        if self.reached is None:
            return line
        return f"{line}  {self.wanted}: {'reached' if self.reached else 'open'}"


def oracle() -> Path | None:
    """The folder with the real Prisma, if there is one."""
    folder = Path(os.environ.get("SCHEMASYNC_ORACLE", "oracle"))
    return folder if shutil.which("node") and (folder / "prisma7").is_dir() else None


def prisma_rows(path: Path, size: int, rounds: int) -> list[Row]:
    """Parsing against the scanner; the whole reading against Prisma's own validation."""
    text = path.read_text()
    samples = calls(
        {
            "parse": lambda: parse(text, str(path)),
            "scan": lambda: floors.scan(text),
            "read": lambda: read_prisma(path),
        },
        rounds,
    )
    parsed, scanned, read = (median(samples[name]) for name in ("parse", "scan", "read"))
    rows = [Row("parse", "hand-written scanner", size, parsed, scanned, ratio(samples, "parse", "scan"), 1.5)]
    rows.append(_errors_row(path, size, rounds))
    folder = oracle()
    if folder is None:
        return [*rows, Row("read_prisma", "", size, read)]
    package = folder.resolve() / "prisma7" / "node_modules" / "@prisma" / "prisma-schema-wasm"
    ratios, validated = [], []
    script = str(Path(__file__).parent / "wasm_validate.cjs")
    for _ in range(min(rounds, 3)):
        command = ["node", script, str(package), str(4 + rounds), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        theirs = median(loads(done.stdout)[0][4:])
        ours = median(calls({"read": lambda: read_prisma(path)}, rounds)["read"])
        ratios.append(ours / theirs)
        validated.append(theirs)
    return [*rows, Row("read_prisma", "Prisma's WASM, warm", size, read, median(validated), median(ratios), 1.0)]


def _errors_row(path: Path, size: int, rounds: int) -> Row:
    """A schema in which a type of every model is wrong, against the good one."""
    broken = path.with_name("broken.prisma")
    broken.write_text(re.sub(r"(?m)^(  id +)\w+", r"\1Unknown", path.read_text()))
    samples = calls({"good": lambda: read_prisma(path), "broken": lambda: _refused(broken, size)}, rounds)
    ours, good = median(samples["broken"]), median(samples["good"])
    return Row("read_prisma, an error a table", "a good schema", size, ours, good, ratio(samples, "broken", "good"), 3)


def _refused(path: Path, size: int) -> None:
    try:
        read_prisma(path)
    except PrismaSchemaError as error:
        if len(error.diagnostics) >= size:
            return
    raise SystemExit(f"{path.name} does not have an error a table")


def database_rows(path: Path, url: str, size: int, rounds: int) -> list[Row]:
    """Reading the database against the rows alone and against SQLAlchemy; comparing against Alembic."""
    connections = [psycopg2.connect(url) for _ in range(3)]
    for connection in connections:
        connection.autocommit = True
    plain, ours, complete = connections
    samples = calls(
        {
            "rows": lambda: floors.catalogue_rows(plain),
            "read": lambda: read_database(ours),
            "complete": lambda: read_database(complete, complete=True),
        },
        rounds,
        {name: one.get_backend_pid() for name, one in zip(("rows", "read", "complete"), connections, strict=True)},
    )
    rows = [
        Row("read_database", "the rows alone", size, median(samples["read"]), median(samples["rows"]),
            ratio(samples, "read", "rows"), 1.4),
        Row("read_database(complete=True)", "the rows alone", size, median(samples["complete"]),
            median(samples["rows"]), ratio(samples, "complete", "rows"), 4),
    ]  # fmt: skip
    witnesses = {"prisma": read_prisma(path), "database": read_database(ours)}
    if drifts := compare_witnesses(witnesses).drifts:
        raise SystemExit(f"the workload's two halves differ: {drifts[0].message}")
    for connection in connections:
        connection.close()
    compared = median(calls({"compare": lambda: compare_witnesses(witnesses)}, rounds)["compare"])
    rows.append(Row("compare", "", size, compared))
    if size <= 1000:
        rows += _sqlalchemy_rows(url, size, median(samples["read"]), compared)
    return rows


def _sqlalchemy_rows(url: str, size: int, read: float, compared: float) -> list[Row]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import MetaData, create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg2://"), poolclass=StaticPool)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        metadata = MetaData()
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        backend = raw.get_backend_pid()
        works = {
            "reflect": lambda: MetaData().reflect(connection),
            "alembic": lambda: compare_metadata(context, metadata),
        }
        metadata.reflect(connection)
        samples = calls(works, 1, dict.fromkeys(works, backend))
    engine.dispose()
    reflected, checked = median(samples["reflect"]), median(samples["alembic"])
    ours = read + compared
    return [
        Row("read_database", "MetaData.reflect", size, read, reflected, reflected / read, 12, more_is_better=True),
        Row(
            "read_database + compare",
            "Alembic's comparison",
            size,
            ours,
            checked,
            checked / ours,
            more_is_better=True,
        ),
    ]
