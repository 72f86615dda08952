"""What bodies do, inferred from their core form: which fields they read and write, and what else they may do.

A function's summary is made once: paths that begin at one of its parameters are put in place of the arguments wherever
it is called. An agent does what all that it holds and calls does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nexlang.semantics.effect_paths import WHOLE, Effects, Path, Subject, Summary, shown
from nexlang.semantics.effect_walk import Walk
from nexlang.semantics.types import Core

__all__ = ["WHOLE", "Effects", "Inference", "Path", "Subject", "agent_subject", "inference_of", "shown"]

_WORLDS = ("world", "start", "before")


class Inference:
    """Effects by name. `function` and `agent` give a body by its core name, `slots` those of a world by its name."""

    def __init__(
        self, function: Callable[[str], Subject | None], agent: Callable[[str], Subject | None] = lambda name: None,
        slots: Callable[[str], Mapping[str, Core]] = lambda name: {},
    ) -> None:  # fmt: skip
        self.subjects = {"tool": function, "agent": agent}
        self.slots = slots
        self._made: dict[tuple[str, str], Summary] = {}

    def of(self, name: str) -> Effects:
        """What a function or a tool does."""
        return self.summary("tool", name).effects.own()

    def of_agent(self, name: str) -> Effects:
        """What an agent may do, itself and through all that it holds and calls."""
        return self.summary("agent", name).effects.own()

    def of_body(self, body: Any, slots: Mapping[str, Core], measure: bool = False) -> Effects:
        """What statements do that are no function's: a setup's, a process's, a test's; or what a measure reads."""
        walk = Walk(self, Subject(slots=slots))
        if measure:
            walk.names |= {name: frozenset((WHOLE,)) for name in _WORLDS}
            walk.use(body)
        else:
            walk.whole(body)
        return walk.found.own()

    def summary(self, kind: str, name: str) -> Summary:
        known = self._made.get((kind, name))
        if known is not None:
            return known
        made = self._made[kind, name] = Summary()  # what calls itself, an error of its own, finds this
        subject = self.subjects[kind](name)
        if subject is None:
            return made
        walk = Walk(self, subject)
        if subject.extern:
            walk.found.extern.add(name)
            walk.found.fails = True
        if subject.model is not None:
            walk.found.asks.add(subject.model)
            walk.found.fails = True
        for held, target in subject.holds:
            walk.called(held, target, fails=False)
        walk.whole(subject.body)
        made.effects, made.gives = walk.found, frozenset(walk.gives)
        return made


# ---------------------------------------------------------------- over a whole program


def inference_of(core: Core) -> Inference:
    """Over a program in core form: what lowering gets, or what the IR dumps."""
    functions = {each["name"]: each for each in core["functions"]}
    agents = {each["name"]: each for each in core["agents"]}
    worlds = {each["name"]: {slot["name"]: slot["type"] for slot in each["slots"]} for each in core["worlds"]}

    def slots(name: str) -> Mapping[str, Core]:
        return worlds.get(name, {})

    def function(name: str) -> Subject | None:
        each = functions.get(name)
        if each is None:
            return None
        params = tuple(p["name"] for p in each["params"])
        rows = {p["name"]: p["row"] for p in each["params"] if p.get("row")}
        world, extern, place = slots(each.get("world") or ""), bool(each.get("extern")), bool(each.get("row"))
        return Subject(each.get("body") or [], params, rows, world, extern, place)

    def agent(name: str) -> Subject | None:
        each = agents.get(name)
        return None if each is None else agent_subject(each)

    return Inference(function, agent, slots)


def agent_subject(core: Core) -> Subject:
    """What an agent in core form does: the model it asks, what it holds, its body."""
    holds = tuple((held["kind"], held["name"]) for held in core.get("tools") or ())
    holds += tuple(("agent", each["agent"]) for each in core.get("memory") or () if each["kind"] == "summary")
    return Subject(core.get("body") or [], model=core.get("model"), holds=holds)
