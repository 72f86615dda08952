"""Mistakes other than misspelt names, one at a time in the desk: the code, what is marked, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.compiler import compile

DESK = Path(__file__).parent / "desk.nex"
TEXT = DESK.read_text(encoding="utf-8")

MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "literal of another type": (
        'user_id: "ann", status: pending, paid: []) to',
        "user_id: 7, status: pending, paid: []) to",
        "NEX0301",
        "7",
    ),
    "text for a number": (
        "round(card.balance + charge.amount, 2)",
        'round(card.balance + charge.amount, "2")',
        "NEX0301",
        '"2"',
    ),
    "number for a text": ("-= owed(order)", '-= "much"', "NEX0302", '"much"'),
    "float for an int": ("rounds: 8", "rounds: 8.5", "NEX0504", "8.5"),
    "condition that is none": ("require order.status == pending", "require order.status", "NEX0301", "order.status"),
    "missing case": ("is delivered, cancelled, returned { }", "is delivered, cancelled { }", "NEX0313", "match"),
    "case twice": (
        "is delivered, cancelled, returned { }",
        "is delivered, cancelled, returned, pending { }",
        "NEX0314",
        "pending",
    ),
    "missing argument": (
        'cancel_order(ticket.order, "no longer needed")',
        "cancel_order(ticket.order)",
        "NEX0306",
        "cancel_order",
    ),
    "argument too many": ("refund(c) for", "refund(c, c) for", "NEX0307", "c"),
    "argument twice": ("Customer(ticket: task)", "Customer(ticket: task, ticket: task)", "NEX0309", "ticket: task"),
    "missing field": (', note: "done")', ")", "NEX0311", "Resolution"),
    "missing argument of an actor": ("clerk: Clerk(ticket: task)", "clerk: Clerk()", "NEX0306", "Clerk"),
    "another record for an agent": (
        "customer: Customer(ticket: task)",
        "customer: Customer(ticket: world)",
        "NEX0301",
        "world",
    ),
    "optional as a value": (
        'let user = users[order.user_id] else fail "User not found"',
        "let user = users[order.user_id]",
        "NEX0303",
        "user",
    ),
    "else for what is there": (
        "let refunds = [refund(c) for c in order.paid]",
        'let refunds = [refund(c) for c in order.paid] else fail "x"',
        "NEX0328",
        "[refund(c) for c in order.paid]",
    ),
    "let that is assigned": ("order.status = cancelled", "refunds = []", "NEX0401", "refunds"),
    "parameter that is assigned": ("order.status = cancelled", 'reason = "ordered by mistake"', "NEX0401", "reason"),
    "parameter's field that is assigned": (
        "  return charge with",
        '  charge.kind = "refund"\n  return charge with',
        "NEX0402",
        "charge.kind",
    ),
    "key that is assigned": ("order.status = cancelled", 'order.order_id = "#W002"', "NEX0405", "order_id"),
    "path through what may be none": (
        "order.status = cancelled",
        "orders[order_id].status = cancelled",
        "NEX0407",
        "orders[order_id]",
    ),
    "table that is assigned": ("order.status = cancelled", "orders = []", "NEX0421", "orders"),
    "world without in": (
        '-> Order in Shop {\n  let order = orders[order_id] else fail "Order not found"\n  return',
        '-> Order {\n  let order = orders[order_id] else fail "Order not found"\n  return',
        "NEX0205",
        "orders",
    ),
    "recursion": ("return sum(c.amount for", "return owed(order) + sum(c.amount for", "NEX0410", "owed"),
    "delegation cycle": (
        "  tools: [find_order]\n",
        "  tools: [find_order]\n  delegates: [Clerk]\n",
        "NEX0505",
        "Clerk",
    ),
    "tool held twice": (
        "[find_order, cancel_order]",
        "[find_order, cancel_order, find_order]",
        "NEX0508",
        "find_order",
    ),
    "refinement of a literal": ('expect cancel_order("#W001"', 'expect cancel_order("W001"', "NEX0322", '"W001"'),
    "refinement of a default": (
        "balance: Float where it >= 0",
        "balance: Float where it >= 0 = -1.0",
        "NEX0322",
        "-1.0",
    ),
    "writes that the clause leaves out": (
        '-> Order in Shop {\n  let order = orders[order_id] else fail "Order not found"\n  require',
        '-> Order in Shop writes users {\n  let order = orders[order_id] else fail "Order not found"\n  require',
        "NEX0413",
        "writes users",
    ),
    "missing return": ("  return order\n}\n\nmodel", "}\n\nmodel", "NEX0326", "}"),
    "unreachable": (
        "  return order\n}\n\nmodel",
        "  return order\n  return order\n}\n\nmodel",
        "NEX0327",
        "return order",
    ),
    "unused call": (
        "  let done = cancel_order",
        "  len(ticket.facts)\n  let done = cancel_order",
        "NEX0332",
        "len(ticket.facts)",
    ),
    "method": ("round(card.balance + charge.amount, 2)", "card.balance.round(2)", "NEX0335", "card.balance.round(2)"),
    "comparison that never holds": ('ticket.order == ""', "ticket.order == 3", "NEX0321", "3"),
    "declared twice": ("record Resolution {", "record Charge { a: Int }\nrecord Resolution {", "NEX0201", "Charge"),
    "field twice": ("note: Text }", "note: Text, solved: Bool }", "NEX0212", "solved"),
    "component twice": ("waste: clamp", "told: clamp", "NEX0212", "told"),
    "role twice": ("clerk: Clerk(ticket", "customer: Clerk(ticket", "NEX0212", "customer"),
    "snake-case record": (
        "record Resolution {",
        "record the_end { a: Int }\nrecord Resolution {",
        "NEX0202",
        "the_end",
    ),
    "no prompt": ('  prompt: "Answer: {{ question }}"\n', "", "NEX0503", "Billing"),
    "no world": ("  world: Shop\n", "", "NEX0503", "Desk"),
    "bad pattern": ('"#W[0-9]{3}"', '"#W[0-9"', "NEX0337", '"#W[0-9"'),
    "reward without a bound": (
        "clamp(count(c for c in calls if c.failed), 0, 10)",
        "count(c for c in calls if c.failed)",
        "NEX0521",
        "count(c for c in calls if c.failed)",
    ),
    "reward that never changes": ("state: world == replay(task.actions)", "state: true", "NEX0522", "true"),
    "reward that is a list": ("waste: clamp", "extra: task.facts\n    waste: clamp", "NEX0520", "task.facts"),
    "stand-in with other parameters": (
        "agent Script(ticket: Ticket)",
        "agent Script(ticket: Ticket, more: Text)",
        "NEX0506",
        "Clerk",
    ),
    "stage without a rate": ("until success >= 70%", "until solved", "NEX0524", "solved"),
    "tasks that are none": ("tasks: tickets()", "tasks: 3", "NEX0525", "3"),
    "missing task file": ("tasks: tickets()", 'tasks: Ticket from "tickets.jsonl"', "NEX0601", '"tickets.jsonl"'),
    "not there yet": ("  split: task.split\n", "  split: task.split\n  turn_order: clerk\n", "NEX0901", "turn_order"),
    "clock that does not say whether it runs": (
        "  split: task.split\n",
        '  split: task.split\n  clock: "2025-02-25T12:08:00"\n',
        "NEX0531",
        '"2025-02-25T12:08:00"',
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_gives_one_diagnostic(name: str) -> None:
    old, new, code, marked = MISTAKES[name]
    assert TEXT.count(old) == 1
    text = TEXT.replace(old, new)
    found = compile(DESK, {str(DESK): text}).diagnostics
    assert [(d.code, text[d.span.start : d.span.end]) for d in found] == [(code, marked)]


def test_five_mistakes_give_five() -> None:
    text = TEXT
    for name in ("missing case", "argument too many", "recursion", "delegation cycle", "not there yet"):
        old, new, *_ = MISTAKES[name]
        text = text.replace(old, new)
    found = compile(DESK, {str(DESK): text}).diagnostics
    assert sorted(d.code for d in found) == ["NEX0307", "NEX0313", "NEX0410", "NEX0505", "NEX0901"]


DECLARED: dict[str, tuple[str, str, str, str]] = {
    "type": ("type OrderId =", "type OrdersId =", "NEX0204", "OrdersId"),
    "field": ("\n  paid: [Charge]", "\n  payed: [Charge]", "NEX0312", "payed"),
    "function": ("fn owed(", "fn owes(", "NEX0206", "owes"),
    "slot": ("revenue: Float", "revenues: Float", "NEX0205", "revenues"),
    "model": ("model large =", "model larger =", "NEX0219", "larger"),
    "world": ("world Shop {", "world Shops {", "NEX0216", "Shops"),
}


@pytest.mark.parametrize("name", DECLARED)
def test_a_name_misspelt_where_it_is_declared_is_missing_once(name: str) -> None:
    old, new, code, right = DECLARED[name]
    text = TEXT.replace(old, new)
    found = compile(DESK, {str(DESK): text}).diagnostics
    assert [d.code for d in found if d.code != "NEX0311"] == [code]
    fixed = text
    for edit in sorted(found[0].fixes[0].edits, key=lambda edit: -edit.span.start):
        assert edit.text == right
        fixed = fixed[: edit.span.start] + edit.text + fixed[edit.span.end :]
    again = compile(DESK, {str(DESK): fixed}).diagnostics
    assert [d.code for d in again if d.code == code] == []
