"""The layout of expressions is the formatter's: random trees written by us stay as they are under ruff."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from nexlang.codegen.layout import (
    AND,
    COMPARE,
    OR,
    PRODUCT,
    SUM,
    Atom,
    Call,
    Chain,
    Comprehension,
    Display,
    Entry,
    Expr,
    For,
    Generator,
    IfElse,
    Keyword,
    Lambda,
    Member,
    Prefix,
    Starred,
    lay_out,
)

OPERATORS = {AND: "and", OR: "or", SUM: "+", PRODUCT: "*"}
NAMES = ["order", "payment_method_identifier", "ctx", "x", "some_quite_long_name_here", "1.5", '"a text"']


class Trees:
    """Random expressions of the shapes that emission makes."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def many(self, depth: int, low: int, high: int) -> list[Expr]:
        return [self.tree(depth) for _ in range(self.dice.randint(low, high))]

    def tree(self, depth: int) -> Expr:
        if depth <= 0 or self.dice.random() < 0.25:
            return Atom(self.dice.choice(NAMES))
        makes = [self.call, self.call, self.display, self.chain, self.chain, self.test, self.walk, self.function]
        make = self.dice.choice(makes)
        return make(depth - 1)

    def call(self, depth: int) -> Expr:
        of = self.dice.choice([Atom("f"), Member(Atom("ctx.world.orders"), "get")])
        return Call(of, [*self.many(depth, 0, 3), *(Keyword(f"k{i}", e) for i, e in enumerate(self.many(depth, 0, 1)))])

    def display(self, depth: int) -> Expr:
        if self.dice.random() < 0.5:
            return Display("[", [*self.many(depth, 0, 3), *map(Starred, self.many(0, 0, 1))], "]")
        return Display("{", [Entry(Atom(f'"{i}"'), item) for i, item in enumerate(self.many(depth, 0, 3))], "}")

    def chain(self, depth: int) -> Expr:
        level = self.dice.choice(list(OPERATORS))
        operands = self.many(depth, 2, 4)
        return Chain(level, operands, [OPERATORS[level]] * (len(operands) - 1))

    def test(self, depth: int) -> Expr:
        if self.dice.random() < 0.3:
            return Prefix("not ", self.tree(depth))
        if self.dice.random() < 0.4:
            return IfElse(*self.many(depth, 3, 3))
        return Chain(COMPARE, self.many(depth, 2, 2), [self.dice.choice(["==", "<", "in"])])

    def function(self, depth: int) -> Expr:
        return Call(Atom("find"), [*self.many(depth, 0, 1), Lambda("row", self.tree(depth)), *self.many(depth, 0, 1)])

    def walk(self, depth: int) -> Expr:
        clause = For("item", self.tree(depth), self.many(depth, 0, 1))
        generator = Generator(self.tree(depth), [clause])
        return Call(Atom("count"), [generator]) if self.dice.random() < 0.5 else Comprehension("[", generator, "]")


@pytest.mark.parametrize("seed", [1, 2])
def test_random_expressions_are_laid_out_as_the_formatter_would(seed: int) -> None:
    trees = Trees(seed)
    written = []
    for number in range(500):
        head, tail = trees.dice.choice([("value = ", ""), ("return ", ""), ("if ", ":")])
        lines = lay_out(head, trees.tree(3), tail, 4)
        written.append("\n".join([f"def f{number}():", *lines, *(["        pass"] if tail else [])]))
    text = "\n\n\n".join(written) + "\n"
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=120", "-"]
    made = subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout
    for ours, theirs in zip(text.split("\n\n\n"), made.split("\n\n\n"), strict=True):
        assert ours == theirs
