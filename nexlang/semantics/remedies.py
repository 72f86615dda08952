"""Fixes for what was found without one: made from the place, the tree and the values of the message.

They need nothing that only a check knows, so they are made once everything has been found, and only then. `remedy`
registers one by the codes it is for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TypeVar

from nexlang.diagnostics import Code, Diagnostic, Edit, Source, Span
from nexlang.diagnostics.removing import left_out
from nexlang.diagnostics.slotted import dataclass
from nexlang.semantics import symbols as s
from nexlang.semantics.symbols import ModuleInfo
from nexlang.syntax import nodes as n
from nexlang.syntax.walk import children

Found = TypeVar("Found", bound=n.Node)
Info = TypeVar("Info", bound=s.Info)


@dataclass(slots=True)
class Place:
    """A diagnostic with the file it is in. `path` are the nodes around its place, the outermost first.

    In a data file there are none, and `module` has nothing to look up.
    """

    found: Diagnostic
    text: str
    module: ModuleInfo | None
    path: list[n.Node]

    def declared(self, kind: type[Info]) -> list[Info]:
        """What the module declares of a kind."""
        known = self.module.declared.values() if self.module is not None else ()
        return [info for info in known if isinstance(info, kind)]

    def meant(self) -> n.Node | None:
        """The declaration that the marked name stands for."""
        info = self.module.lookup(self.marked) if self.module is not None else None
        return getattr(info, "node", None)

    def fresh(self, name: str) -> str:
        """A name that the declaration around does not hold yet."""
        around = self.path[1] if len(self.path) > 1 else None
        inside = self.text[around.start : around.end] if around is not None else ""
        names = (name, *(f"{name}_{number}" for number in range(2, 100)))
        return next(each for each in names if not re.search(rf"\b{each}\b", inside))

    @property
    def marked(self) -> str:
        return self.text[self.found.span.start : self.found.span.end]

    def value(self, name: str) -> str:
        return str(self.found.values.get(name, ""))

    def around(self, kind: type[Found]) -> Found | None:
        """The innermost node of a kind around the place."""
        return next((node for node in reversed(self.path) if isinstance(node, kind)), None)

    def exactly(self, kind: type[Found]) -> Found | None:
        """The node of a kind that is just what is marked."""
        span = self.found.span
        same = (node for node in self.path if (node.start, node.end) == (span.start, span.end))
        return next((node for node in same if isinstance(node, kind)), None)

    def edit(self, start: int, end: int, text: str) -> Edit:
        return Edit(Span(self.found.span.file, start, end), text)

    def fix(self, message: str, *edits: Edit) -> None:
        """A fix that may change what the program means."""
        self.found.fix(message, *edits, applicability="unsafe")

    def show(self, message: str, *edits: Edit) -> None:
        """A fix with `…` in it, for the author to fill in."""
        self.found.fix(message, *edits, applicability="display")

    def wrap(self, message: str, before: str, after: str) -> None:
        span = self.found.span
        self.fix(message, self.edit(span.start, span.start, before), self.edit(span.end, span.end, after))

    def leave_out(self, node: n.Node, message: str = "") -> None:
        left_out(self.found, self.text, node.start, node.end, message=message)

    def indent(self, at: int) -> str:
        """The blanks that the line of an offset begins with."""
        start = self.text.rfind("\n", 0, at) + 1
        return self.text[start : start + len(self.text[start:]) - len(self.text[start:].lstrip(" \t"))]

    def bind_before(self, name: str, tail: str, message: str) -> None:
        """Give what is marked a name in a statement of its own, before the one it is in."""
        statement = next((node for node in self.path if isinstance(node, n.Stmt)), None)
        inner = self.around(n.Stmt)
        if statement is None or inner is None or "\n" in self.marked:
            return
        name = self.fresh(name)
        pad = f"\n{self.indent(inner.start)}" if not self.text[: inner.start].rsplit("\n", 1)[-1].strip() else "  "
        bound = self.edit(inner.start, inner.start, f"let {name} = {self.marked}{tail}{pad}")
        self.fix(message, bound, self.edit(self.found.span.start, self.found.span.end, name))


Remedy = Callable[[Place], None]
REMEDIES: dict[str, Remedy] = {}


def remedy(*codes: Code) -> Callable[[Remedy], Remedy]:
    def register(make: Remedy) -> Remedy:
        REMEDIES.update(dict.fromkeys((code.id for code in codes), make))
        return make

    return register


def remedied(
    diagnostics: list[Diagnostic], modules: Iterable[ModuleInfo], extra: Mapping[str, Source]
) -> list[Diagnostic]:
    """The diagnostics, with a fix for those that can have one."""
    if all(diagnostic.fixes for diagnostic in diagnostics):
        return diagnostics
    for name in ("values", "bodies", "members", "data"):
        import_module(f"nexlang.semantics.remedies_{name}")
    by_path: Mapping[str, ModuleInfo] = {module.source.path: module for module in modules}
    for diagnostic in diagnostics:
        make = REMEDIES.get(diagnostic.code)
        module = by_path.get(diagnostic.span.file)
        source = module.source if module is not None else extra.get(diagnostic.span.file)
        if make is not None and source is not None and not diagnostic.fixes:
            path = path_to(module.tree, diagnostic.span) if module is not None else []
            make(Place(diagnostic, source.text, module, path))
    return diagnostics


def path_to(tree: n.Module, span: Span) -> list[n.Node]:
    """The nodes that hold a place, from the whole file down."""
    path: list[n.Node] = [tree]
    at = bisect_right(tree.decls, span.start, key=lambda decl: decl.start)
    decl = tree.decls[at - 1] if at else None
    used = (use for use in tree.uses if use.start <= span.start and span.end <= use.end)
    node: n.Node | None = decl if decl is not None and span.end <= decl.end else next(used, None)
    while node is not None:
        path.append(node)
        inside = (each for each in children(node) if each.start <= span.start and span.end <= each.end)
        node = next(inside, None)
    return path
