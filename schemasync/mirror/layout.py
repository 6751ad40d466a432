"""Python text laid out as `ruff format` lays it out: 88 columns, double quotes, trailing commas where lines break.

Source: ruff's documentation, "The Ruff Formatter"; Black's documentation, "The Black code style".
"""

import json

LINE_LENGTH = 88
INDENT = "    "
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Call:
    """A bracketed expression: a call, a list or a dictionary. It does not change once it is made.

    Args:
        head: what stands before the bracket: `Index`, `foreign_keys=`, nothing. After `= ` it is a tuple's.
        arguments: what stands inside, in order.
        opening: the bracket. A call's arguments may share a line of their own; a list's or tuple's never do.
        exploded: whether each argument has a line of its own even where all would fit on one.
    """

    # Thousands are made for one schema, and each is asked for its text several times.
    __slots__ = ("arguments", "exploded", "explodes", "head", "inside", "is_tuple", "opening", "text")

    def __init__(
        self, head: str, arguments: tuple["str | Call", ...], opening: str = "(", exploded: bool = False
    ) -> None:
        self.head = head
        self.arguments = arguments
        self.opening = opening
        self.exploded = exploded
        self.is_tuple = opening == "(" and head[-1:] in ("", " ")
        self.explodes: bool = exploded
        texts = []
        for item in arguments:
            if isinstance(item, str):
                texts.append(item)
            else:
                texts.append(item.text)
                self.explodes = self.explodes or item.explodes
        self.inside: str = ", ".join(texts)
        comma = "," if len(arguments) == 1 and self.is_tuple else ""
        self.text: str = f"{head}{opening}{self.inside}{comma}{_CLOSING[opening]}"

    def __str__(self) -> str:
        return self.text

    def with_head(self, head: str) -> "Call":
        """The same with another head."""
        return Call(head, self.arguments, self.opening, self.exploded)

    def with_arguments(self, arguments: tuple["str | Call", ...]) -> "Call":
        """The same with other arguments."""
        return Call(self.head, arguments, self.opening, self.exploded)


Argument = str | Call


def laid_out(argument: Argument, indent: int = 0, tail: str = "", width: int = LINE_LENGTH) -> str:
    """An expression in as few lines as fit; the first one is indented too.

    Args:
        indent: how many columns stand before it.
        tail: what follows it on its last line, such as a comma.
        width: how long a line may be.
    """
    space = " " * indent
    if isinstance(argument, str):
        flat = f"{space}{argument}{tail}"
        return flat if "=lambda: " not in argument or len(flat) <= width else _lambda(argument, indent, tail, width)
    text = argument.text
    if not argument.arguments or (
        indent + len(text) + len(tail) <= width and not argument.explodes and "\n" not in text
    ):
        return f"{space}{text}{tail}"
    closing = f"{space}{_CLOSING[argument.opening]}{tail}"
    inner = indent + len(INDENT)
    if argument.opening == "(" and not argument.is_tuple and not argument.explodes:
        together = argument.inside
        if inner + len(together) <= width and "\n" not in together:
            return f"{space}{argument.head}(\n{' ' * inner}{together}\n{closing}"
    lines = [laid_out(item, inner, ",", width) for item in argument.arguments]
    return "\n".join([f"{space}{argument.head}{argument.opening}", *lines, closing])


def _lambda(argument: str, indent: int, tail: str, width: int) -> str:
    """A lambda that is too long for a line: its comparison in parentheses."""
    head, _, body = argument.partition("=lambda: ")
    space, inner = " " * indent, " " * (indent + len(INDENT))
    if len(inner) + len(body) > width:
        body = body.replace(" == ", f"\n{inner}== ")
    return f"{space}{head}=lambda: (\n{inner}{body}\n{space}){tail}"


def annotated(target: str, annotation: str, generic: str, value: Call, indent: int, width: int = LINE_LENGTH) -> str:
    """`target: generic[annotation] = value`."""
    head = f"{target}: {generic}[{annotation}] = "
    if indent + len(head) + len(value.head) + 1 <= width:
        return laid_out(value.with_head(head + value.head), indent, width=width)
    flat = f"{' ' * indent}{head}{value}"
    if len(flat) <= width:
        return flat
    space, inner = " " * indent, indent + len(INDENT)
    if indent + len(head) + 1 <= width:
        return f"{space}{head}(\n{laid_out(value, inner, width=width)}\n{space})"
    first = f"{space}{target}: {generic}[\n{' ' * inner}{annotation}\n"
    return first + laid_out(value.with_head(f"] = {value.head}"), indent, width=width)


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
