"""The regular expressions of the short cut, made of the grammar's terminals."""

import re
from functools import cache

from schemasync.late_patterns import late_pattern
from schemasync.witnesses.prisma.terminals import plain_pattern


class Expressions:
    """One attribute each; some are compiled when they are first used."""

    def __init__(self) -> None:
        name, path = plain_pattern("NAME"), plain_pattern("PATH")
        number, string = plain_pattern("NUMBER"), plain_pattern("STRING")
        word = rf"(?=[A-Za-z]){path}"
        value = rf"({string})|({number})(?![\w.-])|({path})|\[({word}(?:,[ ]*{word})*)\]"
        self.type = late_pattern(rf"[ \t]+({name})(\?|\[\])?(?:[ \t]+|$)", re.ASCII)
        self.attribute = re.compile(rf"(@({path})(?:\((?:({string})\)|))?)[ ]*", re.ASCII)
        self.argument_name = late_pattern(rf"({name}):[ ]*", re.ASCII)
        self.plain = re.compile(rf"(?:({name}):[ ]*)?(?:{value})[ ]*([,\])])[ ]*", re.ASCII)
        self.sole = late_pattern(rf"(.{{0}})(?:{value})", re.ASCII)
        self.opening = late_pattern(rf"({path})\(|\[", re.ASCII)
        self.separator = re.compile(r"[ ]*([,\])])[ ]*")
        self.end = re.compile(r"[ \t]*(//.*)?$")
        self.path = re.compile(path, re.ASCII)
        self.word = re.compile(name, re.ASCII)
        self.typed = re.compile(rf"({name})(\?|\[\])?", re.ASCII)


@cache
def expressions() -> Expressions:
    """The expressions, made once."""
    return Expressions()
