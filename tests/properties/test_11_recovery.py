"""Property 11: errors recover. Five independent mistakes give five diagnostics in one run, one gives one."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import nexlang

DESK = (Path(__file__).parents[1] / "semantics" / "desk.nex").read_text(encoding="utf-8")
MISTAKES = {
    "NEX0123": ("fn refund(charge: Charge) -> Charge {", "fn refund(charge: Charge) -> Charge {\n  while true { }"),
    "NEX0115": ("order.paid += refunds", "order.paid += refunds\n  let both = true && false"),
    "NEX0204": ("brand: Text }", "brand: Txt }"),
    "NEX0312": ("order.user_id] else", "order.usr_id] else"),
    "NEX0511": ("Answer: {{ question }}", "Answer: {{ qestion }}"),
    "NEX0218": ("delegates: [Billing]", "delegates: [Biling]"),
    "NEX0502": ("rounds: 8", "rounds: 8\n  rounds: 9"),
}


def codes(*names: str) -> list[str]:
    text = DESK
    for name in names:
        right, wrong = MISTAKES[name]
        assert right in text, right
        text = text.replace(right, wrong, 1)
    found = nexlang.compile("desk.nex", {"desk.nex": text}).diagnostics
    return sorted(diagnostic.code for diagnostic in found if diagnostic.severity == "error")


def test_without_mistakes_there_is_nothing() -> None:
    assert nexlang.compile("desk.nex", {"desk.nex": DESK}).diagnostics == []


def test_one_mistake_gives_one() -> None:
    assert {name: codes(name) for name in MISTAKES} == {name: [name] for name in MISTAKES}


def test_any_five_mistakes_give_these_five() -> None:
    for five in combinations(MISTAKES, 5):
        assert codes(*five) == sorted(five)
