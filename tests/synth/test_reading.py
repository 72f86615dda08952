"""What a description is read as, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from nexlang.synth import Unserved, read

PLANS: list[tuple[str, dict[str, Any]]] = [
    ("A shop.", {"kit": "orders", "tools": ("cancel_order", "redirect_order", "refund_order"), "tasks": 24}),
    ("A hotel with 15 rooms.", {"kit": "bookings", "rows": {"guest": 24, "room": 15, "booking": 40}}),
    ("A warehouse.", {"kit": "inventory", "nouns": {"item": "item", "depot": "warehouse"}}),
    ("Help desk of a webshop: refunds within 14 days.", {"rules": {"refund_days": 14}}),
    ("A shop with a 10-day refund policy.", {"rules": {"refund_days": 10}}),
    ("A shop that refunds up to 50 euros.", {"rules": {"refund_limit": 5_000}}),
    ("A shop that refunds up to $200 only.", {"rules": {"refund_limit": 20_000}}),
    ("A clinic; cancel at least three days before.", {"rules": {"cancel_days": 3}}),
    ("A salon for clients: at most 2 appointments per client.", {"rules": {"most_bookings": 2}}),
    ("Stock that never falls below 12, at most 20 at once.", {"rules": {"reserve": 12, "most_shipped": 20}}),
    ("A shop that handles refunds and cancellations.", {"tools": ("cancel_order", "refund_order")}),
    ("A shop with 60 tasks, 16 held out.", {"tasks": 60, "held_out": 16, "rows": {"customer": 24, "order": 60}}),
    ("A bakery, hard.", {"difficulty": "hard"}),
    ("An easy hotel, failures in German.", {"difficulty": "easy", "language": "German"}),
    ("A shop, in order to train without a network.", {"kit": "orders"}),
    ("A shop for returned items.", {"kit": "orders"}),
    ("A bike rental shop.", {"kit": "bookings", "nouns": {"guest": "guest", "room": "bike", "booking": "rental"}}),
    ("A store: refunds up to $500 within 60 days.", {"rules": {"refund_days": 60, "refund_limit": 50_000}}),
    ("A warehouse with 3 depots.", {"nouns": {"item": "item", "depot": "depot"}, "rows": {"item": 40, "depot": 3}}),
    ("A parcel store for members.", {"nouns": {"customer": "member", "order": "parcel"}}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), PLANS)
def test_what_is_said_is_in_the_plan(text: str, wanted: dict[str, Any]) -> None:
    plan = read(text)
    assert {name: getattr(plan, name) for name in wanted} == wanted


TREES = [
    ("A shop with one agent.", ["Clerk"]),
    ("A shop with a planner.", ["Planner", "CancellationsAndRedirections", "Refunds"]),
    ("A shop with three delegates.", ["Planner", "Cancellations", "Redirections", "Refunds"]),
    ("A shop with two agents for refunds.", ["Planner", "Refunds"]),
    ("A shop: a refund specialist and a cancellation specialist.", ["Planner", "Cancellations", "Refunds"]),
    ("A warehouse to ship from, with a planner.", ["Planner", "Shipping"]),
    ("A shop for refunds, three levels.", ["Planner", "Refunds", "RefundsSpecialist"]),
]


@pytest.mark.parametrize(("text", "names"), TREES)
def test_trees_take_the_shape_that_is_asked_for(text: str, names: list[str]) -> None:
    assert [node.name for node in read(text).tree.nodes()] == names


REFUSED = [
    ("", "the description has no words"),
    ("A poem about spring.", "no kit serves “a poem about spring.”"),
    ("A robot arm in a warehouse.", "robots and machines that move (“arm”, “robot”)"),
    ("A shop that one uses in a browser.", "browsers and web pages (“browser”)"),
    ("A shop with a payments API over the network.", "calls over a network (“api”, “network”)"),
    ("A shop with emails and a database.", "databases and files (“database”), mail and chat services (“emails”)"),
    ("A shop that can predict churn.", "cannot serve “predict churn”"),
    ("A shop that handles refunds, loyalty points.", "cannot serve “loyalty points”"),
    ("A shop with gift cards.", "cannot serve “gift cards”"),
    ("A shop: a billing specialist.", "cannot serve a “billing specialist”"),
    (
        "A shop where refunds over 100 dollars need the owner's approval.",
        "cannot serve the rule “a shop where refunds over",
    ),
    ("A shop. Refunds only on Mondays.", "cannot serve the rule “refunds only on mondays”"),
    ("A shop where clerks must be polite.", "must be polite”"),
    ("A hotel with orders.", "orders (“orders”) and bookings (“hotel”)"),
    ("A hotel, failures in Japanese.", "cannot serve failures in Japanese"),
    ("A shop with 5,000 tasks.", "cannot serve 5000 tasks; from 4 to 400"),
    ("A shop with 30 tasks and 10 orders.", "cannot serve 10 orders for 30 tasks"),
    ("A shop with 10 tasks, 10 held out.", "cannot hold out 10 of 10"),
    ("A shop with refunds within 900 days.", "refund_days is from 1 to 90"),
    ("A clinic with five delegates.", "cannot serve 5 delegates"),
    ("A clinic, four levels.", "cannot serve 4 levels"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_cannot_be_served_is_named(text: str, message: str) -> None:
    with pytest.raises(Unserved) as caught:
        read(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_words_that_change_nothing_are_listed() -> None:
    assert read("A cosy shop near the sea.").unused == ("cosy", "near", "sea")


def test_the_explanation_names_every_choice() -> None:
    shown = read(
        "A clinic for patients: at most 2 appointments per patient, a planner, failures in French.", 5
    ).explain()
    for part in [
        "std.kits.bookings",
        "guest → patient",
        "most_appointments = 2",
        "in French",
        "Planner",
        "seed        5",
    ]:
        assert part in shown
