"""A revision of a repository is unpacked as it is, without what leads out of it."""

import io
import tarfile
from pathlib import Path

import pytest

from schemasync.archives import unpack


def archive(*members: tuple[str, str]) -> bytes:
    """Files by name and content; a content `-> target` is a link."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            if content.startswith("-> "):
                member.type, member.linkname = tarfile.SYMTYPE, content.removeprefix("-> ")
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content.encode()))
    return out.getvalue()


MEMBERS = (
    ("prisma/schema.prisma", "model A {}"),
    ("backend/schema.prisma", "-> ../prisma/schema.prisma"),
    ("absolute", "-> /etc/passwd"),
    ("outside", "-> ../outside"),
    ("prisma/outside", "-> ../../outside"),
    ("../escaped", "no"),
)


@pytest.mark.filterwarnings("ignore:Python 3.14 will:DeprecationWarning")  # Python 3.12 and 3.13 say it without filters
@pytest.mark.parametrize("filtered", [True, False], ids=["Python 3.11.4 and newer", "before"])
def test_what_leads_out_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filtered: bool) -> None:
    if not filtered:
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
    elif not hasattr(tarfile, "data_filter"):
        pytest.skip("this Python has no filters")
    unpack(archive(*MEMBERS), tmp_path / "tree")
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if not path.is_dir())
    assert found == ["tree/backend/schema.prisma", "tree/prisma/schema.prisma"]
    assert str((tmp_path / "tree/backend/schema.prisma").readlink()) == "../prisma/schema.prisma"
