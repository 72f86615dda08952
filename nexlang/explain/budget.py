"""The budgets of a program: the most that each agent, and each episode, may use, as data and as a table."""

from __future__ import annotations

from typing import Any

from nexlang.explain.index import Index
from nexlang.explain.subject import Data, Unknown, budget_data, finite
from nexlang.explain.text import many
from nexlang.explain.words import duration
from nexlang.semantics.budgets import ROUNDS
from nexlang.semantics.costs import Cost

COLUMNS = ("calls of models", "calls of tools", "tokens", "depth", "time")
NOTE = """Worst cases, from the limits: a model agent makes at most 8 calls a step where its limits name no `calls`,
and the run time stops whatever goes further. ∞ is what no limit bounds; time is without the latency of calls."""


def budgets(index: Index, name: str = "") -> Data:
    """Of one agent or environment, or of all that the program declares itself. Raises `Unknown`."""
    agents = [agent for agent in index.agents if agent in index.own]
    environments = [one for one in index.environments if one in index.own]
    if name:
        if name not in index.agents and name not in index.environments:
            raise Unknown(name, [*index.environments, *index.agents])
        agents, environments = [a for a in agents if a == name], [e for e in environments if e == name]
    return {
        "environments": [episode(index, each) for each in environments],
        "agents": [tree(index, each) for each in agents],
    }


def tree(index: Index, agent: str) -> Data:
    """An agent's budget, and those of the agents that it runs itself."""
    cost = index.budgets.of(agent)
    below = [
        {"agent": child, "runs": finite(times), **budget_data(index, child)} for child, times in cost.children.items()
    ]
    limits = {k: v for k, v in index.agents[agent].limits.model_dump().items() if v is not None}
    return {"agent": agent, **budget_data(index, agent), "limits": limits, "below": below}


def episode(index: Index, environment: str) -> Data:
    """The most that each role and each judge may use in one episode, and all of them together."""
    core = index.core_of("environments", environment)
    costs = index.budgets.of_environment(core)
    agents = {actor["role"]: actor["agent"] for actor in core["actors"]}
    roles = [{"role": role, "agent": agents[role], **_numbers(cost)} for role, cost in costs.items()]
    judges = [(judge["agent"], index.budgets.of(judge["agent"])) for judge in core.get("judges") or ()]
    roles += [{"role": "judge", "agent": agent, **_numbers(cost)} for agent, cost in judges]
    whole = Cost()
    for cost in (*costs.values(), *(cost for _, cost in judges)):
        whole = whole.then(cost)
    return {"environment": environment, "rounds": core.get("rounds") or ROUNDS, "roles": roles, "all": _numbers(whole)}


def _numbers(cost: Cost) -> Data:
    return {
        "model_calls": finite(cost.asks), "tool_calls": finite(cost.calls), "tokens": finite(cost.tokens),
        "depth": finite(cost.depth), "time_ms": finite(cost.time),
    }  # fmt: skip


# ---------------------------------------------------------------- text


def table(data: Data) -> str:
    """The budgets as a table, each agent with what it runs below it, and the path that costs the most."""
    rows: list[list[str]] = [["", *COLUMNS]]
    for each in data["environments"]:
        rows.append([f"{each['environment']}, an episode of {each['rounds']} rounds", *_cells(each["all"])])
        rows += [[f"  {role['role']}: {role['agent']}", *_cells(role)] for role in each["roles"]]
    for each in data["agents"]:
        rows.append([each["agent"], *_cells(each)])
        rows += [[f"  {below['agent']}, run {many(below['runs'])} ×", *_cells(below)] for below in each["below"]]
    lines = [_aligned(rows), ""]
    paths = [each["path"] for each in data["agents"] if len(each["path"]) > 1]
    for path in paths:
        lines.append("most of it: " + " → ".join(f"{step['agent']} ×{many(step['runs'])}" for step in path))
    return "\n".join([*lines, *([""] if paths else []), NOTE])


def _cells(numbers: Data) -> list[str]:
    keys = ("model_calls", "tool_calls", "tokens", "depth")
    said = ["∞" if numbers[key] is None else f"{numbers[key]:,}" for key in keys]
    return [*said, "∞" if numbers["time_ms"] is None else duration(numbers["time_ms"]) if numbers["time_ms"] else "0"]


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines: list[Any] = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
