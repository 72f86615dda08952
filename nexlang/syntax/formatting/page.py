"""Lines, widths and comments: what every construct's layout is made of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from nexlang.syntax.formatting.homes import homes
from nexlang.syntax.nodes import Comment, Doc, Module, Node

WIDTH = 120
INDENT = 2


class Page:
    """`taken` comments are already printed; they are taken in order, so none is lost and none comes twice."""

    def __init__(self, text: str, module: Module) -> None:
        self.text = text
        placed = homes(text, module)
        self.comments = [comment for _, comment in placed]
        self.positions = [position for position, _ in placed]
        self.taken = 0

    # ------------------------------------------------------------ comments

    def commented(self, start: int, end: int) -> bool:
        """Whether a comment that is still to be printed begins in this part of the text."""
        at = max(bisect_left(self.positions, start), self.taken)
        return at < len(self.positions) and self.positions[at] < end

    def take(self, end: int) -> list[Comment]:
        """The comments not yet printed that begin before `end`."""
        first = self.taken
        self.taken = max(bisect_left(self.positions, end), first)
        return self.comments[first : self.taken]

    def trailing(self, end: int) -> str:
        """The comment on the same line behind an item that ends at `end`, with two blanks before it."""
        if self.taken == len(self.comments):
            return ""
        comment = self.comments[self.taken]
        if self.positions[self.taken] < end or self.text[end : comment.start].strip(" \t,"):
            return ""
        self.taken += 1
        return f"  {comment.text}"

    # ------------------------------------------------------------ shape

    def one_line(self, node: Node) -> bool:
        """Whether a construct was written on one line, with no comment in it."""
        return "\n" not in self.text[node.start : node.end] and not self.commented(node.start, node.end)

    def blank_between(self, start: int, end: int) -> bool:
        return self.text.count("\n", start, end) > 1

    def doc(self, doc: Doc | None, indent: int) -> list[str]:
        if doc is None:
            return []
        return [f"{' ' * indent}## {line}".rstrip() for line in doc.text.split("\n")]

    def sequence(
        self,
        items: Sequence[Node],
        start: int,
        end: int,
        indent: int,
        render: Callable[[Node], str],
        between: str = "",
        last: str = "",
        blanks: bool = True,
        apart: bool = False,
    ) -> list[str]:
        """The lines of a list of things with their comments; `start` and `end` are those of the list's inside.

        One blank line between two things stays, more do not; where they are to be `apart`, only two undocumented things
        of one line each may stand close together. Comments inside a thing that has no place for them go
        before it.
        """
        lines: list[str] = []
        pad = " " * indent
        at = start
        was_large = False
        for number, item in enumerate(items):
            doc = getattr(item, "doc", None)
            begin = doc.start if doc else item.start
            head: list[str] = []
            for comment in self.take(begin):
                head += self._apart(at, comment.start, blanks and bool(lines or head))
                head.append(pad + comment.text)
                at = comment.end
            head += self._apart(at, begin, blanks and bool(lines or head))
            text = render(item)
            large = doc is not None or "\n" in text
            if apart and number and "" not in head and (large or was_large):
                head.insert(0, "")
            was_large = large
            stranded = [pad + comment.text for comment in self.take(item.end)]
            mark = between if number + 1 < len(items) else last
            body = f"{pad}{text}{mark}{self.trailing(item.end)}"
            lines += [*head, *self.doc(doc, indent), *stranded, body]
            at = (
                self.comments[self.taken - 1].end if self.taken and self.positions[self.taken - 1] > begin else item.end
            )
            at = max(at, item.end)
        for comment in self.take(end):
            lines += self._apart(at, comment.start, blanks and bool(lines))
            lines.append(pad + comment.text)
            at = comment.end
        return lines

    def _apart(self, start: int, end: int, wanted: bool) -> list[str]:
        return [""] if wanted and self.blank_between(start, end) else []


def fits(text: str, column: int, tail: int = 0) -> bool:
    """Whether a text stays within the page: its first line from `column` on, its last line with `tail` behind it."""
    if "\n" not in text:
        return column + len(text) + tail <= WIDTH
    first, last = text.index("\n"), text.rindex("\n")
    return column + first <= WIDTH and len(text) - last - 1 + tail <= WIDTH


def width_after(text: str, column: int) -> int:
    """The column behind a text that began at `column`."""
    return len(text) - text.rindex("\n") - 1 if "\n" in text else column + len(text)
