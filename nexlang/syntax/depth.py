"""Trees that are too deep for the passes that go over them: cut, and reported."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics import codes_syntax as codes
from nexlang.syntax import nodes as n
from nexlang.syntax.walk import children

MAX_DEPTH = 100


def shallow(module: n.Module, source: Source) -> tuple[list[Diagnostic], list[tuple[int, int]]]:
    """Take out of a module the declarations that are nested too deeply: a diagnostic for each, and where it was."""
    kept, found, gone = [], [], []
    for decl in module.decls:
        deepest = too_deep(decl)
        if deepest is None:
            kept.append(decl)
        else:
            found.append(report(source, deepest))
            gone.append((decl.start, decl.end))
    module.decls = kept
    return found, gone


def too_deep(node: n.Node) -> n.Node | None:
    """The first node below the last level that a tree may have."""
    level = [node]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in children(parent)]
        if not level:
            return None
    return level[0]


def report(source: Source, node: n.Node) -> Diagnostic:
    line_end = source.text.find("\n", node.start)
    end = min(node.end, line_end if line_end >= 0 else node.end)
    found = codes.TOO_DEEP.at(Span(source.path, node.start, end), limit=MAX_DEPTH)
    return found.advise("give parts of it names with `let`, or move them to a `fn`")
