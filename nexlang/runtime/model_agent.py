"""A model agent: prompt, completions, tool calls and their answers, until it speaks or gives its result."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nexlang.ir.model import Agent, Lit, Parameter
from nexlang.runtime.code import AgentFailure, Flow, OutOfBudget, Pause
from nexlang.runtime.library import Library
from nexlang.runtime.memory import written_out
from nexlang.runtime.messages import Asked, Json, Message, Reply, ToolCall
from nexlang.runtime.prompts import shown
from nexlang.runtime.run import Ask, Run, Stage
from nexlang.runtime.transcript import Conversation

REPAIRS = 2
_FENCED = re.compile(r"\A```(?:json)?\s*(.*?)\s*```\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Turn:
    """How an actor's turn ended: with words, with its result (`finished`), or with neither (it passes)."""

    said: str | None = None
    finished: bool = False
    value: Any = None
    acted: bool = False


class ModelAgent:
    """One run of a model agent, over as many turns as its surroundings give it.

    `social`: others hear what it says, so plain text is speech and only its result ends it; alone, plain text is the
    result or is asked to be repaired.
    """

    def __init__(
        self, stage: Stage, agent: Agent, arguments: Mapping[str, Any], by: str, parent: Run | None = None,
        social: bool = False,
    ) -> None:  # fmt: skip
        self.stage = stage
        self.agent = agent
        self.social = social
        self.texty = stage.library.is_texty(agent.name)
        above = parent.number if parent else None
        self.run = Run(stage, agent, arguments, by, parent, None)
        self.conversation: Conversation = stage.open(agent, agent.name, by, above, arguments)
        self.run.number = self.conversation.number
        if stage.depth is not None and self.run.depth >= stage.depth:
            own = {held.name for held in agent.tools if held.kind == "tool"}
            self.conversation.tools = [one for one in self.conversation.tools if one["function"]["name"] in own]
        self.memory = stage.memories.get(self.conversation.number)
        self.by_replies = stage.together and parent is None
        self._repairs = 0

    # ------------------------------------------------------------ turns

    def alone(self) -> Flow[Any]:
        """Run to the result."""
        turn = yield from self.turn((), self.run.arguments)
        return turn.value

    def turn(self, news: Sequence[str], arguments: Mapping[str, Any]) -> Flow[Turn]:
        """Complete and call until the agent speaks or finishes. Raises `AgentFailure` where it cannot go on."""
        try:
            self.stage.begin_turn(self.conversation, news, arguments)
            return (yield from self._turn())
        except AgentFailure as failure:
            self.conversation.end("limit" if isinstance(failure, OutOfBudget) else "failed", failure.message)
            raise

    def _turn(self) -> Flow[Turn]:
        acted = False
        while True:
            reply = yield from self._complete()
            if reply.calls or reply.malformed:
                acted = True
                yield from self._answer_all(reply)
                if self.by_replies:
                    return Turn(None, acted=True)
            elif turn := self._settle(reply.text.strip(), acted):
                return turn

    def _complete(self) -> Flow[Reply]:
        self.run.spend_step()
        conversation = self.conversation
        messages, asked = yield from self._remembered()
        reply = yield Ask(
            self.agent.name, self.agent.model or "", conversation.number, messages, conversation.tools, self.run.left
        )
        counts = conversation.counts
        counts.steps += 1
        counts.prompt_tokens += reply.prompt_tokens
        counts.completion_tokens += reply.completion_tokens
        counts.malformed += len(reply.malformed)
        conversation.replies.append(reply)
        conversation.asked += asked
        self.run.spend_tokens(reply.completion_tokens)
        return reply

    def _remembered(self) -> Flow[tuple[list[Message], list[Asked]]]:
        """What the agent's memory leaves of its conversation, and how that is recorded where it has one."""
        messages = self.conversation.messages
        if self.memory is None:
            return messages, []
        asked = yield from self.memory.view(messages, self._summed_up)
        return written_out(asked, messages), [asked]

    def _summed_up(self, name: str, messages: list[Any]) -> Flow[str]:
        """What the agent that sums up makes of messages; it is no delegation, so a stage's depth does not bound it."""
        from nexlang.runtime.perform import performed  # the two need each other

        library = self.stage.library
        taken = next(p.name for p in library.agents[name].params if p.name not in library.dice(library.agents[name]))
        try:
            value = yield from performed(self.stage, name, {taken: messages}, self.run.by, self.run)
        except OutOfBudget:
            raise
        except AgentFailure as failure:
            raise AgentFailure(f"{name}, which sums up for {self.agent.name}: {failure.message}", "memory") from failure
        return str(value)

    # ------------------------------------------------------------ calls

    def _answer_all(self, reply: Reply) -> Flow[None]:
        """Make each call in order and write its answer; say what is wrong with what could not be read."""
        text = reply.raw if reply.malformed and not reply.calls else reply.text
        calls = tuple(ToolCall(c.name, c.arguments, self._call_id(c, i), c.error) for i, c in enumerate(reply.calls))
        self.conversation.say(text, calls)
        waiting = False
        for call in calls:
            if waiting != self._waits(call):
                waiting = not waiting
                yield from self.stage.pause(Pause.DECIDED if waiting else Pause.MADE)
            text = yield from self._answer(call)
            self.conversation.result(call, text)
            self.stage.host.checkpoint()
        if waiting:
            yield from self.stage.pause(Pause.MADE)
        for error in reply.malformed:
            self.conversation.hear(f"Error: {error}")
        self._count_repairs(bool(reply.malformed))

    def _waits(self, call: ToolCall) -> bool:
        """Whether a call is made with the others' own; a delegate waits before its own calls."""
        held = self.stage.library.held(self.agent, call.name)
        return held is None or held.kind == "tool"

    def _call_id(self, call: ToolCall, place: int) -> str:
        return f"call_{self.conversation.counts.calls + place}"

    def _answer(self, call: ToolCall) -> Flow[str]:
        self.conversation.counts.calls += 1
        self.run.spend_call()
        held = self.stage.library.held(self.agent, call.name)
        if held is None:
            return self._refuse(call, self._no_such_tool(call.name), "unknown_tool")
        if call.error:
            return self._refuse(call, call.error, "bad_arguments")
        fixed = self._fixed(call.name)
        if extra := [name for name in call.arguments if name in fixed]:
            return self._refuse(call, f"{call.name} has no parameter {extra[0]}", "bad_arguments")
        if held.kind == "tool":
            return self._tool(call, fixed)
        return (yield from self._delegate(call, fixed))

    def _tool(self, call: ToolCall, fixed: Mapping[str, Any]) -> str:
        codecs = self.stage.library.tools[call.name].parameters
        arguments = {**call.arguments, **{name: codecs[name].encode(value) for name, value in fixed.items()}}
        answer = self.stage.host.call(call.name, arguments, self.run.by)
        self.conversation.counts.failed += answer.error
        return answer.text

    def _delegate(self, call: ToolCall, fixed: Mapping[str, Any]) -> Flow[str]:
        from nexlang.runtime.perform import perform  # the two need each other

        library = self.stage.library
        code = library.codes[call.name]
        try:
            arguments = {**self._decoded(call, code.parameters, fixed), **fixed}
        except library.mismatch as error:
            return self._refuse(call, str(error), "bad_arguments")
        try:
            value = yield from perform(self.stage, call.name, arguments, self.run.by, self.run)
        except AgentFailure as failure:
            self.conversation.counts.failed += 1
            return f"Error: {failure.message}"
        return shown(code.result.encode(value))

    def _decoded(self, call: ToolCall, codecs: Mapping[str, Any], fixed: Mapping[str, Any]) -> dict[str, Any]:
        library = self.stage.library
        wanted = [name for name in codecs if name not in fixed]
        for name in call.arguments:
            if name not in wanted:
                raise library.mismatch(f"{call.name} has no parameter {name}; it takes {', '.join(wanted)}")
        declared = {p.name: p for p in library.agents[call.name].params}
        return {name: codecs[name].decode(_given(call, declared[name], library)) for name in wanted}

    def _fixed(self, name: str) -> Mapping[str, Any]:
        fix = self.stage.library.codes[self.agent.name].fixed.get(name)
        return fix(self.run.arguments) if fix else {}

    def _refuse(self, call: ToolCall, message: str, code: str) -> str:
        counts = self.conversation.counts
        counts.failed += 1
        counts.unknown += code == "unknown_tool"
        self.stage.host.refuse(call.name, call.arguments, self.run.by, message, code)
        return f"Error: {message}"

    def _no_such_tool(self, name: str) -> str:
        names = ", ".join(held.name for held in self.agent.tools)
        return f"There is no tool {name}. " + (f"The tools are: {names}." if names else "There are no tools.")

    # ------------------------------------------------------------ words and results

    def _settle(self, text: str, acted: bool) -> Turn | None:
        """What a message without calls means; `None` where the model is asked to repair it."""
        self.conversation.say(text)
        if self.social and (self.texty or not looks_like_data(text)):
            return Turn(text or None, acted=acted)
        try:
            value = self._result(text)
        except self.stage.library.mismatch as error:
            self._repair(str(error))
            return None
        self.conversation.end("finished")
        return Turn(text if self.texty else None, True, value, acted)

    def _result(self, text: str) -> Any:
        """The text as the agent's result: JSON, or as it stands where the result is a kind of text."""
        library = self.stage.library
        codec = library.codes[self.agent.name].result
        if not text:
            raise library.mismatch("the answer is empty")
        if self.texty:
            return codec.decode(text)
        plain = match.group(1) if (match := _FENCED.match(text)) else text
        try:
            return codec.decode(json.loads(plain))
        except (ValueError, RecursionError) as error:
            problem = library.mismatch(f"the answer is not JSON: {error}")
        try:
            return codec.decode(plain)
        except library.mismatch:
            raise problem from None

    def _repair(self, problem: str) -> None:
        self.conversation.counts.repairs += 1
        self._count_repairs(True, problem)
        wanted = "a text" if self.texty else f"only this as JSON: {self.stage.library.results[self.agent.name]}"
        self.conversation.hear(f"Error: {problem}. Answer with {wanted}")

    def _count_repairs(self, wrong: bool, problem: str = "a tool call that could not be read") -> None:
        self._repairs = self._repairs + 1 if wrong else 0
        if self._repairs > REPAIRS:
            raise AgentFailure(
                f"{self.agent.name} was not understood {self._repairs} times running: {problem}", "format"
            )


def looks_like_data(text: str) -> bool:
    """Whether a message is meant as JSON rather than as speech."""
    return text.startswith(("{", "[", "```"))


def _given(call: ToolCall, parameter: Parameter, library: Library) -> Json:
    """The argument as written, or the parameter's default."""
    if parameter.name in call.arguments:
        return call.arguments[parameter.name]
    if isinstance(parameter.default, Lit):
        return parameter.default.value
    if parameter.type.kind == "optional":
        return None
    raise library.mismatch(f"{call.name} needs the argument {parameter.name}")
