"""The most that an agent may use, derived from the limits of its tree and the shape of its bodies, in core form.

Every number is one that the run time holds the agent to, so no run goes beyond it. What no limit bounds is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from nexlang.diagnostics.slotted import dataclass, field
from nexlang.ir.options import ENDPOINT, ENVIRONMENT, LIMITS, MESSAGE_CALLS
from nexlang.semantics.types import Core

STEPS = int(LIMITS["steps"].default or 0)
REPLY = int(ENDPOINT["max_tokens"].default or 0)
ROUNDS = int(ENVIRONMENT["rounds"].default or 0)
DEEPEST = 32
"""The most agents below each other, whatever the limits say."""


@dataclass(slots=True)
class Cost:
    """`asks`: replies of models. `calls`: calls of tools. `tokens`: written by models. `depth`: agents below each
    other. `time`: simulated milliseconds, of waiting and of calls that have a latency. `acts`: calls of tools and
    agents made by one body itself. `children`: how often each agent is run from here."""

    asks: float = 0
    calls: float = 0
    tokens: float = 0
    depth: float = 0
    time: float = 0
    acts: float = 0
    children: dict[str, float] = field(default_factory=dict)

    def then(self, other: Cost) -> Cost:
        """Both, one after the other."""
        return Cost(
            self.asks + other.asks, self.calls + other.calls, self.tokens + other.tokens,
            max(self.depth, other.depth), self.time + other.time, self.acts + other.acts,
            _merged(self.children, other.children, lambda a, b: a + b),
        )  # fmt: skip

    def either(self, other: Cost) -> Cost:
        """One of the two: the worse one, number by number."""
        return Cost(
            max(self.asks, other.asks), max(self.calls, other.calls), max(self.tokens, other.tokens),
            max(self.depth, other.depth), max(self.time, other.time), max(self.acts, other.acts),
            _merged(self.children, other.children, max),
        )  # fmt: skip

    def times(self, count: float) -> Cost:
        return Cost(
            _product(count, self.asks), _product(count, self.calls), _product(count, self.tokens),
            self.depth if count else 0, _product(count, self.time), _product(count, self.acts),
            {name: _product(count, often) for name, often in self.children.items()},
        )  # fmt: skip

    def at_most(self, other: Cost) -> Cost:
        """Number by number the smaller one."""
        return Cost(
            min(self.asks, other.asks), min(self.calls, other.calls), min(self.tokens, other.tokens),
            min(self.depth, other.depth), min(self.time, other.time), min(self.acts, other.acts),
            {name: min(often, other.children.get(name, often)) for name, often in self.children.items()},
        )  # fmt: skip


def _merged(a: Mapping[str, float], b: Mapping[str, float], how: Any) -> dict[str, float]:
    return {name: how(a.get(name, 0), b.get(name, 0)) for name in {**a, **b}}


def _product(count: float, each: float) -> float:
    """With nothing done without end nothing."""
    return 0 if count == 0 or each == 0 else count * each


NONE = Cost()


@dataclass(frozen=True, slots=True)
class Step:
    """One agent on the dominating path: how often it runs in all, and what one run of it costs."""

    name: str
    times: float
    cost: Cost


class Budgets:
    """Budgets of a program in core form. `latency` gives the longest simulated time of a call of a tool, by name; of
    all others by the empty one."""

    def __init__(
        self, agents: Mapping[str, Core], models: Mapping[str, Core], constants: Mapping[str, Core],
        latency: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        self.agents, self.models, self.constants = agents, models, constants
        self.latency = latency or {}
        self._made: dict[tuple[str, tuple[tuple[str, int], ...]], Cost] = {}

    @classmethod
    def of_program(cls, core: Core, latency: Mapping[str, float] | None = None) -> Budgets:
        """Over a program in core form: what lowering gets, or what the IR dumps."""
        agents, models, constants = (
            {each["name"]: each for each in core[kind]} for kind in ("agents", "models", "constants")
        )
        return cls(agents, models, constants, latency)

    # ---- agents

    def of(self, name: str, above: Mapping[str, int] | None = None) -> Cost:
        """The most that one run of an agent may use; `above` counts the runs of the agents that it is below."""
        over = dict(above or {})
        key = name, tuple(sorted(over.items()))
        if key not in self._made:
            self._made[key] = NONE  # a cycle without a limit on depth, which is an error of its own
            self._made[key] = self._limited(name, over)
        return self._made[key]

    def _limited(self, name: str, above: dict[str, int]) -> Cost:
        agent = self.agents.get(name)
        if agent is None or sum(above.values()) > DEEPEST:
            return NONE
        within = self._within(agent, above)
        if within is None:
            return NONE
        made = {"model": self._model, "rules": self._rules, "flow": self._flow}[agent["kind"]](agent, within)
        limits = agent.get("limits") or {}
        made.tokens = min(made.tokens, _limit(limits, "tokens"))
        made.time = min(made.time, self._time(limits))
        made.depth += 1
        return made

    def _time(self, limits: Core) -> float:
        """A limit of time ends no call that is under way."""
        return _limit(limits, "time_ms") + max(self.latency.values(), default=0.0)

    def _within(self, agent: Core, above: dict[str, int]) -> dict[str, int] | None:
        """The runs above what this one runs; None where its limit on depth lets it not run here at all."""
        name, depth = agent["name"], (agent.get("limits") or {}).get("depth")
        often = above.get(name, 0)
        if depth is None and not often:
            return above  # it is in no cycle
        if often >= (depth or 1):
            return None
        return {**above, name: often + 1}

    def _model(self, agent: Core, above: dict[str, int]) -> Cost:
        limits = agent.get("limits") or {}
        steps = limits.get("steps") or STEPS
        options = (self.models.get(agent.get("model") or "") or {}).get("options") or {}
        own = Cost(asks=steps, tokens=steps * int(options.get("max_tokens") or REPLY))
        held = [self._held(each, above) for each in agent.get("tools") or ()]
        if not held:
            return own
        worst = held[0]
        for each in held[1:]:
            worst = worst.either(each)
        return own.then(worst.times(limits.get("calls") or steps * MESSAGE_CALLS))

    def _held(self, held: Core, above: dict[str, int]) -> Cost:
        return self._target("tool" if held["kind"] == "tool" else "agent", held["name"], above)

    def _target(self, kind: str, name: str, above: dict[str, int]) -> Cost:
        """One call of a tool, or one run of an agent."""
        if kind == "tool":
            return Cost(calls=1, acts=1, time=self.latency.get(name, self.latency.get("", 0.0)))
        made = self.of(name, above)
        return Cost(made.asks, made.calls, made.tokens, made.depth, made.time, 1, {name: 1})

    def _rules(self, agent: Core, above: dict[str, int]) -> Cost:
        """By itself a rule agent goes on, a rule a turn, until one of them speaks."""
        limits = agent.get("limits") or {}
        turn = self.turn(agent, above)
        return self._called(turn.times(limits.get("steps") or STEPS), turn, limits)

    def turn(self, agent: Core, above: dict[str, int] | None = None) -> Cost:
        """One turn of a rule agent, or one run of a flow agent's body."""
        return self._body(agent.get("body") or [], above or {})

    def _flow(self, agent: Core, above: dict[str, int]) -> Cost:
        once = self.turn(agent, above)
        return self._called(once, once, agent.get("limits") or {})

    def _called(self, whole: Cost, once: Cost, limits: Core) -> Cost:
        """A body under its limit of calls: so many of the worst thing that it calls."""
        most = limits.get("calls")
        if most is None or whole.acts <= most:
            return whole
        worst = once.worst if isinstance(once, _Counted) else whole
        return whole.at_most(Cost(
            worst.asks * most, worst.calls * most, worst.tokens * most, whole.depth, whole.time, most,
            dict.fromkeys(whole.children, float(most)),
        ))  # fmt: skip

    # ---- bodies

    def _body(self, body: list[Core], above: Mapping[str, int]) -> Cost:
        walk = _Walk(self, dict(above), set(_changed(body)))
        made = walk.block(body)
        return _Counted(made.asks, made.calls, made.tokens, made.depth, made.time, made.acts, made.children, walk.worst)

    # ---- paths and environments

    def path(self, name: str) -> list[Step]:
        """From an agent down, each time to the agent whose runs cost the most replies, or the most calls."""
        found, often, above = list[Step](), 1.0, set[str]()
        while name and name not in above:
            cost = self.of(name)
            found.append(Step(name, often, cost))
            above.add(name)
            children = {child: count for child, count in cost.children.items() if count}
            weight = {child: _weight(self.of(child), count) for child, count in children.items()}
            name = max(weight, key=lambda child: weight[child], default="")
            often = _product(often, children.get(name, 0))
        return found

    def of_actor(self, agent: str, rounds: int, others: float = 0) -> Cost:
        """The most that an actor may use in an episode. A model agent has one run, whatever the rounds."""
        core = self.agents.get(agent)
        if core is None or core["kind"] == "model":
            return self.of(agent)
        limits = core.get("limits") or {}
        once = self.turn(core)
        often = rounds + others
        if core["kind"] == "rules" and core.get("plays"):
            often *= limits.get("steps") or STEPS
        made = self._called(once.times(often), once, limits)
        made.tokens = min(made.tokens, _limit(limits, "tokens"))
        made.time = min(made.time, self._time(limits))
        made.depth += 1
        return made

    def of_environment(self, core: Core) -> dict[str, Cost]:
        """Each role's worst case in one episode, its calls as long as the environment's dynamics may make them."""
        there = Budgets(self.agents, self.models, self.constants, latencies(core.get("dynamics") or {}))
        rounds = core.get("rounds") or ROUNDS
        found: dict[str, Cost] = {}
        for actor in reversed(core["actors"]):
            # under `by_priority` an actor above is asked again before every call below it
            below = sum(cost.calls for cost in found.values()) if core.get("turns") == "by_priority" else 0
            made = there.of_actor(actor["agent"], rounds, below)
            made.time = min(made.time, there._time(core))
            found[actor["role"]] = made
        return {actor["role"]: found[actor["role"]] for actor in core["actors"]}


def latencies(dynamics: Core) -> dict[str, float]:
    """The longest that each tool's calls may take, in milliseconds; a distribution without an end has none."""
    found: dict[str, float] = {}
    for each in dynamics.get("latency") or ():
        for tool in each["tools"] or [""]:
            found[tool] = max(_longest(each["distribution"]), 0.0)
    return found


def _longest(node: Core) -> float:
    args = [_number(arg) for arg in node.get("args") or ()]
    if node["kind"] != "builtin":
        return _longest(node["of"]) if "of" in node else _number(node)
    shape = node["name"].removesuffix("_distribution")
    return max(args, default=math.inf) if shape in ("uniform", "constant", "always") else math.inf


def _limit(limits: Core, name: str) -> float:
    value = limits.get(name)
    return math.inf if value is None else float(value)


def _weight(cost: Cost, times: float) -> tuple[float, float]:
    return _product(times, cost.asks), _product(times, cost.calls)


@dataclass(slots=True)
class _Counted(Cost):
    """A body's cost, and the worst single thing that it calls."""

    worst: Cost = field(default_factory=Cost)

    def times(self, count: float) -> Cost:
        made = Cost.times(self, count)
        return _Counted(
            made.asks, made.calls, made.tokens, made.depth, made.time, made.acts, made.children, self.worst
        )


class _Walk:
    """Counts what a body calls. `changed` are the names that take more than one value, so that none has a size."""

    def __init__(self, budgets: Budgets, above: dict[str, int], changed: set[str]) -> None:
        self.budgets, self.above, self.changed = budgets, above, changed
        self.sizes: dict[str, float] = {}
        self.worst = NONE

    def block(self, body: Iterable[Core]) -> Cost:
        """Statements in order, read from the last to the first: a branch that ends is not followed by the rest."""
        statements = list(body)
        for statement in statements:
            self.learn(statement)
        rest = NONE
        for statement in reversed(statements):
            rest = self.followed(statement, rest)
        return rest

    def learn(self, statement: Core) -> None:
        if statement["kind"] == "let" and statement["name"] not in self.changed:
            self.sizes[statement["name"]] = self.size(statement["value"])

    def followed(self, node: Core, rest: Cost) -> Cost:
        """A statement and what follows it."""
        kind = node["kind"]
        if kind == "if":
            branches = [node["then"], node.get("otherwise") or []]
            return self.expression(node["condition"]).then(self.branches(branches, rest))
        if kind == "match":
            branches = [case["body"] for case in node["cases"]]
            branches += [node["otherwise"]] if node.get("otherwise") is not None else []
            return self.branches(branches, rest)
        if kind == "for":
            count = self.size(node["clause"]["source"])
            once = self.expression(node.get("condition")).then(self.block(node["body"]))
            return self.expression(node["clause"]["source"]).then(once.times(count)).then(rest)
        if kind in ("return", "fail"):
            return self.expression(node)
        if kind == "let" and node.get("orelse"):
            return self.expression(node["value"]).then(self.expression(node["orelse"]).either(rest))
        return self.expression(node).then(rest)

    def branches(self, blocks: list[list[Core]], rest: Cost) -> Cost:
        made = None
        for block in blocks:
            cost = self.block(block)
            cost = cost if _ends(block) else cost.then(rest)
            made = cost if made is None else made.either(cost)
        return made or rest

    def expression(self, node: Any) -> Cost:
        """Everything in a piece of core form, once."""
        if isinstance(node, list | tuple):
            made = NONE
            for item in node:
                made = made.then(self.expression(item))
            return made
        if not isinstance(node, dict):
            return NONE
        kind = node.get("kind")
        if kind == "comp":
            count = math.prod(self.size(clause["source"]) for clause in node["clauses"])
            sources = self.expression([clause["source"] for clause in node["clauses"]])
            inner = self.expression([node.get("element"), node.get("condition"), node.get("by")])
            return sources.then(inner.times(count))
        made = self.expression(list(node.values()))
        if kind == "act":
            return made.then(self.counted(self.budgets._target(node["target"], node["name"], self.above)))
        if kind == "builtin":
            return made.then(self.builtin(node))
        return made

    def counted(self, cost: Cost) -> Cost:
        self.worst = self.worst.either(cost)
        return cost

    def builtin(self, node: Core) -> Cost:
        if node["name"] == "wait":
            return Cost(time=_number(node["args"][0]))
        if node["name"] == "play":
            return self.counted(Cost(calls=1, acts=1)).times(self.size(node["args"][0]))
        return NONE

    def size(self, source: Core) -> float:
        """The most items that a list can have."""
        kind, args = source["kind"], source.get("args") or []
        if kind == "list_of":
            return float(len(source["items"]))
        if kind == "local":
            return self.sizes.get(source["name"], math.inf)
        if kind == "const":
            value = self.budgets.constants.get(source["name"], {}).get("value")
            return self.size(value) if value is not None else math.inf
        if kind == "comp" and source["result"] in ("list", "sorted"):
            return math.prod(self.size(clause["source"]) for clause in source["clauses"])
        if kind == "cond":
            return max(self.size(source["then"]), self.size(source["otherwise"]))
        if kind != "builtin":
            return math.inf
        if source["name"] == "range":
            low, high = (0.0, _number(args[0])) if len(args) == 1 else (_number(args[0], -1), _number(args[1]))
            return max(high - low, 0.0)
        if source["name"] == "take":
            return min(max(_number(args[1]), 0.0), self.size(args[0]))
        if source["name"] in ("enumerate", "reversed", "unique", "shuffled", "sorted"):
            return self.size(args[-1] if source["name"] == "shuffled" else args[0])
        return math.inf


def _number(node: Core, sign: int = 1) -> float:
    """A literal number; what cannot be told is infinitely much (or little, where `sign` is negative)."""
    value = node.get("value")
    if node["kind"] == "lit" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return sign * math.inf


def _changed(node: Any) -> Iterable[str]:
    """The names that some statement below gives another value."""
    for value in node.values() if isinstance(node, dict) else node:
        if isinstance(value, dict | list | tuple):
            yield from _changed(value)
    if isinstance(node, dict) and node.get("kind") in ("set", "write"):
        root = node.get("root") or node
        if isinstance(root.get("name"), str):
            yield root["name"]


def _ends(block: list[Core]) -> bool:
    """Whether nothing after a block is reached through it."""
    if not block:
        return False
    last = block[-1]
    if last["kind"] in ("return", "fail"):
        return True
    if last["kind"] == "if":
        return _ends(last["then"]) and _ends(last.get("otherwise") or [])
    if last["kind"] == "match":
        blocks = [case["body"] for case in last["cases"]]
        rest = last.get("otherwise")
        return all(_ends(each) for each in [*blocks, *([rest] if rest is not None else [])])
    return False
