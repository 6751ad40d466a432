"""The page, as a browser and a screen reader have it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from browser import answered, dumped
from hostile import TEXTS, hostile_report
from many_tables import many_tables
from published import published
from report_example import EVERYTHING, drift, report, three

from schemasync.report import Report, render
from schemasync.report.diagram import diagram_of
from schemasync.report.html import diagram_page

WITH_TABLES = replace(
    report(
        drift("column-type", "error", "table_001", "name", three("int", "text", "int"), lines=(1, 2)),
        drift("column-comment", "info", "table_001", "id", three("a", "b", "a")),
        drift("index-missing", "warning", "table_002", "i", three("i", None, "i"), behind=("sqlalchemy", "database")),
        drift("enum-order", "info", None, "Role", three("A, B", "B, A", "A, B")),
    ),
    schemas=many_tables(30),
)
VOID = {"meta", "br", "input", "rect", "path"}


class Elements(HTMLParser):
    """Checks that tags close, and collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def elements(page: str) -> Elements:
    found = Elements()
    found.feed(page)
    assert found.open == []
    return found


@pytest.mark.parametrize("made", [EVERYTHING, report(), WITH_TABLES], ids=["everything", "agreement", "tables"])
def test_the_page_is_well_formed_and_fetches_nothing(made: Report) -> None:
    page = render(made, "html")
    found = elements(page)
    assert [tag for tag, _ in found.seen if tag in ("link", "img", "iframe", "object", "form")] in ([], ["form"])
    assert not re.search(r"https?://", page)
    identities = [attributes["id"] for _, attributes in found.seen if "id" in attributes]
    assert len(identities) == len(set(identities))
    targets = {attributes["href"] for tag, attributes in found.seen if tag == "a"}
    assert {str(target)[1:] for target in targets if target} <= set(identities)


def test_everything_is_on_the_page() -> None:
    text = elements(render(EVERYTHING, "html")).text
    for one in EVERYTHING.comparison.drifts:
        assert one.message in text
        assert one.fix in text
        for value in one.values.values():
            assert value is None or value in text
    assert "Pending: 20250101_leftovers explains it." in text
    assert "schema.prisma cannot express CHECK constraints; they were not held against it." in text


def test_nothing_from_a_schema_is_markup() -> None:
    page = render(hostile_report(), "html")
    found = elements(page)
    assert sum(tag == "script" for tag, _ in found.seen) == 1
    assert not any(name.startswith("on") for _, attributes in found.seen for name in attributes)
    assert not any(tag == "img" for tag, _ in found.seen)
    for text in TEXTS:
        visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
        assert visible in found.text


def test_a_foreign_script_does_not_run() -> None:
    page = render(WITH_TABLES, "html")
    injected = page.replace("</main>", "<script>document.title = 'taken'</script></main>")
    assert injected != page
    assert "<title>taken</title>" not in dumped(injected)
    assert "All 4 drifts are shown." in dumped(injected)  # while the page's own did


FILTER = """
  const form = document.getElementById("filters");
  const shown = () => [
    document.querySelectorAll("article.drift:not([hidden])").length,
    document.querySelectorAll("section.table:not([hidden])").length,
    document.getElementById("status").textContent,
  ];
  const set = (name, value) => {
    const field = form.elements[name];
    field.value = value;
    field.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const all = shown();
  form.querySelector("[value=info]").click();
  const withoutInfo = shown();
  form.querySelector("[value=info]").click();
  set("kind", "index-missing");
  const oneKind = shown();
  set("kind", "");
  set("behind", "database");
  const behind = shown();
  form.reset();
  await new Promise((done) => setTimeout(done, 50));
  set("text", "TABLE_001");
  const text = shown();
  set("text", "nowhere");
  return {all, withoutInfo, oneKind, behind, text, none: shown()};
"""


def test_filters() -> None:
    assert answered(render(WITH_TABLES, "html"), FILTER) == {
        "all": [4, 3, "All 4 drifts are shown."],
        "withoutInfo": [2, 2, "2 of 4 drifts are shown."],
        "oneKind": [1, 1, "1 of 4 drifts are shown."],
        "behind": [1, 1, "1 of 4 drifts are shown."],
        "text": [2, 1, "2 of 4 drifts are shown."],
        "none": [0, 0, "0 of 4 drifts are shown."],
    }


PICK = """
  const picker = document.getElementById("picker");
  picker.value = Array.from(picker.options).find((option) => option.text === "table_003").value;
  picker.dispatchEvent(new Event("input", {bubbles: true}));
  const near = Array.from(document.querySelectorAll(".entity.near .name"), (name) => name.textContent).sort();
  const faint = getComputedStyle(document.querySelector(".entity:not(.near)")).opacity;
  const said = document.getElementById("neighbours").textContent;
  const joined = Array.from(document.querySelectorAll("#joined button"), (button) => button.textContent);
  document.querySelectorAll("#joined button")[1].click();
  const next = picker.selectedOptions[0].text;
  picker.value = "";
  picker.dispatchEvent(new Event("input", {bubbles: true}));
  const rest = document.querySelectorAll("#joined button").length;
  return {near, faint, said, joined, next, rest, after: getComputedStyle(document.querySelector(".entity")).opacity};
"""


def test_the_neighbourhood_of_a_table() -> None:
    found = answered(render(WITH_TABLES, "html"), PICK)
    assert found["near"] == [f"table_{n:03}" for n in (0, 1, 3, 9, 11, 21, 22, 23, 24, 25, 26, 27)]
    assert found["said"] == "table_003, owned by Prisma, without a mirror; joined to 11 tables."
    assert found["joined"] == [name for name in found["near"] if name != "table_003"]
    assert (found["next"], found["rest"]) == ("table_001", 0)
    assert (float(found["faint"]), float(found["after"])) == (0.13, 1.0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", ["1280,1000", "400,900"])
def test_axe_finds_no_barrier(size: str, dark: bool) -> None:
    axe = (published("axe-core") / "axe.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    page = render(WITH_TABLES, "html").replace("</body>", f"<script>{axe}</script></body>")
    script = """
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const found = await axe.run(document, {resultTypes: ["violations"]});
      const where = (one) => one.nodes.map((node) => node.html).slice(0, 3).join(" ");
      const violations = found.violations.map((one) => one.id + ": " + where(one));
      return {dark, passes: found.passes.length, violations};
    """
    more = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    found = answered(page, script, size=size, more=more)
    assert found["dark"] is dark
    assert found["passes"] > 20
    assert found["violations"] == []


@pytest.mark.parametrize("size", ["1280,1000", "500,900"])
def test_nothing_sticks_out_of_the_page(size: str) -> None:
    script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert answered(render(WITH_TABLES, "html"), script, size=size) <= 0
    assert answered(render(hostile_report(), "html"), script, size=size) <= 0


def test_300_tables_do_not_overlap_and_their_texts_stay_inside() -> None:
    page = diagram_page(diagram_of(many_tables(300)), "300 tables")
    script = """
      const boxes = Array.from(document.querySelectorAll(".entity .frame"), (frame) => frame.getBBox());
      let overlaps = 0;
      boxes.forEach((one, place) => boxes.slice(place + 1).forEach((other) => {
        overlaps += one.x < other.x + other.width && other.x < one.x + one.width
          && one.y < other.y + other.height && other.y < one.y + one.height;
      }));
      let outside = 0;
      for (const entity of document.querySelectorAll(".entity")) {
        const frame = entity.querySelector(".frame").getBBox();
        for (const text of entity.querySelectorAll("text:not(.badge-text)")) {
          const box = text.getBBox();
          outside += box.x < frame.x || box.x + box.width > frame.x + frame.width + 1;
        }
      }
      return {boxes: boxes.length, overlaps, outside};
    """
    assert answered(page, script) == {"boxes": 300, "overlaps": 0, "outside": 0}
