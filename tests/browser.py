"""Pages in a headless Chromium."""

import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def chromium() -> str:
    """The browser; skips the test where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium")


def dumped(page: str, *, size: str = "1280,1000", more: tuple[str, ...] = ()) -> str:
    """The document after its scripts have run."""
    browser = chromium()
    with tempfile.TemporaryDirectory(prefix="schemasync-browser-") as folder:
        path = Path(folder) / "page.html"
        path.write_text(page, encoding="utf-8")
        done = subprocess.run(
            [
                browser,
                *FLAGS,
                f"--user-data-dir={folder}/profile",
                f"--window-size={size}",
                "--virtual-time-budget=20000",
                *more,
                "--dump-dom",
                path.as_uri(),
            ],
            capture_output=True,
            encoding="utf-8",
            timeout=180,
            check=True,
        )
    return done.stdout


def answered(page: str, script: str, *, size: str = "1280,1000", more: tuple[str, ...] = ()) -> Any:
    """What a script answers in a page. Only for this the page's policy against foreign scripts is taken out.

    Args:
        script: the body of an async function; what it returns must be JSON.
    """
    driver = f"""<script>(async () => {{
      let said;
      try {{ said = {{value: await (async () => {{ {script} }})()}}; }}
      catch (error) {{ said = {{error: String(error)}}; }}
      const place = document.createElement("pre");
      place.id = "answer-of-the-test";
      place.textContent = JSON.stringify(said);
      document.body.append(place);
    }})();</script></body>"""
    text = POLICY.sub("", page)
    assert text != page or "Content-Security-Policy" not in page
    before, _, after = text.rpartition("</body>")
    document = dumped(before + driver + after, size=size, more=more)
    found = re.search(r'<pre id="answer-of-the-test">(.*?)</pre>', document, re.DOTALL)
    assert found is not None, document[-2000:]
    said = json.loads(html.unescape(found[1]))
    assert "error" not in said, said
    return said["value"]
