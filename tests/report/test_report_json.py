"""The JSON report, as its readers rely on it."""

import json

from report_example import EVERYTHING, drift, report, three

from schemasync.report import Terminal, render


def test_one_drift() -> None:
    one = drift(
        "column-missing",
        "error",
        "access_codes",
        "generated_by",
        three("uuid", None, "uuid"),
        breaks="It breaks.",
        fix="Add it.",
        lines=(164,),
    )
    assert json.loads(render(report(one, not_compared=("views",), baselined=3), "json")) == {
        "version": 1,
        "witnesses": {
            "prisma": {"tables": 9, "source": "frontend/prisma/schema.prisma"},
            "sqlalchemy": {"tables": 26, "source": "app.models:db"},
            "database": {"tables": 28, "source": "postgresql://ann:***@db.example:5432/shop"},
        },
        "summary": {"error": 1, "warning": 0, "info": 0, "tables": 27, "facts": 1204, "baselined": 3},
        "drifts": [
            {
                "kind": "column-missing",
                "severity": "error",
                "owner": "prisma",
                "schema": "public",
                "table": "access_codes",
                "object": "generated_by",
                "values": {"prisma": "uuid", "sqlalchemy": None, "database": "uuid"},
                "behind": ["sqlalchemy"],
                "message": "access_codes.generated_by: column-missing",
                "breaks": "It breaks.",
                "fix": "Add it.",
                "explained_by": None,
                "locations": [{"path": "frontend/prisma/schema.prisma", "line": 164, "column": 3, "witness": "prisma"}],
                "fingerprint": one.fingerprint,
            }
        ],
        "not_compared": ["views"],
    }


def test_a_terminal_makes_no_difference() -> None:
    plain = render(EVERYTHING, "json")
    assert render(EVERYTHING, "json", Terminal(colour=True, unicode=False)) == plain
    assert [item["kind"] for item in json.loads(plain)["drifts"]] == [one.kind for one in EVERYTHING.comparison.drifts]
