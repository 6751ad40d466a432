"""A late pattern does what a compiled one does, from its first use on."""

import re

import pytest

from schemasync.late_patterns import late_pattern


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    assert late_pattern(r"a+(b)?").fullmatch("aab") is not None
    with pytest.raises(re.error):
        late_pattern("(").match("")


def test_it_has_all_that_a_pattern_has() -> None:
    late, compiled = (
        late_pattern(r"(?P<letter>[a-z])\d?", re.IGNORECASE),
        re.compile(r"(?P<letter>[a-z])\d?", re.IGNORECASE),
    )
    for name in (name for name in dir(compiled) if not name.startswith("_")):
        ours, theirs = getattr(late, name), getattr(compiled, name)
        assert callable(ours) == callable(theirs), name
        if not callable(theirs):
            assert ours == theirs, name
    assert late.sub("-", "A1b") == "--"
    assert late.findall("A1b") == ["A", "b"]
    assert [match["letter"] for match in late.finditer("A1b")] == ["A", "b"]
