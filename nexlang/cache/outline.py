"""A file as a row of sections, one a declaration: enough to tell later which declarations an edit touches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from nexlang.diagnostics.sources import Source
from nexlang.disk import digest
from nexlang.syntax import nodes as n
from nexlang.syntax.parse import parse

if TYPE_CHECKING:
    from nexlang.semantics.symbols import ModuleInfo

WORD = re.compile(r"[A-Za-z_]\w*")


class Section(NamedTuple):
    """A declaration with what stands behind it, up to the next; the first of a file is what stands before all.

    `head` is the digest of what other declarations see of it without naming what is in its body; `names` are the
    program's names whose words stand anywhere in it.
    """

    length: int
    text: str
    kind: str
    name: str
    head: str
    names: list[str]


def outlined(modules: Iterable[ModuleInfo]) -> dict[str, Any]:
    """The sections of all files, by the name of each, and the names that declarations of the program have."""
    modules = list(modules)
    names = {name for module in modules for name in _declared(module)}
    files = {module.source.path: sections(module.source.text, module.tree, names) for module in modules}
    return {"names": sorted(names), "files": files}


def _declared(module: ModuleInfo) -> Iterable[str]:
    yield from (name for decl in module.tree.decls if (name := name_of(decl)))
    for use in module.tree.uses:
        yield from (name.name for name in use.names)


def sections(text: str, module: n.Module, names: set[str]) -> list[Section]:
    starts = [0, *(begin(decl) for decl in module.decls), len(text)]
    decls: list[n.Decl | None] = [None, *module.decls]
    return [section(text, a, b, decl, names) for (a, b), decl in zip(pairwise(starts), decls, strict=True)]


def section(text: str, start: int, end: int, decl: n.Decl | None, names: set[str]) -> Section:
    part = text[start:end]
    kind = type(decl).__name__ if decl is not None else ""
    head = text[decl.start : head_end(decl)] if decl is not None else ""
    mentioned = sorted(names.intersection(WORD.findall(part)))
    return Section(end - start, stamp(part), kind, name_of(decl), stamp(head), mentioned)


def importing(text: str, names: set[str]) -> str:
    """What stands before all declarations, with blanks for the imports of other names: each place stays where it is."""
    for use in parse(Source("", text)).module.uses:
        kept = [name for name in use.names if name.name in names]
        start, end = (use.names[0].start, use.end - 1) if kept else (use.start, use.end)
        if use.names:
            inside = list(blank(text[start:end]))
            for name in kept:
                inside[name.start - start : name.end - start] = name.name
            for name in kept[:-1]:
                inside[name.end - start] = ","
            text = text[:start] + "".join(inside) + text[end:]
    return text


def blank(text: str) -> str:
    """As many characters and lines with nothing in them."""
    lines = text.count("\n")
    return " " * (len(text) - lines) + "\n" * lines


def stamp(text: str) -> str:
    return digest(text.encode("utf-8", "surrogatepass"), 9)


def begin(decl: n.Decl) -> int:
    return decl.doc.start if decl.doc is not None else decl.start


def name_of(decl: n.Decl | None) -> str:
    name = getattr(decl, "name", None)
    return name.name if isinstance(name, n.Ident) else ""


def head_end(decl: n.Decl) -> int:
    """Where what a declaration is ends and what it holds begins."""
    match decl:
        case n.FunctionDecl():
            return decl.block.start
        case n.AgentDecl():
            return (decl.result or (decl.params[-1] if decl.params else decl.name)).end
        case n.TestDecl():
            return (decl.cases or decl.environment or decl.title).end
        case n.EnvironmentDecl() | n.TrainDecl() | n.ModelDecl():
            return decl.name.end
    return decl.end
