"""Stands in for GitHub's runner and its API: environment, files, expressions and comments, without the network."""

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from command_line import environment_with_sources

REPOSITORY = Path(__file__).resolve().parents[2]
ACTION = REPOSITORY / ".github/actions/schemasync"
WORKFLOW = REPOSITORY / ".github/workflows/schemasync.yml"
TOKEN = re.compile(r"\s*(&&|\|\||==|!=|\(|\)|'[^']*'|[\w.-]+(?:\(\))?)")


def evaluated(expression: str, names: Mapping[str, Any]) -> Any:
    """An expression's value; of the language as much as the files here use.

    https://docs.github.com/en/actions/reference/evaluate-expressions-in-workflows-and-actions
    """
    tokens = [found[1] for found in TOKEN.finditer(expression)]
    assert "".join(tokens) == re.sub(r"\s+(?=(?:[^']*'[^']*')*[^']*$)", "", expression), expression

    def either() -> Any:
        value = both()
        while tokens and tokens[0] == "||":
            tokens.pop(0)
            other = both()
            value = value or other
        return value

    def both() -> Any:
        value = compared()
        while tokens and tokens[0] == "&&":
            tokens.pop(0)
            other = compared()
            value = value and other
        return value

    def compared() -> Any:
        value = single()
        if tokens and tokens[0] in ("==", "!="):
            equal = tokens.pop(0) == "=="
            return (value == single()) is equal
        return value

    def single() -> Any:
        token = tokens.pop(0)
        if token == "(":
            value = either()
            assert tokens.pop(0) == ")"
            return value
        if token.startswith("'"):
            return token[1:-1]
        if token == "always()":
            return True
        # What nobody has set is empty; but an input, an output or a name of a kind that is unknown here is a mistake.
        known = token in names or re.fullmatch(r"steps\.\w+\.outputs\.[\w-]+|github\.event(\.\w+)+", token)
        assert known, token
        return names.get(token, "")

    value = either()
    assert not tokens, expression
    return value


def filled(text: Any, names: Mapping[str, Any]) -> Any:
    """A value of the file with its expressions filled in; one that is nothing else keeps its type."""
    if not isinstance(text, str):
        return text
    whole = re.fullmatch(r"\$\{\{([^}]*)\}\}", text.strip())
    if whole:
        return evaluated(whole[1], names)
    return re.sub(r"\$\{\{([^}]*)\}\}", lambda found: as_text(evaluated(found[1], names)), text)


def as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass
class Runner:
    """Runs the action, or the workflow with the action in it.

    Args:
        root: the repository's checkout.
        temp: the runner's own folder, with the commands that a job finds.
        api: GitHub's API, as far as there is one.
        inputs: the action's, or the workflow's.
        event: what of the event is known: `pull_request.number`, `pull_request.base.sha`.
        used: the actions that the workflow used and that are not run here, with what they were given.
    """

    root: Path
    temp: Path
    inputs: dict[str, Any] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    api: str = "http://127.0.0.1:9"
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    used: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def names(self, inputs: Mapping[str, Any], outputs: Mapping[str, str]) -> dict[str, Any]:
        return {
            "runner.temp": str(self.temp),
            "github.token": "t0ken",
            "github.action_path": str(ACTION),
            **{f"github.event.{name}": value for name, value in self.event.items()},
            **{f"inputs.{name}": value for name, value in inputs.items()},
            **{f"steps.{name}": value for name, value in outputs.items()},
        }

    def run(self) -> int:
        """The action's steps, one after the other, up to the first that fails."""
        code, self.outputs = self.action(self.inputs)
        return code

    def action(self, given: Mapping[str, Any]) -> tuple[int, dict[str, str]]:
        action = yaml.safe_load((ACTION / "action.yml").read_text())
        assert set(given) <= set(action["inputs"]), set(given) - set(action["inputs"])
        inputs = {name: filled(one.get("default", ""), self.names({}, {})) for name, one in action["inputs"].items()}
        inputs.update({name: as_text(value) for name, value in given.items()})
        outputs: dict[str, str] = {}
        code = 0
        for step in action["runs"]["steps"]:
            names = self.names(inputs, outputs)
            if "if" in step and not evaluated(step["if"], names):
                continue
            code = self.shell(step, names, outputs)
            if code:
                break
        names = self.names(inputs, outputs)
        told = {name: as_text(filled(one["value"], names)) for name, one in action["outputs"].items()}
        return code, {name: value for name, value in told.items() if value}

    def shell(self, step: Mapping[str, Any], names: Mapping[str, Any], outputs: dict[str, str]) -> int:
        output = self.temp / "output"
        output.write_text("")
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.root / filled(step.get("working-directory", "."), names),
            env=environment_with_sources(
                PATH=f"{self.temp / 'commands'}{os.pathsep}{os.environ['PATH']}",
                GITHUB_ACTIONS="true",
                GITHUB_API_URL=self.api,
                GITHUB_WORKSPACE=str(self.root),
                GITHUB_OUTPUT=str(output),
                GITHUB_STEP_SUMMARY=str(self.temp / "summary.md"),
                GITHUB_REPOSITORY="ann/shop",
                RUNNER_TEMP=str(self.temp),
                **{name: as_text(filled(text, names)) for name, text in step.get("env", {}).items()},
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        self.log += done.stdout + done.stderr
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            outputs[f"{step['id']}.outputs.{name}"] = value
        return done.returncode

    def call(self) -> int:
        """The workflow's job, called with `inputs`; of what it uses only the action here is run."""
        workflow = yaml.safe_load(WORKFLOW.read_text())
        declared = workflow[True]["workflow_call"]["inputs"]  # YAML reads `on` as true
        assert set(self.inputs) <= set(declared), set(self.inputs) - set(declared)
        inputs = {name: one.get("default", "") for name, one in declared.items()} | self.inputs
        assert all(inputs[name] for name, one in declared.items() if one.get("required"))
        (job,) = workflow["jobs"].values()
        names = self.names(inputs, {})
        names |= {f"env.{name}": filled(text, names) for name, text in job["env"].items()}
        self.services = {name: filled(one["image"], names) for name, one in job["services"].items()}
        outcome = 0
        for step in job["steps"]:
            if not (evaluated(step["if"], names) if "if" in step else not outcome):
                continue
            given = {name: filled(value, names) for name, value in step.get("with", {}).items()}
            if not step["uses"].startswith("./"):
                self.used.append((step["uses"], given))
                continue
            assert step["uses"] == "./.schemasync/.github/actions/schemasync"
            outcome, self.outputs = self.action(given)
            names |= {f"steps.{step['id']}.outputs.{name}": value for name, value in self.outputs.items()}
        return outcome


@dataclass
class Comments:
    """GitHub's comments of one pull request.

    Args:
        kept: by identifier: who wrote it, and its text.
        requests: each method and path that was asked for.
        refuses: whether the token may only read.
    """

    kept: dict[int, tuple[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    refuses: bool = False
    url: str = ""


@contextmanager
def served_comments(page: int = 2) -> Iterator[Comments]:
    """GitHub's API for comments on a port of its own: pages by `Link`, 403 for what is somebody else's."""
    comments = Comments()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, content: Any, status: int = 200, **headers: str) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            comments.requests.append(f"GET {self.path}")
            found = re.fullmatch(r"/repos/ann/shop/issues/7/comments\?per_page=100(?:&page=(\d+))?", self.path)
            assert found is not None, self.path
            number = int(found[1] or 1)
            listed = sorted(comments.kept.items())
            part = listed[(number - 1) * page : number * page]
            following = f'<{comments.url}/repos/ann/shop/issues/7/comments?per_page=100&page={number + 1}>; rel="next"'
            headers = {"Link": following} if number * page < len(listed) else {}
            self.answer([{"id": one, "body": text, "user": {"login": who}} for one, (who, text) in part], **headers)

        def do_POST(self) -> None:
            body = self.body()
            if comments.refuses or self.path != "/repos/ann/shop/issues/7/comments":
                return self.answer({"message": "Resource not accessible by integration"}, 403)
            identifier = max(comments.kept, default=0) + 1
            comments.kept[identifier] = ("github-actions[bot]", body)
            return self.answer({"id": identifier}, 201)

        def do_PATCH(self) -> None:
            body = self.body()
            identifier = int(self.path.rpartition("/")[2])
            if comments.kept[identifier][0] != "github-actions[bot]":
                return self.answer({"message": "Resource not accessible by integration"}, 403)
            comments.kept[identifier] = ("github-actions[bot]", body)
            return self.answer({"id": identifier})

        def body(self) -> str:
            comments.requests.append(f"{self.command} {self.path}")
            assert self.headers["Authorization"] == "Bearer t0ken"
            content: str = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
            return content

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        comments.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield comments
        finally:
            server.shutdown()
            thread.join()
