"""Ways out for the properties and parts of agents, environments, runs and prompts."""

from __future__ import annotations

import re

from nexlang.diagnostics import codes_agents as agents
from nexlang.diagnostics import codes_prompts as prompts
from nexlang.diagnostics.codes_environments import IDLE_REWARD, UNREACHABLE_REWARD
from nexlang.semantics import symbols as s
from nexlang.semantics.remedies import Place, remedy
from nexlang.syntax import nodes as n

VALUES = {"prompt": '"…"', "tools": "[…]", "learns": "[…]", "base": '"…"', "tasks": '… from "data/tasks.jsonl"'}
OWNERS: dict[str, type[s.Info]] = {"model": s.ModelInfo, "world": s.WorldInfo, "environment": s.EnvironmentInfo}
LIMIT = re.compile(r"(at least|at most) (-?[0-9][0-9_.]*)")


@remedy(agents.MISSING_PROPERTY)
def missing(place: Place) -> None:
    """The missing line; a name that can only be one stands in it."""
    decl = place.around(n.Decl)
    absent = re.findall(r"`(\w+)`", place.value("missing"))
    brace = place.text.find("{", place.found.span.end, decl.end) if decl is not None else -1
    if brace < 0 or not absent:
        return
    lines = [f"\n  {name}: {_value(place, name)}" for name in absent]
    make = place.show if "…" in "".join(lines) else place.fix
    make("give it", place.edit(brace + 1, brace + 1, "".join(lines)))


def _value(place: Place, name: str) -> str:
    kind = OWNERS.get(name)
    known = [info.name for info in place.declared(kind)] if kind is not None else []
    return known[0] if len(known) == 1 else VALUES.get(name, "…")


@remedy(agents.BAD_PROPERTY)
def bad(place: Place) -> None:
    """The nearest value that is allowed."""
    limit = LIMIT.search(place.value("problem"))
    if limit is not None and re.fullmatch(r"-?[0-9][0-9_.]*", place.marked):
        place.found.replace(f"{limit[1]} {limit[2]}", limit[2].rstrip("."), "unsafe")
    elif re.fullmatch(r'"-?[0-9]+(\.[0-9]+)?"', place.marked):
        place.found.replace("make it a number", place.marked.strip('"'), "unsafe")
    elif re.fullmatch(r"-?[0-9]+\.[0-9]+", place.marked) and "Int" in place.value("problem"):
        place.found.replace("make it whole", str(round(float(place.marked))), "unsafe")


@remedy(agents.UNUSABLE_KIND)
def unusable(place: Place) -> None:
    prop = place.around(n.Prop)
    if prop is not None:
        place.leave_out(prop)


@remedy(agents.DELEGATION_CYCLE, agents.NO_LEARNER)
def held(place: Place) -> None:
    held = place.around(n.Prop)
    if held is not None and isinstance(held.value.expr, n.ListLit):
        item = next((each for each in held.value.expr.items if each.start <= place.found.span.start < each.end), None)
        if item is not None:
            place.leave_out(held if len(held.value.expr.items) == 1 else item, "take it out of the list")


@remedy(agents.UNKNOWN_COMPONENT)
def no_measure(place: Place) -> None:
    if place.value("type").startswith("`["):
        place.wrap("count them", "count(", ")")


@remedy(agents.CONSTANT_REWARD, UNREACHABLE_REWARD, IDLE_REWARD)
def idle(place: Place) -> None:
    component = place.around(n.Component)
    if component is not None:
        place.leave_out(component)


@remedy(agents.BAD_TASKS)
def tasks(place: Place) -> None:
    place.found.replace("name their type and their file", '… from "data/tasks.jsonl"', "display")


@remedy(agents.BAD_SOLUTION)
def solution(place: Place) -> None:
    place.found.replace("list the calls", "[call …(…)]", "display")


@remedy(agents.BAD_UNTIL)
def until(place: Place) -> None:
    place.found.replace("name a rate", "success >= 70%", "unsafe")


@remedy(agents.NO_VALUE)
def no_value(place: Place) -> None:
    prop = place.around(n.Prop)
    if prop is not None and prop.value.source is None and prop.key.name == "world":
        place.show("load the world", place.edit(prop.end, prop.end, ' from "data/….json"'))


@remedy(prompts.PROMPT_OPTIONAL)
def optional(place: Place) -> None:
    """Around the whole tag that prints it."""
    start = place.text.rfind("{{", 0, place.found.span.start)
    end = place.text.find("}}", place.found.span.end)
    path = place.value("path")
    if start >= 0 and end >= 0 and "\n" not in place.text[start:end] and path:
        before = place.edit(start, start, f"{{% if {path} %}}")
        place.fix("print it where it is there", before, place.edit(end + 2, end + 2, "{% endif %}"))
