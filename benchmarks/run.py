"""`python -m benchmarks.run`: ours, floors and peers side by side, as medians of ratios within this run.

Peers are measured where they are installed: Prisma through the folder in SCHEMASYNC_ORACLE (its WASM with node),
SQLAlchemy's reflection, Alembic's comparison, pg_dump, sqlacodegen. `--page docs/speed.md` writes the table as the
page that readers see. `--small` is for CI: it also says which ratios fell by more than
a third against benchmarks/recorded.json, and never fails for it.
"""

import argparse
import json
import platform
import tempfile
from pathlib import Path

from benchmarks.alembic_check import alembic_rows
from benchmarks.measures import Row, database_rows, prisma_rows
from benchmarks.mirrors import mirror_rows, update_rows
from benchmarks.page import grown, page
from benchmarks.process_measures import process_rows
from benchmarks.three_way import three_way_rows
from benchmarks.workload import workload
from schemasync.scratch import scratch_server

RECORDED = Path(__file__).parent / "recorded.json"
SIZES = (10, 100, 1000, 5000)
SMALL_SIZES = (10, 100)
_FALLEN = 3 / 2


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the table of ratios.")
    parser.add_argument("--small", action="store_true", help="few tables and turns; compare with the recorded run")
    parser.add_argument("--sizes", type=int, nargs="*", help="how many tables, instead of the usual sizes")
    parser.add_argument("--rounds", type=int, help="turns of each measurement")
    parser.add_argument("--record", action="store_true", help="keep the ratios in benchmarks/recorded.json")
    parser.add_argument("--page", type=Path, help="write the table as a page")
    parser.add_argument("--mirrors", action="store_true", help="measure nothing but mirrors")
    chosen = parser.parse_args()
    sizes = chosen.sizes or (SMALL_SIZES if chosen.small else SIZES)
    rounds = chosen.rounds or (3 if chosen.small else 5)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, scratch_server("auto") as server:
        rows += _shown(update_rows(Path(folder), 1, rounds))
        for size in sizes:
            path = Path(folder) / str(size) / "schema.prisma"
            path.parent.mkdir()
            schema, sql = workload(size)
            path.write_text(schema)
            rows += [] if chosen.mirrors else _shown(prisma_rows(path, size, rounds))
            with server.create_database() as database:
                connection = database.connect()
                connection.autocommit = True
                with connection.cursor() as cursor:
                    for statement in sql.split(";\n"):
                        if statement.strip():
                            cursor.execute(statement)
                    cursor.execute("VACUUM ANALYZE")
                connection.close()
                rows += _shown(mirror_rows(path, database.url, size, rounds))
                rows += _shown(update_rows(Path(folder), size, min(rounds, 3)))
                if chosen.mirrors:
                    continue
                rows += _shown(database_rows(path, database.url, size, rounds))
                if size == max(size for size in sizes if size <= 1000):
                    rows += _shown(process_rows(path, database.url, size, rounds))
                    rows += _shown(three_way_rows(path, database.url, size, min(rounds, 3)))
                    rows += _shown(alembic_rows(path, database.url, size, min(rounds, 3)))
    growth = grown(rows)
    for work, (first, last, exponent) in growth.items():
        print(f"{work:38} {first:>5} to {last:<5} tables: grows with exponent {exponent:.2f}")
    if chosen.page is not None:
        chosen.page.write_text(page(rows, growth), encoding="utf-8")
    if chosen.small:
        _fallen(rows)
    if chosen.record:
        # Whole processes are measured at one size only: those of a run at other sizes stay.
        ratios = json.loads(RECORDED.read_text())["ratios"] if RECORDED.exists() else {}
        ratios |= {row.key: round(row.ratio, 3) for row in rows if row.ratio is not None}
        RECORDED.write_text(json.dumps({"python": platform.python_version(), "ratios": ratios}, indent=2) + "\n")


def _shown(rows: list[Row]) -> list[Row]:
    for row in rows:
        print(row.text(), flush=True)
    return rows


def _fallen(rows: list[Row]) -> None:
    """Say which ratios are worse than recorded by more than a third."""
    if not RECORDED.exists():
        return
    recorded = json.loads(RECORDED.read_text())["ratios"]
    for row in rows:
        before = recorded.get(row.key)
        if row.ratio is None or before is None:
            continue
        worse = before / row.ratio if row.more_is_better else row.ratio / before
        if worse > _FALLEN:
            print(f"slower than recorded: {row.key}: {row.ratio:.2f}, was {before:.2f}")


if __name__ == "__main__":
    main()
