"""The table as a page of the documentation."""

import math
import platform
from collections.abc import Mapping, Sequence

from benchmarks.measures import Row

_BEFORE = """\
# Speed

How long Schemasync takes, beside other tools and beside the least that the work can cost. `make bench` measures all of
it anew, side by side in one run, and `python -m benchmarks.run --page docs/speed.md` writes this page. Times differ
from machine to machine, and drift with whatever else one does; what counts are the ratios: medians of ratios taken turn
by turn.

The workload is generated: a schema of so many tables, twelve columns each on average, with keys, indexes and enums, and
the SQL that Prisma makes of it. In-process figures are milliseconds of CPU, the server's included. Whole processes are
measured by their CPU, or by the clock where one of those compared asks a server. What is said to be beside the import
is how much longer than the import of the models it takes: less than nothing, where garbage collection is put off in our
process and would have cost more. The last column says what we want, foremost of 1,000 tables, and whether it is
reached.
"""
_GROWTH = """
## Growth

How time grows with the number of tables, as the exponent *e* in *time ∝ tables^e*: 1 is linear, 2 quadratic.

| work | tables | exponent |
| --- | --- | ---: |
"""

Growth = Mapping[str, tuple[int, int, float]]


def grown(rows: Sequence[Row]) -> dict[str, tuple[int, int, float]]:
    """By work: the smallest and the largest number of tables, and the exponent between them."""
    by_work: dict[str, dict[int, float]] = {}
    for row in rows:
        by_work.setdefault(row.work, {})[row.size] = row.ours
    found = {}
    for work, times in by_work.items():
        large = sorted(size for size in times if size >= 100 and times[size] > 0)
        if len(large) > 1:
            first, last = large[0], large[-1]
            found[work] = (first, last, math.log(times[last] / times[first]) / math.log(last / first))
    return found


def page(rows: Sequence[Row], growth: Growth) -> str:
    """The page, in Markdown.

    Args:
        rows: what was measured.
        growth: as `grown` has it.
    """
    parts = [_BEFORE, f"\nMeasured with Python {platform.python_version()}.\n"]
    for size in sorted({row.size for row in rows}):
        parts.append(f"\n## {size:,} table{'s' * (size != 1)}\n\n")
        parts.append("| work | ours | beside | theirs | ratio | wanted |\n| --- | ---: | --- | ---: | ---: | --- |\n")
        parts += [_line(row) for row in rows if row.size == size]
    if growth:
        parts.append(_GROWTH)
        parts += [
            f"| {work} | {first:,} to {last:,} | {exponent:.2f} |\n" for work, (first, last, exponent) in growth.items()
        ]
    return "".join(parts)


def _line(row: Row) -> str:
    theirs = _figure(row.theirs) if row.theirs is not None else ""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f} times " + ("as fast" if row.more_is_better else "the time")
    wanted = f"{row.wanted}: {'reached' if row.reached else 'open'}" if row.reached is not None else ""
    return f"| {row.work} | {_figure(row.ours)} | {row.other} | {theirs} | {ratio} | {wanted} |\n"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.1f}"
