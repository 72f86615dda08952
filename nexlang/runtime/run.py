"""Running agents: what a compiled body may do, how delegation nests, and what limits leave."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nexlang.ir.model import Agent
from nexlang.ir.options import LIMITS, MESSAGE_CALLS
from nexlang.runtime.code import AgentFailure, Flow, Host, OutOfBudget, Pause
from nexlang.runtime.library import Library
from nexlang.runtime.memory import BEGIN, Memory
from nexlang.runtime.messages import Json, Message, ToolCall, ToolSchema
from nexlang.runtime.prompts import render_prompt, shown
from nexlang.runtime.transcript import Conversation, opened

MAX_DEPTH = 32
STEPS = int(LIMITS["steps"].default or 0)
"""Completions of a model agent in one run where it declares no limit."""
DONE = "When you are done, answer with only this as JSON:"


@dataclass(frozen=True, slots=True)
class Left:
    """What an agent's limits leave it; `None` where there is no limit."""

    steps: int | None
    calls: int | None
    tokens: int | None


@dataclass(slots=True)
class Ask:
    """One completion wanted. `model` is the program's name of the model, `conversation` its place in the transcript."""

    agent: str
    model: str
    conversation: int
    messages: list[Message]
    tools: list[ToolSchema]
    left: Left


@dataclass
class Stage:
    """What all agents of one run share: the program, the world, who plays whom, and the transcript.

    `cast` maps model agents to the rule or flow agents that play them; a model agent outside it asks a model. Where
    all act `together`, each waits before and after its calls. `depth` is how deep delegation may go. `memories` are
    those of conversations whose agents have one, by number.
    """

    library: Library
    host: Host
    cast: Mapping[str, str] = field(default_factory=dict)
    transcript: list[Conversation] = field(default_factory=list)
    together: bool = False
    depth: int | None = None
    memories: dict[int, Memory] = field(default_factory=dict)

    def pause(self, at: Pause) -> Flow[None]:
        """Wait for the others, where all act together."""
        if self.together:
            yield at  # type: ignore[misc]

    def player(self, name: str) -> Agent:
        return self.library.agents[self.cast.get(name, name)]

    def open(
        self, agent: Agent, player: str, by: str, parent: int | None, arguments: Mapping[str, Any]
    ) -> Conversation:
        """Begin the conversation of a model agent, with its prompt, its tools and what its result must look like."""
        parts = []
        if agent.prompt:
            parts.append(render_prompt(agent.prompt.source, self.library.prompt_values(agent, arguments)))
        if not self.library.is_texty(agent.name):
            parts.append(f"{DONE} {self.library.results[agent.name]}")
        made = opened(len(self.transcript), agent.name, by, player, parent, "\n\n".join(filter(None, parts)))
        made.tools = self.library.held_schemas(agent)
        self.transcript.append(made)
        if agent.memory:
            self.memories[made.number] = Memory(self.library, agent, arguments)
        return made

    def begin_turn(self, conversation: Conversation, news: Sequence[str], arguments: Mapping[str, Any]) -> None:
        """What the agent of a conversation hears before its turn: the others, then its own `turn:` template."""
        agent = self.library.agents[conversation.agent]
        for text in news:
            conversation.hear(text)
        if agent.turn:
            conversation.hear(render_prompt(agent.turn.source, self.library.prompt_values(agent, arguments)))
        if not any(message["role"] == "user" for message in conversation.messages):
            conversation.hear(BEGIN)


class Run:
    """One run of one agent. Compiled bodies get it as their first argument.

    A stand-in has the conversation of the agent that it plays, and everything it does is written there as that
    agent's own doing.
    """

    def __init__(
        self, stage: Stage, agent: Agent, arguments: Mapping[str, Any], by: str, parent: Run | None = None,
        conversation: Conversation | None = None,
    ) -> None:  # fmt: skip
        self.stage = stage
        self.agent = agent
        self.arguments = arguments
        self.by = by
        self.parent = parent
        self.conversation = conversation
        self.depth: int = parent.depth + 1 if parent else 0
        self.number: int | None = conversation.number if conversation else (parent.number if parent else None)
        self.steps = self.calls = self.tokens = 0
        self.since = stage.host.elapsed
        above = parent.limited if parent else ()
        self.limited: tuple[Run, ...] = (*above, self) if agent.limits.time_ms is not None else tuple(above)
        self.ctx = stage.host.ctx
        most = agent.limits.depth
        if most is not None and sum(run.agent.name == agent.name for run in self.chain()) > most:
            raise OutOfBudget(f"{agent.name} has used its limit of depth: {most} of its runs are inside each other")
        if self.depth > MAX_DEPTH:
            raise AgentFailure(f"{agent.name} is {MAX_DEPTH} delegations deep", "limit")

    # ------------------------------------------------------------ what bodies do

    def act(
        self, target: str, name: str, arguments: Mapping[str, Any], handled: bool = False, absent: bool = False,
        by: str | None = None,
    ) -> Flow[Any]:  # fmt: skip
        """Call a tool or run another agent with typed arguments. The typed result; where handled, a `Failure`, or none
        where that is to be `absent`. `by` is the actor that a solution acts for."""
        self.spend_call()
        if target == "tool":
            yield from self.stage.pause(Pause.DECIDED)
        written = self._written(target, name, arguments)
        try:
            if target == "tool":
                value, text = self._tool(name, arguments, by or self.by)
            else:
                value, text = yield from self._agent(name, arguments, by or self.by)
        except AgentFailure as failure:
            self._write_result(written, f"Error: {failure.message}", failed=True)
            if not handled:
                raise
            value = None if absent else self.stage.library.make_failure(failure.code, failure.message)
            text = None
        if text is not None:
            self._write_result(written, text)
        if target == "tool":
            yield from self.stage.pause(Pause.MADE)
        return value

    def _tool(self, name: str, arguments: Mapping[str, Any], by: str) -> tuple[Any, str]:
        answer = self.stage.host.call(name, self._encoded("tool", name, arguments), by)
        if answer.error:
            raise AgentFailure(answer.message, answer.code)
        return answer.value, answer.text

    def _agent(self, name: str, arguments: Mapping[str, Any], by: str) -> Flow[tuple[Any, str]]:
        from nexlang.runtime.perform import perform  # the two need each other

        value = yield from perform(self.stage, name, arguments, by, self)
        return value, shown(self.stage.library.codes[name].result.encode(value))

    def wait(self, ms: float) -> Flow[None]:
        """Let simulated time pass, no more than the limits leave. Those who act together wait at the same time."""
        if not 0 <= ms < math.inf:
            raise AgentFailure(f"{self.agent.name} cannot wait {ms / 1000:g} s", "out_of_range")
        left, host = self._time_left(), self.stage.host
        until = host.elapsed + (ms if left is None else min(ms, left))
        yield from self.stage.pause(Pause.DECIDED)
        host.wait(max(until - host.elapsed, 0.0))
        self._spend_time()
        yield from self.stage.pause(Pause.MADE)

    def until(self, at: float) -> Flow[None]:
        """Wait for a moment, where it has not come."""
        if at > self.stage.host.elapsed:
            yield from self.wait(at - self.stage.host.elapsed)

    def _encoded(self, target: str, name: str, arguments: Mapping[str, Any]) -> dict[str, Json]:
        """Typed arguments as JSON; those of a recorded call are JSON already, and pass."""
        library = self.stage.library
        code = library.tools.get(name) if target == "tool" else library.codes[name]
        codecs = code.parameters if code else {}
        return {key: codecs[key].encode(value) if key in codecs else value for key, value in arguments.items()}

    # ------------------------------------------------------------ the transcript of a stand-in

    def _written(self, target: str, name: str, arguments: Mapping[str, Any]) -> ToolCall | None:
        """Write a call as the agent that this one plays would have made it: without its fixed arguments."""
        if not self.conversation:
            return None
        library = self.stage.library
        held = library.held(library.agents[self.conversation.agent], name)
        fixed = held.fixed if held else {}
        plain = {k: v for k, v in self._encoded(target, name, arguments).items() if k not in fixed}
        call = ToolCall(name, plain, self.conversation.next_call_id())
        self.conversation.counts.steps += 1
        self.conversation.counts.calls += 1
        self.conversation.say("", (call,))
        return call

    def _write_result(self, call: ToolCall | None, text: str, failed: bool = False) -> None:
        if call and self.conversation:
            self.conversation.counts.failed += failed
            self.conversation.result(call, text)
        self.stage.host.checkpoint()

    # ------------------------------------------------------------ limits

    @property
    def left(self) -> Left:
        limits = self.agent.limits
        steps = limits.steps if limits.steps is not None else STEPS
        calls = None if self.most_calls is None else self.most_calls - self.calls
        tokens = [run.agent.limits.tokens - run.tokens for run in self.chain() if run.agent.limits.tokens is not None]
        return Left(steps - self.steps, calls, min(tokens, default=None))

    @property
    def most_calls(self) -> int | None:
        """The calls of one run; what a model may do has a bound even where its limits name none."""
        limits = self.agent.limits
        if limits.calls is not None or self.agent.kind != "model":
            return limits.calls
        return (limits.steps or STEPS) * MESSAGE_CALLS

    def chain(self) -> list[Run]:
        """This run and those above it."""
        return [self, *(self.parent.chain() if self.parent else [])]

    def spend_call(self) -> None:
        self._spend_time()
        if self.most_calls is not None and self.calls >= self.most_calls:
            raise OutOfBudget(f"{self.agent.name} has used its limit of {self.most_calls} calls")
        self.calls += 1

    def _time_left(self) -> float | None:
        """Simulated milliseconds that this run and those above it still have."""
        if not self.limited:
            return None
        elapsed = self.stage.host.elapsed
        return min((run.agent.limits.time_ms or 0.0) - (elapsed - run.since) for run in self.limited)

    def _spend_time(self) -> None:
        left = self._time_left()
        if left is not None and left <= 0:
            raise OutOfBudget(f"{self.agent.name} has used its limit of time")

    def spend_step(self) -> None:
        self._spend_time()
        left = self.left
        if left.steps is not None and left.steps <= 0:
            raise OutOfBudget(f"{self.agent.name} has used its limit of {self.steps} steps")
        if left.tokens is not None and left.tokens <= 0:
            raise OutOfBudget(f"{self.agent.name} has used its limit of tokens")
        self.steps += 1

    def spend_tokens(self, count: int) -> None:
        """The tokens that a model wrote count for its agent and for all above it."""
        for run in self.chain():
            run.tokens += count

    # ------------------------------------------------------------ compiled bodies

    def body(self, arguments: Mapping[str, Any]) -> Flow[Any]:
        """Run the compiled body: a flow agent's whole program, or one turn of a rule agent."""
        library = self.stage.library
        body = library.codes[self.agent.name].body
        if body is None:
            raise AgentFailure(f"{self.agent.name} has no body to run")
        complete = self._with_dice(arguments)
        self.ctx = self.stage.host.ctx  # its fuel is for one turn
        try:
            return (yield from body(self, *(complete[p.name] for p in self.agent.params)))
        except library.failure as failure:
            message, code = getattr(failure, "message", str(failure)), getattr(failure, "code", "")
            raise AgentFailure(message, code) from failure

    def _with_dice(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        names = [n for n in self.stage.library.dice(self.agent) if n not in arguments]
        return {**arguments, **{n: self.stage.host.chance(f"{self.agent.name}.{n}") for n in names}}
