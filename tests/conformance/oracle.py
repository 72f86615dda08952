"""The rules of the retail tools in plain Python, written from their description and not from `retail.nex`.

One `Shop` is one episode over the database. `call` gives (failed, answer): a text, or the record as JSON data.
A failing call leaves the shop as it was, as every check comes before the first write.
"""

from __future__ import annotations

import ast
import copy
import json
import operator
from collections.abc import Callable
from typing import Any

Json = Any
ANY_TEXT = "*"
"""Stands for a failure whose wording the rules leave open."""

OPTIONAL = (
    "cancel_reason",
    "exchange_items",
    "exchange_new_items",
    "exchange_payment_method_id",
    "exchange_price_difference",
    "return_items",
    "return_payment_method_id",
)


class Refusal(Exception):
    """A rule was broken; the text is what the caller sees."""


def check(holds: bool, message: str) -> None:
    if not holds:
        raise Refusal(message)


class Shop:
    def __init__(self, database: Json) -> None:
        self.users = _Overlay(database["users"])
        self.orders = _Overlay(database["orders"])
        self.products = database["products"]

    def call(self, tool: str, arguments: dict[str, Json]) -> tuple[bool, Json]:
        try:
            return False, copy.deepcopy(getattr(self, tool)(**arguments))
        except Refusal as refusal:
            return True, str(refusal)

    def changes(self) -> list[dict[str, Json]]:
        """Every place that differs from the database: path and new value; a list is given whole."""
        found: list[dict[str, Json]] = []
        for table in ("users", "orders"):
            overlay: _Overlay = getattr(self, table)
            for key, row in overlay.own.items():
                _differences([table, key], overlay.base[key], row, found)
        return found

    # ---- looking up

    def find_user_id_by_email(self, email: str) -> Json:
        return self._find(lambda user: user["email"].lower() == email.lower())

    def find_user_id_by_name_zip(self, first_name: str, last_name: str, zip: str) -> Json:
        wanted = (first_name.lower(), last_name.lower(), zip)
        return self._find(lambda u: (*(u["name"][k].lower() for k in NAMES), u["address"]["zip"]) == wanted)

    def get_user_details(self, user_id: str) -> Json:
        check(user_id in self.users, "User not found")
        return self.users[user_id]

    def get_order_details(self, order_id: str) -> Json:
        return self._shown(self._order(order_id))

    def get_product_details(self, product_id: str) -> Json:
        check(product_id in self.products, "Product not found")
        return self.products[product_id]

    def get_item_details(self, item_id: str) -> Json:
        found = [p["variants"][item_id] for p in self.products.values() if item_id in p["variants"]]
        check(bool(found), "Item not found")
        return found[0]

    def list_all_product_types(self) -> Json:
        return json.dumps({p["name"]: p["product_id"] for p in self.products.values()}, sort_keys=True)

    def calculate(self, expression: str) -> Json:
        check(set(expression) <= set("0123456789+-*/(). "), "Invalid characters in expression")
        return str(round(arithmetic(expression), 2))

    def transfer_to_human_agents(self, summary: str) -> Json:
        return "Transfer successful"

    # ---- pending orders

    def cancel_pending_order(self, order_id: str, reason: str) -> Json:
        order = self._order(order_id)
        check(order["status"] == "pending", "Non-pending order cannot be cancelled")
        check(reason in ("no longer needed", "ordered by mistake"), "Invalid reason")
        refunds = [{**paid, "transaction_type": "refund"} for paid in order["payment_history"]]
        for refund in refunds:
            self._credit(order, refund["payment_method_id"], refund["amount"])
        order.update(status="cancelled", cancel_reason=reason)
        order["payment_history"].extend(refunds)
        return self._shown(order)

    def modify_pending_order_address(self, order_id: str, **address: str) -> Json:
        order = self._order(order_id)
        check("pending" in order["status"], "Non-pending order cannot be modified")
        order["address"] = address
        return self._shown(order)

    def modify_user_address(self, user_id: str, **address: str) -> Json:
        check(user_id in self.users, "User not found")
        user = self.users[user_id]
        user["address"] = address
        return user

    def modify_pending_order_payment(self, order_id: str, payment_method_id: str) -> Json:
        order = self._order(order_id)
        check("pending" in order["status"], "Non-pending order cannot be modified")
        method = self._method(order, payment_method_id)
        history = order["payment_history"]
        one = len(history) == 1 and history[0]["transaction_type"] == "payment"
        check(one, "There should be exactly one payment for a pending order")
        old, amount = history[0]["payment_method_id"], history[0]["amount"]
        check(old != payment_method_id, "The new payment method should be different from the current one")
        check(_covers(method, amount), "Insufficient gift card balance to pay for the order")
        history.append({"transaction_type": "payment", "amount": amount, "payment_method_id": payment_method_id})
        history.append({"transaction_type": "refund", "amount": amount, "payment_method_id": old})
        self._credit(order, payment_method_id, -amount)
        self._credit(order, old, amount)
        return self._shown(order)

    def modify_pending_order_items(
        self, order_id: str, item_ids: list[str], new_item_ids: list[str], payment_method_id: str
    ) -> Json:
        order = self._order(order_id)
        check(order["status"] == "pending", "Non-pending order cannot be modified")
        for item_id in item_ids:
            check(item_ids.count(item_id) <= _held(order, item_id), f"{item_id} not found")
        check(len(item_ids) == len(new_item_ids), "The number of items to be exchanged should match")
        difference, variant = self._difference(order, item_ids, new_item_ids, must_differ=True)
        method = self._method(order, payment_method_id)
        check(_covers(method, difference), "Insufficient gift card balance to pay for the new item")
        order["payment_history"].append(
            {
                "transaction_type": "payment" if difference > 0 else "refund",
                "amount": abs(difference),
                "payment_method_id": payment_method_id,
            }
        )
        self._credit(order, payment_method_id, -difference)
        for old, new in zip(item_ids, new_item_ids, strict=True):
            item = next(item for item in order["items"] if item["item_id"] == old)
            item.update(item_id=new, price=variant["price"], options=variant["options"])
        order["status"] = "pending (item modified)"
        return self._shown(order)

    # ---- delivered orders

    def exchange_delivered_order_items(
        self, order_id: str, item_ids: list[str], new_item_ids: list[str], payment_method_id: str
    ) -> Json:
        order = self._order(order_id)
        check(order["status"] == "delivered", "Non-delivered order cannot be exchanged")
        for item_id in item_ids:
            check(item_ids.count(item_id) <= _held(order, item_id), f"Number of {item_id} not found.")
        check(len(item_ids) == len(new_item_ids), "The number of items to be exchanged should match.")
        difference = round(self._difference(order, item_ids, new_item_ids, must_differ=False)[0], 2)
        method = self._method(order, payment_method_id)
        check(_covers(method, difference), "Insufficient gift card balance to pay for the price difference")
        order.update(
            status="exchange requested",
            exchange_items=sorted(item_ids),
            exchange_new_items=sorted(new_item_ids),
            exchange_payment_method_id=payment_method_id,
            exchange_price_difference=difference,
        )
        return self._shown(order)

    def return_delivered_order_items(self, order_id: str, item_ids: list[str], payment_method_id: str) -> Json:
        order = self._order(order_id)
        check(order["status"] == "delivered", "Non-delivered order cannot be returned")
        method = self._method(order, payment_method_id)
        original = order["payment_history"][0]["payment_method_id"] == payment_method_id
        check(method["source"] == "gift_card" or original, "Payment method should be the original payment method")
        enough = all(item_ids.count(item_id) <= _held(order, item_id) for item_id in item_ids)
        check(enough, "Some item not found")
        order.update(
            status="return requested", return_items=sorted(item_ids), return_payment_method_id=payment_method_id
        )
        return self._shown(order)

    # ---- shared

    def _find(self, wanted: Callable[[Json], bool]) -> str:
        found = next((user["user_id"] for user in self.users.rows() if wanted(user)), None)
        if found is None:
            raise Refusal("User not found")
        return str(found)

    def _order(self, order_id: str) -> Json:
        check(order_id in self.orders, "Order not found")
        return self.orders[order_id]

    def _method(self, order: Json, payment_method_id: str) -> Json:
        methods = self.users[order["user_id"]]["payment_methods"]
        check(payment_method_id in methods, "Payment method not found")
        return methods[payment_method_id]

    def _credit(self, order: Json, payment_method_id: str, amount: float) -> None:
        method = self._method(order, payment_method_id)
        if method["source"] == "gift_card":
            method["balance"] = round(method["balance"] + amount, 2)

    def _difference(
        self, order: Json, item_ids: list[str], new_item_ids: list[str], must_differ: bool
    ) -> tuple[float, Json]:
        """The sum of the prices' differences, and the last new variant."""
        total, variant = 0.0, None
        for old, new in zip(item_ids, new_item_ids, strict=True):
            if must_differ:
                check(old != new, "The new item id should be different from the old item id")
            item = next(item for item in order["items"] if item["item_id"] == old)
            variants = self.products[item["product_id"]]["variants"]
            check(new in variants, "Variant not found")
            variant = variants[new]
            check(variant["available"], f"New item {new} not found or available")
            total += variant["price"] - item["price"]
        return total, variant

    def _shown(self, order: Json) -> Json:
        return {**order, **{field: order.get(field) for field in OPTIONAL}}


NAMES = ("first_name", "last_name")


class _Overlay:
    """A table of which each row is copied when it is first looked at by key."""

    def __init__(self, base: dict[str, Json]) -> None:
        self.base = base
        self.own: dict[str, Json] = {}

    def __contains__(self, key: str) -> bool:
        return key in self.base

    def __getitem__(self, key: str) -> Json:
        if key not in self.own:
            self.own[key] = copy.deepcopy(self.base[key])
        return self.own[key]

    def rows(self) -> list[Json]:
        return [self.own.get(key, row) for key, row in self.base.items()]


def _covers(method: Json, amount: float) -> bool:
    return method["source"] != "gift_card" or method["balance"] >= amount


def _held(order: Json, item_id: str) -> int:
    return sum(item["item_id"] == item_id for item in order["items"])


def _differences(path: list[str], old: Json, new: Json, found: list[dict[str, Json]]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            _differences([*path, key], old.get(key), new.get(key), found)
    elif old != new:
        found.append({"path": path, "value": new})


# ---- arithmetic, as Python reads it

BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


def arithmetic(expression: str) -> float:
    """The value of an expression; whatever is none, or grows out of bounds, is refused in a wording of its own."""
    try:
        return float(_value(ast.parse(expression.strip(), mode="eval").body))
    except (SyntaxError, ArithmeticError, TypeError, ValueError, RecursionError, MemoryError) as error:
        raise Refusal(ANY_TEXT) from error


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand)
        return -value if isinstance(node.op, ast.USub) else +value
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left), _value(node.right)
        return _power(left, right) if isinstance(node.op, ast.Pow) else BINARY[type(node.op)](left, right)
    raise TypeError("no arithmetic")


def _power(base: Any, exponent: Any) -> Any:
    """Refuses a whole number whose digits would not fit a Float by far: it has no value to compare."""
    if isinstance(base, int) and isinstance(exponent, int) and abs(base) > 1 and exponent * base.bit_length() > 100_000:
        raise OverflowError("too large")
    return base**exponent
