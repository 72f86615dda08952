"""Any sentence of the grammar: programs that parse, whatever they mean. Made from nex.lark, new words included."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cache
from typing import Any

from lark import Lark

from nexlang.syntax.tables import STARTS, grammar_path

NAMES = [
    "a",
    "b",
    "n",
    "item",
    "order",
    "total",
    "Order",
    "State",
    "Shop",
    "Desk",
    "Clerk",
    "open",
    "paid",
    "id",
    "Int",
]
TYPES = ["Int", "Text", "Float", "Bool", "Order", "State", "Shop", "Date", "Duration", "Json"]
TEXTS = ['"x"', '""', '"{{ a }} and {{ order.id }}"', '"open"', '"a\\"b\\n"', '"(unclosed"', '"#"', '"2025-01-31"']
MADE = {
    "NAME": [*NAMES, *TYPES],
    "VARIABLE": NAMES,
    "KEY": [
        f"{name}:" for name in [*NAMES, "tools", "world", "model", "prompt", "actors", "tasks", "limits", "weight"]
    ],
    "STRING": TEXTS,
    "TEXT": ['"""\n  Dear {{ a }},\n\n  yours\n"""', '"""x"""'],
    "NUMBER": ["0", "1", "2.5", "1_000", "1e3", "99999999999999999999"],
    "PERCENT": ["5%", "12.5%"],
    "DURATION": ["1s", "5m", "2h", "100ms", "3d"],
    "DOC": ["\n## What it is.\n"],
    "COMMENT": ["\n# aside\n"],
}


@cache
def grammar() -> tuple[dict[str, list[list[Any]]], dict[str, str], dict[Any, int]]:
    """The expansions of each rule, the texts of plain terminals, and how deep each symbol goes at least."""
    lark = Lark(grammar_path().read_text(encoding="utf-8"), parser="lalr", start=list(STARTS))
    rules: dict[str, list[list[Any]]] = defaultdict(list)
    for rule in lark.rules:
        rules[rule.origin.name].append(list(rule.expansion))
    words = {terminal.name: terminal.pattern.value for terminal in lark.terminals if terminal.pattern.type == "str"}
    depths: dict[Any, int] = {}
    while True:
        before = dict(depths)
        for name, expansions in rules.items():
            known = [_depth(each, depths) for each in expansions]
            best = min((depth for depth in known if depth is not None), default=None)
            if best is not None:
                depths[name] = best + 1
        if depths == before:
            return rules, words, depths


def _depth(expansion: list[Any], depths: dict[Any, int]) -> int | None:
    found = [0 if symbol.is_term else depths.get(symbol.name) for symbol in expansion]
    return None if None in found else max((depth for depth in found if depth is not None), default=0)


def sentence(rng: random.Random, most: int = 22) -> str:
    """A text that the grammar takes: some declarations, of tokens with blanks and line ends between them."""
    rules, words, depths = grammar()
    out: list[str] = []

    def expand(symbol: Any, left: int) -> None:
        if symbol.is_term:
            out.append(words[symbol.name] if symbol.name in words else rng.choice(MADE[symbol.name]))
            return
        choices = rules[symbol.name]
        fitting = [each for each in choices if (_depth(each, depths) or 0) < left]
        for each in rng.choice(fitting or [min(choices, key=lambda each: _depth(each, depths) or 0)]):
            expand(each, left - 1)

    for _ in range(rng.randint(1, 5)):
        for each in rng.choice(rules["decl"]):
            expand(each, most)
    return "".join(word + rng.choice([" ", " ", " ", "\n"]) for word in out)
