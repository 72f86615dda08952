"""The way in: a source becomes a module and what is wrong with it."""

from __future__ import annotations

import re

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics import codes_syntax as codes
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.syntax import nodes as n
from nexlang.syntax.depth import shallow
from nexlang.syntax.parser import Made, run


@dataclass(slots=True)
class Parsed:
    """`damaged` are the parts of the text (start, end) where recovery left something out of the tree or made it up."""

    module: n.Module
    diagnostics: list[Diagnostic] = field(default_factory=list)
    damaged: list[tuple[int, int]] = field(default_factory=list)


# What damaged text may have declared: a name after one of these words.
DECLARING = re.compile(
    r"\b(?:enum|union|record|type|let|world|fn|tool|model|agent|environment|train|stage|process|var|for|as|use|,)\s+(\w+)"
)
# A declaration without its first word.
BEGUN = re.compile(r"\s*(\w+)\s*[({]")
QUOTED = re.compile(r"`(\w+)`")


class Damage:
    """What recovery left out of some files: asked whether what a later pass found is an echo of that."""

    def __init__(self) -> None:
        self.lines: set[tuple[str, int]] = set()
        self.names: set[str] = set()
        self.sources: dict[str, Source] = {}

    def add(self, source: Source, damaged: list[tuple[int, int]]) -> None:
        for start, end in damaged:
            self.sources[source.path] = source
            first, last = source.position(start)[0], source.position(end)[0]
            self.lines |= {(source.path, line) for line in range(first, last + 1)}
            self.names |= set(DECLARING.findall(source.text[start:end]))
            if undeclared := BEGUN.match(source.text, start, end):
                self.names.add(undeclared[1])

    def echoes(self, found: Diagnostic) -> bool:
        """So it is on a line that a mistake touches, and where it speaks of a name that damaged text declared."""
        if not self.lines or found.code.startswith("NEX01"):
            return False
        source = self.sources.get(found.span.file)
        if source and (source.path, source.position(found.span.start)[0]) in self.lines:
            return True
        return not self.names.isdisjoint(QUOTED.findall(found.message))


def parse(source: Source) -> Parsed:
    """The module of a source. With mistakes, the module holds everything that could be understood."""
    comments: list[n.Comment] = []
    made = run("start", source.text, 0, len(source.text), comments)
    if isinstance(made, Made):
        module = made.node
        module.start, module.end, module.comments = 0, len(source.text), comments
        parsed = Parsed(module, *shallow(module, source)) if made.deep else Parsed(module)
    else:
        from nexlang.syntax.recovery import recover

        parsed = Parsed(*recover(source))
        found, gone = shallow(parsed.module, source)
        parsed.diagnostics += found
        parsed.damaged += gone
    if not source.text.strip():
        parsed.diagnostics.append(codes.EMPTY_FILE.at(Span(source.path, 0, 0)))
    return parsed
