"""The gate's own kinds: what is wrong with the exceptions that people have written."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="baseline-stale",
        group="gate",
        meaning="The baseline accepts a drift that there is no more.",
        breaks="The same drift, come back later, would be accepted without anybody having looked at it.",
        fix="Take the entry out: schemasync check --write-baseline.",
    ),
    Kind(
        name="ignore-unused",
        group="gate",
        meaning="A comment ignores a drift that its line does not have, or names no kind of drift.",
        breaks="A drift that comes to that line later would be ignored without anybody having looked at it.",
        fix="Take the comment out, or correct it.",
    ),
)
