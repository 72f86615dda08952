"""Stock: every item above the reserve, so that only a request that is meant to finds too little."""

from __future__ import annotations

from nexlang.synth.data.base import Case, Maker, Row

THINGS = (
    "bolt", "bracket", "cable", "clamp", "coil", "filter", "fuse", "gasket", "hinge", "hose", "lamp", "lever", "nut",
    "panel", "pipe", "plug", "pump", "relay", "screw", "spring", "switch", "tape", "valve", "washer", "wheel",
)  # fmt: skip
PLACES = ("north", "south", "east", "west", "harbour", "airport", "centre", "hill")
REASONS = {"too_much": "too much", "too_little": "too little", "wrong_state": "wrong state"}


class InventoryMaker(Maker):
    def fill(self) -> None:
        self.reserve = self.rule("reserve", 5)
        self.most = self.rule("most_shipped", 50)
        self.tables["item"] = {id: self.item(id, n) for n, id in enumerate(self.ids("item"))}
        self.tables["depot"] = {
            id: {"id": id, "name": PLACES[n % len(PLACES)]} for n, id in enumerate(self.ids("depot"))
        }

    def item(self, id: str, n: int) -> Row:
        quantity = self.reserve + self.most + self.dice.randint(1, 40)
        return {
            "id": id,
            "name": THINGS[n % len(THINGS)],
            self.noun("depot"): self.dice.choice(self.ids("depot")),
            "quantity": quantity,
        }

    def next(self) -> Row:
        return self.tables["item"][next(self.fresh)]

    def _receive_item(self, reason: str | None, asks: bool) -> Case:
        item, quantity = self.next(), self.dice.randint(2, 60)
        message = f"Please receive {quantity} of {self.said('item', item['id'], asks)}."
        return self.made(message, item, reason, {"quantity": quantity})

    def _ship_item(self, reason: str | None, asks: bool) -> Case:
        item, quantity = self.next(), self.dice.randint(1, self.most)
        if reason == "too_much":
            quantity = self.most + self.dice.randint(1, 30)
        if reason == "too_little":
            item["quantity"] = self.reserve + quantity - 1
        message = f"Please ship {quantity} of {self.said('item', item['id'], asks)}."
        return self.made(message, item, reason, {"quantity": quantity})

    def _move_item(self, reason: str | None, asks: bool) -> Case:
        item = self.next()
        here = item[self.noun("depot")]
        depot = here if reason else self.dice.choice([id for id in self.ids("depot") if id != here])
        message = f"Please move {self.said('item', item['id'], asks)} to {self.noun('depot')} {depot}."
        return self.made(message, item, reason, {"depot": depot})

    def made(self, message: str, item: Row, reason: str | None, more: Row) -> Case:
        arguments = self.keyed({"item": item["id"], **more})
        return Case(message, item["id"], arguments, REASONS[reason] if reason else None)

    def slots(self) -> Row:
        return {"movements": []}
