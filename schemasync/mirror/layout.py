"""Python text laid out as `ruff format` lays it out: 88 columns, double quotes, trailing commas where lines break.

Source: ruff's documentation, "The Ruff Formatter"; Black's documentation, "The Black code style".
"""

import json
from dataclasses import dataclass, replace

LINE_LENGTH = 88
INDENT = "    "
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Call:
    """A bracketed expression: a call, a list or a dictionary.

    Args:
        head: what stands before the bracket: `Index`, `foreign_keys=`, nothing. After `= ` it is a tuple's.
        arguments: what stands inside, in order.
        opening: the bracket. A call's arguments may share a line of their own; a list's or tuple's never do.
        exploded: whether each argument has a line of its own even where all would fit on one.
    """

    head: str
    arguments: tuple["str | Call", ...]
    opening: str = "("
    exploded: bool = False

    def __str__(self) -> str:
        comma = "," if len(self.arguments) == 1 and self.is_tuple else ""
        return f"{self.head}{self.opening}{', '.join(map(str, self.arguments))}{comma}{_CLOSING[self.opening]}"

    @property
    def is_tuple(self) -> bool:
        """Whether its round brackets call nothing."""
        return self.opening == "(" and self.head[-1:] in ("", " ")


Argument = str | Call


def laid_out(argument: Argument, indent: int = 0, tail: str = "", width: int = LINE_LENGTH) -> str:
    """An expression in as few lines as fit; the first one is indented too.

    Args:
        indent: how many columns stand before it.
        tail: what follows it on its last line, such as a comma.
        width: how long a line may be.
    """
    space = " " * indent
    flat = f"{space}{argument}{tail}"
    if isinstance(argument, str) or not argument.arguments:
        return flat
    if len(flat) <= width and "\n" not in flat and not has_exploded(argument):
        return flat
    closing = f"{space}{_CLOSING[argument.opening]}{tail}"
    inner = indent + len(INDENT)
    if argument.opening == "(" and not argument.is_tuple and not argument.exploded:
        together = " " * inner + ", ".join(map(str, argument.arguments))
        if len(together) <= width and "\n" not in together and not any(map(has_exploded, argument.arguments)):
            return f"{space}{argument.head}(\n{together}\n{closing}"
    lines = [laid_out(item, inner, ",", width) for item in argument.arguments]
    return "\n".join([f"{space}{argument.head}{argument.opening}", *lines, closing])


def has_exploded(argument: Argument) -> bool:
    """Whether it, or something in it, must have a line for each argument."""
    return isinstance(argument, Call) and (argument.exploded or any(map(has_exploded, argument.arguments)))


def annotated(target: str, annotation: str, generic: str, value: Call, indent: int, width: int = LINE_LENGTH) -> str:
    """`target: generic[annotation] = value`."""
    head = f"{target}: {generic}[{annotation}] = "
    if indent + len(head) + len(value.head) + 1 <= width:
        return laid_out(replace(value, head=head + value.head), indent, width=width)
    flat = f"{' ' * indent}{head}{value}"
    if len(flat) <= width:
        return flat
    space, inner = " " * indent, indent + len(INDENT)
    if indent + len(head) + 1 <= width:
        return f"{space}{head}(\n{laid_out(value, inner, width=width)}\n{space})"
    first = f"{space}{target}: {generic}[\n{' ' * inner}{annotation}\n"
    return first + laid_out(replace(value, head=f"] = {value.head}"), indent, width=width)


def literal(text: str) -> str:
    """A string as Python writes it, in the quotes that need fewer escapes."""
    if '"' not in text and "\\" not in text and text.isascii() and text.isprintable():
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = []
    for character in text:
        if character in (quote, "\\"):
            escaped.append(f"\\{character}")
        elif character.isprintable():
            escaped.append(character)
        else:
            escaped.append(json.dumps(character)[1:-1] if ord(character) < 0x10000 else f"\\U{ord(character):08x}")
    return f"{quote}{''.join(escaped)}{quote}"


def docstring(text: str, indent: int = 0) -> str:
    """A docstring, its first line as short as the text has it."""
    space = " " * indent
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = [line.strip() if not number else line.rstrip() for number, line in enumerate(escaped.split("\n"))]
    if len(lines) == 1:
        closing = ' """' if lines[0].endswith('"') else '"""'
        return f'{space}"""{lines[0]}{closing}'
    rest = [f"{space}{line.strip()}" if line.strip() else "" for line in lines[1:]]
    return "\n".join([f'{space}"""{lines[0]}', *rest, f'{space}"""'])


def comment(text: str, indent: int) -> str:
    """A comment of as many lines as the text has."""
    space = " " * indent
    return "\n".join(f"{space}# {line.strip()}".rstrip() for line in text.split("\n"))
