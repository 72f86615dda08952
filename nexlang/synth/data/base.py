"""What all kits' data have in common: names, ids, and how the requests are shared out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nexlang.synth.kits import kit_of, letters
from nexlang.synth.lexicon import Tool
from nexlang.synth.plan import Plan, plural

NAMES = (
    "Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivo", "Jun", "Kai", "Lea", "Max", "Nora", "Oto", "Pia",
    "Quin", "Rosa", "Sam", "Tess", "Uri", "Vera", "Wim", "Yara", "Zoe",
)  # fmt: skip
CITIES = ("Bern", "Lyon", "Oslo", "Porto", "Riga", "Turin", "Ghent", "Malmo")
TODAY = 100
# Of all requests: how many leave out what they are about until asked, and how many must be declined.
SHARES = {"easy": (0.0, 0.1), "mixed": (0.2, 0.3), "hard": (0.4, 0.5)}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One request before it is written down: the call that settles it, or why it is declined."""

    message: str
    id: str
    arguments: Row
    reason: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """A task of the program."""

    id: str
    message: str
    detail: str
    asks: bool
    about: str
    actions: list[Row]
    split: str

    def json(self) -> Row:
        return {name: getattr(self, name) for name in self.__slots__}


class Maker:
    """Makes the rows in any state first; each request then puts rows of its own into the state that it needs."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.kit = kit_of(plan)
        self.dice = random.Random(f"{plan.kit} {plan.seed}")
        self.letters = letters(plan)
        self.tables: dict[str, dict[str, Row]] = {}
        self.fill()
        self.fresh: Iterator[str] = iter(self.shuffled(self.kit.main))

    def fill(self) -> None:
        """Make all tables."""
        raise NotImplementedError

    def case(self, tool: Tool, reason: str | None, asks: bool) -> Case:
        """A request for a tool; its message leaves out the id of what it is about where `asks`."""
        return getattr(self, f"_{tool.name}")(reason, asks)  # type: ignore[no-any-return]

    # ---- helpers for the kits

    def noun(self, noun: str) -> str:
        return self.plan.nouns[noun]

    def ids(self, noun: str) -> list[str]:
        return [f"{self.letters[noun]}{n:03}" for n in range(1, self.plan.rows[noun] + 1)]

    def shuffled(self, noun: str) -> list[str]:
        ids = self.ids(noun)
        return self.dice.sample(ids, len(ids))

    def rule(self, name: str, default: int) -> int:
        return self.plan.rules.get(name, default)

    def said(self, noun: str, id: str, asks: bool) -> str:
        """How a message names it: `order O012`, or `my order`."""
        return f"my {self.noun(noun)}" if asks else f"{self.noun(noun)} {id}"

    # ---- requests

    def requests(self) -> list[Request]:
        total = self.plan.tasks
        tools = self.tools_in_turn(total)
        asks = self.chosen(total, SHARES[self.plan.difficulty][0])
        declines = self.chosen(total, SHARES[self.plan.difficulty][1])
        made = [self.request(tool, i in asks, i in declines) for i, tool in enumerate(tools)]
        held_out = set(self.dice.sample(range(total), self.plan.held_out))
        order = [i for i in range(total) if i not in held_out] + sorted(held_out)
        return [self.numbered(n, made[i], i in asks, i in held_out) for n, i in enumerate(order, 1)]

    def tools_in_turn(self, total: int) -> list[Tool]:
        used = [tool for tool in self.kit.tools if tool.name in self.plan.tools]
        return [used[i % len(used)] for i in range(total)]

    def chosen(self, total: int, share: float) -> set[int]:
        return set(self.dice.sample(range(total), round(total * share)))

    def request(self, tool: Tool, asks: bool, declined: bool) -> tuple[Tool, Case]:
        reason = self.dice.choice(tool.fails) if declined and tool.fails else None
        return tool, self.case(tool, reason, asks)

    def numbered(self, number: int, made: tuple[Tool, Case], asks: bool, held_out: bool) -> Request:
        tool, case = made
        if case.reason is None:
            action: Row = {"tool": self.plan.named(tool.name), "arguments": case.arguments}
        else:
            action = {"tool": "decline", "arguments": {"about": case.id, "reason": case.reason}}
        detail = f"{self.noun(tool.subject).capitalize()} {case.id}."
        return Request(f"T{number:03}", case.message, detail, asks, case.id, [action], "test" if held_out else "train")

    def keyed(self, arguments: Row) -> Row:
        """Arguments under their names in the plan's nouns."""
        return {self.plan.nouns.get(name, name): value for name, value in arguments.items()}

    # ---- the world

    def world(self) -> Row:
        tables = {plural(self.noun(noun)): list(rows.values()) for noun, rows in self.tables.items()}
        return {**self.slots(), **tables, "decisions": []}

    def slots(self) -> Row:
        return {}
