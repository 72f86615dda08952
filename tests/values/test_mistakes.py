"""Mistakes with types and places: each is one diagnostic, at its place, and its fix makes the program right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.semantics.programs import checked, marked

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


TYPES = """
record Item { sku: Text, count: Int }
record Order { id: Text, open: Bool = true, due: Date, fee: Decimal = 1, level: 1 | 2 | 3 = 1, items: [Item] = [] }
record Note { text: Text }
union Thing by kind { order: Order, note: Note }
world Shop { orders: table Order by id, log: [Text] = [] }
world Mall { shop: Shop, noon: Time }
fn shut(order: row Order) in Shop { order.open = false }
fn named(thing: Thing) -> Text {
  match thing {
    is Order as order { return order.id }
    is Note as note { return note.text }
  }
}
fn told(level: 1 | 2 | 3) -> Text {
  match level {
    is 1 { return "low" }
    is 2, 3 { return "high" }
  }
}
tool close(id: Text) -> Text in Mall {
  let order = shop.orders[id] else fail "no order"
  shut(order)
  order.due = order.due + 1d
  order.fee += 2.50
  shop.log += ["{{ order.due - date("2025-01-01") }}"]
  require noon.date <= order.due else fail "late"
  return "{{ named(order) }} {{ told(order.level) }}"
}
"""
WRONG = [
    ("order.due + 1d", "order.due + 1", "NEX0302", "order.due + 1", "order.due + 1d"),
    ("order.due + 1d", "order.due + 12h", "NEX0302", "order.due + 12h", None),
    ("noon.date <=", "noon <=", "NEX0302", "order.due", "noon.date <= order.due"),
    ("noon.date <=", "noon.dat <=", "NEX0312", "dat", "noon.date"),
    ('date("2025-01-01")', 'date("2025-1-1")', "NEX0341", '"2025-1-1"', 'date("2025-01-01")'),
    ('date("2025-01-01")', '"2025-01-01"', "NEX0301", '"2025-01-01"', 'date("2025-01-01")'),
    ("order.fee += 2.50", "order.fee = shop.log", "NEX0301", "shop.log", None),
    ("level: 1 | 2 | 3 = 1", "level: 1 | 2 | 3 = 4", "NEX0305", "4", None),
    ("level: 1 | 2 | 3 = 1", 'level: 1 | "2" = 1', "NEX0342", '"2"', None),
    ("    is Note as note { return note.text }\n", "", "NEX0313", "match", "is Note { }"),
    ("is 2, 3", "is 2", "NEX0313", "match", "is 3 { }"),
    ("shut(order)", "shut(Order(id: id, due: order.due))", "NEX0428", "Order(id: id, due: order.due)", None),
    ("order: row Order)", "order: row Note)", "NEX0427", "row Note", None),
    (
        "fn shut(order: row Order) in Shop",
        "tool shut(order: row Order) in Shop",
        "NEX0426",
        "row Order",
        "order: Order",
    ),
    ("shop: Shop,", "shop: Shop, other: Shop,", "NEX0422", "Shop", "shop: Shop,"),
    ("shut(order)", "shop = shop", "NEX0423", "shop", None),
    ("shut(order)", "let all = shop", "NEX0424", "shop", None),
    ("shut(order)", 'order.id = "new"', "NEX0405", "id", "remove shop.orders[order.id]"),
    ("shut(order)", "remove order", "NEX0415", "order", "remove shop.orders[order.id]"),
    ("shut(order)", "order = order", "NEX0401", "order", "shop.orders[order.id] = order"),
    ("shut(order)", "order.items[0].cont = 3", "NEX0312", "cont", "order.items[0].count = 3"),
]


def test_the_program_is_right(tmp_path: Path) -> None:
    assert marked(TYPES, tmp_path) == []


@pytest.mark.parametrize(("old", "new", "code", "place", "mended"), WRONG, ids=[f"{w[2]} {w[1]}"[:40] for w in WRONG])
def test_one_mistake_one_diagnostic(
    tmp_path: Path, old: str, new: str, code: str, place: str, mended: str | None
) -> None:
    assert old in TYPES
    text = TYPES.replace(old, new, 1)
    found = [each for each in checked(text, tmp_path).diagnostics if each.severity == "error"]
    assert [(each.code, text[each.span.start : each.span.end]) for each in found] == [(code, place)]
    if mended is not None:
        fix = found[0].fixes[0]
        for edit in sorted(fix.edits, key=lambda edit: -edit.span.start):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        assert mended in text
