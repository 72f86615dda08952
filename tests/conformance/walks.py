"""Seeded sequences of retail calls, plausible and hostile, that stay close to what the database holds."""

from __future__ import annotations

import random
from typing import Any

Json = Any
Call = dict[str, Json]

REASONS = ["no longer needed", "ordered by mistake", "No longer needed", "", "too expensive"]
EXPRESSIONS = [
    "1 + 1", "2**3", "7//2", "-7//2", "1/0", "1//0", ".5", "1.", "1..2", "", " ", "08", "00", "08.5", "1 - -1", "+-3",
    "--3", "2**-1", "-2**2", "2**3**2", "(-8)**0.5", "()", "(1)(2)", "(1", "1)", "* 2", "1 * * 2", "1 / / 2", "1 2",
    "9**9**9", "2**100", "10**400", "10**400/10**399", "1.5.2", "a + 1", "1e3", "1_000", "0x10", "1,2", "٣", "1+\n1",
    "1\t+1", "0.1 + 0.2", "2.675 * 1", "1.005*1000", "1/3", "9007199254740993 - 9007199254740992", "0**0", "0**-1",
    "-0.0", "0 * -1", "5 .5", ". 5", "1 .", "...", "1.-2", "((((1))))", "3.14159*2**2", "100 - 0.001", "(1+2)*(3-4)/5",
    "  7", "7  ", "1.0//0.3", "-7.5//2", "0.5.", "1 +", "2 ** 0.5", "1.0**1000", "10.0**400", "007", "0.0.0",
    "12345678901234567890",
    "%", "1==1", "(((", "2**2000", "2**0.5*2**0.5", "1/3*3", "4/2", "5", "1-1-1", "2/2/2",
]  # fmt: skip
ADDRESS = {
    "address1": "1 Main St",
    "address2": "",
    "city": "Zürich",
    "state": "CA",
    "country": "USA",
    "zip": "94107",
}


class Walker:
    """Draws calls about a few orders, so that calls meet what earlier ones changed."""

    def __init__(self, database: Json, seed: int) -> None:
        self.dice = random.Random(seed)
        self.database = database
        self.orders = self.dice.sample(self._ordered(), 3)

    def walk(self, length: int) -> list[Call]:
        return [self.call() for _ in range(length)]

    def call(self) -> Call:
        tool = self.dice.choice([name for name in dir(self) if name.startswith("do_")])
        return {"tool": tool.removeprefix("do_"), "arguments": getattr(self, tool)()}

    # ---- arguments

    def _ordered(self) -> list[Json]:
        """Orders that can be acted on, those with an item twice more often."""
        orders = self.database["orders"].values()
        twice = [o for o in orders if len({i["item_id"] for i in o["items"]}) < len(o["items"])]
        return [o for o in orders if o["status"] != "processed"] + twice * 40

    def _order(self) -> Json:
        return self.dice.choice(self.orders)

    def _user(self) -> Json:
        return self.database["users"][self._order()["user_id"]]

    def _order_id(self) -> str:
        return self._odd(self._order()["order_id"], ["#W0000000", "", "W2611340", "#w2611340"])

    def _odd(self, usual: str, odd: list[str], chance: float = 0.08) -> str:
        return self.dice.choice(odd) if self.dice.random() < chance else usual

    def _method(self, order: Json) -> str:
        own = list(self.database["users"][order["user_id"]]["payment_methods"])
        return self._odd(self.dice.choice(own), ["gift_card_0000000", "", "paypal_5727330"])

    def _items(self, order: Json) -> list[str]:
        held = [item["item_id"] for item in order["items"]]
        picked = self.dice.sample(held, self.dice.randint(0, len(held)))
        if self.dice.random() < 0.15:
            picked.append(self.dice.choice([*held, "0000000000"]))
        return picked

    def _new(self, order: Json, item_id: str) -> str:
        item = next((i for i in order["items"] if i["item_id"] == item_id), order["items"][0])
        variants = self.database["products"][item["product_id"]]["variants"]
        usable = [key for key, variant in variants.items() if variant["available"]]
        return self._odd(
            self.dice.choice(usable), [*variants, item_id, "0000000000", order["items"][0]["item_id"]], 0.2
        )

    def _swap(self) -> dict[str, Json]:
        order = self._order()
        items = self._items(order)
        new = [self._new(order, item) for item in items]
        if self.dice.random() < 0.05:
            new = new[1:] if self.dice.random() < 0.5 else [*new, "1"]
        return {
            "order_id": order["order_id"],
            "item_ids": items,
            "new_item_ids": new,
            "payment_method_id": self._method(order),
        }

    # ---- one for each tool

    def do_find_user_id_by_email(self) -> Json:
        email = self._user()["email"]
        return {"email": self._odd(self.dice.choice([email, email.upper()]), ["", "nobody@example.com"])}

    def do_find_user_id_by_name_zip(self) -> Json:
        user = self._user()
        first = self.dice.choice([str.upper, str.lower, str.title])(user["name"]["first_name"])
        zip_code = self._odd(user["address"]["zip"], ["94107", "", "00000"], 0.2)
        return {"first_name": first, "last_name": self._odd(user["name"]["last_name"], ["X"]), "zip": zip_code}

    def do_get_user_details(self) -> Json:
        return {"user_id": self._odd(self._user()["user_id"], ["", "nobody"])}

    def do_get_order_details(self) -> Json:
        return {"order_id": self._order_id()}

    def do_get_product_details(self) -> Json:
        item = self.dice.choice(self._order()["items"])
        return {"product_id": self._odd(item["product_id"], [item["item_id"], ""])}

    def do_get_item_details(self) -> Json:
        item = self.dice.choice(self._order()["items"])
        return {"item_id": self._odd(item["item_id"], [item["product_id"], ""])}

    def do_list_all_product_types(self) -> Json:
        return {}

    def do_calculate(self) -> Json:
        if self.dice.random() < 0.5:
            return {"expression": self.dice.choice(EXPRESSIONS)}
        return {"expression": "".join(self.dice.choices("0123456789.+-*/() ", k=self.dice.randint(1, 12)))}

    def do_transfer_to_human_agents(self) -> Json:
        return {"summary": self.dice.choice(["", "help", '"quoted"\n{{ text }}'])}

    def do_cancel_pending_order(self) -> Json:
        return {"order_id": self._order_id(), "reason": self._odd(self.dice.choice(REASONS[:2]), REASONS, 0.3)}

    def do_modify_pending_order_address(self) -> Json:
        return {"order_id": self._order_id(), **ADDRESS}

    def do_modify_user_address(self) -> Json:
        return {"user_id": self._odd(self._user()["user_id"], ["nobody"]), **ADDRESS}

    def do_modify_pending_order_payment(self) -> Json:
        order = self._order()
        return {"order_id": order["order_id"], "payment_method_id": self._method(order)}

    def do_modify_pending_order_items(self) -> Json:
        return self._swap()

    def do_exchange_delivered_order_items(self) -> Json:
        return self._swap()

    def do_return_delivered_order_items(self) -> Json:
        order = self._order()
        return {"order_id": order["order_id"], "item_ids": self._items(order), "payment_method_id": self._method(order)}
