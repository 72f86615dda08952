"""Tools, and calling them: JSON arguments in, text out, one transaction a call."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from operator import methodcaller
from typing import Any, Generic, TypeVar

from nexlang.worlds.engine.clock import Clock
from nexlang.worlds.engine.codecs import DURATION, NONE, Codec, as_codec, shown
from nexlang.worlds.engine.context import FUEL, Context
from nexlang.worlds.engine.externs import Externs
from nexlang.worlds.engine.failures import Mismatch, ToolFailure
from nexlang.worlds.engine.records import Field, RecordCodec, as_field, make_reader
from nexlang.worlds.engine.state import World
from nexlang.worlds.engine.values import Answer, Call

W = TypeVar("W", bound=World)

FAILURES = (ToolFailure, Mismatch, ArithmeticError, IndexError, RecursionError)
"""What the code of a program may raise: the call's failure, never an error of ours."""


class Tool:
    """A tool as the program declares it. `function` takes a context and the values in the order of `parameters`."""

    __slots__ = ("decode", "fields", "function", "name", "parameters", "result", "world", "write")

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        world: type[World] | None,
        fields: Mapping[str, Field],
        result: Codec[Any],
    ) -> None:
        self.name = name
        self.function = function
        self.world = world
        self.fields = fields
        self.parameters: Mapping[str, Codec[Any]] = {name: field.codec for name, field in fields.items()}
        self.result = result
        plain = type(result).shown is Codec.shown
        self.write: Callable[[Any], str] = result.text if plain else result.shown
        if isinstance(result, RecordCodec):
            self.write = methodcaller("_text")
        self.decode: Callable[[Any], tuple[Any, ...]] = self._first_decode

    def _first_decode(self, arguments: Any) -> tuple[Any, ...]:
        """The typed values, in order; raises `Mismatch` whose path begins with the parameter. Made on first use."""
        decode: Callable[[Any], tuple[Any, ...]] = make_reader(self.fields, "", None)
        self.decode = decode
        return decode(arguments)

    def run(self, ctx: Context[Any], values: Sequence[Any]) -> Any:
        """Run the tool in its world: that of the context, or a part of it."""
        world = ctx.world
        if self.world is None or self.world is type(world):
            return self.function(ctx, *values)
        return ctx.within(part(world, self.world), self.function, *values)

    def text(self, value: Any) -> str:
        """What an agent sees of the result."""
        return value if type(value) is str else self.write(value)


def part(world: World, kind: type[World]) -> World:
    """The part of a world that is of a kind; the checker has seen that there is one, and only one."""
    found = find_part(world, kind)
    if found is None:
        raise ToolFailure(f"The tool runs in {kind.__name__}, which is no part of {type(world).__name__}", "no_world")
    return found


def find_part(world: World, kind: type[World]) -> World | None:
    for attribute, one in type(world)._parts.items():
        held: World = getattr(world, attribute)
        found = held if one is kind else find_part(held, kind)
        if found is not None:
            return found
    return None


def tool(
    name: str, function: Callable[..., Any], world: type[World] | None, parameters: Mapping[str, Any], result: Any
) -> Tool:
    """A tool for generated code; `parameters` are codecs, record classes or fields with defaults."""
    fields = {parameter: as_field(of) for parameter, of in parameters.items()}
    return Tool(name, function, world, fields, NONE if result is None else as_codec(result))


class CallCodec(Codec[Call]):
    """`{"tool": …, "arguments": {…}}`, checked against the program's tools once they are known."""

    name = "Call"

    def __init__(self) -> None:
        self.tools: Mapping[str, Tool] | None = None

    def decode(self, value: Any) -> Call:
        if isinstance(value, Call):
            return value
        if type(value) is not dict or not isinstance(value.get("tool"), str):
            raise Mismatch(f'expected a Call like {{"tool": "…", "arguments": {{…}}}}, got {shown(value)}')
        arguments = value.get("arguments", {})
        if self.tools is not None:
            self._check(value["tool"], arguments, self.tools)
        for name in value:
            if name not in ("tool", "arguments", "by", "failed", "code", "result", "at"):
                raise Mismatch(f'a Call has no field "{name}"')
        return Call(**{**value, "at": _moment(value["at"])}) if "at" in value else Call(**value)

    def _check(self, name: str, arguments: Any, tools: Mapping[str, Tool]) -> None:
        if name not in tools:
            raise Mismatch(unknown_tool(name, tools)).at(".tool")
        try:
            tools[name].decode(arguments)
        except Mismatch as mismatch:
            raise mismatch.at(".arguments") from None


def _moment(value: Any) -> float:
    """When a recorded call was made, in milliseconds since its episode began."""
    try:
        at = DURATION.decode(value)
    except Mismatch as mismatch:
        raise mismatch.at(".at") from None
    if at < 0:
        raise Mismatch("no call is made before its episode begins").at(".at")
    return at


def toolbox(calls: CallCodec | None, *tools: Tool) -> dict[str, Tool]:
    """All tools of a program by name; its codec of calls learns them."""
    named = {tool.name: tool for tool in tools}
    if calls is not None:
        calls.tools = named
    return named


def unknown_tool(name: str, tools: Mapping[str, Tool]) -> str:
    close = difflib.get_close_matches(name, list(tools), n=1, cutoff=0.7)
    return f"There is no tool `{name}`" + (f"; did you mean `{close[0]}`?" if close else "")


class Session(Generic[W]):
    """Calls on one world. A call that fails for whatever reason of its own leaves the world as it was."""

    __slots__ = ("_ctx", "_fuel", "tools", "world")

    def __init__(
        self, tools: Mapping[str, Tool], world: W, fuel: int = FUEL, clock: Clock | None = None,
        externs: Externs | None = None,
    ) -> None:  # fmt: skip
        self.tools = tools
        self.world = world
        self._fuel = fuel
        self._ctx: Context[W] = Context(world, fuel, clock, externs)

    def call(self, tool: str, arguments: Mapping[str, Any], by: str = "") -> Answer:
        """Call a tool by name with JSON arguments; never raises for what the tool or its caller did."""
        entry = self.tools.get(tool)
        if entry is None:
            return _error(unknown_tool(tool, self.tools), "unknown_tool")
        world = self.world
        mark = len(world._journal)
        ctx = self._ctx
        ctx.fuel = self._fuel
        try:
            if entry.world is world.__class__:
                value = entry.function(ctx, *entry.decode(arguments))
            else:
                value = entry.run(ctx, entry.decode(arguments))
            return Answer(False, value if type(value) is str else entry.write(value), value)
        except FAILURES as error:
            world.restore(mark)
            return failed(error)


def failed(error: Exception) -> Answer:
    """The answer of a call whose body raised one of `FAILURES`."""
    if isinstance(error, ToolFailure):
        return _error(error.message, error.code)
    if isinstance(error, Mismatch):
        return _error(str(error), "bad_arguments")
    if isinstance(error, ArithmeticError):
        return _error(arithmetic(error), "arithmetic")
    if isinstance(error, IndexError):
        return _error("A list has no such position", "out_of_range")
    return _error("A value is nested too deeply", "out_of_fuel")


def arithmetic(error: ArithmeticError) -> str:
    """An arithmetic error as a sentence."""
    return "Division by zero" if isinstance(error, ZeroDivisionError) else "A number is too large or undefined"


def _error(problem: str, code: str) -> Answer:
    return Answer(True, f"Error: {problem}", None, code)
