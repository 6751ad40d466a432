"""The regular expressions that tell lines apart, made of the grammar's terminals."""

import re

from schemasync.witnesses.prisma.grammar import Grammar
from schemasync.witnesses.prisma.text import SPACES


class Patterns:
    """What begins each kind of line.

    Args:
        source: the grammar.
    """

    def __init__(self, source: Grammar) -> None:
        space, name = rf"[{SPACES}]*", source.pattern("NAME")
        keyword = "|".join(source.pattern(f"{kind}_KEYWORD") for kind in ("MODEL", "ENUM", "CONFIG"))
        self.name = re.compile(name)
        self.header = re.compile(rf"({keyword}){space}({name}){space}\{{")
        self.anonymous = re.compile(rf"{name}{space}\{{")
        self.alias = re.compile(rf"type{space}{name}{space}=")
        self.property = re.compile(rf"({name}){space}=")
