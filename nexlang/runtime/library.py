"""A program ready to run: its agents' declarations beside their compiled code, looked up by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from nexlang.ir.model import Act, Agent, Held, Program, Scalar, Summary
from nexlang.runtime.code import AgentCode, ToolCode
from nexlang.runtime.messages import Json, ToolSchema

TEXT = "Text"


@dataclass(frozen=True)
class Library:
    """`schemas` are the function schemas of all tools and agents; `results` describe the agents' results in one line.

    `constants` are the program's top-level values as JSON, for prompts. The last four come from the engine: what a
    codec raises, what a program's `fail` raises, what makes a `Failure` of a code and a message, and what makes a
    `Message` of who says it, its text and its place in a conversation.
    """

    program: Program
    codes: Mapping[str, AgentCode]
    tools: Mapping[str, ToolCode]
    schemas: Mapping[str, ToolSchema]
    results: Mapping[str, str]
    constants: Mapping[str, Json]
    mismatch: type[Exception]
    failure: type[Exception]
    make_failure: Callable[[str, str], Any]
    make_message: Callable[[str, str, int | None], Any]
    _held: dict[str, list[ToolSchema]] = field(default_factory=dict)

    @cached_property
    def agents(self) -> Mapping[str, Agent]:
        return {agent.name: agent for agent in self.program.agents}

    @cached_property
    def stand_ins(self) -> Mapping[str, str]:
        """Model agent → the first stand-in that the program declares for it."""
        found: dict[str, str] = {}
        for agent in self.program.agents:
            if agent.plays:
                found.setdefault(agent.plays, agent.name)
        return found

    def is_texty(self, agent: str) -> bool:
        """Whether the agent's result is plain text, so that what it says can be its result."""
        return self.results[agent] == TEXT

    def held_schemas(self, agent: Agent) -> list[ToolSchema]:
        """What the agent may call, without the arguments that it does not choose."""
        if agent.name not in self._held:
            self._held[agent.name] = [without(self.schemas[held.name], set(held.fixed)) for held in agent.tools]
        return self._held[agent.name]

    def held(self, agent: Agent, name: str) -> Held | None:
        return next((held for held in agent.tools if held.name == name), None)

    def reach(self, name: str) -> tuple[list[str], list[str]]:
        """The tools and the agents below an agent: what it holds, what its body calls, and so on down the tree."""
        agents, tools = [name], dict[str, None]()
        for one in agents:
            for target, reached in self._used(one):
                if target == "tool":
                    tools[reached] = None
                elif reached not in agents:
                    agents.append(reached)
        return list(tools), agents[1:]

    def _used(self, name: str) -> list[tuple[str, str]]:
        agent = self.agents[name]
        held: list[tuple[str, str]] = [(held.kind, held.name) for held in agent.tools]
        held += [("agent", name) for name in summing(agent)]
        return held + [(act.target, act.name) for act in acts(agent.body)]

    def prompt_values(self, agent: Agent, arguments: Mapping[str, Any]) -> dict[str, Json]:
        """The agent's typed arguments and the program's constants as JSON, for its templates."""
        parameters = self.codes[agent.name].parameters
        encoded = {name: parameters[name].encode(value) for name, value in arguments.items() if name in parameters}
        return {**self.constants, **encoded}

    def dice(self, agent: Agent) -> list[str]:
        """The agent's parameters that are streams of chance."""
        return [p.name for p in agent.params if isinstance(p.type, Scalar) and p.type.kind == "chance"]


def summing(agent: Agent) -> list[str]:
    """The agents that sum up what an agent remembers."""
    return [policy.agent for policy in agent.memory if isinstance(policy, Summary)]


def acts(node: object) -> Iterator[Act]:
    """Every call of a tool or an agent in a piece of a program."""
    return (one for one in nodes_of(node) if isinstance(one, Act))


def nodes_of(node: object) -> Iterator[BaseModel]:
    """Every model in a piece of a program, from the outside in."""
    if isinstance(node, BaseModel):
        yield node
        for _, value in node:
            yield from nodes_of(value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from nodes_of(item)
    elif isinstance(node, dict):
        yield from nodes_of(list(node.values()))


def without(schema: ToolSchema, names: set[str]) -> ToolSchema:
    """The schema of a function some of whose parameters are fixed."""
    if not names:
        return schema
    function = schema["function"]
    parameters = dict(function["parameters"])
    parameters["properties"] = {k: v for k, v in parameters["properties"].items() if k not in names}
    if "required" in parameters:
        parameters["required"] = [k for k in parameters["required"] if k not in names]
    return {**schema, "function": {**function, "parameters": parameters}}
