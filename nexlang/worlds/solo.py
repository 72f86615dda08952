"""One agent by itself, outside an environment's rounds: on the world of an environment, or on an empty one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from nexlang.ir.model import Act, Agent, Lit, Parameter
from nexlang.runtime.drive import Client, drive
from nexlang.runtime.externs import Answers, externs_of
from nexlang.runtime.library import Library, summing
from nexlang.runtime.messages import Json
from nexlang.runtime.perform import perform
from nexlang.runtime.run import Stage
from nexlang.worlds.engine import (
    FUEL,
    Answer,
    Call,
    Chance,
    Context,
    Mismatch,
    Package,
    Session,
    Streams,
    Timeline,
    World,
)
from nexlang.worlds.setting import Pack, environment_named, library_of
from nexlang.worlds.tasks import TaskError


class Nowhere(World):
    """The world of an agent that has none."""


@dataclass
class Solo:
    """An agent, the world that it acts on, and what it did there. It is its own host: only its limits stop it.

    A stand-in delegates to stand-ins, so that no model is asked.
    """

    library: Library
    agent: Agent
    timeline: Timeline[World]
    seed: int = 0
    calls: list[Call] = field(default_factory=list)

    @classmethod
    def of(
        cls, bundle: Pack, name: str, environment: str | None = None, seed: int = 0, answers: Answers | None = None
    ) -> Solo:
        """The agent `name` of a program. Raises `TaskError` where there is no such agent or environment, `NotReady`
        where it asks an extern that nobody answers."""
        library = library_of(bundle.program, bundle.package)
        if name not in library.agents:
            raise TaskError(
                f"there is no agent {name}; {bundle.program.name} has {', '.join(library.agents) or 'none'}"
            )
        tools = [tool for kind, tool in reached(library, name) if kind == "tool"]
        timeline = _timeline(bundle, bundle.package, tools, environment, seed)
        functions = {function.name: function for function in bundle.program.functions}
        answers = answers or Answers(externs_of(bundle.program))
        answers.ready(name, [extern for tool in tools for extern in functions[tool].effects.extern])
        timeline.externs = answers.begin()
        return cls(library, library.agents[name], timeline, seed)

    @cached_property
    def session(self) -> Session[World]:
        tools: Any = self.library.tools
        return self.timeline.session(tools)

    # ------------------------------------------------------------ running

    def arguments(self, given: Mapping[str, Json]) -> dict[str, Any]:
        """Typed arguments from JSON, defaults filled in. Raises `TaskError` where they do not fit the agent."""
        code = self.library.codes[self.agent.name]
        wanted = [p for p in self.agent.params if p.name not in self.library.dice(self.agent)]
        known = ", ".join(p.name for p in wanted) or "none"
        for name in given:
            if name not in {p.name for p in wanted}:
                raise TaskError(f"{self.agent.name} has no parameter {name}; it has {known}")
        values = {}
        for parameter in wanted:
            try:
                values[parameter.name] = code.parameters[parameter.name].decode(self._given(parameter, given))
            except Mismatch as mismatch:
                raise TaskError(f"{self.agent.name}, {parameter.name}: {mismatch}") from None
        return values

    def _given(self, parameter: Parameter, given: Mapping[str, Json]) -> Json:
        if parameter.name in given:
            return given[parameter.name]
        if isinstance(parameter.default, Lit):
            return parameter.default.value
        if parameter.type.kind == "optional":
            return None
        raise TaskError(f"{self.agent.name} needs the argument {parameter.name}")

    def run(self, arguments: Mapping[str, Any], client: Client) -> Json:
        """The agent's result as JSON. Raises `AgentFailure` where it has none, or `ModelFailure`."""
        start = self.session.world.fork()
        cast = self.library.stand_ins if self.agent.plays else {}
        self.stage = Stage(self.library, self, cast)
        value = drive(perform(self.stage, self.agent.name, arguments, self.agent.name), client)
        self.changes = self.session.world.diff(since=start)
        return self.library.codes[self.agent.name].result.encode(value)

    def to_json(self, result: Json) -> dict[str, Any]:
        """The run as plain data."""
        return {
            "agent": self.agent.name, "result": result, "calls": [asdict(call) for call in self.calls],
            "changes": self.changes, "conversations": [one.to_json() for one in self.stage.transcript],
        }  # fmt: skip

    # ------------------------------------------------------------ the host's side

    @property
    def ctx(self) -> Context[World]:
        return Context(self.timeline.world, FUEL, self.timeline.clock)

    @property
    def elapsed(self) -> float:
        return self.timeline.clock.elapsed

    def wait(self, ms: float) -> None:
        self.timeline.advance(ms)

    def call(self, tool: str, arguments: Mapping[str, Json], by: str) -> Answer:
        answer = self.session.call(tool, arguments, by)
        self.calls.append(Call(tool, arguments, by, answer.error, answer.code, answer.message, self.elapsed))
        return answer

    def refuse(self, tool: str, arguments: Mapping[str, Json], by: str, message: str, code: str) -> None:
        self.calls.append(Call(tool, arguments, by, True, code, message, self.elapsed))

    def checkpoint(self) -> None:
        """Nothing ends a lone agent but itself."""

    def chance(self, path: str) -> Chance:
        return self.timeline.streams.next(path)


def reached(library: Library, name: str) -> list[tuple[str, str]]:
    """What the agent may call, itself or through its delegates: (kind, name), the agent first."""
    found = [("agent", name)]
    for kind, one in found:
        calls = _called(library.agents[one]) if kind == "agent" else ()
        found += [call for call in dict.fromkeys(calls) if call not in found]
    return found


def _called(agent: Agent) -> Iterator[tuple[str, str]]:
    """What a model agent holds, and what a rule or flow agent calls in its body."""
    yield from ((held.kind, held.name) for held in agent.tools)
    yield from (("agent", name) for name in summing(agent))
    waiting: list[Any] = list(agent.body)
    for node in waiting:
        if isinstance(node, Act):
            yield node.target, node.name
        if isinstance(node, BaseModel):
            waiting += [value for _, value in node]
        elif isinstance(node, dict):
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _timeline(bundle: Pack, package: Package, tools: list[str], environment: str | None, seed: int) -> Timeline[World]:
    """The named environment's world at its beginning; else that of the first one whose world the tools are for; else
    an empty one."""
    kind = next((made for tool in tools if (made := package.tools[tool].world) is not None), None)
    if environment:
        fitting = [environment_named(bundle.program, environment).name]
    else:
        fitting = [name for name, one in package.environments.items() if kind is None or one.world is kind]
    if fitting:
        clock = package.environments[fitting[0]].new_clock()
        return Timeline(bundle.world(fitting[0]), clock, Streams(seed))
    try:
        return Timeline((kind or Nowhere).load({}), streams=Streams(seed))
    except Mismatch as mismatch:
        raise TaskError(f"the world {kind.__name__ if kind else ''} cannot begin empty: {mismatch}") from None
