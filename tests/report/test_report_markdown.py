"""Markdown, as a CommonMark reader with GitHub's tables renders it."""

import re
from html.parser import HTMLParser

import pytest
from hostile import TEXTS, hostile_report
from markdown_it import MarkdownIt
from report_example import EVERYTHING, drift, report, three

from schemasync.report import Report, render
from schemasync.report.markdown import COMMENT_CHARACTERS, within


class Elements(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs, (tag, attrs)
        self.tags.append(tag)
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(made: Report) -> Elements:
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(render(made, "markdown"))
    elements = Elements()
    elements.feed(page)
    assert elements.open == []
    return elements


def test_short_first_and_the_details_folded() -> None:
    text = render(EVERYTHING, "markdown")
    assert text.startswith("### ❌ Schemasync: 5 errors, 3 warnings, 1 info in 4 of 27 tables\n")
    first = text.partition("<details>")[0]
    assert len(first.splitlines()) < 20
    elements = shown(EVERYTHING)
    assert elements.tags.count("table") == 1
    assert elements.tags.count("details") == 6
    assert "access_codes, owned by Prisma: 2 errors, 2 warnings" in elements.text
    assert "prisma timestamp(3), sqlalchemy timestamptz" in elements.text


def test_agreement() -> None:
    assert render(report(baselined=2), "markdown") == (
        "### ✅ Schemasync: no drift in 27 tables, 2 accepted by the baseline\n\n\n"
        "Nothing was left out of the comparison.\n"
    )


def test_nothing_from_a_schema_is_markup_a_link_or_a_mention() -> None:
    made = hostile_report()
    elements = shown(made)
    assert set(elements.tags) <= {
        "h3",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "p",
        "ul",
        "li",
        "br",
        "code",
        "details",
        "summary",
        "em",
    }
    for text in TEXTS:
        visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
        assert visible in elements.text
    assert not re.search(r"@(?!\W)", render(made, "markdown").replace("@<!--", ""))


@pytest.mark.parametrize("tables", [1, 400, 3000])
def test_a_comment_is_never_longer_than_github_takes(tables: int) -> None:
    made = report(
        *(
            drift("column-type", "error", f"t{n}", "é" * 40, three("int", "text", "int"), breaks="b" * 90)
            for n in range(tables)
        ),
        not_compared=tuple(f"{n} was left out" for n in range(tables)),
    )
    text = render(made, "markdown")
    assert len(text.encode()) < COMMENT_CHARACTERS
    assert ("more do not fit here" in text) is (tables > 1)
    assert shown(made).tags.count("table") == 1
    assert "more do not fit here" not in within(made, 10_000_000)
