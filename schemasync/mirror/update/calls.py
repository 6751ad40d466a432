"""Changes to a call: arguments set, added and taken away, everything else as it was."""

from collections.abc import Mapping

import libcst as cst

from schemasync.mirror.layout import Argument, Call, laid_out
from schemasync.mirror.update.classes import last_name
from schemasync.mirror.update.source import SourceFile

# What may stand among a column's positional arguments beside its name and type.
_NO_TYPES = frozenset({"ForeignKey", "Identity", "Computed", "Sequence", "FetchedValue", "CheckConstraint"})


def with_keywords(call: Call, changes: Mapping[str, Argument | None], source_call: cst.Call) -> Call:
    """A call with keyword arguments set, or taken away where the value is None.

    Args:
        changes: the whole argument by keyword: `nullable=False`.
        source_call: the call as it is written, whose arguments the other's stand for.
    """
    arguments: list[Argument] = []
    left = dict(changes)
    for item, written in zip(source_call.args, call.arguments, strict=True):
        name = item.keyword.value if item.keyword is not None else None
        if name is None or name not in left:
            arguments.append(written)
            continue
        new = left.pop(name)
        if new is not None:
            arguments.append(new)
    arguments += [value for value in left.values() if value is not None]
    return call.with_arguments(tuple(arguments))


def type_position(call: cst.Call) -> tuple[int, bool]:
    """Where a column's type stands or would: its position, and whether it is there."""
    for position, item in enumerate(call.args):
        if item.keyword is not None:
            return position, False
        if isinstance(item.value, (cst.SimpleString, cst.ConcatenatedString)) and position == 0:
            continue
        if isinstance(item.value, cst.Call) and last_name(item.value.func) in _NO_TYPES:
            return position, False
        return position, True
    return len(call.args), False


def rewritten(source: SourceFile, call: cst.Call, new: Call, statement: cst.CSTNode) -> str:
    """A call's new text, laid out for the place where it stands."""
    prefix = source.content[source.span(statement)[0] : source.span(call)[0]].decode(source.module.encoding)
    last_line = prefix.rpartition("\n")[2]
    indent = source.column(statement) if "\n" not in prefix else len(last_line) - len(last_line.lstrip())
    head = last_line.lstrip() if "\n" in prefix else last_line
    text = laid_out(new.with_head(head + new.head), indent, width=source.width - _tail(source, call))
    return text[indent + len(head) :]


def _tail(source: SourceFile, call: cst.Call) -> int:
    """How many columns the line has behind the call, up to a comment."""
    end = source.span(call)[1]
    rest = source.content[end:].split(b"\n", 1)[0].split(b"#", 1)[0].rstrip()
    return len(rest)
