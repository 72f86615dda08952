"""The most that an agent may use, derived from the limits of its tree and the shape of its bodies, in core form.

Every number is one that the run time holds the agent to, so no run goes beyond it. What no limit bounds is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from nexlang.ir.options import ENDPOINT, ENVIRONMENT, LIMITS, MESSAGE_CALLS
from nexlang.semantics.costs import NONE, Cost, Counted, Step, product
from nexlang.semantics.sizes import most, number, summing
from nexlang.semantics.types import Core

STEPS = int(LIMITS["steps"].default or 0)
REPLY = int(ENDPOINT["max_tokens"].default or 0)
ROUNDS = int(ENVIRONMENT["rounds"].default or 0)
_DATA = ("record", "union", "list", "map", "json", "bool", "int", "float", "decimal")
"""Results that are no speech."""
SAME_SIZE = ("enumerate", "reverse", "shuffle", "sorted", "unique")
"""Functions that give no more items than the list that they take last."""
DEEPEST = 32
"""The most agents below each other, whatever the limits say."""


class Budgets:
    """Budgets of a program in core form. `latency` gives the longest simulated time of a call of a tool, by name; of
    all others by the empty one."""

    def __init__(
        self, agents: Mapping[str, Core], models: Mapping[str, Core], constants: Mapping[str, Core],
        aliases: Mapping[str, Core], latency: Mapping[str, float] | None = None,
    ) -> None:  # fmt: skip
        self.agents, self.models, self.constants, self.aliases = agents, models, constants, aliases
        self.latency = latency or {}
        self._made: dict[tuple[str, tuple[tuple[str, int], ...]], Cost] = {}

    @classmethod
    def of_program(cls, core: Core, latency: Mapping[str, float] | None = None) -> Budgets:
        """Over a program in core form: what lowering gets, or what the IR dumps."""
        agents, models, constants, aliases = (
            {each["name"]: each for each in core[kind]} for kind in ("agents", "models", "constants", "aliases")
        )
        return cls(agents, models, constants, aliases, latency)

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
        for name in summing(agent.get("memory") or []):
            own = own.then(self._target("agent", name, above).times(steps))
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
        return self._body(agent, above or {})

    def _flow(self, agent: Core, above: dict[str, int]) -> Cost:
        once = self.turn(agent, above)
        return self._called(once, once, agent.get("limits") or {})

    def _called(self, whole: Cost, once: Cost, limits: Core) -> Cost:
        """A body under its limit of calls: so many of the worst thing that it calls."""
        limit = limits.get("calls")
        if limit is None or whole.acts <= limit:
            return whole
        worst = once.worst if isinstance(once, Counted) else whole
        return whole.at_most(Cost(
            worst.asks * limit, worst.calls * limit, worst.tokens * limit, whole.depth, whole.time, limit,
            dict.fromkeys(whole.children, float(limit)),
        ))  # fmt: skip

    # ---- bodies

    def _body(self, agent: Core, above: Mapping[str, int]) -> Cost:
        body = agent.get("body") or []
        walk = _Walk(self, dict(above), set(_changed(body)))
        for param in agent.get("params") or ():
            walk.sizes[param["name"]] = min(self.sized(param["type"]), most(param.get("refine")))
        made = walk.block(body)
        return Counted(made.asks, made.calls, made.tokens, made.depth, made.time, made.acts, made.children, walk.worst)

    def sized(self, type: Core) -> float:
        """The most items of a list of a type that says so."""
        alias = self.aliases.get(type["name"]) if type.get("kind") == "alias" else None
        return math.inf if alias is None else min(most(alias.get("refine")), self.sized(alias["type"]))

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
            often = product(often, children.get(name, 0))
        return found

    def of_actor(self, agent: str, rounds: int, others: float = 0, social: bool = True) -> Cost:
        """The most that an actor may use in an episode. A model agent has one run, whatever the rounds; so has a flow
        agent but where its text is speech, because others hear it."""
        core = self.agents.get(agent)
        if core is None or core["kind"] == "model":
            return self.of(agent)
        limits = core.get("limits") or {}
        once = self.turn(core)
        speaks = social and core["result"]["kind"] not in _DATA
        often = rounds + others if core["kind"] == "rules" or speaks else 1
        if core["kind"] == "rules" and core.get("plays"):
            often *= limits.get("steps") or STEPS
        made = self._called(once.times(often), once, limits)
        made.tokens = min(made.tokens, _limit(limits, "tokens"))
        made.time = min(made.time, self._time(limits))
        made.depth += 1
        return made

    def of_environment(self, core: Core) -> dict[str, Cost]:
        """Each role's worst case in one episode, its calls as long as the environment's dynamics may make them."""
        latency = latencies(core.get("dynamics") or {})
        there = Budgets(self.agents, self.models, self.constants, self.aliases, latency)
        rounds = core.get("rounds") or ROUNDS
        found: dict[str, Cost] = {}
        for actor in reversed(core["actors"]):
            # under `by_priority` an actor above is asked again before every call below it
            below = sum(cost.calls for cost in found.values()) if core.get("turns") == "by_priority" else 0
            made = there.of_actor(actor["agent"], rounds, below, len(core["actors"]) > 1)
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
    args = [number(arg) for arg in node.get("args") or ()]
    if node["kind"] != "builtin":
        return _longest(node["of"]) if "of" in node else number(node)
    shape = node["name"].removesuffix("_distribution")
    return max(args, default=math.inf) if shape in ("uniform", "constant", "always") else math.inf


def _limit(limits: Core, name: str) -> float:
    value = limits.get(name)
    return math.inf if value is None else float(value)


def _weight(cost: Cost, times: float) -> tuple[float, float]:
    return product(times, cost.asks), product(times, cost.calls)


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
            known = self.budgets.sized(statement.get("type") or {})
            self.sizes[statement["name"]] = min(self.size(statement["value"]), known)

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
            return Cost(time=number(node["args"][0]))
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
            low = 0.0 if len(args) == 1 else self.number(args[0], -1)
            return max(self.number(args[-1]) - low, 0.0)
        if source["name"] == "take":
            return min(max(self.number(args[1]), 0.0), self.size(args[0]))
        if source["name"] == "zip":
            return min((self.size(arg) for arg in args), default=math.inf)
        if source["name"] in ("slice", "drop"):
            return self.size(args[0])
        return self.size(args[-1]) if source["name"] in SAME_SIZE and args else math.inf

    def number(self, node: Core, sign: int = 1) -> float:
        """A number that is written out, or is a constant's; infinitely much, or little, where it cannot be told."""
        if node["kind"] == "const":
            value = self.budgets.constants.get(node["name"], {}).get("value")
            return self.number(value, sign) if value is not None else sign * math.inf
        return number(node, sign)


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
