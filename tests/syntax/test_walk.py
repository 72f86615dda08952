"""Going through a tree."""

from __future__ import annotations

from trees import programs, source

from nexlang.syntax import children, nodes, parse, walk
from nexlang.syntax.walk import depth


def test_walk_goes_in_order_and_misses_nothing() -> None:
    for path in programs():
        module = parse(source(path)).module
        seen = list(walk(module))
        assert seen[0] is module
        assert len(seen) == len(set(map(id, seen)))
        assert sum(isinstance(node, nodes.Decl) for node in seen) == len(module.decls)


def test_children_and_depth() -> None:
    module = parse(source(programs()[0])).module
    assert depth(module) > 3
    assert all(isinstance(child, nodes.Node) for child in children(module))


def test_the_corpus_has_every_construct() -> None:
    """A class of the tree that no program has would be a construct that no test has seen."""
    every = {cls for cls in vars(nodes).values() if isinstance(cls, type) and issubclass(cls, nodes.Node)}
    abstract = {nodes.Node, nodes.TypeExpr, nodes.Expr, nodes.Stmt, nodes.Decl}
    apart = {nodes.Missing, nodes.Comment}
    seen = {type(node) for path in programs() for node in walk(parse(source(path)).module)}
    assert {cls.__name__ for cls in every - abstract - apart - seen} == set()
