"""Effects: what bodies read and write, down to the field, and what else they may do."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.semantics.effects import Effects, inference_of
from tests.semantics.programs import checked, marked

PROGRAM = """
use std.models {{ endpoint }}
model small = endpoint("small-model")
record Line {{ sku: Text, count: Int }}
record Order {{ id: Text, open: Bool = true, total: Int = 0, lines: [Line], owner: Text? }}
record User {{ id: Text, credit: Int }}
record Box {{ size: Int, note: Text }}
world Shop {{ orders: table Order by id, users: table User by id, box: Box, count: Int = 0 }}
fn doubled(order: Order) -> Int {{ return order.total * 2 }}
fn total_of(id: Text) -> Int in Shop {{
  let order = orders[id] else fail "none"
  return doubled(order)
}}
fn rows(shop: Shop) -> Int {{ return count(o for o in shop.orders if o.open) }}
tool pay(id: Text) in Shop {{
  let user = users[id] else fail "nobody"
  user.credit -= 1
}}
{body}
"""


def effects(body: str, folder: Path, name: str = "probe") -> Effects:
    compiled = checked(PROGRAM.format(body=body), folder)
    assert [d for d in compiled.diagnostics if d.severity == "error"] == []
    inference = inference_of(compiled.program.model_dump())
    return inference.of_agent(name) if name[0].isupper() else inference.of(name)


@pytest.mark.parametrize(
    ("statements", "reads", "writes"),
    [
        ("let o = orders[id] else fail \"no\"\n  o.open = false", ["orders.id"], ["orders.open"]),
        ("let o = orders[id] else fail \"no\"\n  o.total += 1", ["orders.id", "orders.total"], ["orders.total"]),
        ("for o in orders if o.open { o.total = 0 }", ["orders.id", "orders.open"], ["orders.total"]),
        ("require id in orders else fail \"no\"", ["orders.id"], []),
        ("require count(orders) > 0 else fail \"no\"", ["orders.id"], []),
        ("count = sum(o.total for o in orders)", ["orders.id", "orders.total"], ["count"]),
        ("count = total_of(id)", ["orders.id", "orders.total"], ["count"]),
        ("box.size = box.size + 1", ["box.size"], ["box.size"]),
        ("box = Box(size: 1, note: box.note)", ["box.note"], ["box"]),
        ("add User(id: fresh_id(users), credit: 0) to users", ["users.id"], ["users"]),
        ("remove orders[id]", [], ["orders"]),
        ("pay(id)", ["users.credit", "users.id"], ["users.credit"]),
        ("let o = orders[id] else fail \"no\"\n  let lines = o.lines\n  count = len(lines)",
         ["orders.id", "orders.lines"], ["count"]),
        ("let o = first(x for x in orders if x.total > 1) else fail \"no\"\n  o.owner = id",
         ["orders.id", "orders.total"], ["orders.owner"]),
        ("let o = orders[id] else fail \"no\"\n  let copy = o with { total: 1 }\n  count = copy.total",
         ["orders"], ["count"]),
    ],
)  # fmt: skip
def test_reads_and_writes(statements: str, reads: list[str], writes: list[str], tmp_path: Path) -> None:
    core = effects(f"fn probe(id: Text) in Shop {{\n  {statements}\n}}", tmp_path).core()
    assert (core["reads"], core["writes"]) == (reads, writes)


def test_a_row_that_is_given_back_is_read_whole(tmp_path: Path) -> None:
    body = 'tool probe(id: Text) -> Order in Shop {\n  let o = orders[id] else fail "no"\n  return o\n}'
    assert effects(body, tmp_path).core()["reads"] == ["orders"]


def test_a_value_that_a_loop_carries_back(tmp_path: Path) -> None:
    body = """fn probe() -> Int in Shop {
  var last = 0
  for o in orders {
    count = last
    last = o.total
  }
  return last
}"""
    assert effects(body, tmp_path).core()["reads"] == ["orders.id", "orders.total"]


def test_a_place_that_is_given_back_is_not_read(tmp_path: Path) -> None:
    body = """fn open_order(id: Text) -> row Order in Shop {
  let o = orders[id] else fail "no"
  require o.open else fail "shut"
  return o
}
fn shut(order: row Order) in Shop { order.open = false }
fn probe(id: Text) in Shop {
  let o = open_order(id)
  o.total += 1
  shut(o)
}
"""
    core = effects(body, tmp_path).core()
    assert core["reads"] == ["orders.id", "orders.open", "orders.total"]
    assert core["writes"] == ["orders.open", "orders.total"]


def test_what_a_pure_function_reads_of_its_arguments_is_the_callers(tmp_path: Path) -> None:
    assert effects("", tmp_path, "doubled").pure
    assert effects("fn probe() -> Int in Shop { return count }", tmp_path, "total_of").core()["reads"] == [
        "orders.id", "orders.total",
    ]  # fmt: skip


def test_failing_chance_and_asking(tmp_path: Path) -> None:
    body = """
fn roll(dice: Chance) -> Float { return uniform(dice, 0.0, 1.0) }
## Pays.
agent Payer(id: Text) -> Text {
  model: small
  tools: [pay]
  prompt: "Pay {{ id }}"
}
## Tries.
agent Tries(id: Text) -> Text {
  return Payer(id) ?? "Not paid."
}
## Plays.
agent Plays(calls: [Call]) -> Text {
  play(calls)
  return "done"
}
"""
    assert effects(body, tmp_path, "roll").core() == {
        "reads": [], "writes": [], "fails": False, "chance": True, "asks": [], "extern": [],
    }  # fmt: skip
    payer = effects(body, tmp_path, "Payer").core()
    assert (payer["writes"], payer["asks"], payer["fails"]) == (["users.credit"], ["small"], True)
    tries = effects(body, tmp_path, "Tries").core()
    assert (tries["writes"], tries["asks"], tries["fails"]) == (["users.credit"], ["small"], False)
    assert effects(body, tmp_path, "Plays").plays


CLAUSES = """record Order { id: Text, open: Bool = true, total: Int = 0 }
world Shop { orders: table Order by id, count: Int = 0 }
"""


@pytest.mark.parametrize(
    ("declaration", "found"),
    [
        ("fn f() -> Int in Shop reads count { return count }", []),
        ("fn f() in Shop reads orders, count writes count { count = count(orders) }", []),
        ("fn f() in Shop writes count { count = count(orders) }", []),
        ("fn f() in Shop reads orders.id writes count { count = count(orders) }", []),
        (
            "fn f() in Shop reads orders.total writes count { count = count(orders) }",
            [("NEX0413", "reads orders.total")],
        ),
        ("fn f() in Shop writes coumt { count = 1 }", [("NEX0852", "coumt")]),
        ("fn f() in Shop writes orders.colour { count = 1 }", [("NEX0852", "colour")]),
        ("fn f(n: Int) -> Int pure { return n + 1 }", []),
        ("fn f() -> Int in Shop pure { return count }", [("NEX0853", "pure")]),
        ("fn f(dice: Chance) -> Float pure { return uniform(dice, 0.0, 1.0) }", [("NEX0853", "pure")]),
    ],
)
def test_clauses(declaration: str, found: list[tuple[str, str]], tmp_path: Path) -> None:
    assert marked(CLAUSES + declaration + "\n", tmp_path) == found


def test_the_fix_of_a_clause_names_what_is_missing(tmp_path: Path) -> None:
    text = CLAUSES + "fn f() in Shop writes orders.open {\n  for o in orders { o.open = false  o.total = 0 }\n}\n"
    (found,) = checked(text, tmp_path).diagnostics
    (edit,) = found.fixes[0].edits
    mended = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert checked(mended, tmp_path).diagnostics == []
