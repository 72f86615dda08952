"""Where comments go: each stays in the list that it stands in, between the same things.

A comment in the middle of something that has no place for it (between an operator and its operand, say) goes before
the nearest thing that is an entry of a list: a statement, a member, an argument.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from nexlang.syntax import nodes as n
from nexlang.syntax.walk import children


def homes(text: str, module: n.Module) -> list[tuple[float, n.Comment]]:
    """The comments in the order in which they are printed, each with the position that it counts as having."""
    starts = [decl.start for decl in module.decls]
    placed = [(_position(text, module, starts, comment), comment) for comment in module.comments]
    return sorted(placed, key=lambda pair: pair[0])


def _position(text: str, module: n.Module, starts: list[int], comment: n.Comment) -> float:
    at = bisect_right(starts, comment.start) - 1
    if at < 0 or comment.start >= module.decls[at].end:
        use = next((use for use in module.uses if use.start < comment.start < use.end), None)
        return begin(use) - 0.5 if use and comment.start < use.path.end else comment.start
    return _inside(text, module.decls[at], comment.start)


def _inside(text: str, node: n.Node, at: int) -> float:
    """The position of a comment inside `node`, which is an entry of a list."""
    entry = node
    while True:
        entries = _entries(node)
        inner = next((child for child in children(node) if child.start <= at < child.end), None)
        if inner is None and isinstance(node, n.If) and at > node.then.end and "\n" not in text[node.then.end : at]:
            return node.then.end - 1.5
        if inner is None:
            return at if _has_place(text, node, at) else begin(entry) - 0.5
        if any(inner is one for one in entries):
            entry = inner
        node = inner


def begin(node: n.Node) -> int:
    doc = getattr(node, "doc", None)
    return doc.start if doc else node.start


def _entries(node: n.Node) -> Sequence[n.Node]:
    """The parts of a node that are printed one a line, so a comment can stand before each."""
    match node:
        case n.Block() | n.TestDecl():
            return node.body
        case n.AgentDecl():
            return [*node.params, *node.props, *node.rules, *node.body]
        case n.FunctionDecl() | n.ExternDecl():
            return node.params
        case n.AnyValues():
            return node.values
        case n.Call() | n.CallData():
            return node.args if _listed(node.args) else []
        case n.ListLit():
            return node.items
        case n.Mapping():
            return node.pairs
        case n.Match():
            return node.cases
        case n.EnumDecl() | n.UnionDecl():
            return node.cases
        case n.RecordDecl() | n.WorldDecl() | n.EnvironmentDecl() | n.DerivedDecl() | n.TrainDecl():
            return node.members
        case n.Actors():
            return node.actors
        case n.Dynamics():
            return node.entries
        case n.Reward():
            return node.components
        case n.Curriculum():
            return node.stages
        case n.Stage() | n.Phase():
            return node.props
    return []


def _listed(args: list[n.Arg]) -> bool:
    """Whether arguments are printed as a list; a comprehension and a single bracketed one are not."""
    if len(args) != 1:
        return True
    return bool(args[0].name) or not isinstance(args[0].value, n.Comp | n.ListLit | n.ListComp | n.Mapping | n.Call)


def _has_place(text: str, node: n.Node, at: int) -> bool:
    """Whether a comment directly in `node`, in none of its parts, can stay between them."""
    match node:
        case n.Block() | n.ListLit() | n.Mapping() | n.AnyValues():
            return True
        case n.If():
            return at > node.then.end
        case n.Call():
            return at > node.of.end and _listed(node.args)
        case n.CallData():
            return at > node.tool.end and _listed(node.args)
        case n.Match():
            return at > node.subject.end
        case n.FunctionDecl() | n.ExternDecl():
            return bool(node.params) and node.name.end < at < node.params[-1].end
        case n.AgentDecl() if node.params and node.name.end < at < node.params[-1].end:
            return True
    return bool(_entries(node)) and at > text.index("{", _header_end(node))


def _header_end(node: n.Node) -> int:
    if isinstance(node, n.AgentDecl):
        return (node.result or (node.params[-1] if node.params else node.name)).end
    if isinstance(node, n.TestDecl):
        return (node.cases or node.environment or node.title).end
    tag = getattr(node, "tag", None) or getattr(node, "for_actor", None) or getattr(node, "name", None)
    return tag.end if isinstance(tag, n.Ident) else node.start
