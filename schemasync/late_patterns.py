"""Regular expressions that are compiled when they are first used.

A run uses a few of the hundred that its modules define, and compiling all of them takes longer than starting Python.
"""

import re
from typing import TYPE_CHECKING, Any

__all__ = ["late_pattern"]


class _LatePattern:
    """Stands in for a compiled pattern: what is asked of it first is kept, so that it costs nothing later."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        for method in ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn"):
            setattr(self, method, getattr(compiled, method))
        self.pattern, self.flags, self.groupindex = compiled.pattern, compiled.flags, compiled.groupindex
        self.groups = compiled.groups
        return getattr(compiled, name)


if TYPE_CHECKING:

    def late_pattern(source: str, flags: int = 0) -> re.Pattern[str]:
        """`re.compile(source, flags)`, put off until the pattern is used.

        Args:
            source: the regular expression, which must be right: a mistake in it shows at its first use.
            flags: those of `re.compile`.
        """
else:
    late_pattern = _LatePattern
