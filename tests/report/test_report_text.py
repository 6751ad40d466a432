"""Reports in; what people read out."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_example import EVERYTHING, drift, report, three

from schemasync.report import Report, Terminal, render


def test_everything() -> None:
    assert (
        render(EVERYTHING, "text")
        == """\
prisma      frontend/prisma/schema.prisma (9 tables)
sqlalchemy  app.models:db (26 tables)
database    postgresql://ann:***@db.example:5432/shop (28 tables)


archive.leftovers  declared by nobody                                  1 warning
────────────────────────────────────────────────────────────────────────────────
warning  table-extra  behind: database
         prisma  sqlalchemy  database
         \u2013       \u2013           table, 3 columns
         Nobody vouches for it.
         → declare it, or drop it
         Pending: 20250101_leftovers explains it.


access_codes  owned by Prisma                               2 errors, 2 warnings
────────────────────────────────────────────────────────────────────────────────
error    column-type  behind: sqlalchemy
                     prisma        sqlalchemy   database
         created_at  timestamp(3)  timestamptz  timestamp(3)
         updated_at  timestamp(3)  timestamptz  timestamp(3)
         A value that the mirror reads has no time zone, so that comparing it
         with an aware datetime raises TypeError, and what it writes is shifted
         by the session's time zone.
         → in the SQLAlchemy model AccessCode: make created_at and updated_at
           timestamp(3)
         frontend/prisma/schema.prisma:20
         backend/api/app/models/access_code.py:120

warning  column-missing  behind: sqlalchemy
                            prisma  sqlalchemy  database
         access_request_id  uuid    \u2013           uuid
         generated_by       uuid    \u2013           uuid
         Nothing fails now, but the back end can neither read nor write it.
         → in the SQLAlchemy model AccessCode: add the columns access_request_id
           and generated_by, uuid
         frontend/prisma/schema.prisma:164, :170
         backend/api/app/models/access_code.py:9


invoices  owned by SQLAlchemy                                            1 error
────────────────────────────────────────────────────────────────────────────────
error    check-expression  behind: database
         invoices_total_check
           sqlalchemy  total >= 0 AND total = subtotal + tax AND currency IN
                       ('EUR', 'USD', 'GBP')
           database    total > 0
         Rows that the model allows are refused.
         → in an Alembic revision: create invoices_total_check anew


users  owned by Prisma                                                  2 errors
────────────────────────────────────────────────────────────────────────────────
error    column-type  behind: sqlalchemy
                     prisma        sqlalchemy   database
         created_at  timestamp(3)  timestamptz  timestamp(3)
         updated_at  timestamp(3)  timestamptz  timestamp(3)
         The same as in access_codes, above.
         → in the SQLAlchemy model User: make created_at and updated_at
           timestamp(3)
         frontend/prisma/schema.prisma:40
         backend/api/app/models/access_code.py:140


enum types  owned by Prisma                                               1 info
────────────────────────────────────────────────────────────────────────────────
info     enum-order  behind: sqlalchemy
               prisma  sqlalchemy  database
         Role  A, B    B, A        A, B
         → in the enum Role: sort the values


5 errors, 3 warnings, 1 info in 4 of 27 tables; 1204 facts compared.

Not compared:
  • schema.prisma cannot express CHECK constraints; they were not held against
    it.
"""
    )


def test_agreement() -> None:
    text = render(report(baselined=2), "text")
    assert text.endswith(
        "\nno drift in 27 tables, 2 accepted by the baseline; 1204 facts compared.\n\n"
        "Nothing was left out of the comparison.\n"
    )


def test_drifts_of_tables_that_not_all_have_are_in_no_part_of_those_compared() -> None:
    drifts = [drift("table-missing", "error", f"t{number}", None, three("x", None, "x")) for number in range(28)]
    assert "28 errors in 27 tables; 1204 facts compared." in render(report(*drifts), "text")


def test_colour_adds_nothing_but_colour() -> None:
    coloured = render(EVERYTHING, "text", Terminal(colour=True))
    assert "\x1b[1;31merror" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(EVERYTHING, "text")


def test_ascii() -> None:
    text = render(EVERYTHING, "text", Terminal(unicode=False))
    assert text.isascii()
    assert "> in the SQLAlchemy model User" in text


def test_a_comment_cannot_steer_the_terminal() -> None:
    text = render(report(drift("table-comment", "info", "users", None, three("\x1b[2J\r\n", "ok", "\x07"))), "text")
    assert not re.search(r"[^\n -~─→•\u2013]", text)
    assert r"\x1b[2J\r\n" in text


def test_different_instructions_share_their_place() -> None:
    drifts = [
        drift("column-missing", "warning", "users", name, three(kind, None, kind), fix=f"in User: add {name}, {kind}")
        for name, kind in (("a", "uuid"), ("b", "text"))
    ]
    assert "         → in User:\n           add a, uuid\n           add b, text\n" in render(report(*drifts), "text")


def test_a_short_explanation_is_repeated() -> None:
    drifts = [drift("column-comment", "info", table, "a", three("x", "y", "x"), breaks="None.") for table in "tu"]
    text = render(report(*drifts), "text")
    assert text.count("         None.\n") == 2
    assert "above" not in text


def test_drifts_that_differ_in_who_is_behind_stay_apart() -> None:
    one = drift("column-type", "error", "users", "a", three("int", "text", "int"))
    other = replace(one, object="b", behind=("sqlalchemy", "database"))
    text = render(report(one, other), "text")
    assert "column-type  behind: sqlalchemy\n" in text
    assert "column-type  behind: sqlalchemy, database\n" in text


words = st.text(st.sampled_from("ab c,.()'\u2013字é\t"), max_size=120)
drifts = st.builds(
    drift,
    st.sampled_from(["column-type", "index-missing"]),
    st.sampled_from(["error", "warning", "info"]),
    st.sampled_from(["users", "a" * 63, None]),
    st.sampled_from(["id", "b" * 63, None]),
    st.fixed_dictionaries({"prisma": st.none() | words, "database": st.none() | words}),
    breaks=words,
    fix=words,
    behind=st.sampled_from([("database",), ()]),
)


@settings(deadline=None)  # a machine under load is no mistake of the layout
@given(st.lists(drifts, max_size=6))
def test_no_line_is_wider_than_80_but_for_a_single_word(listed: list[object]) -> None:
    from schemasync.report.layout import display_width

    made: Report = report(*listed)  # type: ignore[arg-type]  # Drifts, from hypothesis
    for line in render(made, "text").splitlines():
        assert display_width(line) <= 80 or len(line.split()) <= 2


@pytest.mark.parametrize("format_name", ["text", "json"])
def test_the_same_report_is_the_same_text(format_name: str) -> None:
    assert render(EVERYTHING, format_name) == render(EVERYTHING, format_name)
    assert render(EVERYTHING, format_name).endswith("\n")
