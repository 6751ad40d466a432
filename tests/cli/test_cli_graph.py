"""`graph`: Mermaid, SVG and HTML, of all tables, one side's, or one table's neighbourhood."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browser import answered
from command_line import schemasync
from hostile import TEXTS
from many_tables import many_tables
from published import published

from schemasync.errors import SchemasyncError
from schemasync.report.diagram import Diagram, Edge, Entity, Row, diagram_of
from schemasync.report.mermaid import mermaid
from schemasync.report.svg import svg

SCHEMA = """\
datasource db {
  provider = "postgresql"
}

model User {
  id    Int    @id
  posts Post[]

  @@map("users")
}

model Post {
  id       Int    @id
  authorId Int    @map("author_id")
  author   User   @relation(fields: [authorId], references: [id])
  tags     Tag[]

  @@map("posts")
}

model Tag {
  id     Int  @id
  postId Int  @map("post_id")
  post   Post @relation(fields: [postId], references: [id])

  @@map("tags")
}
"""
HOSTILE = Diagram(
    tuple(Entity(("public", text), "prisma", None, (Row(text, text, "PK"),), (("error", 1),)) for text in TEXTS),
    tuple(Edge(("public", text), ("public", TEXTS[0]), (text,)) for text in TEXTS),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "schema.prisma").write_text(SCHEMA)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_mermaid(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "graph", "--prisma", "schema.prisma")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        'flowchart LR\n  subgraph prisma["Prisma owns"]\n    t0["posts"]\n    t1["tags"]\n    t2["users"]\n  end\n'
        '  t0 -->|"author_id"| t2\n  t1 -->|"post_id"| t0\n'
    )


def test_a_neighbourhood(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    near = ("graph", "--prisma", "schema.prisma", "--table", "tags")
    assert '"users"' not in schemasync(capsys, *near).out
    assert '"users"' in schemasync(capsys, *near, "--depth", "2").out
    assert '"posts"' not in schemasync(capsys, *near, "--depth", "0").out
    result = schemasync(capsys, "graph", "--prisma", "schema.prisma", "--table", "tag")
    assert (result.code, result.err) == (2, "error: there is no table 'tag'\n    hint: did you mean tags?\n")


def test_svg_and_html_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("svg", "html"):
        path = project / f"tables.{name}"
        assert schemasync(capsys, "graph", "--prisma", "schema.prisma", "--format", name, "--output", path).code == 0
        assert "posts, owned by Prisma" in path.read_text()
    root = ElementTree.parse(project / "tables.svg").getroot()
    assert sum(element.get("class") == "edge" for element in root.iter()) == 2


def test_nothing_to_draw(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no witness is given" in schemasync(capsys, "graph").err


def test_owners_and_mirrors() -> None:
    diagram = diagram_of(many_tables(40))
    entities = {entity.name: entity for entity in diagram.entities}
    assert (entities["table_000"].owner, entities["table_000"].mirrored) == ("prisma", False)
    assert (entities["table_015"].owner, entities["table_015"].mirrored) == ("prisma", True)
    assert (entities["table_030"].owner, entities["table_030"].mirrored) == ("sqlalchemy", None)
    owned = {entity.name for entity in diagram.of_owner("sqlalchemy").entities}
    assert "table_031" in owned
    assert "table_010" in owned  # what 31 refers to
    assert "table_017" not in owned


def test_a_cycle_has_a_place() -> None:
    a, b = ("public", "a"), ("public", "b")
    entities = tuple(Entity(key, "prisma", None, (Row("id", "uuid", "PK"),)) for key in (a, b))
    edges = (Edge(a, b, ("id",)), Edge(b, a, ("id",)), Edge(a, a, ("id",)))
    assert svg(Diagram(entities, edges)).count('class="edge"') == 3


def test_nothing_from_a_schema_is_markup() -> None:
    root = ElementTree.fromstring(svg(HOSTILE).replace("\u2028", ""))
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        "svg",
        "title",
        "style",
        "defs",
        "marker",
        "path",
        "rect",
        "g",
        "text",
    }
    lines = mermaid(HOSTILE).splitlines()
    assert len(lines) == 3 + len(TEXTS) * 3 + 3
    assert not any("<script" in line or "::" in line for line in lines)


def test_a_drawing_that_mermaid_refuses_is_refused_with_a_hint() -> None:
    with pytest.raises(SchemasyncError, match="300 tables and 802 foreign keys are more than Mermaid draws") as caught:
        mermaid(diagram_of(many_tables(300)))
    assert "--table" in caught.value.hint


def test_mermaid_itself_reads_it() -> None:
    library = (
        (published("mermaid") / "dist/mermaid.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    )
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><script>{library}</script></body></html>"
    texts = [mermaid(diagram) for diagram in (diagram_of(many_tables(40)), HOSTILE)]
    listed = json.dumps(texts).replace("</", "<\\/")
    drawn = answered(
        page,
        f"""
        mermaid.initialize({{startOnLoad: false}});
        const found = [];
        for (const text of {listed}) {{
          await mermaid.parse(text);
          const {{svg}} = await mermaid.render("drawing" + found.length, text);
          const holder = document.createElement("div");
          holder.innerHTML = svg;
          found.push(Array.from(holder.querySelectorAll(".nodeLabel"), (label) => label.textContent));
        }}
        return found;
        """,
    )
    assert {f"table_{number:03}" for number in range(40)} <= set(drawn[0])
    for text in TEXTS:
        visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
        looking_alike = visible.translate(str.maketrans("*`[]~", "\uff0a\uff40\uff3b\uff3d\uff5e"))
        assert f"{looking_alike}✕1" in [label.replace("\u2060", "") for label in drawn[1]]
