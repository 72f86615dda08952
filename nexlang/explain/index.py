"""A program's declarations by name, what each of them does, and where each is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nexlang.explain.words import type_names
from nexlang.ir.lookup import Lookup
from nexlang.ir.model import Declared, Program, Union
from nexlang.ir.schemas import callables, results
from nexlang.semantics.budgets import Budgets
from nexlang.semantics.effects import Effects, Inference, inference_of

KINDS = {
    "records": "record", "enums": "enum", "unions": "union", "aliases": "type", "constants": "let", "worlds": "world",
    "functions": "fn", "models": "model", "agents": "agent", "environments": "environment", "trains": "train",
}  # fmt: skip
STDLIB = "std/"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a declaration: `how` (calls, holds, delegates to, …) by the owner of a kind, at a line."""

    how: str
    kind: str
    owner: str
    file: str
    line: int

    def to_json(self) -> dict[str, Any]:
        return {"how": self.how, "kind": self.kind, "by": self.owner, "file": self.file, "line": self.line}


class Index(Lookup):
    """One program, looked at. `core` is its plain form, which effects and budgets are inferred from."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)

    @cached_property
    def core(self) -> dict[str, Any]:
        return self.program.model_dump()

    @cached_property
    def effects(self) -> Inference:
        return inference_of(self.core)

    @cached_property
    def budgets(self) -> Budgets:
        return Budgets.of_program(self.core)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """What each declared name is."""
        found = {}
        for group, kind in KINDS.items():
            for declared in getattr(self.program, group):
                found[declared.name] = declared.kind if group == "functions" else kind
        return found

    @cached_property
    def declared(self) -> dict[str, Declared]:
        return {item.name: item for group in KINDS for item in getattr(self.program, group)}

    @cached_property
    def own(self) -> list[str]:
        """The names that the program declares itself, without what it takes from the standard library."""
        return [name for name, item in self.declared.items() if not item.file.startswith(STDLIB)]

    @cached_property
    def schemas(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The function schemas of tools and agents, and the schemas of what agents give."""
        return callables(self.program), results(self.program)

    def effects_of(self, name: str) -> Effects | None:
        """What a function, a tool or an agent may do; None for anything else."""
        if name in self.functions:
            return self.effects.of(name)
        return self.effects.of_agent(name) if name in self.agents else None

    # ---- uses

    @cached_property
    def uses(self) -> dict[str, list[Use]]:
        """Who uses each function, tool and agent."""
        found: dict[str, list[Use]] = {}
        for name, use in self._all_uses():
            if use not in found.setdefault(name, []):
                found[name].append(use)
        return found

    def _all_uses(self) -> Iterator[tuple[str, Use]]:
        for function in self.core["functions"]:
            yield from self._called(function["body"], function["kind"], function)
        for world in self.core["worlds"]:
            for process in world.get("processes") or ():
                owner = {**process, "name": f"{world['name']}.{process['name']}"}
                yield from self._called(process["body"], "process", owner)
        for agent in self.core["agents"]:
            yield from self._of_agent(agent)
        for environment in self.core["environments"]:
            yield from self._of_environment(environment)
        for train in self.core["trains"]:
            yield train["environment"], Use("trains on it", "train", train["name"], train["file"], train["line"])
            for name in train["learns"]:
                yield name, Use("learns", "train", train["name"], train["file"], train["line"])
        for test in self.core["tests"]:
            yield from self._called(test["body"], "test", {**test, "name": test["title"]})

    def _of_agent(self, agent: dict[str, Any]) -> Iterator[tuple[str, Use]]:
        for held in agent["tools"]:
            how = "delegates to it" if held["kind"] == "agent" else "holds it"
            yield held["name"], Use(how, "agent", agent["name"], agent["file"], agent["line"])
        if agent.get("model"):
            yield agent["model"], Use("asks it", "agent", agent["name"], agent["file"], agent["line"])
        for policy in agent.get("memory") or ():
            if policy["kind"] != "builtin":
                name, how = policy.get("agent") or policy["name"], "has it in its memory"
                yield name, Use(how, "agent", agent["name"], agent["file"], agent["line"])
        if agent.get("plays"):
            yield agent["plays"], Use("plays it", "agent", agent["name"], agent["file"], agent["line"])
        yield from self._called(agent["body"], "agent", agent)

    def _of_environment(self, environment: dict[str, Any]) -> Iterator[tuple[str, Use]]:
        name, file, line = environment["name"], environment["file"], environment["line"]
        yield environment["world"], Use("plays in it", "environment", name, file, line)
        for actor in environment["actors"]:
            yield actor["agent"], Use(f"has it as {actor['role']}", "environment", name, file, line)
        for judge in environment.get("judges") or ():
            yield judge["agent"], Use("asks it as a judge", "environment", name, file, line)
        parts = {key: value for key, value in environment.items() if key not in ("name", "file", "line")}
        yield from self._called(parts, "environment", environment)

    def _called(
        self, node: Any, kind: str, owner: dict[str, Any], line: int | None = None
    ) -> Iterator[tuple[str, Use]]:
        """Every call in a piece of a program, with the line of the statement that it stands in."""
        if isinstance(node, dict):
            line = node.get("line") or line
            if node.get("kind") in ("call_fn", "act"):
                yield node["name"], Use("calls it", kind, owner["name"], owner["file"], line or owner["line"])
            elif node.get("kind") == "call_value":
                yield node["tool"], Use("names it", kind, owner["name"], owner["file"], line or owner["line"])
        values = node.values() if isinstance(node, dict) else node
        for value in values:
            if isinstance(value, dict | list | tuple):
                yield from self._called(value, kind, owner, line)

    # ---- types

    @cached_property
    def typed(self) -> dict[str, list[str]]:
        """By each name the declarations whose types name it."""
        found: dict[str, list[str]] = {}
        for name, declared in self.declared.items():
            for named in dict.fromkeys(_named_types(declared)):
                found.setdefault(named, []).append(name)
        return found

    def core_of(self, group: str, name: str) -> dict[str, Any]:
        """The plain form of one declaration."""
        return self._cores[group][name]

    @cached_property
    def _cores(self) -> dict[str, dict[str, dict[str, Any]]]:
        return {group: {each["name"]: each for each in self.core[group]} for group in KINDS}

    # ---- parts

    def failures(self, name: str) -> list[Any]:
        """The `fail`s of a function or an agent, in order of their lines."""
        body = self.functions[name].body if name in self.functions else self.agents[name].body
        return list(_failings(body))

    def children(self, agent: str) -> list[tuple[str, str]]:
        """What an agent holds or calls itself: (kind, name), delegates and tools as they come."""
        from nexlang.semantics.effects import agent_subject

        core = self.core_of("agents", agent)
        held = list(agent_subject(core).holds)
        called = [
            (("agent" if use in self.agents else "tool"), use)
            for use, by in self._called(core["body"], "agent", core)
            if by.how == "calls it" and (use in self.agents or use in self.tools)
        ]
        return list(dict.fromkeys([*held, *called]))


def _named_types(declared: Any) -> Iterator[str]:
    """The names in a declaration's own types: of fields, slots, parameters, results, cases and tasks."""
    pieces = [*getattr(declared, "fields", ()), *getattr(declared, "slots", ()), *getattr(declared, "params", ())]
    types = [piece.type for piece in pieces]
    types += [each for name in ("type", "result", "task") if (each := getattr(declared, name, None)) is not None]
    for type in types:
        yield from type_names(type)
    if isinstance(declared, Union):
        yield from declared.cases.values()


def _failings(node: Any) -> Iterator[Any]:
    if getattr(node, "kind", None) == "fail":
        yield node
    if isinstance(node, list | tuple):
        for item in node:
            yield from _failings(item)
    elif hasattr(node, "model_fields_set"):
        for _, value in node:
            if isinstance(value, list | tuple) or hasattr(value, "model_fields_set"):
                yield from _failings(value)
