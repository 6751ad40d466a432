"""Names, comments and values as only somebody with bad intentions chooses them, in every place that a report shows."""

from report_example import drift, report

from schemasync.compare.drift import Drift
from schemasync.report import Report

TEXTS = (
    "::error::x",
    "##[set-env name=PATH]x",
    "<script>alert(1)</script>",
    "</details><img src=x onerror=alert(1)>",
    "a|b`c`*d*_e_ [f](javascript:g) @octocat #1",
    "x\r\n::add-mask::y\n::set-output name=a::b",
    "]]>&amp;\x00\x1b[31m\x0b",
    "%0A::warning::z",
    "]('\"><b>",
    "{0} {{1}} \\[x](y)",
    "-->\u2028",
)


def hostile_drifts() -> list[Drift]:
    return [
        drift(
            kind,
            severity,
            text,
            text,
            {"prisma": text, "sqlalchemy": None, "database": text},
            breaks=text,
            fix=text,
            schema=text,
            lines=(1, 2),
            explained_by=text,
        )
        for text in TEXTS
        for kind, severity in (("table-comment", "error"), ("column-comment", "warning"), ("index-name", "info"))
    ]


def hostile_report() -> Report:
    return report(*hostile_drifts(), not_compared=TEXTS)
