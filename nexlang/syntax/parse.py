"""The way in: a source becomes a module and what is wrong with it."""

from __future__ import annotations

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
