"""What recovery left out of a text, and which later findings are only echoes of that."""

from __future__ import annotations

import re

from nexlang.diagnostics import Diagnostic, Source
from nexlang.syntax import nodes as n
from nexlang.syntax.walk import walk

# Patterns as texts, which are compiled on first use: most programs have no mistake.
KINDS = "enum|union|record|type|let|world|fn|tool|model|agent|environment|train"
# What damaged text may have declared: a name after one of these words.
DECLARING = rf"\b(?:{KINDS}|stage|process|var|for|as|use|,)\s+(\w+)"
HEADER = rf"(?m)^(?:{KINDS})\s+(\w+)"
# A declaration without its first word.
BEGUN = r"\s*(\w+)\s*[({]"
QUOTED = r"`(\w+)`"
WORD = r"[A-Za-z_]\w+"
# A name is not there, or something else that a lost declaration, field or parameter would explain.
ABOUT_NAMES = {*(f"NEX02{number:02}" for number in range(4, 21)), "NEX0304", "NEX0308", "NEX0312", "NEX0330"}
ABOUT_NAMES |= {"NEX0420", "NEX0511", "NEX0512"}
# Something is lacking from a declaration or a statement, a part of which cannot be read.
ABOUT_PARTS = {"NEX0306", "NEX0311", "NEX0313", "NEX0503"}
# What follows from a header that cannot be read: what comes in, what goes out.
ABOUT_HEADERS = {"NEX0301", "NEX0303", "NEX0306", "NEX0323", "NEX0326", "NEX0403", "NEX0506", "NEX0503"}


class Damage:
    """What recovery left out of some files: asked whether what a later pass found is an echo of that."""

    def __init__(self) -> None:
        self.lines: set[tuple[str, int]] = set()
        self.names: set[str] = set()
        self.words: set[str] = set()
        self.headers: list[tuple[str, int, int]] = []
        self.nameless = False
        self.sources: dict[str, Source] = {}

    def add(self, source: Source, damaged: list[tuple[int, int]], module: n.Module) -> None:
        declared = {decl.name.name for decl in module.decls if isinstance(getattr(decl, "name", None), n.Ident)}  # type: ignore[attr-defined]
        self.nameless |= bool(damaged) and any(isinstance(node, n.Ident) and not node.name for node in walk(module))
        for start, end in damaged:
            self.sources[source.path] = source
            first, last = source.position(start)[0], source.position(end)[0]
            self.lines |= {(source.path, line) for line in range(first, last + 1)}
            lines = "\n".join(source.line(line) for line in range(first, last + 1))
            self.names |= set(re.findall(DECLARING, source.text[start:end]))
            self.names |= set(re.findall(HEADER, lines)) - declared
            self.words |= set(re.findall(WORD, lines))
            if undeclared := re.match(BEGUN, source.text[start:end]):
                self.names.add(undeclared[1])
            if source.line(first)[:1].isalpha():
                self.headers.append((source.path, first, _end(source, first)))

    def echoes(self, found: Diagnostic) -> bool:
        """So it is on a line that a mistake touches, and where a name is missing that damaged text may declare."""
        if not self.lines or found.code.startswith("NEX01"):
            return False
        source = self.sources.get(found.span.file)
        line = source.position(found.span.start)[0] if source else 0
        if (found.span.file, line) in self.lines:
            return True
        if found.code in ABOUT_NAMES and self.names_lost(found):
            return True
        if found.code in ABOUT_PARTS and source and self.part_lost(found, source, line):
            return True
        if found.code in ABOUT_HEADERS and any(
            file == found.span.file and first <= line <= last for file, first, last in self.headers
        ):
            return True
        return "``" in found.message or not self.names.isdisjoint(re.findall(QUOTED, found.message))

    def names_lost(self, found: Diagnostic) -> bool:
        """Whether the name that is not there stands in damaged text, or may be what a declaration lost."""
        name = str(found.values.get("argument") or found.values.get("name"))
        return self.lost(name) or (self.nameless and not found.fixes)

    def part_lost(self, found: Diagnostic, source: Source, line: int) -> bool:
        """Whether what is lacking stands in damaged text, or the declaration that lacks it is damaged."""
        missing = re.findall(QUOTED, str(found.values.get("missing", "")))
        if missing and all(self.lost(name) for name in missing):
            return True
        below = range(line, _end(source, line) + 1) if found.code in ("NEX0313", "NEX0503") else ()
        return any((source.path, each) in self.lines for each in below)

    def lost(self, name: str) -> bool:
        """Whether a name stands in damaged text, maybe run together with another."""
        ends = len(name) > 1 and any(word.startswith(name) or word.endswith(name) for word in self.words)
        return name in self.words or ends


def _end(source: Source, header: int) -> int:
    """The last line of the declaration that begins on a line."""
    line = header + 1
    while line <= len(source.starts) and not source.line(line)[:1].isalpha():
        line += 1
    return line - 1
