"""A small shop by hand: what generated modules look like to the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nexlang.worlds.engine import FLOAT, INT, TEXT, Context, Record, Table, ToolFailure, World, define
from nexlang.worlds.engine.codecs import list_of, map_of, one_of, optional, refined, union
from nexlang.worlds.engine.session import CallCodec, tool, toolbox
from nexlang.worlds.engine.state import define_world, slot
from nexlang.worlds.engine.tables import table


class GiftCard(Record):
    id: str
    balance: float


class CreditCard(Record):
    id: str


class Line(Record):
    sku: str
    price: float


class User(Record):
    id: str
    name: str
    methods: Mapping[str, GiftCard | CreditCard]


class Order(Record):
    id: str
    user: str
    status: str
    lines: Sequence[Line]
    note: str | None


METHOD = union("Method", "source", {"gift": GiftCard, "card": CreditCard})
define(
    GiftCard, {"id": TEXT, "balance": refined(FLOAT, "where it >= 0", where=lambda it: it >= 0.0)},
    tag=("source", "gift"),
)  # fmt: skip
define(CreditCard, {"id": TEXT}, tag=("source", "card"))
define(Line, {"sku": TEXT, "price": FLOAT})
define(User, {"id": TEXT, "name": TEXT, "methods": map_of(TEXT, METHOD)})
define(
    Order,
    {"id": TEXT, "user": TEXT, "status": one_of("open", "paid"), "lines": list_of(Line), "note": optional(TEXT)},
    require=[(lambda it: it.id != it.user, "id != user")],
)


class Shop(World):
    users: Table[str, User]
    orders: Table[str, Order]
    count: int


define_world(Shop, {"users": table(User, "id"), "orders": table(Order, "id"), "count": slot(INT, lambda: 0)})

DATA = {
    "users": {"u1": {"id": "u1", "name": "Ada", "methods": {"g": {"source": "gift", "id": "g", "balance": 5}}}},
    "orders": [
        {"id": "o1", "user": "u1", "status": "open", "lines": [{"sku": "a", "price": 1.5}]},
        {"id": "o2", "user": "u1", "status": "paid", "lines": []},
    ],
}


def pay(ctx: Context[Shop], order: str) -> Order:
    found = ctx.world.orders.get(order)
    if found is None:
        raise ToolFailure("Order not found")
    found = found._copy()
    found.status = "paid"
    ctx.world.orders.put(found)
    ctx.world.count = ctx.world.count + 1
    if not found.lines:
        raise ToolFailure("Nothing to pay", "Empty")
    return found


TOOLS = toolbox(CallCodec(), tool("pay", pay, Shop, {"order": TEXT}, Order))
