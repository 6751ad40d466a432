"""Lines of a Prisma schema, laid out as `prisma format` does."""

from collections.abc import Iterable, Sequence

# The name of a field or value, its type where it has one, and its attributes.
Line = tuple[str, ...]


def aligned(lines: Iterable[Line]) -> list[str]:
    """The lines of one group, with their parts below each other."""
    rows = list(lines)
    widths = [max(map(len, parts)) for parts in zip(*rows, strict=True)]
    return [_padded(row, widths) for row in rows]


def _padded(row: Line, widths: Sequence[int]) -> str:
    text = " ".join(part.ljust(width) for part, width in zip(row, widths, strict=True))
    return f"  {text}".rstrip()
