"""`docs/synth.md` names every kit and rule that there is, and its examples are read as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.synth import read
from nexlang.synth.lexicon import KITS, Kit, Rule

TEXT = (Path(__file__).parents[2] / "docs" / "synth.md").read_text(encoding="utf-8")
PLACES = {"orders": "A shop, ", "bookings": "A clinic for patients, appointments, ", "inventory": "A warehouse, "}
ROWS = [(kit, rule) for kit in KITS for rule in kit.rules]


@pytest.mark.parametrize(("kit", "rule"), ROWS, ids=[rule.name for _, rule in ROWS])
def test_every_rule_is_there_with_examples_that_set_it(kit: Kit, rule: Rule) -> None:
    [line] = [line for line in TEXT.splitlines() if line.startswith(f"| {kit.name} | {rule.says} |")]
    for example in line.split("|")[3].split('"')[1::2]:
        assert rule.name in read(PLACES[kit.name] + example).rules, example


def test_every_kit_is_there() -> None:
    assert all(f"the kit `{kit.name}`" in TEXT for kit in KITS)
