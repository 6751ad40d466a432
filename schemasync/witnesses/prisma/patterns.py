"""The regular expressions that tell lines apart, made of the grammar's terminals."""

import re
from functools import cache

from schemasync.late_patterns import late_pattern
from schemasync.witnesses.prisma.terminals import plain_pattern, terminal_pattern
from schemasync.witnesses.prisma.text import SPACES


class Patterns:
    """What begins each kind of line."""

    def __init__(self) -> None:
        space, name = rf"[{SPACES}]*", terminal_pattern("NAME")
        keyword = "|".join(terminal_pattern(f"{kind}_KEYWORD") for kind in ("MODEL", "ENUM", "CONFIG"))
        self.name = re.compile(name)
        self.header = late_pattern(rf"({keyword}){space}({name}){space}\{{")
        self.plain_header = re.compile(rf"({keyword}) ({plain_pattern('NAME')}) \{{", re.ASCII)
        self.anonymous = late_pattern(rf"{name}{space}\{{")
        self.alias = late_pattern(rf"type{space}{name}{space}=")
        self.property = late_pattern(rf"({name}){space}=")


@cache
def patterns() -> Patterns:
    """The one set of patterns of this process."""
    return Patterns()
