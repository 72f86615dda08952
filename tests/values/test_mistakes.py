"""Mistakes with types and places: each is one diagnostic, at its place, and its fix makes the program right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.semantics.programs import marked

REFINED = """
type Percent = Int where 0 <= it <= 100
type Code = Text matching "[A-Z]{2}"
record Row { share: Percent = 1, codes: [Code] = [], by_code: {Code: Percent} = {} }
world W { load: Percent = 2  all: [Percent] = []  map: {Code: Percent} = {} }
fn half(p: Percent) -> Percent { return if p > 3 then 4 else 5 }
tool set(code: Code = "AB") -> Percent in W {
  load = 10
  var most: Percent = 10 + 10
  most = most + 11
  add 12 to all
  map["CD"] = 13
  all = [14, 15]
  return half(16) + most
}
"""
OUTSIDE = [
    ("share: Percent = 1,", "share: Percent = 101,", "101"),
    ("[Code] = []", '[Code] = ["a"]', '"a"'),
    ("{Code: Percent} = {} }\nworld", '{Code: Percent} = {"x": 1} }\nworld', '"x"'),
    ("load: Percent = 2", "load: Percent = 200", "200"),
    ("then 4", "then 400", "400"),
    ("else 5", "else 500", "500"),
    ('= "AB"', '= "abc"', '"abc"'),
    ("load = 10", "load = 1000", "1000"),
    ("10 + 10", "10 + 100", "10 + 100"),
    ("add 12", "add 1200", "1200"),
    ("= 13", "= 1300", "1300"),
    ('map["CD"]', 'map["cd"]', '"cd"'),
    ("15]", "1500]", "1500"),
    ("half(16)", "half(1600)", "1600"),
]


def test_literals_within_refinements_pass(tmp_path: Path) -> None:
    assert [found for found in marked(REFINED, tmp_path) if found[0] == "NEX0322"] == []


@pytest.mark.parametrize(("old", "new", "place"), OUTSIDE, ids=[place for _, _, place in OUTSIDE])
def test_a_literal_outside_a_refinement(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in REFINED
    found = [each for each in marked(REFINED.replace(old, new), tmp_path) if each[0] < "NEX0700"]
    assert found == [("NEX0322", place)]
