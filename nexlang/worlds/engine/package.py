"""What a generated package holds, collected from its modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from nexlang.worlds.engine.codecs import Codec, as_codec
from nexlang.worlds.engine.protocols import Environment
from nexlang.worlds.engine.records import Record
from nexlang.worlds.engine.session import Tool
from nexlang.worlds.engine.state import World
from nexlang.worlds.engine.testing import TestRun
from nexlang.worlds.engine.values import Message

Fixed = Callable[[Mapping[str, Any]], dict[str, Any]]
Policy = Callable[[Mapping[str, Any], list[Message]], Sequence[Message]]


@dataclass(frozen=True)
class Agent:
    """An agent's codecs and, for rule and flow agents, its program. `fixed` gives the arguments of what it holds,
    `memory` are its own policies in their order."""

    name: str
    parameters: Mapping[str, Codec[Any]]
    result: Codec[Any]
    body: Callable[..., Any] | None = None
    fixed: Mapping[str, Fixed] = field(default_factory=dict)
    memory: Sequence[Policy] = ()


def agent(
    name: str,
    parameters: Mapping[str, Any],
    result: Any,
    body: Callable[..., Any] | None = None,
    fixed: Mapping[str, Fixed] | None = None,
    memory: Sequence[Policy] = (),
) -> Agent:
    """An agent for generated code; `parameters` and `result` are codecs or record classes."""
    codecs = {key: as_codec(of) for key, of in parameters.items()}
    return Agent(name, codecs, as_codec(result), body, fixed or {}, memory)


@dataclass(frozen=True)
class Test:
    """A `test` block: a function over a `TestRun`, and over the values of one row or of one try.

    `rows` gives them for each row and `shown` its title; `values` are the codecs of those that it is to hold for.
    Without an environment, `world` is the world that it begins with, empty.
    """

    __test__ = False

    title: str
    environment: str | None
    file: str
    line: int
    body: Callable[..., None]
    rows: Callable[[TestRun], Iterable[tuple[Any, ...]]] | None = None
    shown: Callable[..., str] | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    world: type[World] | None = None


@dataclass(frozen=True)
class Package:
    """Everything that a program's generated modules offer, by its name in the program."""

    records: Mapping[str, type[Record]]
    worlds: Mapping[str, type[World]]
    constants: Mapping[str, Any]
    tools: Mapping[str, Tool]
    agents: Mapping[str, Agent]
    environments: Mapping[str, Environment[Any, Any]]
    tests: tuple[Test, ...]

    @classmethod
    def collect(cls, modules: Mapping[str, ModuleType]) -> Package:
        """From modules by their short names; what a program lacks has no module."""

        def classes(module: str, base: type) -> dict[str, Any]:
            space = vars(modules[module]) if module in modules else {}
            own = [value for value in space.values() if isinstance(value, type) and issubclass(value, base)]
            return {value.__name__.rstrip("_"): value for value in own if value is not base}

        def table(module: str, name: str) -> Any:
            return getattr(modules[module], name, {}) if module in modules else {}

        return cls(
            classes("types", Record),
            classes("worlds", World),
            table("functions", "CONSTANTS"),
            table("tools", "TOOLS"),
            table("agents", "AGENTS"),
            table("environments", "ENVIRONMENTS"),
            tuple(table("tests", "TESTS") or ()),
        )
