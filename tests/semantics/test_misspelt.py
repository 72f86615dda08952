"""A name misspelt in one place: its exact span, the right suggestion first, and nothing else reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.compiler import compile
from nexlang.diagnostics import Diagnostic

DESK = Path(__file__).parent / "desk.nex"
TEXT = DESK.read_text(encoding="utf-8")

MISSPELT: dict[str, tuple[str, str, str, str, str]] = {
    "type of a field": ("paid: [Charge]", "paid: [Chrage]", "NEX0204", "Chrage", "Charge"),
    "built-in type": ("user_id: Text\n  status", "user_id: Txt\n  status", "NEX0204", "Txt", "Text"),
    "type of a parameter": ("fn owed(order: Order)", "fn owed(order: Ordre)", "NEX0204", "Ordre", "Order"),
    "type of a result": ("-> Resolution {\n  model", "-> Resolutoin {\n  model", "NEX0204", "Resolutoin", "Resolution"),
    "enum type": ("status: Status\n", "status: Staus\n", "NEX0204", "Staus", "Status"),
    "alias": ("order_id: OrderId\n", "order_id: OrderID\n", "NEX0204", "OrderID", "OrderId"),
    "record of a table": ("users: table User", "users: table Usr", "NEX0204", "Usr", "User"),
    "key of a table": ("by order_id", "by orderid", "NEX0330", "orderid", "order_id"),
    "record of a union": ("gift_card: GiftCard\n", "gift_card: GitfCard\n", "NEX0204", "GitfCard", "GiftCard"),
    "field": ("order.status == pending", "order.staus == pending", "NEX0312", "staus", "status"),
    "field of a field's row": ("c.amount for c", "c.amuont for c", "NEX0312", "amuont", "amount"),
    "field of a place": ("order.reason = reason", "order.raeson = reason", "NEX0312", "raeson", "reason"),
    "field that grows": ("order.paid += refunds", "order.piad += refunds", "NEX0312", "piad", "paid"),
    "field in a constructor": ("solved: done.status", "sovled: done.status", "NEX0312", "sovled", "solved"),
    "field in with": ('{ kind: "refund" }', '{ knd: "refund" }', "NEX0312", "knd", "kind"),
    "field of a call": ("if c.failed)", "if c.faled)", "NEX0312", "faled", "failed"),
    "field of a task in a reward": ("messages, task.facts", "messages, task.fact", "NEX0312", "fact", "facts"),
    "field of a task in an actor": (
        "customer: Customer(ticket: task)",
        "customer: Customer(ticket: tusk)",
        "NEX0205",
        "tusk",
        "task",
    ),
    "field of a task in a stage": (
        "count(task.actions) <= 3",
        "count(task.action) <= 3",
        "NEX0312",
        "action",
        "actions",
    ),
    "field of a task in split": ("split: task.split", "split: task.splt", "NEX0312", "splt", "split"),
    "field of a task in a solution": (
        "solution: task.actions",
        "solution: task.actoins",
        "NEX0312",
        "actoins",
        "actions",
    ),
    "variable": ("for charge in order.paid {", "for charge in ordr.paid {", "NEX0205", "ordr", "order"),
    "loop name": ("card.balance + charge.amount", "card.balance + chrage.amount", "NEX0205", "chrage", "charge"),
    "bound case": ("round(card.balance", "round(crad.balance", "NEX0205", "crad", "card"),
    "let": ("order.paid += refunds", "order.paid += refnds", "NEX0205", "refnds", "refunds"),
    "table": ("let user = users[", "let user = usres[", "NEX0205", "usres", "users"),
    "slot that is assigned": ("revenue -= owed", "revenu -= owed", "NEX0205", "revenu", "revenue"),
    "function": ("refund(c) for c", "refnd(c) for c", "NEX0206", "refnd", "refund"),
    "built-in function": ("round(card", "rond(card", "NEX0206", "rond", "round"),
    "aggregate": ("clamp(count(c for", "clamp(cuont(c for", "NEX0206", "cuont", "count"),
    "record that is made": (
        "return Resolution(solved",
        "return Resolutin(solved",
        "NEX0206",
        "Resolutin",
        "Resolution",
    ),
    "imported function": ("told: mentioned(", "told: mentoined(", "NEX0206", "mentoined", "mentioned"),
    "module": ("use std.rewards", "use std.reward", "NEX0208", "std.reward", "std.rewards"),
    "import": ("{ mentioned }", "{ mentoined }", "NEX0209", "mentoined", "mentioned"),
    "maker": ("{ endpoint }", "{ endpiont }", "NEX0209", "endpiont", "endpoint"),
    "enum case": ("status == pending else", "status == pendng else", "NEX0304", "pendng", "pending"),
    "enum case that is assigned": (
        "order.status = cancelled",
        "order.status = canceled",
        "NEX0304",
        "canceled",
        "cancelled",
    ),
    "enum case in a match": ("is delivered, cancelled", "is deliverd, cancelled", "NEX0315", "deliverd", "delivered"),
    "union case": ("is GiftCard as", "is GiftCrad as", "NEX0315", "GiftCrad", "GiftCard"),
    "literal": ('kind: "refund" }', 'kind: "refnd" }', "NEX0305", '"refnd"', '"refund"'),
    "literal that is compared": ('c.kind == "payment"', 'c.kind == "paymnt"', "NEX0305", '"paymnt"', '"payment"'),
    "literal argument": (
        '.order, "no longer needed"',
        '.order, "no longer neded"',
        "NEX0305",
        '"no longer neded"',
        '"no longer needed"',
    ),
    "named argument": ("call cancel_order(order_id:", "call cancel_order(ordr_id:", "NEX0308", "ordr_id", "order_id"),
    "named argument of an agent": ("clerk: Clerk(ticket:", "clerk: Clerk(tiket:", "NEX0308", "tiket", "ticket"),
    "world of a tool": (
        '-> Order in Shop {\n  let order = orders[order_id] else fail "Order not found"\n  return',
        '-> Order in Shp {\n  let order = orders[order_id] else fail "Order not found"\n  return',
        "NEX0216",
        "Shp",
        "Shop",
    ),
    "world of an environment": ("world: Shop", "world: Shopp", "NEX0216", "Shopp", "Shop"),
    "slot of a world": (
        "setup {\n    add User",
        "stop when world.revenu > 1.0\n  setup {\n    add User",
        "NEX0420",
        "revenu",
        "revenue",
    ),
    "tool that is held": (
        "[find_order, cancel_order]",
        "[find_order, cancel_ordr]",
        "NEX0217",
        "cancel_ordr",
        "cancel_order",
    ),
    "tool as data": ("[call cancel_order(", "[call cancel_oder(", "NEX0217", "cancel_oder", "cancel_order"),
    "tool in a test": ("expect cancel_order(", "expect cancel_oder(", "NEX0206", "cancel_oder", "cancel_order"),
    "tool in a flow agent": (
        "let done = cancel_order(",
        "let done = cancel_oder(",
        "NEX0206",
        "cancel_oder",
        "cancel_order",
    ),
    "delegate": ("delegates: [Billing]", "delegates: [Biling]", "NEX0218", "Biling", "Billing"),
    "actor's agent": ("clerk: Clerk(", "clerk: Clark(", "NEX0218", "Clark", "Clerk"),
    "agent that learns": ("learns: [Clerk]", "learns: [Clark]", "NEX0218", "Clark", "Clerk"),
    "agent that is played": ("plays: Clerk", "plays: Clark", "NEX0218", "Clark", "Clerk"),
    "agent that demonstrates": ("demos: Script", "demos: Scirpt", "NEX0218", "Scirpt", "Script"),
    "model": (
        "model: large\n  tools: [find_order, ",
        "model: lrage\n  tools: [find_order, ",
        "NEX0219",
        "lrage",
        "large",
    ),
    "environment of a run": ("environment: Desk", "environment: Dsk", "NEX0220", "Dsk", "Desk"),
    "environment of a test": ('cancelled" in Desk', 'cancelled" in Dsk', "NEX0220", "Dsk", "Desk"),
    "table in a test": ("given orders[", "given oders[", "NEX0205", "oders", "orders"),
    "component": ("solved: state and", "solved: stae and", "NEX0205", "stae", "state"),
    "component in success": ("success: solved", "success: sovled", "NEX0205", "sovled", "solved"),
    "name in stop": ("stop when count(calls)", "stop when count(cals)", "NEX0205", "cals", "calls"),
    "constant in a prompt": ("{{ greeting }}", "{{ greting }}", "NEX0511", "greting", "greeting"),
    "parameter in a prompt": ("{{ ticket.message }}", "{{ tickt.message }}", "NEX0511", "tickt", "ticket"),
    "field in a prompt": ("{{ ticket.message }}", "{{ ticket.mesage }}", "NEX0512", "mesage", "message"),
    "field of a loop in a prompt": ("in ticket.facts %}", "in ticket.fcts %}", "NEX0512", "fcts", "facts"),
    "name in a short prompt": ("{{ question }}", "{{ qestion }}", "NEX0511", "qestion", "question"),
    "property of an agent": ("delegates: [Billing]", "delegats: [Billing]", "NEX0501", "delegats", "delegates"),
    "property of an environment": ("rounds: 8", "rouns: 8", "NEX0501", "rouns", "rounds"),
    "property of a run": ("learns: [Clerk]\n  base", 'learns: [Clerk]\n  bse: "x"\n  base', "NEX0501", "bse", "base"),
    "property of a stage": ("{ tasks: count(task.", "{ taks: count(task.", "NEX0501", "taks", "tasks"),
    "property that is needed": (
        "model: large\n  tools: [find_order, ",
        "mdel: large\n  tools: [find_order, ",
        "NEX0501",
        "mdel",
        "model",
    ),
    "tasks of an environment": ("tasks: tickets()", "task: tickets()", "NEX0501", "task", "tasks"),
    "demonstrations": ("demos: Script", "demo: Script", "NEX0501", "demo", "demos"),
    "limit": ("{ steps: 12 }", "{ stesp: 12 }", "NEX0501", "stesp", "steps"),
    "option of a memory": ("window(turns: 20)", "window(turn: 20)", "NEX0501", "turn", "turns"),
    "option of a model": ("temperature: 0.2", "temprature: 0.2", "NEX0501", "temprature", "temperature"),
    "option of imitate": ("epochs: 2", "epoch: 2", "NEX0501", "epoch", "epochs"),
    "option of reinforce": ("group: 8", "groups: 8", "NEX0501", "groups", "group"),
    "value of an option": ("algorithm: grpo", "algorithm: grop", "NEX0504", "grop", "grpo"),
    "phase": ("reinforce {", "reinforc {", "NEX0501", "reinforc", "reinforce"),
}

"""What is spoilt: the text around it, the same misspelt, the code, what is marked, what it should be."""


def spoilt(old: str, new: str) -> list[Diagnostic]:
    assert TEXT.count(old) == 1, f"{old!r} is there {TEXT.count(old)} times"
    return compile(DESK, {str(DESK): TEXT.replace(old, new)}).diagnostics


def test_the_desk_is_clean() -> None:
    compilation = compile(DESK)
    assert [(d.code, d.message) for d in compilation.diagnostics] == []
    assert compilation.program.environments[0].name == "Desk"


@pytest.mark.parametrize("name", MISSPELT)
def test_one_diagnostic_with_the_span_and_the_suggestion(name: str) -> None:
    old, new, code, marked, right = MISSPELT[name]
    text = TEXT.replace(old, new)
    found = spoilt(old, new)
    assert [(d.code, d.message) for d in found] == [(code, found[0].message)] if found else False
    [diagnostic] = found
    assert text[diagnostic.span.start : diagnostic.span.end] == marked
    assert text[: diagnostic.span.start].count("\n") == text[: text.index(new)].count("\n") + new[
        : new.index(marked)
    ].count("\n")
    assert diagnostic.fixes, "nothing is suggested"
    assert diagnostic.fixes[0].edits[0].text == right


@pytest.mark.parametrize("name", MISSPELT)
def test_the_first_fix_makes_the_program_clean(name: str) -> None:
    old, new, *_ = MISSPELT[name]
    text = TEXT.replace(old, new)
    for diagnostic in spoilt(old, new):
        for edit in diagnostic.fixes[0].edits if diagnostic.fixes else ():
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    again = compile(DESK, {str(DESK): text}).diagnostics
    assert [(d.code, d.message) for d in again if d.severity == "error" and d.code != "NEX0502"] == []
