"""The programs that are spoilt, the edits, and the judgement of what is said about them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nexlang.diagnostics import Diagnostic, Source
from nexlang.diagnostics.fixing import edited
from nexlang.syntax import nodes as n
from nexlang.syntax import parse
from nexlang.syntax.raw import Raw, read
from nexlang.syntax.tables import tables
from nexlang.syntax.walk import walk

ROOT = Path(__file__).resolve().parent.parent.parent
WORD = re.compile(r"[A-Za-z_]\w*")
# Letters beside one another on a keyboard.
BESIDE = dict(zip("abcdefghijklmnopqrstuvwxyz", "snvfrgfhukljnmiolpqtaryibczxs", strict=False)) | {"s": "d", "t": "y"}


@dataclass(frozen=True, slots=True)
class Seed:
    """One mistake. `codes`: the right ones. `spans`: the places that are exact. `wanted`: texts that a right first
    suggestion leads to, none where a mistake has no single way out. `edit` is what was done to the program."""

    kind: str
    file: Path
    text: str
    codes: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    edit: Edit
    wanted: tuple[str, ...] = ()


@dataclass
class Ground:
    """A program without mistakes."""

    file: Path
    text: str
    module: n.Module
    tokens: list[Raw]

    @classmethod
    def at(cls, file: Path) -> Ground:
        source = Source(str(file), file.read_text(encoding="utf-8"))
        return cls(file, source.text, parse(source).module, read(source).tokens)

    @cached_property
    def nodes(self) -> list[n.Node]:
        return list(walk(self.module))

    @cached_property
    def known(self) -> set[str]:
        """Every name and word that means something somewhere."""
        return set(WORD.findall(self.text)) | set(tables().words)

    def every(self, kind: type[n.Node]) -> Iterator[n.Node]:
        return (node for node in self.nodes if isinstance(node, kind))

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces `text[start:end]` by `new`. `marked` are the exact places relative to `start`, in the new text; without
    any, the new text itself. `wanted` without any is the text as it was; None: no single way out."""

    start: int
    end: int
    new: str
    marked: tuple[tuple[int, int], ...] = ()
    wanted: tuple[str, ...] | None = ()


Make = Callable[[Ground, random.Random], Iterator[Edit]]


@dataclass(slots=True)
class Kind:
    name: str
    codes: frozenset[str]
    make: Make = field(repr=False)


KINDS: list[Kind] = []


def kind(name: str, *codes: str) -> Callable[[Make], Make]:
    def register(make: Make) -> Make:
        KINDS.append(Kind(name, frozenset(f"NEX{code}" for code in codes), make))
        return make

    return register


def seeds(ground: Ground, kind: Kind, rng: random.Random) -> Iterator[Seed]:
    """All mistakes of a kind in one program."""
    for edit in kind.make(ground, rng):
        text = ground.text[: edit.start] + edit.new + ground.text[edit.end :]
        marked = edit.marked or ((0, len(edit.new)),)
        spans = tuple((edit.start + first, edit.start + last) for first, last in marked)
        wanted = () if edit.wanted is None else edit.wanted or (ground.text,)
        yield Seed(kind.name, ground.file, text, kind.codes, spans, edit, wanted)


def slip(word: str, taken: set[str], rng: random.Random) -> str | None:
    """The word with a slip of the finger in it, that is no other word; None for short words and where none is found."""
    if len(word) < 4:
        return None
    for _ in range(12):
        at = rng.randrange(1, len(word) - 1)
        way = rng.randrange(4)
        if way == 0:
            made = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif way == 1:
            made = word[:at] + word[at + 1 :]
        elif way == 2:
            made = word[:at] + word[at] + word[at:]
        else:
            made = word[:at] + BESIDE.get(word[at], "x") + word[at + 1 :]
        if made != word and made not in taken:
            return made
    return None


# ---------------------------------------------------------------- judgement


@dataclass(slots=True)
class Verdict:
    """`suggested` is None where the mistake has no single way out."""

    right: bool
    exact: bool
    suggested: bool | None
    extra: int


def judge(seed: Seed, found: list[Diagnostic]) -> Verdict:
    first = found[0] if found else None
    if first is None:
        return Verdict(False, False, False if seed.wanted else None, 0)
    exact = (first.span.start, first.span.end) in seed.spans
    suggested = None
    if seed.wanted:
        mended = edited(seed.text, first.fixes[0].edits) if first.fixes else None
        suggested = mended is not None and any(_same(mended, text) for text in seed.wanted)
    return Verdict(first.code in seed.codes, exact, suggested, len(found) - 1)


def _same(mended: str, wanted: str) -> bool:
    """Whether two texts are the same but for blanks; `"…"` in the wanted one is any text."""
    before, any, after = _squeezed(wanted).partition('"…"')
    text = _squeezed(mended)
    if not any:
        return text == before
    inside = text[len(before) : len(text) - len(after)]
    return text.startswith(before) and text.endswith(after) and bool(re.fullmatch(r'"[^"]*"', inside))


def _squeezed(text: str) -> str:
    """The text without its blanks: where a fix breaks lines is the formatter's business."""
    return "".join(text.split())
