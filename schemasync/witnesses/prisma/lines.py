"""The lines of a schema file: what they hold apart from comments, and where a reader has come to."""

from collections.abc import Iterator

from schemasync.errors import Diagnostic
from schemasync.witnesses.prisma.positions import Place
from schemasync.witnesses.prisma.text import SPACES, has_usual_spaces, lines_of


class Lines:
    """A text cut into lines, read from the first to the last.

    Args:
        text: the whole text.
        path: the file's name, for messages.
    """

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self.lines = lines_of(text)
        self.usual_spaces = has_usual_spaces(text)
        # Python's own notion of space is quicker.
        self.spaces = None if self.usual_spaces else SPACES
        self.diagnostics: list[Diagnostic] = []
        self.place = (0, 0)  # where a block, or a comment over several lines, has ended
        self.comment: list[str] = []  # the documentation of the comment lines read last
        self.comment_line = -1  # the last of those lines
        self.comments_close = True  # no `*/` was searched in vain yet

    def content(self, number: int) -> Iterator[tuple[int, int]]:
        """The lines of a block that hold something: their number from 0 and the offset of their first word.

        At the closing brace `place` is set behind it. Whoever reads a line may move `place` on, over a comment.
        """
        lines, spaces = self.lines, self.spaces
        offset = 0
        while number < len(lines):
            line = lines[number]
            length = len(line)
            offset = length - len((line[offset:] if offset else line).lstrip(spaces))
            if offset == length:
                number, offset = number + 1, 0
                continue
            first = line[offset]
            if first == "}":
                self.place = (number, offset + 1)
                return
            if first == "/" and self.read_comment(number, offset):
                number, offset = self.place
                self.place = (-1, 0)
                continue
            yield number, offset
            if self.place[0] >= 0:
                number, offset = self.place
                self.place = (-1, 0)
            else:
                number, offset = number + 1, 0

    def read_comment(self, number: int, offset: int) -> bool:
        """Read the comment here, if there is one; `place` is behind it then."""
        line = self.lines[number]
        if line.startswith("//", offset):
            self.place = (number + 1, 0)
        elif not line.startswith("/*", offset) or not self.skip_comment(number, offset):
            return False
        if self.comment_line < number - 1:
            self.comment = []
        if line.startswith("///", offset):
            self.comment.append(line[offset + 3 :].strip())
        self.comment_line = self.place[0] - (self.place[1] == 0)
        return True

    def skip_comment(self, number: int, offset: int) -> bool:
        """Set `place` behind the end of the comment that opens here, if it ends."""
        offset += 2
        if self.comments_close:
            for end in range(number, len(self.lines)):
                if (found := self.lines[end].find("*/", offset)) >= 0:
                    self.place = (end, found + 2)
                    return True
                offset = 0
            self.comments_close = False
        return False

    def documentation(self, comment: str | None) -> str | None:
        """The documentation of the node just read: the comment lines above, then that on its line."""
        lines, self.comment = self.comment, []
        if comment is not None and comment.startswith("///"):
            lines = [*lines, comment[3:].strip()]
        return "\n".join(lines) if lines else None

    def report(self, number: int, offset: int, message: str, hint: str = "") -> None:
        """Report the rest of a line as wrong."""
        line = self.lines[number]
        place = Place(self.path, number + 1, offset, len(line.rstrip(SPACES)), line)
        self.diagnostics.append(place.error(message, hint))
