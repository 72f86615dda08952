"""What docs/adding-a-construct.md promises: each construct is in every one of its places, under its own name."""

from __future__ import annotations

from typing import get_args

import pytest

from nexlang.codegen.statements import Body
from nexlang.ir import model as ir
from nexlang.semantics.program import Program
from nexlang.syntax import nodes as n
from nexlang.syntax.formatting.declarations import Declarations as Formatter


def below(base: type) -> list[type]:
    return [kind for kind in vars(n).values() if isinstance(kind, type) and issubclass(kind, base) and kind is not base]


def kinds(union: object) -> list[str]:
    """The `kind` of each model of a discriminated union."""
    return [model.model_fields["kind"].default for model in get_args(get_args(union)[0])]


@pytest.mark.parametrize("node", below(n.Stmt), ids=lambda node: node.__name__)
def test_statements(node: type) -> None:
    assert hasattr(Program, f"s_{node.__name__}")
    assert hasattr(Formatter, f"put_{node.__name__}")


@pytest.mark.parametrize("node", below(n.Expr), ids=lambda node: node.__name__)
def test_expressions(node: type) -> None:
    assert hasattr(Program, f"x_{node.__name__}")
    if node is not n.Missing:  # a file with a hole in it is not formatted
        assert hasattr(Formatter, f"flat_{node.__name__}")


# Written together with the writes beside it.
@pytest.mark.parametrize("kind", [kind for kind in kinds(ir.Stmt) if kind != "write"])
def test_statements_of_the_ir(kind: str) -> None:
    assert hasattr(Body, f"s_{kind}")


@pytest.mark.parametrize("kind", kinds(ir.Expr))
def test_expressions_of_the_ir(kind: str) -> None:
    assert hasattr(Body, f"x_{kind}")
