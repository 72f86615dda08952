"""Documents: texts with places where a line may break, and the printer that decides which of them do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 120
INDENT = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A break, or `flat` where its group is on one line."""

    flat: str


@dataclass(frozen=True, slots=True)
class Group:
    content: object


@dataclass(frozen=True, slots=True)
class Nest:
    content: object


@dataclass(frozen=True, slots=True)
class Cat:
    parts: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`broken` where the enclosing group is broken, else `flat`."""

    broken: object
    flat: object


SOFT = Line("")
SPACE = Line(" ")


def cat(*parts: object) -> Cat:
    return Cat(parts)


def bracketed(opening: str, content: object, closing: str) -> Group:
    return Group(cat(opening, Nest(cat(SOFT, content)), SOFT, closing))


def joined(items: Sequence[object]) -> object:
    parts: list[object] = []
    for item in items:
        parts += [",", SPACE, item] if parts else [item]
    return Group(cat(*parts, Choice(",", "")))


class Printer:
    """Writes documents: a group stays flat where it and what follows up to the next break fit on the line."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.out: list[str] = []
        self.column = 0

    def write(self, doc: object, indent: int) -> str:
        stack: list[tuple[object, int, bool]] = [(doc, indent, False)]
        while stack:
            item, depth, flat = stack.pop()
            if isinstance(item, str):
                self.out.append(item)
                self.column += len(item)
            elif isinstance(item, Cat):
                stack += [(part, depth, flat) for part in item.parts[::-1]]
            elif isinstance(item, Line):
                self._line(item, depth, flat)
            elif isinstance(item, Group):
                self._group(item, depth, flat, stack)
            elif isinstance(item, Nest):
                stack.append((item.content, depth + INDENT, flat))
            elif isinstance(item, Choice):
                stack.append((item.flat if flat else item.broken, depth, flat))
        return "".join(self.out)

    def _group(self, group: Group, depth: int, flat: bool, stack: list[tuple[object, int, bool]]) -> None:
        """On one line where it fits there with what follows: then it is written at once."""
        parts = _flat(group.content, self.width - self.column)
        if parts is None or not self._fits(self.column + sum(map(len, parts)), stack):
            stack.append((group.content, depth, flat))
            return
        self.out += parts
        self.column += sum(map(len, parts))

    def _line(self, line: Line, depth: int, flat: bool) -> None:
        if flat:
            self.out.append(line.flat)
            self.column += len(line.flat)
        else:
            self.out.append("\n" + " " * depth)
            self.column = depth

    def _fits(self, column: int, rest: list[tuple[object, int, bool]]) -> bool:
        """Whether what follows fits on the line from a column on, up to the next break."""
        left = self.width - column
        todo: list[tuple[object, bool]] = []
        below = len(rest)
        while left >= 0:
            if not todo:
                if below == 0:
                    return True
                below -= 1
                todo.append((rest[below][0], rest[below][2]))
            item, flat = todo.pop()
            if isinstance(item, str):
                left -= len(item)
            elif isinstance(item, Cat):
                todo += [(part, flat) for part in item.parts[::-1]]
            elif isinstance(item, Line):
                if not flat:
                    return True
                left -= len(item.flat)
            elif isinstance(item, (Group, Nest)):
                todo.append((item.content, flat))
            elif isinstance(item, Choice):
                todo.append((item.flat if flat else item.broken, flat))
        return False


def _flat(content: object, left: int) -> list[str] | None:
    """The texts of a document on one line; None where that would be longer than what is `left`."""
    todo, out = [content], []
    while todo:
        item = todo.pop()
        if isinstance(item, Line):
            item = item.flat
        if isinstance(item, str):
            out.append(item)
            left -= len(item)
            if left < 0:
                return None
        elif isinstance(item, Cat):
            todo += item.parts[::-1]
        elif isinstance(item, (Group, Nest)):
            todo.append(item.content)
        elif isinstance(item, Choice):
            todo.append(item.flat)
    return out
