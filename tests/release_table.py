"""The table of scenarios on the plan's page: made by the tests, and held to what they find."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from release_play import Played

PAGE = Path(__file__).parents[1] / "docs" / "plan.md"
BEGIN, END = "<!-- made by the tests -->\n", "<!-- end of what the tests made -->"
HEADER = "| scenario | plan | rehearsed, by real statements |\n| --- | --- | --- |\n"
# Whether to write the page anew, rather than to hold the tests to it.
ASKED = os.environ.get("SCHEMASYNC_SCENARIO_TABLE") == "1"
RESULTS = Path(tempfile.gettempdir(), "schemasync-scenarios.json")


def demand_row(name: str, played: Sequence[Played]) -> None:
    """Demand that the page tells what was found; where it is written anew, keep that instead."""
    found = row(name, played)
    if ASKED:
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps({**kept, name: found}))
        return
    shown = PAGE.read_text(encoding="utf-8")
    assert found in shown, f"run SCHEMASYNC_SCENARIO_TABLE=1 pytest tests/release -k 'scenario or stories'; {found}"


def row(name: str, played: Sequence[Played]) -> str:
    """A scenario's line, each release after the other."""
    plans = ["no order" if one.order is None else " → ".join(one.order) for one in played]
    return f"| {name} | {'<br>'.join(plans)} | {'<br>'.join(map(_rehearsed, played))} |\n"


def write_page(rows: Mapping[str, str]) -> None:
    """Put the rows into the page."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}{HEADER}{''.join(rows.values())}{END}{after}", encoding="utf-8")


def _rehearsed(played: Played) -> str:
    if played.order is None:
        what = "order fails" if played.unsafe == 1 else "orders fail"
        return f"{played.unsafe} {what} where the plan objects"
    states = f"{played.states} state{'' if played.states == 1 else 's'}"
    return f"{played.statements} statements pass at {states}"
