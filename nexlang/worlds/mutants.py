"""Wrong solutions, made from right ones: what a good reward tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nexlang.worlds.engine import Call, Chance, Mismatch, Table
from nexlang.worlds.setting import Setting

MOST = 20
"""Mutants of one task at most; of more, a seeded choice."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`what` says in words what was changed."""

    what: str
    calls: tuple[Call, ...]


def mutants(setting: Setting, calls: Sequence[Call], seed: int) -> list[Mutant]:
    """A call that changes something dropped, two such neighbours swapped, an entity or a choice replaced by another
    that fits. A call that only reads is left alone: without it nobody has done anything wrong."""
    dice = Chance.stream(seed, f"{setting.name}.mutants")
    places = [place for place, call in enumerate(calls) if _changes(setting, call)]
    found = [*_dropped(calls, places), *_swapped(calls, places), *_replaced(setting, calls, places, dice)]
    return found if len(found) <= MOST else dice.shuffled(found)[:MOST]


def _changes(setting: Setting, call: Call) -> bool:
    """Whether the tool may change the world, or reach beyond it."""
    function = next((f for f in setting.library.program.functions if f.name == call.tool), None)
    return function is None or bool(function.effects.writes or function.effects.extern)


def _dropped(calls: Sequence[Call], places: Sequence[int]) -> Iterator[Mutant]:
    for i in places:
        yield Mutant(f"call {i + 1} ({calls[i].tool}) dropped", (*calls[:i], *calls[i + 1 :]))


def _swapped(calls: Sequence[Call], places: Sequence[int]) -> Iterator[Mutant]:
    for i in places:
        if i + 1 in places and calls[i] != calls[i + 1]:
            yield Mutant(f"calls {i + 1} and {i + 2} swapped", (*calls[:i], calls[i + 1], calls[i], *calls[i + 2 :]))


def _replaced(setting: Setting, calls: Sequence[Call], places: Sequence[int], dice: Chance) -> Iterator[Mutant]:
    for i in places:
        call = calls[i]
        for name, value in call.arguments.items():
            other = _other(setting, call, name, value, dice)
            if other is not None:
                changed = Call(call.tool, {**call.arguments, name: other}, call.by)
                what = f"call {i + 1} ({call.tool}): {name} {value!r} replaced by {other!r}"
                yield Mutant(what, (*calls[:i], changed, *calls[i + 1 :]))


def _other(setting: Setting, call: Call, name: str, value: Any, dice: Chance) -> Any:
    """Another value that the parameter takes: a key of the same table, or another of its choices."""
    choices = _choices(setting.library.schemas.get(call.tool, {}), name) or _siblings(setting, value)
    fitting = [other for other in choices if other != value]
    for other in dice.shuffled(fitting)[:8]:
        if _fits(setting, call, name, other):
            return other
    return None


def _choices(schema: Mapping[str, Any], name: str) -> Sequence[Any]:
    parameters = schema.get("function", {}).get("parameters", {}).get("properties", {})
    found: Sequence[Any] = parameters.get(name, {}).get("enum", ())
    return found


def _siblings(setting: Setting, value: Any) -> Sequence[Any]:
    """The keys of the first table that holds the value as a key."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return ()
    world = setting.base
    for name in type(world)._tables:
        table: Table[Any, Any] = getattr(world, name)
        if value in table:
            return table.keys()
    return ()


def _fits(setting: Setting, call: Call, name: str, value: Any) -> bool:
    tool = setting.package.tools.get(call.tool)
    try:
        return tool is not None and bool(tool.decode({**call.arguments, name: value}))
    except Mismatch:
        return False
