"""Reports on many databases, by hand."""

import json
import re
from dataclasses import replace

import jsonschema
import pytest
from browser import answered
from hostile import TEXTS
from markdown_it import MarkdownIt
from published import published
from report_example import drift, report, three
from test_report_html import elements

from schemasync.compare.drift import Drift
from schemasync.fleet import FleetMember
from schemasync.report import Report, Terminal, render
from schemasync.report.fleet import fleet_verdict, having_in_words
from schemasync.report.markdown import COMMENT_CHARACTERS
from schemasync.report.schemas import report_schema

SHIFT = drift("column-type", "error", "users", "seen", three("timestamp(3)", "timestamptz", "timestamp(3)"))
EXTRA = drift("column-extra", "warning", "users", "surprise", three(None, None, "integer"), behind=("database",))


def lost(name: str) -> Drift:
    made = drift(
        "database-unreachable", "error", None, name, {}, breaks="Nothing is known of it.", behind=("database",)
    )
    return replace(made, owner=None, message=f"{name}: cannot connect to database {name!r}", databases=(name,))


def fleet(names: tuple[str, ...], *drifts: Drift, gone: tuple[str, ...] = ()) -> Report:
    """Drifts in databases of these names, besides others that are gone."""
    members = [FleetMember(name, f"postgresql://ann:***@db/{name}", "compared", 1, 28) for name in names]
    members += [FleetMember(name, f"postgresql://ann:***@db/{name}", "unreachable") for name in gone]
    return replace(report(*drifts, *(lost(name) for name in gone)), members=tuple(members))


def numbered(count: int) -> tuple[str, ...]:
    return tuple(f"tenant_{number:02}" for number in range(count))


FIVE = numbered(5)
SOME = fleet(
    FIVE, replace(SHIFT, databases=FIVE), replace(EXTRA, databases=("tenant_01", "tenant_03")), gone=("moved",)
)


def test_groups_of_databases() -> None:
    text = render(SOME, "text")
    assert (
        text.partition("\n\n\n")[2]
        .partition("\n\n5 of 6")[0]
        .startswith(
            """\
All 5 databases: 1 error
════════════════════════════════════════════════════════════════════════════════

users  owned by Prisma                                                   1 error
────────────────────────────────────────────────────────────────────────────────
error    column-type  behind: sqlalchemy
               prisma        sqlalchemy   database
         seen  timestamp(3)  timestamptz  timestamp(3)


2 of 5 databases: tenant_01, tenant_03: 1 warning
════════════════════════════════════════════════════════════════════════════════

users  owned by Prisma                                                 1 warning
────────────────────────────────────────────────────────────────────────────────
warning  column-extra  behind: database
                   prisma  sqlalchemy  database
         surprise  \u2013       \u2013           integer


1 database could not be compared: 1 error
════════════════════════════════════════════════════════════════════════════════
error    database-unreachable  behind: database
         moved: cannot connect to database 'moved'.
         Nothing is known of it.
"""
        )
    )
    assert "2 errors, 1 warning in 1 of 27 tables; 5 of 6 databases compared, 2 of them unlike the others" in " ".join(
        text.split()
    )


@pytest.mark.parametrize(
    ("total", "having", "words"),
    [
        (1, [0], "the database tenant_00"),
        (12, range(12), "all 12 databases"),
        (12, range(1, 12), "all 12 databases but tenant_00"),
        (12, [3, 4], "2 of 12 databases: tenant_03, tenant_04"),
        (4, [0, 1, 2], "3 of 4 databases: tenant_00, tenant_01, tenant_02"),
        (
            40,
            range(20),
            "20 of 40 databases: tenant_00, tenant_01, tenant_02, tenant_03, tenant_04, tenant_05, tenant_06, "
            "tenant_07 and 12 more",
        ),
    ],
)
def test_databases_in_words(total: int, having: list[int], words: str) -> None:
    names = numbered(total)
    assert having_in_words([names[number] for number in having], fleet(names)) == words


def test_verdicts() -> None:
    assert fleet_verdict(fleet(FIVE)) == "5 of 5 databases compared, all alike"
    assert fleet_verdict(SOME) == "5 of 6 databases compared, 2 of them unlike the others, 1 unreachable"
    assert fleet_verdict(report()) == ""


def test_many_lost_databases_are_counted() -> None:
    text = render(fleet(("a",), gone=numbered(50)), "text", Terminal(unicode=False))
    assert text.count("cannot connect") == 20
    assert "and 30 more, which the JSON report names." in text
    assert "50 databases could not be compared: 50 errors" in text
    assert text.isascii()


def test_json_keeps_its_schema_and_names_all() -> None:
    read = json.loads(render(SOME, "json"))
    jsonschema.validate(read, report_schema())
    assert read["databases"]["tenant_01"] == {
        "source": "postgresql://ann:***@db/tenant_01",
        "state": "compared",
        "group": 1,
        "tables": 28,
        "drifts": {"error": 1, "warning": 1, "info": 0},
    }
    assert read["databases"]["moved"]["state"] == "unreachable"
    assert [one["databases"] for one in read["drifts"]] == [list(FIVE), ["tenant_01", "tenant_03"], ["moved"]]
    assert "databases" not in json.loads(render(report(SHIFT), "json"))
    assert "databases" not in json.loads(render(report(SHIFT), "json"))["drifts"][0]


def test_sarif_is_still_what_its_schema_says() -> None:
    schema = published("@microsoft/jest-sarif") / "lib/schemas/sarif-2.1.0-rtm.5.json"
    content = json.loads(render(SOME, "sarif"))
    assert list(jsonschema.Draft4Validator(json.loads(schema.read_text())).iter_errors(content)) == []
    assert [len(one["properties"]["databases"]) for one in content["runs"][0]["results"]] == [5, 2, 1]
    assert "In 2 of 5 databases: tenant_01, tenant_03." in content["runs"][0]["results"][1]["message"]["text"]


def test_markdown_as_rendered() -> None:
    text = render(SOME, "markdown")
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert "<h4>All 5 databases</h4>" in page
    assert "<h4>2 of 5 databases: tenant_01, tenant_03</h4>" in page
    assert "<h4>1 database could not be compared</h4>" in page
    assert re.findall(r"<th>(.*?)</th>", page) == ["", "drift", "of", "behind", "in"]
    assert text.count("</details>") == text.count("<details>")


def test_a_comment_on_a_large_fleet_is_not_longer_than_github_takes() -> None:
    names = numbered(3000)
    drifts = [replace(EXTRA, table=f"t{number}", databases=names[number : number + 40]) for number in range(900)]
    assert len(render(fleet(names, *drifts, gone=("a", "b")), "markdown").encode()) < COMMENT_CHARACTERS


def test_the_page_is_well_formed_and_names_all() -> None:
    names = numbered(40)
    page = render(fleet(names, replace(EXTRA, databases=names[:20])), "html")
    assert ", ".join(names[:20]) in elements(page).text
    hostile = fleet(TEXTS, *(replace(EXTRA, databases=(text,)) for text in TEXTS), gone=tuple(f"{t}?" for t in TEXTS))
    found = elements(render(hostile, "html"))
    assert sum(tag == "script" for tag, _ in found.seen) == 1
    assert not any(tag == "img" or name.startswith("on") for tag, attributes in found.seen for name in attributes)


@pytest.mark.parametrize("size", ["1280,1000", "400,900"])
def test_axe_finds_no_barrier_and_nothing_sticks_out(size: str) -> None:
    axe = (published("axe-core") / "axe.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    page = render(SOME, "html").replace("</body>", f"<script>{axe}</script></body>")
    script = """
      const found = await axe.run(document, {resultTypes: ["violations"]});
      const where = (one) => one.nodes.map((node) => node.html).slice(0, 3).join(" ");
      const violations = found.violations.map((one) => one.id + ": " + where(one));
      const root = document.documentElement;
      return {passes: found.passes.length, violations, out: Math.max(0, root.scrollWidth - root.clientWidth)};
    """
    found = answered(page, script, size=size)
    assert found["passes"] > 20
    assert (found["violations"], found["out"]) == ([], 0)
