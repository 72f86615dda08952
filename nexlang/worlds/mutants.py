"""Wrong solutions, made from right ones: what a good reward tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from nexlang.worlds.arguments import Arguments, named_keys, tables_of, texts_of
from nexlang.worlds.engine import Call, Chance, Mismatch, ToolFailure
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, prepared, replayed

MOST = 20
"""Mutants of one task that count, at most; of more, a seeded choice with each kind in it."""
SPARE = 10
"""As many more are made, in place of those that turn out to be no wrong solutions."""
OTHERS = 4
"""Values that take the place of one argument, at most."""
EXTRAS = 6
"""Mutants with a call too many, at most."""
_TRIES = 40
_STEP = 1

Kind = Literal["dropped", "swapped", "entity", "extra"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """`what` says in words what was changed."""

    what: str
    calls: tuple[Call, ...]
    kind: Kind


def mutants(setting: Setting, calls: Sequence[Call], seed: int, task: Task | None = None) -> list[Mutant]:
    """A call that changes something dropped, two such neighbours swapped, an entity, a choice or a number replaced by
    another that fits; with the task, a call too many that changes something else.

    A call that only reads is left alone: without it nobody has done anything wrong.
    """
    where = f"/{task.id}" if task is not None else ""
    dice = Chance.stream(seed, f"{setting.name}.mutants{where}")
    writing = _writing(setting)
    places = [place for place, call in enumerate(calls) if call.tool in writing]
    extra = () if task is None else _extra(setting, task, calls, seed, dice)
    kinds = (_dropped(calls, places), _swapped(calls, places), _replaced(setting, calls, places, dice), extra)
    return _some([list(kind) for kind in kinds], dice)


def _some(kinds: Sequence[list[Mutant]], dice: Chance) -> list[Mutant]:
    """All where they are few, else some: in turn one of each kind."""
    most = MOST + SPARE
    if sum(map(len, kinds)) <= most:
        return [mutant for kind in kinds for mutant in kind]
    waiting = [dice.shuffled(kind) for kind in kinds]
    found: list[Mutant] = []
    while len(found) < most:
        found += [kind.pop() for kind in waiting if kind]
    return found[:most]


def _writing(setting: Setting) -> frozenset[str]:
    """The tools that may change the world, or reach beyond it."""
    functions = setting.library.program.functions
    return frozenset(f.name for f in functions if f.kind == "tool" and (f.effects.writes or f.effects.extern))


def _dropped(calls: Sequence[Call], places: Sequence[int]) -> Iterator[Mutant]:
    for i in places:
        yield Mutant(f"call {i + 1} ({calls[i].tool}) dropped", (*calls[:i], *calls[i + 1 :]), "dropped")


def _swapped(calls: Sequence[Call], places: Sequence[int]) -> Iterator[Mutant]:
    """Neighbours among the calls that change something, whatever is read between them."""
    for i, j in pairwise(places):
        if calls[i].tool != calls[j].tool or calls[i].arguments != calls[j].arguments:
            swapped = list(calls)
            swapped[i], swapped[j] = calls[j], calls[i]
            yield Mutant(f"calls {i + 1} and {j + 1} swapped", tuple(swapped), "swapped")


# ---------------------------------------------------------------- another entity


def _replaced(setting: Setting, calls: Sequence[Call], places: Sequence[int], dice: Chance) -> Iterator[Mutant]:
    for i in places:
        for name, value in calls[i].arguments.items():
            for other in _others(setting, calls[i], name, value, dice):
                what = f"call {i + 1} ({calls[i].tool}): {name} {value!r} replaced by {other!r}"
                yield Mutant(what, (*calls[:i], _with(calls[i], name, other), *calls[i + 1 :]), "entity")


def _with(call: Call, name: str, value: Any) -> Call:
    return Call(call.tool, {**call.arguments, name: value}, call.by, at=call.at)


def _others(setting: Setting, call: Call, name: str, value: Any, dice: Chance) -> list[Any]:
    """Other values that the parameter takes: keys of the same table, other choices, in a list for one of its items."""
    schema = _schema(setting, call.tool, name)
    if isinstance(value, (list, tuple)) and value:
        at = dice.below(len(value))
        items = _alike(setting, schema.get("items", {}), value[at], dice)
        found: list[Any] = [[*value[:at], item, *value[at + 1 :]] for item in items if item not in value]
    else:
        found = _alike(setting, schema, value, dice)
    return [other for other in found if _fits(setting, call, name, other)][:OTHERS]


def _schema(setting: Setting, tool: str, name: str) -> Mapping[str, Any]:
    parameters = setting.library.schemas.get(tool, {}).get("function", {}).get("parameters", {})
    found: Mapping[str, Any] = parameters.get("properties", {}).get(name, {})
    return found


def _alike(setting: Setting, schema: Mapping[str, Any], value: Any, dice: Chance) -> list[Any]:
    """Some values of the same kind, the value itself not among them."""
    if isinstance(value, bool):
        return [not value]
    choices = [option for one in schema.get("anyOf", [schema]) for option in one.get("enum", ())]
    pool: Sequence[Any] = choices or _siblings(setting, value)
    if not pool and isinstance(value, (int, float)):
        return [value + _STEP, value - _STEP]
    drawn = dice.shuffled(pool) if len(pool) <= 2 * OTHERS else [dice.choose(pool) for _ in range(2 * OTHERS)]
    return [other for other in dict.fromkeys(drawn) if other != value]


def _siblings(setting: Setting, value: Any) -> Sequence[Any]:
    """The keys of the first table that holds the value as a key."""
    if not isinstance(value, (str, int)):
        return ()
    return next((table.keys() for _, table in tables_of(setting.base) if value in table), ())


def _fits(setting: Setting, call: Call, name: str, value: Any) -> bool:
    tool = setting.package.tools.get(call.tool)
    try:
        return tool is not None and bool(tool.decode({**call.arguments, name: value}))
    except Mismatch:
        return False


# ---------------------------------------------------------------- a call too many


def _extra(setting: Setting, task: Task, calls: Sequence[Call], seed: int, dice: Chance) -> Iterator[Mutant]:
    """The solution with one more call that succeeds and changes something, at any place."""
    safe = {f.name for f in setting.library.program.functions if f.effects.writes and not f.effects.extern}
    held = [(tool, role) for role in setting.asking for tool in setting.tools_of(role) if tool in safe]
    if not held:
        return
    try:
        timeline = prepared(setting.environment, setting.base, task, seed, setting.answers.begin())
        replayed(timeline, setting.package.tools, calls)
    except (ToolFailure, Mismatch):
        return
    world, session = timeline.world, timeline.session(setting.package.tools)
    texts = tuple(dict.fromkeys(texts_of(plain(task.value))))
    drawn = Arguments(dice, setting.library.schemas, texts, setting.keys, setting.named_keys or named_keys(world))
    seen = [(call.tool, dict(call.arguments)) for call in calls]
    for _ in range(_TRIES):
        tool, role = dice.choose(held)
        arguments = drawn.draw(tool)
        if (tool, arguments) in seen:
            continue
        mark = world.snapshot()
        before = world.fork()
        answer = session.call(tool, arguments, role)
        changed = not answer.error and world.snapshot() > mark and world != before
        world.restore(mark)
        if changed:
            seen.append((tool, arguments))
            at = dice.below(len(calls) + 1)
            what = f"{_shown(tool, arguments)} besides, {f'before call {at + 1}' if at < len(calls) else 'at the end'}"
            yield Mutant(what, (*calls[:at], Call(tool, arguments, role), *calls[at:]), "extra")
            if len(seen) == len(calls) + EXTRAS:
                return


def _shown(tool: str, arguments: Mapping[str, Any]) -> str:
    return f"{tool}({', '.join(f'{name}: {value!r}' for name, value in arguments.items())})"
