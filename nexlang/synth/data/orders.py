"""Orders: some pending, some delivered, some too old or too dear to be refunded."""

from __future__ import annotations

from nexlang.synth.data.base import CITIES, NAMES, TODAY, Case, Maker, Row

STATES = ("pending", "shipped", "delivered")
REASONS = {"too_late": "too late", "too_much": "too much", "wrong_state": "wrong state"}


class OrdersMaker(Maker):
    def fill(self) -> None:
        self.days = self.rule("refund_days", 30)
        self.limit = self.rule("refund_limit", 100_000)
        self.tables["customer"] = {id: self.customer(id, n) for n, id in enumerate(self.ids("customer"))}
        self.tables["order"] = {id: self.order(id) for id in self.ids("order")}

    def customer(self, id: str, n: int) -> Row:
        return {"id": id, "name": NAMES[n % len(NAMES)], "credit": self.dice.randrange(0, 2_000, 50)}

    def order(self, id: str) -> Row:
        return {
            "id": id,
            self.noun("customer"): self.dice.choice(self.ids("customer")),
            "city": self.dice.choice(CITIES),
            "cents": self.dice.randint(1, max(1, self.limit // 100)) * min(100, self.limit),
            "day": TODAY - self.dice.randint(0, self.days),
            "status": self.dice.choice(STATES),
        }

    def next(self, status: str) -> Row:
        order = self.tables["order"][next(self.fresh)]
        order["status"] = status
        return order

    def _cancel_order(self, reason: str | None, asks: bool) -> Case:
        order = self.next("shipped" if reason else "pending")
        message = f"Please cancel {self.said('order', order['id'], asks)}."
        return self.made(message, order, reason, {})

    def _redirect_order(self, reason: str | None, asks: bool) -> Case:
        order = self.next("shipped" if reason else "pending")
        city = self.dice.choice([name for name in CITIES if name != order["city"]])
        message = f"Send {self.said('order', order['id'], asks)} to {city} instead."
        return self.made(message, order, reason, {"city": city})

    def _refund_order(self, reason: str | None, asks: bool) -> Case:
        order = self.next("pending" if reason == "wrong_state" else "delivered")
        if reason == "too_late":
            order["day"] = TODAY - self.days - self.dice.randint(1, 9)
        if reason == "too_much":
            order["cents"] = self.limit + self.dice.randint(1, 50) * 100
        message = f"I want a refund for {self.said('order', order['id'], asks)}."
        return self.made(message, order, reason, {})

    def made(self, message: str, order: Row, reason: str | None, more: Row) -> Case:
        arguments = self.keyed({"order": order["id"], **more})
        return Case(message, order["id"], arguments, REASONS[reason] if reason else None)

    def slots(self) -> Row:
        return {"today": TODAY}
