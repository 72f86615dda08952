"""The explanation of one declaration as plain data: what it is, what it does, who uses it."""

from __future__ import annotations

import math
from typing import Any

from nexlang.explain.index import Index
from nexlang.explain.words import duration, expression, field_words, refined, signature, type_words
from nexlang.ir.model import (
    Agent,
    Alias,
    Builtin,
    Component,
    Constant,
    Declared,
    DynamicsSpec,
    Environment,
    Function,
    Memory,
    StageSpec,
    Summary,
)
from nexlang.semantics.effects import Effects, shown

Data = dict[str, Any]


class Unknown(Exception):
    """There is no such declaration; `known` are those that there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(name)
        self.name, self.known = name, known


def explain(index: Index, name: str) -> Data:
    """One declaration by its name; a component, a slot or a field by a dotted one. Raises `Unknown`."""
    first, _, rest = name.partition(".")
    declared = index.declared.get(first)
    if declared is None:
        raise Unknown(first, list(index.declared))
    if rest:
        return _part(index, declared, rest)
    common = {
        "name": first, "kind": index.kinds[first], "file": declared.file, "line": declared.line, "doc": declared.doc,
    }  # fmt: skip
    return {**common, **_details(index, declared), "used_by": [use.to_json() for use in index.uses.get(first, [])]}


def _details(index: Index, declared: Declared) -> Data:
    if isinstance(declared, Function):
        return _function(index, declared)
    if isinstance(declared, Agent):
        return _agent(index, declared)
    if isinstance(declared, Environment):
        return _environment(index, declared)
    return _declaration(index, declared)


def _part(index: Index, declared: Declared, rest: str) -> Data:
    whole = explain(index, declared.name)
    groups = (whole.get(key) or () for key in ("components", "slots", "fields", "processes"))
    parts = {each["name"]: each for group in groups for each in group}
    if rest not in parts:
        raise Unknown(f"{declared.name}.{rest}", [f"{declared.name}.{part}" for part in parts])
    touched = _touching(index, rest) if whole["kind"] == "world" else {}
    return {
        "name": f"{declared.name}.{rest}", "kind": "part", "of": whole["kind"], "file": declared.file,
        "line": declared.line, **{k: v for k, v in parts[rest].items() if k != "name"}, **touched,
    }  # fmt: skip


def _touching(index: Index, slot: str) -> Data:
    """Who reads and writes a slot of a world."""
    found: Data = {"read_by": [], "written_by": []}
    for name, function in index.functions.items():
        for key, paths in (("read_by", function.effects.reads), ("written_by", function.effects.writes)):
            fields = [path for path in paths if path == slot or path.startswith(f"{slot}.")]
            if fields:
                found[key].append(f"{name} ({', '.join(fields)})")
    return found


# ---------------------------------------------------------------- effects


def effects_data(found: Effects) -> Data:
    return {**found.own().core(), "plays": found.plays, "pure": found.pure}


def _function(index: Index, function: Function) -> Data:
    found = index.effects.of(function.name)
    data: Data = {"signature": signature(function), "params": _params(function), "effects": effects_data(found)}
    data["result"] = type_words(function.result) or None
    data["failures"] = [_failure(each) for each in index.failures(function.name)]
    data["calls"] = sorted(name for _, name in found.calls)
    if function.kind == "tool" and function.world:
        processes = index.worlds[function.world].processes if hasattr(index.worlds[function.world], "processes") else []
        around = [each for each in processes if each.trigger in ("before_call", "after_call")]
        data["around"] = [{"name": each.name, "trigger": each.trigger.replace("_", " ")} for each in around]
    if extern := getattr(function, "extern", None):
        data["extern"] = extern.model_dump() if hasattr(extern, "model_dump") else extern
    return data


def _params(of: Function | Agent) -> list[Data]:
    return [
        {"name": param.name, "type": type_words(param.type) + refined(param.refine), "doc": param.doc,
         "default": expression(param.default) if param.default is not None else None}
        for param in of.params
    ]  # fmt: skip


def _failure(failing: Any) -> Data:
    return {"code": failing.code, "message": expression(failing.message), "line": failing.line}


# ---------------------------------------------------------------- agents


def _agent(index: Index, agent: Agent) -> Data:
    found = index.effects.of_agent(agent.name)
    data: Data = {"signature": signature(agent), "agent_kind": agent.kind, "params": _params(agent)}
    data |= {"result": type_words(agent.result), "effects": effects_data(found), "model": agent.model}
    data["tools"] = [_held(held) for held in agent.tools if held.kind == "tool"]
    data["delegates"] = [_held(held) for held in agent.tools if held.kind == "agent"]
    data["calls"] = sorted(name for _, name in found.calls - {(held.kind, held.name) for held in agent.tools})
    data["memory"] = [_remembering(policy) for policy in agent.memory]
    data["limits"] = {k: v for k, v in agent.limits.model_dump().items() if v is not None}
    data["grants"] = getattr(agent, "grants", None)
    data["plays"] = agent.plays
    data["failures"] = [_failure(each) for each in index.failures(agent.name)]
    if agent.kind == "model":
        data["prompt"] = prompt_data(index, agent)
    data["budget"] = budget_data(index, agent.name)
    return data


def _remembering(policy: Memory) -> str:
    if isinstance(policy, Summary):
        return f"summary(by: {policy.agent}, above: {policy.above}, keep: {policy.keep})"
    if isinstance(policy, Builtin):
        return f"window(turns: {expression(policy.args[0])})"
    return f"{policy.name}({', '.join(expression(arg) for arg in policy.args)})"


def _held(held: Any) -> Data:
    return {"name": held.name, "fixed": {name: expression(value) for name, value in held.fixed.items()}}


def prompt_data(index: Index, agent: Agent) -> Data:
    """About how many tokens a model agent reads before anything is said, and what its model can read."""
    import json

    from nexlang.semantics.tokens import estimate, of_template, texts

    constants = texts({each["name"]: each for each in index.core["constants"]})
    schemas, answers = index.schemas
    held = sum(
        estimate(json.dumps(schemas[each.name], ensure_ascii=False)) for each in agent.tools if each.name in schemas
    )
    prompt = of_template(agent.prompt.source, constants) if agent.prompt else 0
    turn = of_template(agent.turn.source, constants) if agent.turn else 0
    result = 0 if type_words(agent.result) == "Text" else estimate(json.dumps(answers[agent.name], ensure_ascii=False))
    model = index.models.get(agent.model or "")
    return {
        "variables": [name for each in (agent.prompt, agent.turn) if each for name in each.names],
        "tokens": prompt, "turn_tokens": turn, "schema_tokens": held, "result_tokens": result,
        "begins_with": prompt + turn + held + result, "context": model.options.get("context") if model else None,
    }  # fmt: skip


def finite(number: float) -> float | int | None:
    """A number for JSON: whole where it is, none where nothing bounds it."""
    if math.isinf(number):
        return None
    return int(number) if number == int(number) else number


def budget_data(index: Index, agent: str) -> Data:
    """The most that one run of an agent may use; `None` where nothing bounds it."""
    cost = index.budgets.of(agent)
    path = index.budgets.path(agent)
    return {
        "model_calls": finite(cost.asks), "tool_calls": finite(cost.calls), "tokens": finite(cost.tokens),
        "depth": finite(cost.depth), "time_ms": finite(cost.time),
        "path": [{"agent": step.name, "runs": finite(step.times)} for step in path],
    }  # fmt: skip


# ---------------------------------------------------------------- environments


def _environment(index: Index, environment: Environment) -> Data:
    core = index.core_of("environments", environment.name)
    slots = index.effects.slots(environment.world)
    costs = index.budgets.of_environment(core)
    setup = index.effects.of_body(core["setup"], slots)
    data: Data = {
        "world": environment.world, "task": type_words(environment.task), "turns": environment.turns,
        "rounds": environment.rounds or None, "setup": effects_data(setup),
        "actors": [
            {"role": actor.role, "agent": actor.agent, "args": {k: expression(v) for k, v in actor.args.items()},
             "sees": sorted({p for arg in core_actor["args"].values()
                             for p in shown(index.effects.of_body(arg, slots, measure=True).reads)}),
             "model_calls": finite(costs[actor.role].asks), "tool_calls": finite(costs[actor.role].calls)}
            for actor, core_actor in zip(environment.actors, core["actors"], strict=True)
        ],
    }  # fmt: skip
    data["components"] = [
        component_data(index, each, core_each, environment)
        for each, core_each in zip(environment.reward, core["reward"], strict=True)
    ]
    data["reward"] = reward_range(environment.reward)
    data["judges"] = [
        f"{judge.agent}({', '.join(f'{name}: {expression(value)}' for name, value in judge.args.items())})"
        for judge in environment.judges
    ]
    data["stages"] = [_stage(stage) for stage in environment.curriculum]
    return data | _course(environment)


def _course(environment: Environment) -> Data:
    """How an episode goes: its tasks, its time, when it is solved, what disturbs it."""
    clock = environment.clock
    return {
        "source": _source(environment.tasks), "split": _said(environment.split),
        "solution": _said(environment.solution), "success": _said(environment.success), "stop": _said(environment.stop),
        "clock": {"start": clock.start, "runs": clock.runs} if clock else None,
        "tick_ms": environment.tick_ms, "time_ms": environment.time_ms, "dynamics": _dynamics(environment.dynamics),
    }  # fmt: skip


def _said(of: Any) -> str | None:
    return expression(of) if of is not None else None


def _source(tasks: Any) -> str:
    if tasks.kind == "file":
        return str(tasks.path)
    return f"generate({tasks.function}, count: {tasks.count})" if tasks.kind == "generate" else expression(tasks.call)


def _stage(stage: StageSpec) -> Data:
    return {
        "name": stage.name, "tasks": _said(stage.tasks), "noise": stage.noise, "depth": stage.depth,
        "until": stage.until,
    }  # fmt: skip


def _dynamics(dynamics: DynamicsSpec | None) -> list[str]:
    """What an environment does to calls, a line each."""
    if dynamics is None:
        return []
    lines = [
        f"{', '.join(each.tools) or 'all other calls'}: latency {spread(each.distribution, True)}"
        for each in dynamics.latency
    ]
    for fault in dynamics.faults:
        code = f"{fault.code}: " if fault.code else ""
        when = " after they are done" if fault.after else ""
        share = f"{fault.rate * 100:g}% of calls{when} fail"
        lines.append(f"{', '.join(fault.tools)}: {share} with {code}{expression(fault.message)}")
    for each in dynamics.noise:
        lines.append(f"{'.'.join((each.target, *each.path))}: noise {spread(each.distribution, False)}")
    return lines


def spread(of: Any, time: bool) -> str:
    """A distribution as a program writes it; of times where it is of milliseconds."""
    name = of.name.removesuffix("_distribution") if of.kind == "builtin" else ""
    if not name:
        return expression(of)
    args = [_amount(arg, time and (at == 0 or name != "lognormal")) for at, arg in enumerate(of.args)]
    return args[0] if name == "constant" else f"{name}({', '.join(args)})"


def _amount(of: Any, time: bool) -> str:
    of = of.of if of.kind == "to_float" else of
    if time and of.kind == "lit" and isinstance(of.value, int | float):
        return duration(of.value)
    return expression(of)


def component_data(index: Index, component: Component, core: Data, environment: Environment) -> Data:
    reads = index.effects.of_body(core["measure"], index.effects.slots(environment.world), measure=True)
    return {
        "name": component.name, "measure": component.text, "weight": component.weight, "low": component.low,
        "high": component.high, "paid": getattr(component, "paid", "end"), "own": getattr(component, "own", False),
        "adds": adds(component), "reads": shown(reads.reads),
    }  # fmt: skip


def adds(component: Component) -> tuple[float | None, float | None]:
    """What a component can add to the reward each time that it is paid, from least to most."""
    low, high = component.low, component.high
    if component.paid == "potential":  # in all it takes back what the first world was worth
        low, high = (None if high is None else 0.0 - high), (None if low is None else 0.0 - low)
    ends = [None if end is None else end * component.weight + 0.0 for end in (low, high)]
    if component.weight == 0:
        return 0.0, 0.0
    return (ends[0], ends[1]) if component.weight > 0 else (ends[1], ends[0])


def reward_range(components: list[Component]) -> Data | None:
    """From least to most, of what is paid once at the end."""
    paid = [adds(each) for each in components if getattr(each, "paid", "end") == "end"]
    if not paid:
        return None
    lows, highs = [low for low, _ in paid], [high for _, high in paid]
    return {"low": None if None in lows else sum(low or 0.0 for low in lows),
            "high": None if None in highs else sum(high or 0.0 for high in highs)}  # fmt: skip


# ---------------------------------------------------------------- the rest


def _declaration(index: Index, declared: Any) -> Data:
    data: Data = {}
    if hasattr(declared, "fields"):
        data["fields"] = [
            {"name": f.name, "type": type_words(f.type) + refined(f.refine), "doc": f.doc, "text": field_words(f)}
            for f in declared.fields
        ]
        data["rules"] = [rule.text for rule in declared.require]
        data["tag"] = list(declared.tag) if declared.tag else None
    if hasattr(declared, "slots"):
        data["slots"] = [
            {"name": s.name, "type": type_words(s.type), "doc": s.doc,
             "default": expression(s.default) if s.default is not None else None}
            for s in declared.slots
        ]  # fmt: skip
        core = index.core_of("worlds", declared.name)
        data["processes"] = [_process(index, declared.name, each) for each in core.get("processes") or ()]
    if hasattr(declared, "cases"):
        data["cases"] = dict(declared.cases)
    if isinstance(declared, Alias | Constant):
        data["type"] = type_words(declared.type) + refined(getattr(declared, "refine", None))
    if hasattr(declared, "target"):
        data |= {"target": declared.target, "options": dict(declared.options)}
    if hasattr(declared, "learns"):
        data |= {"environment": declared.environment, "learns": list(declared.learns), "base": declared.base}
    data["typed_by"] = index.typed.get(declared.name, [])
    return data


def _process(index: Index, world: str, core: Data) -> Data:
    found = index.effects.of_body(core["body"], index.effects.slots(world))
    when = f"every {core['period_ms']:g} ms" if core.get("period_ms") else core["trigger"].replace("_", " ")
    effects = effects_data(found) | {"chance": found.chance or bool(core.get("dice"))}
    return {"name": core["name"], "when": when, "doc": core.get("doc", ""), "effects": effects}
