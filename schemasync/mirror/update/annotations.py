"""Annotations of mapped attributes: with or without None, and whether they still fit."""

import re

from schemasync.mirror.columns import ColumnText


def reads_otherwise(inner: str, text: ColumnText, kinds: set[str]) -> bool:
    """Whether the annotation promises other values than the column's new type has."""
    if "python-type" in kinds:
        return True
    return bool(kinds & {"column-type", "column-length"}) and _outer(inner) != _outer(text.annotation)


def with_none(inner: str, *, nullable: bool) -> str:
    """An annotation with or without None."""
    quoted = inner[:1] in "\"'" and inner[-1:] == inner[:1]
    plain = inner[1:-1] if quoted else inner
    plain = re.sub(r"^(?:\w+\.)?Optional\[(.*)\]$", r"\1", plain)
    plain = re.sub(r"\s*\|\s*None\b|\bNone\s*\|\s*", "", plain)
    plain = f"{plain} | None" if nullable else plain
    return f"{inner[0]}{plain}{inner[0]}" if quoted else plain


def _outer(annotation: str) -> str:
    """The class that an annotation names, without its module and without None."""
    plain = with_none(annotation, nullable=False).strip("\"'")
    return plain.partition("[")[0].rpartition(".")[2]
