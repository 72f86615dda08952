"""The parser's tables: made from the grammar by Lark, kept in `_tables.py`, read without importing Lark.

`python -m nexlang.syntax.tables` writes `_tables.py` anew; a test holds it against the grammar.
A state is a dict from a symbol to what it does: `n >= 0` goes to state n, `n < 0` reduces by rule `-n - 1`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from nexlang.diagnostics.slotted import dataclass, field

STARTS = ("start", "expr")
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rule:
    """`plan` says which children a builder gets: (position, inline) pairs, None for an absent optional part.

    `through` is the position of the only child when the rule is transparent, else -1. A rule that `grows` adds to the
    list that its first symbol has made; one that `leans` makes a tree one level deeper on the left.
    """

    origin: str
    size: int
    build: str
    plan: tuple[tuple[int, bool] | None, ...]
    through: int
    collapse: bool
    inlined: bool
    grows: bool
    leans: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """`words` are the grammar's keywords, `marks` its punctuation: text → terminal. No variable is `reserved`."""

    hash: str
    states: list[dict[str, int]]
    rules: list[Rule]
    starts: dict[str, int]
    ends: dict[str, int]
    words: dict[str, str]
    marks: dict[str, str]
    reserved: frozenset[str]
    shortcuts: dict[tuple[int, int, str], int] = field(default_factory=dict)


def grammar_path() -> Path:
    """The grammar: inside the installed package, or at the top of a checkout."""
    inside = HERE.parent / "grammar" / "nex.lark"
    return inside if inside.exists() else HERE.parent.parent / "grammar" / "nex.lark"


def grammar_hash(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def tables() -> Tables:
    """The tables of the grammar that this package was built with."""
    from nexlang.syntax._tables import TABLES

    return revive(json.loads(TABLES))


def revive(data: dict[str, Any]) -> Tables:
    rules = [
        Rule(origin, size, build, tuple(tuple(part) if part else None for part in plan), *rest)
        for origin, size, build, plan, *rest in data["rules"]
    ]
    literals = data["words"], data["marks"], frozenset(data["reserved"])
    return Tables(data["hash"], data["states"], rules, data["starts"], data["ends"], *literals)


def make(grammar: str, strict: bool = True) -> dict[str, Any]:
    """The tables as JSON data, from the grammar's text. `strict` refuses every conflict (needs interegular)."""
    from lark import Lark

    lark = Lark(grammar, parser="lalr", start=list(STARTS), strict=strict)
    parse_table: Any = lark.parser.parser._parse_table
    rules = list(lark.rules)
    numbers = {rule: number for number, rule in enumerate(rules)}
    for state in parse_table.states.values():
        for action, argument in state.values():
            if action.name != "Shift" and argument not in numbers:
                numbers[argument] = len(rules)
                rules.append(argument)
    order = _numbered(parse_table)
    words, marks = _literals(lark.terminals)
    return {
        "hash": grammar_hash(grammar),
        "states": [_state(parse_table.states[state], order, numbers) for state in order],
        "rules": [_rule(rule) for rule in rules],
        "starts": {name: order[state] for name, state in sorted(parse_table.start_states.items())},
        "ends": {name: order[state] for name, state in sorted(parse_table.end_states.items())},
        "words": words,
        "marks": marks,
        "reserved": _reserved(lark.terminals, words),
    }


def _numbered(parse_table: Any) -> dict[Any, int]:
    """States in the order in which a walk from the starts meets them: the same in every process."""
    order = {state: number for number, (_, state) in enumerate(sorted(parse_table.start_states.items()))}
    for state in (queue := list(order)):
        for _, (action, target) in sorted(parse_table.states[state].items()):
            if action.name == "Shift" and target not in order:
                order[target] = len(order)
                queue.append(target)
    return order


def _state(row: dict[str, Any], order: dict[Any, int], numbers: dict[Any, int]) -> dict[str, int]:
    return {
        symbol: order[argument] if action.name == "Shift" else -numbers[argument] - 1
        for symbol, (action, argument) in sorted(row.items())
    }


def _rule(rule: Any) -> list[Any]:
    options = rule.options
    plan: list[list[Any] | None] = []
    bits = "".join(str(int(bit)) for bit in options.empty_indices)
    absent = [len(ones) for ones in bits.split("0")] if bits else [0] * (len(rule.expansion) + 1)
    for at, symbol in enumerate(rule.expansion):
        plan += [None] * absent[at]
        if options.keep_all_tokens or not (symbol.is_term and symbol.filter_out):
            plan.append([at, int(not symbol.is_term and symbol.name.startswith("_"))])
    plan += [None] * absent[-1]
    collapse = options.expand1 and not rule.alias
    single = collapse and len(plan) == 1 and plan[0] and not plan[0][1]
    through = plan[0][0] if single and plan[0] else -1
    origin = rule.origin.name
    again = bool(rule.expansion) and rule.expansion[0].name == origin
    return [
        origin,
        len(rule.expansion),
        rule.alias or origin,
        plan,
        through,
        collapse,
        origin.startswith("_"),
        again and origin.startswith("_"),
        again and not origin.startswith("_"),
    ]


def _reserved(terminals: Any, words: dict[str, str]) -> list[str]:
    variable = next(t for t in terminals if t.name == "VARIABLE")
    pattern = re.compile(variable.pattern.to_regexp())
    return sorted(word for word in words if not pattern.fullmatch(word))


def _literals(terminals: Any) -> tuple[dict[str, str], dict[str, str]]:
    literals = {t.pattern.value: t.name for t in sorted(terminals, key=lambda t: t.name) if t.pattern.type == "str"}
    words = {text: name for text, name in literals.items() if text[0].isalpha()}
    return words, {text: name for text, name in literals.items() if text not in words}


def write() -> None:
    data = json.dumps(make(grammar_path().read_text(encoding="utf-8")), separators=(",", ":"))
    lines = "\n".join(f"    {data[at : at + 108]!r}" for at in range(0, len(data), 108))
    text = '"""Made by `python -m nexlang.syntax.tables` from grammar/nex.lark. Do not edit."""\n\n# fmt: off\n'
    (HERE / "_tables.py").write_text(f"{text}TABLES = (\n{lines}\n)\n", encoding="utf-8")


if __name__ == "__main__":
    write()
