"""The action's steps that are more than one command: mirrors, plan, comment. Standard library, and Schemasync itself.

Everything comes by environment variables, as GitHub hands inputs to a step.
"""

import contextlib
import dataclasses
import json
import os
import re
import secrets
import shlex
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARK = "<!-- schemasync -->"
# GitHub's limits: characters of a comment; bytes of a step's summary, of which others get their part.
COMMENT_CHARACTERS = 65_536
SECTION_BYTES = 200_000
IN_A_COMMENT = 12_000
SECONDS = 30


def main() -> int:
    """Run the step that the first argument names, and give its exit code."""
    return {"mirror": mirror, "plan": plan, "comment": comment}[sys.argv[1]]()


def mirror() -> int:
    """`schemasync mirror --check`: 1 where files are stale, 2 where that could not be told."""
    command = ["schemasync", "mirror", "--check", *shlex.split(os.environ["ARGUMENTS"])]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)  # noqa: S603 - no shell
    show(done.stdout)
    if done.returncode == 1:
        print("::warning title=Stale mirrors::Prisma's schema has moved on: schemasync mirror --update")
        add_section("⚠️ Stale mirrors: `schemasync mirror --update` would change", "diff", done.stdout)
    return put("exit-code", done.returncode)


def plan() -> int:
    """`schemasync plan` from the base revision: 1 where there is no safe order, 2 where that could not be told."""
    from schemasync.config import ScratchSettings, literal, load
    from schemasync.errors import SchemasyncError
    from schemasync.project_plan import plan as planned
    from schemasync.report import Terminal
    from schemasync.report.plan_mermaid import render as as_flowchart
    from schemasync.report.plan_text import render as as_text

    base, server, stub = os.environ["BASE"], os.environ["SERVER"], os.environ["STUB_MISSING"] == "true"
    try:
        configuration = load()
        if server:
            configuration = dataclasses.replace(configuration, scratch=ScratchSettings(literal(server)))
        found = planned(configuration, deployed=base, stub_missing=stub)
    except SchemasyncError as error:
        print(f"There is no plan from {base}:\n{error.render()}", file=sys.stderr)
        return put("exit-code", 2)
    text = as_text(found, Terminal())
    show(text)
    if found.order is None:
        print("::error title=No safe order::In every order this release breaks something that runs: see the summary")
    title = "❌ No safe order of this release" if found.order is None else "✅ A safe order of this release"
    add_section(title, "text", text)
    add_section("The states of this release", "mermaid", as_flowchart(found), in_comment=False)
    return put("exit-code", int(found.order is None))


def comment() -> int:
    """Write the report as a comment on the pull request, or update the one that is there."""
    report, more = Path(os.environ["MARKDOWN"]).read_text(encoding="utf-8"), Path(os.environ["SECTIONS"])
    body = f"{MARK}\n{report}{more.read_text(encoding='utf-8') if more.exists() else ''}"
    if len(body) > COMMENT_CHARACTERS:
        body = f"{MARK}\n{report}\n_More stands in the job's summary._\n"
    comments = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues/{int(os.environ['NUMBER'])}/comments"
    try:
        for known in own_comments(comments):
            with contextlib.suppress(urllib.error.HTTPError):  # somebody else's, that only looks like ours
                ask("PATCH", f"repos/{os.environ['GITHUB_REPOSITORY']}/issues/comments/{known}", {"body": body})
                return 0
        ask("POST", comments, {"body": body})
    except OSError as error:
        # A pull request from a fork has a token that may only read: that is no reason to fail.
        print(f"::notice title=No comment::The comment could not be written: {one_line(str(error))}")
    return 0


def own_comments(path: str) -> Iterator[int]:
    """The comments that start with the mark which no reader sees, page by page."""
    page: str | None = f"{path}?per_page=100"
    while page is not None:
        found, page = ask("GET", page)
        yield from (one["id"] for one in found if str(one["body"]).startswith(MARK))


def ask(method: str, path: str, content: dict[str, str] | None = None) -> tuple[Any, str | None]:
    """GitHub's answer, and the next page's address where there is one.

    https://docs.github.com/en/rest/issues/comments
    """
    api = os.environ["GITHUB_API_URL"].rstrip("/")
    request = urllib.request.Request(  # noqa: S310 - GitHub's own address
        path if path.startswith(f"{api}/") else f"{api}/{path}",
        method=method,
        data=None if content is None else json.dumps(content).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - GitHub's own address
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link") or "")
        return json.load(answer), following and following[1]


def add_section(title: str, language: str, text: str, *, in_comment: bool = True) -> None:
    """Add a folded section to the job's summary, and to the comment."""
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(folded(title, language, text, SECTION_BYTES))
    if in_comment:
        with Path(os.environ["SECTIONS"]).open("a", encoding="utf-8") as file:
            file.write(folded(title, language, text, IN_A_COMMENT))


def folded(title: str, language: str, text: str, limit: int) -> str:
    """A section that opens at a click, its text within a fence that nothing in it can end."""
    kept = text.encode()[:limit].decode(errors="ignore").rstrip("\n")
    cut = "\n\n_Cut here: the whole of it stands in the job's log._" if len(text.encode()) > limit else ""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", kept)), default=0))
    heading = re.sub("`([^`]*)`", r"<code>\1</code>", title)
    return f"\n<details><summary>{heading}</summary>\n\n{fence}{language}\n{kept}\n{fence}{cut}\n\n</details>\n"


def show(text: str) -> None:
    """Print a text of the project's, in which no line becomes a workflow command."""
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}\n{text.rstrip()}\n::{token}::", flush=True)


def put(name: str, value: int) -> int:
    """Set an output of the step."""
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.write(f"{name}={value}\n")
    return value


def one_line(text: str) -> str:
    """A text for a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


if __name__ == "__main__":
    sys.exit(main())
