"""What a rule does with the values of its symbols, compiled once into a function of (start, end, values)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from nexlang.syntax.build import BUILD, listing
from nexlang.syntax.tables import Rule, tables

Reducer = Callable[[int, int, list[Any]], Any]


@cache
def reducers() -> list[Reducer]:
    """One for each rule of the grammar, by number."""
    return [reducer(rule) for rule in tables().rules]


def reducer(rule: Rule) -> Reducer:
    if rule.through >= 0:
        return _through(rule.through)
    if rule.grows:
        return _growing(rule)
    if rule.inlined:
        return _listed(rule)
    build = BUILD.get(rule.build, listing)
    return _collapsing(rule, build) if rule.collapse else _building(rule, build)


def _through(at: int) -> Reducer:
    return lambda start, end, values: values[at]


def _growing(rule: Rule) -> Reducer:
    """A list of the grammar's own gets longer in place: its symbol is used nowhere else."""
    rest = rule.plan[1:]

    def grow(start: int, end: int, values: list[Any]) -> Any:
        made = values[0]
        for part in rest:
            if part is None:
                made.append(None)
            elif part[1]:
                made += values[part[0]]
            else:
                made.append(values[part[0]])
        return made

    return grow


def _listed(rule: Rule) -> Reducer:
    plan = rule.plan

    def gather(start: int, end: int, values: list[Any]) -> list[Any]:
        made: list[Any] = []
        for part in plan:
            if part is None:
                made.append(None)
            elif part[1]:
                made += values[part[0]]
            else:
                made.append(values[part[0]])
        return made

    return gather


def _collapsing(rule: Rule, build: Callable[..., Any]) -> Reducer:
    """A single child stands for itself."""
    gather = _listed(rule)

    def collapse(start: int, end: int, values: list[Any]) -> Any:
        children = gather(start, end, values)
        return children[0] if len(children) == 1 else build(start, end, *children)

    return collapse


def _building(rule: Rule, build: Callable[..., Any]) -> Reducer:
    plan = rule.plan
    if any(part is None or part[1] for part in plan) or len(plan) > 3:
        gather = _listed(rule)
        return lambda start, end, values: build(start, end, *gather(start, end, values))
    at = [part[0] for part in plan if part]
    if len(at) == 1:
        (i,) = at
        return lambda start, end, values: build(start, end, values[i])
    if len(at) == 2:
        i, j = at
        return lambda start, end, values: build(start, end, values[i], values[j])
    if len(at) == 3:
        i, j, k = at
        return lambda start, end, values: build(start, end, values[i], values[j], values[k])
    return lambda start, end, values: build(start, end)
