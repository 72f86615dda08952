"""Writes `wheels.json` and `tickets.jsonl`: the same bytes for the same seed.

    python examples/desk/data/make.py [--seed 7]

Ten tickets for each of the six intents. In eight of ten the customer names what it is about at once, in two they say
it when asked; in two of ten the desk has to say why it cannot be done. Sixteen tickets are held out. No id occurs in
two tickets.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NAMES = [
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gus",
    "Hana",
    "Ivo",
    "Jun",
    "Kai",
    "Lea",
    "Max",
    "Nora",
    "Oto",
    "Pia",
]
DOCKS = ["Mill", "Park", "Port", "Hill", "Dome", "Lake", "Gate", "Yard"]
PLANS = ("month", "year")
FAULTS = {"tyre": "a flat tyre", "chain": "a broken chain", "brake": "a bad brake"}
TICKETS = 10
ASKS, FAILS = (2, 8), (4, 9)
HELD_OUT = {
    "refund": (6, 7, 8),
    "plan": (6, 7, 9),
    "balance": (6, 7),
    "finish": (6, 7, 8),
    "locate": (6, 7, 9),
    "report": (6, 7),
}

Json = dict[str, Any]

# What customers write. `{id}` names what it is about, `{more}` says the rest.
NAMED = {
    "refund": ["Please refund ride {id}.", "I want my money back for ride {id}."],
    "plan": ["Put rider {id} on the {more} plan.", "Rider {id} wants the {more} plan."],
    "balance": ["How much credit has rider {id}?", "What is the balance of rider {id}?"],
    "finish": ["Ride {id} does not end. I am at {more}.", "Please end ride {id} at {more}."],
    "locate": ["Where is bike {id}?", "I cannot find bike {id}."],
    "report": ["Bike {id} has {more}.", "There is {more} on bike {id}."],
}
ASKED = {
    "refund": "I want a refund.",
    "plan": "I want the {more} plan.",
    "balance": "What is my credit?",
    "finish": "My ride does not end. I am at {more}.",
    "locate": "Where is my bike?",
    "report": "My bike has {more}.",
}
KINDS = {"refund": "ride", "finish": "ride", "plan": "rider", "balance": "rider", "locate": "bike", "report": "bike"}


class Maker:
    """Makes the world first; each ticket then takes rows of its own and puts them into the state that it needs."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.riders = {f"R{n:02}": self._rider(f"R{n:02}", n) for n in range(1, 41)}
        self.docks = {name: {"name": name, "free": self.dice.randint(2, 9)} for name in DOCKS}
        self.bikes = {f"B{n:02}": self._bike(f"B{n:02}") for n in range(1, 61)}
        self.rides = {f"A{n:02}": self._ride(f"A{n:02}", f"B{n:02}") for n in range(1, 41)}
        self.fresh = {"ride": self._order(self.rides), "rider": self._order(self.riders), "bike": self._free_bikes()}

    def _rider(self, id: str, n: int) -> Json:
        plan = self.dice.choice(PLANS)
        return {"id": id, "name": NAMES[n % len(NAMES)], "plan": plan, "credit": self.dice.randrange(20, 900, 10)}

    def _bike(self, id: str) -> Json:
        return {"id": id, "dock": self.dice.choice(DOCKS), "state": "ready"}

    def _ride(self, id: str, bike: str) -> Json:
        cents = self.dice.randrange(120, 980, 10)
        return {"id": id, "rider": self.dice.choice(list(self.riders)), "bike": bike, "cents": cents, "state": "ended"}

    def _order(self, rows: dict[str, Json]) -> Iterator[str]:
        return iter(self.dice.sample(sorted(rows), len(rows)))

    def _free_bikes(self) -> Iterator[str]:
        """Bikes of no ride: a ride's bike moves when the ride ends."""
        taken = {ride["bike"] for ride in self.rides.values()}
        return self._order({id: bike for id, bike in self.bikes.items() if id not in taken})

    # ---- tickets

    def tickets(self) -> list[Json]:
        """Of all intents in turn, so that a few tickets show them all; the held-out ones come last."""
        made = [self.ticket(intent, place) for place in range(TICKETS) for intent in NAMED]
        made.sort(key=lambda ticket: ticket["split"] == "test")
        return [{"id": f"T{number:02}", **ticket} for number, ticket in enumerate(made, 1)]

    def ticket(self, intent: str, place: int) -> Json:
        kind, id = KINDS[intent], next(self.fresh[KINDS[intent]])
        asks, fails = place in ASKS, place in FAILS
        more, arguments, facts = getattr(self, f"_{intent}")(id, fails)
        template = ASKED[intent] if asks else self.dice.choice(NAMED[intent])
        tool = {"tool": intent, "arguments": {"id": id, **arguments}}
        return {
            "intent": intent,
            "message": template.format(id=id, more=more),
            "detail": f"{kind.capitalize()} {id}.",
            "asks": asks,
            "actions": [tool],
            "facts": facts,
            "split": "test" if place in HELD_OUT[intent] else "train",
        }

    def _refund(self, id: str, fails: bool) -> tuple[str, Json, list[str]]:
        ride = self.rides[id]
        if not fails:
            return "", {}, [id, f"{ride['cents']} cents"]
        ride["state"] = "refunded"
        return "", {}, [id, "refunded already"]

    def _plan(self, id: str, fails: bool) -> tuple[str, Json, list[str]]:
        rider = self.riders[id]
        wanted = rider["plan"] if fails else next(plan for plan in PLANS if plan != rider["plan"])
        return wanted, {"to": wanted}, [id, f"{wanted} plan already" if fails else f"now has the {wanted} plan"]

    def _balance(self, id: str, fails: bool) -> tuple[str, Json, list[str]]:
        """Looking up cannot fail; no credit at all is the odd case."""
        if fails:
            self.riders[id]["credit"] = 0
        return "", {}, [id, f"has {self.riders[id]['credit']} cents"]

    def _finish(self, id: str, fails: bool) -> tuple[str, Json, list[str]]:
        ride, dock = self.rides[id], self.dice.choice(DOCKS)
        if fails:
            return dock, {"dock": dock}, [id, "has ended already"]
        ride["state"] = "riding"
        self.bikes[ride["bike"]].update(dock=None, state="riding")
        return dock, {"dock": dock}, [id, f"{ride['cents']} cents"]

    def _locate(self, id: str, fails: bool) -> tuple[str, Json, list[str]]:
        if fails:
            self.bikes[id].update(dock=None, state="riding")
        return "", {}, [id, "on the road" if fails else f"at {self.bikes[id]['dock']}"]

    def _report(self, id: str, fails: bool) -> tuple[str, Json, list[str]]:
        fault = self.dice.choice(list(FAULTS))
        if fails:
            self.bikes[id]["state"] = "broken"
        return FAULTS[fault], {"fault": fault}, [id, "in repair already" if fails else "out of service"]

    def world(self) -> Json:
        return {
            "riders": list(self.riders.values()),
            "docks": list(self.docks.values()),
            "bikes": list(self.bikes.values()),
            "rides": list(self.rides.values()),
            "repairs": [],
        }


def lines(values: list[Json]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def world_text(world: Json) -> str:
    """One row a line, so that a change of the data reads well as a diff."""
    tables = [
        f'  "{name}": [' + ",".join(f"\n    {json.dumps(row)}" for row in rows) + ("\n  ]" if rows else "]")
        for name, rows in world.items()
    ]
    return "{\n" + ",\n".join(tables) + "\n}\n"


def make(seed: int) -> dict[str, str]:
    """File name → text."""
    maker = Maker(seed)
    tickets = maker.tickets()
    return {"wheels.json": world_text(maker.world()), "tickets.jsonl": lines(tickets)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the desk's world and tickets.")
    parser.add_argument("--seed", type=int, default=7)
    for name, text in make(parser.parse_args().seed).items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{FOLDER / name}: {len(text)} characters")


if __name__ == "__main__":
    main()
