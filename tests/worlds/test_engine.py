"""Worlds, records, sessions: what stays, what is undone, what is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexlang.worlds.engine import FLOAT, TEXT, Mismatch, Session, ToolFailure
from nexlang.worlds.engine.codecs import refined
from tests.worlds.shop import DATA, TOOLS, GiftCard, Line, Order, Shop


def order(key: str, **more: Any) -> Order:
    return Order(**{"id": key, "user": "u1", "status": "open", "lines": [], "note": None, **more})


def test_a_record_keeps_its_text_and_a_copy_does_not() -> None:
    first = Shop.load(DATA).orders["o1"]
    text = '{"id": "o1", "user": "u1", "status": "open", "lines": [{"sku": "a", "price": 1.5}], "note": null}'
    assert first._text() == text and first._json == text
    copy = first._copy()
    copy.note = 'é "quoted"'
    assert json.loads(copy._text())["note"] == 'é "quoted"'
    assert first._text() == text and copy != first


def test_a_unions_case_writes_its_tag_first() -> None:
    assert GiftCard("g", 5.0)._text() == '{"source": "gift", "id": "g", "balance": 5.0}'


def test_a_failing_call_leaves_the_world_as_it_was() -> None:
    world = Shop.load(DATA)
    before = world.fork()
    answer = Session(TOOLS, world).call("pay", {"order": "o2"})
    assert (answer.error, answer.text, answer.code, answer.value) == (True, "Error: Nothing to pay", "Empty", None)
    assert world == before and world.digest() == before.digest() and world.diff(before) == []


def test_changes_are_said_by_path_and_lists_whole() -> None:
    base = Shop.load(DATA)
    world = base.fork()
    assert not Session(TOOLS, world).call("pay", {"order": "o1"}).error
    user = world.users["u1"]._copy()
    user.methods = {**user.methods, "g": GiftCard("g", 4.0)}
    world.users.put(user)
    world.orders.add(order("o3"))
    world.orders.remove("o2")
    changed = world.orders["o1"]._copy()
    changed.lines = [Line("b", 2.0)]
    world.orders.put(changed)
    assert world.diff(since=base) == [
        {"path": ["users", "u1", "methods", "g", "balance"], "value": 4.0},
        {"path": ["orders", "o1", "status"], "value": "paid"},
        {"path": ["orders", "o1", "lines"], "value": [{"sku": "b", "price": 2.0}]},
        {"path": ["orders", "o2"], "value": None, "removed": True},
        {"path": ["orders", "o3"], "value": order("o3")._plain()},
        {"path": ["count"], "value": 1},
    ]
    assert base == Shop.load(DATA)


def test_equality_ignores_the_order_of_rows_and_sees_through_different_bases() -> None:
    data = {**DATA, "orders": DATA["orders"][::-1]}  # type: ignore[index]
    assert Shop.load(data) == Shop.load(DATA)
    assert Shop.load(data).digest() == Shop.load(DATA).digest()
    assert Shop.load(Shop.load(DATA).encode()) == Shop.load(DATA)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"orders": {"o1": {"id": "o1"}}}, 'orders["o1"]: missing field "user", which is a Text'),
        ({"orders": {"o2": DATA["orders"][0]}}, 'orders["o2"]: the key differs from the record\'s id, "o1"'),  # type: ignore[index]
        ({"orders": [order("o1")._plain()] * 2}, 'orders[1]: a second record with the id "o1"'),
        ({"orders": [{**order("o1")._plain(), "lines": [{"sku": "a", "price": "abc"}]}]},
         'orders[0].lines[0].price: expected Float, got text "abc"'),
        ({"orders": [{**order("o1")._plain(), "lines": [{"sku": "a", "price": float("nan")}]}]},
         "orders[0].lines[0].price: expected Float, got number nan"),
        ({"orders": [{**order("o1")._plain(), "statuss": 1}]},
         'orders[0]: Order has no field "statuss"; did you mean "status"?'),
        ({"orders": [order("u1")._plain()]}, "orders[0]: Order requires id != user"),
        ({"users": [{"id": "u", "name": "n", "methods": {"x": {"source": "coin"}}}]},
         'users[0].methods["x"].source: expected "gift" or "card", got text "coin"'),
        ({"users": [{"id": "u", "name": "n", "methods": {"x": {"source": "gift", "id": "x", "balance": -1}}}]},
         'users[0].methods["x"].balance: expected Float where it >= 0, got number -1'),
        ({"count": True}, "count: expected Int, got true"),
        ({"stock": {}}, 'Shop has no table or slot "stock"'),
        ([], "expected an object with the tables and slots of Shop"),
    ],
)  # fmt: skip
def test_data_that_does_not_fit_is_refused_where_it_does_not(change: Any, said: str) -> None:
    with pytest.raises(Mismatch) as refused:
        Shop.load(change)
    assert str(refused.value) == said


KEYS = st.sampled_from(["o1", "o2", "n1", "n2", "n3"])
STEPS = st.lists(st.tuples(st.sampled_from(["put", "add", "remove", "mark", "restore", "fork"]), KEYS), max_size=25)


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_a_table_behaves_as_a_dict_with_perfect_memory(steps: list[tuple[str, str]]) -> None:
    base = Shop.load(DATA)
    world = base.fork()
    model: dict[str, Order] = {row.id: row for row in world.orders}
    marks: list[tuple[int, dict[str, Order]]] = [(world.snapshot(), dict(model))]
    for number, (step, key) in enumerate(steps):
        row = order(key, note=str(number))
        if step == "mark":
            marks.append((world.snapshot(), dict(model)))
        elif step == "restore":
            mark, model = marks.pop() if len(marks) > 1 else marks[0]
            world.restore(mark)
            model = dict(model)
        elif step == "fork":
            world, marks = world.fork(), [(0, dict(model))]
        elif step == "put" and key in model:
            world.orders.put(row)
            model[key] = row
        elif step == "add":
            try:
                world.orders.add(row)
                assert key not in model
                model[key] = row
            except ToolFailure:
                assert key in model
        elif step == "remove" and key in model:
            world.orders.remove(key)
            del model[key]
        assert list(world.orders.pairs()) == list(model.items())
        assert list(world.orders.rows()) == list(model.values())
        assert len(world.orders) == len(model)
    assert world == Shop.load(world.encode()) and world.digest() == Shop.load(world.encode()).digest()
    found = world.orders.find("note", lambda row: row.note, None)
    assert found == next((row for row in model.values() if row.note is None), None)
    assert base == Shop.load(DATA)


def test_a_refinement_that_cannot_be_evaluated_does_not_hold() -> None:
    codec = refined(FLOAT, "where 1 / it > 0", where=lambda it: 1 / it > 0)
    with pytest.raises(Mismatch, match="expected Float where 1 / it > 0, got number 0"):
        codec.decode(0)
    long = refined(TEXT, 'matching "(a*)(a*)"', pattern="(a*)(a*)")
    with pytest.raises(Mismatch):
        long.decode("a" * 100_000)
