"""What is probably meant by a line that the grammar refuses."""

import re

from schemasync.late_patterns import late_pattern
from schemasync.records import record


@record(frozen=True, slots=True)
class Explanation:
    """What is wrong with a line.

    Args:
        message: what.
        hint: what to write instead.
        offset: where in the text that was explained.
    """

    message: str
    hint: str = ""
    offset: int = 0


_OUTSIDE_STRINGS = late_pattern(r'"(?:\\.|[^"\\])*"|//.*')
# The first group, where there is one, is the place at fault.
_MODEL_MISTAKES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (late_pattern(r"[\w-]+\s*(:)"), "A field has no colon between its name and its type", "write name Type"),
    (late_pattern(r"[\w-]+\s+([\w-]+)\s*!"), "A field is required unless its type ends in ?", "leave the ! out"),
    (late_pattern(r"[\w-]+\s*(\[)\s*\w"), "A list is written Type[], not [Type]", "write name Type[]"),
    (
        late_pattern(r"[\w-]+\s+([^\s\[]+)\s*\[\]\s*\?(?=\s*(?:@\w|//|$))"),
        "A list cannot be optional",
        "write Type[] or Type?",
    ),
    (late_pattern(r"[\w-]+\s*(?:@(?!@).*|//.*)?$"), "This field has no type", "write name Type"),
    (late_pattern(r"@(?!@)"), "An attribute of a field stands on the field's own line", ""),
)


def explain_model_line(text: str) -> Explanation:
    """A line in a model that is neither a field nor an attribute.

    Args:
        text: the line from its first word on.
    """
    for pattern, message, hint in _MODEL_MISTAKES:
        if match := pattern.match(text):
            return Explanation(message, hint, match.start(1) if pattern.groups else 0)
    return _explain(text, "This line is neither a field nor an attribute")


def explain_enum_line(text: str) -> Explanation:
    """A line in an enum that is neither a value nor an attribute."""
    return _explain(text, "This line is no value of an enum")


def explain_top_line(text: str, header: re.Pattern[str]) -> Explanation:
    """A line outside of all blocks that opens none.

    Args:
        text: the line from its first word on.
        header: the pattern of a line that opens a block.
    """
    if header.match(text):
        if "}" in _OUTSIDE_STRINGS.sub("", text):
            return Explanation(
                "A block does not fit on one line", "put each field and the closing brace on a line of its own"
            )
        return Explanation("This block is never closed", "put } on a line of its own")
    if text.startswith("\ufeff"):
        return Explanation("The file begins with a byte order mark", "save it as UTF-8 without one")
    if text.startswith("}"):
        return Explanation("This brace closes no block", "")
    if re.match(r"(?:model|view|enum|type|datasource|generator)\b[^{]*$", text):
        return Explanation("The opening brace is missing on this line", "write it behind the block's name")
    return Explanation(
        "This line begins with no known keyword", "blocks are model, view, enum, type, datasource and generator"
    )


def _explain(text: str, message: str) -> Explanation:
    bare = _OUTSIDE_STRINGS.sub("", text)
    if "'" in bare:
        return Explanation(message, "strings stand in double quotes")
    if bare.count("(") > bare.count(")") or bare.count("[") > bare.count("]"):
        return Explanation(message, "brackets close on the line on which they open")
    if re.search(r",\s*\]", bare):
        return Explanation(message, "leave out the comma before ]")
    return Explanation(message, "")
