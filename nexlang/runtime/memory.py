"""What a model still sees of a long conversation: the policies of its agent's `memory`, in their order.

A policy gets the conversation behind the prompt as messages: by `user`, by `assistant` (one for each reply, its words,
which may be empty), and for each call of a reply one by `call` and one by `tool`, its result. What a policy leaves is
put together again so that it stays a conversation: calls with their results, results with their calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nexlang.ir.model import Agent, Builtin, Lit, Policy, Summary
from nexlang.runtime.code import AgentFailure, Flow
from nexlang.runtime.library import Library
from nexlang.runtime.messages import Asked, Message, user

BEGIN = "Begin."
"""What an agent hears that hears nothing else."""
SUMMED_UP = "Summary of what came before:"
CHARACTERS = 4
"""About so many are a token."""


class Said(Protocol):
    """A message as policies see it; `place` is where it stands in the conversation, None where it is new."""

    by: str
    text: str
    place: int | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A message of a policy's: a part of the conversation's message `at`, which belongs to the reply `reply`. `call` is
    a call's place in its reply."""

    by: str
    text: str
    at: int
    reply: int
    call: int = 0


class Memory:
    """The memory of one run of an agent."""

    def __init__(self, library: Library, agent: Agent, arguments: Mapping[str, Any]) -> None:
        self.library = library
        self.agent = agent
        self.arguments = arguments
        self.entries: list[_Entry] = []
        self._said: list[Any] = []
        self._read = 0
        self._own = iter(library.codes[agent.name].memory)
        self.steps = [self._step(policy) for policy in agent.memory]

    def view(
        self, messages: Sequence[Message], ask: Callable[[str, list[Any]], Flow[str]] | None = None
    ) -> Flow[Asked]:
        """What the model is asked with. `ask` runs an agent that sums up; without it none is asked."""
        self._take_in(messages)
        found = list(self._said)
        for step in self.steps:
            found = (yield from step.apply(self, found, ask)) if isinstance(step, _Summed) else step(found)
        return self._composed(found, messages)

    @property
    def asks(self) -> bool:
        """Whether a model may be asked for what is left."""
        return any(isinstance(step, _Summed) for step in self.steps)

    def _step(self, policy: Builtin | Policy | Summary) -> Any:
        if isinstance(policy, Summary):
            return _Summed(policy.agent, policy.above, policy.keep)
        if isinstance(policy, Builtin):
            turns = policy.args[0]
            kept = int(turns.value or 0) if isinstance(turns, Lit) else 0
            return lambda messages: self.window(messages, kept)
        return self._guarded(policy.name, next(self._own))

    def _guarded(self, name: str, own: Callable[..., Sequence[Any]]) -> Callable[[list[Any]], list[Any]]:
        def applied(messages: list[Any]) -> list[Any]:
            try:
                made = own(self.arguments, messages)
            except self.library.failure as failure:
                raise self._failure(name, f"failed: {failure}") from failure
            return self._paired(self._checked(name, made))

        return applied

    def _failure(self, name: str, problem: str) -> AgentFailure:
        return AgentFailure(f"The memory policy {name} of {self.agent.name} {problem}", "memory")

    # ------------------------------------------------------------ the conversation as messages

    def _take_in(self, messages: Sequence[Message]) -> None:
        """Read what has been said since; calls come with their results, which follow them."""
        for at in range(self._read, len(messages)):
            message = messages[at]
            if message["role"] == "user":
                self.entries.append(_Entry("user", message["content"], at, at))
            elif message["role"] == "assistant":
                self._reply(messages, at)
        self._read = len(messages)
        make, known = self.library.make_message, len(self._said)
        self._said += [make(one.by, one.text, known + place) for place, one in enumerate(self.entries[known:])]

    def _reply(self, messages: Sequence[Message], at: int) -> None:
        self.entries.append(_Entry("assistant", messages[at].get("content") or "", at, at))
        results: dict[str, int] = {}
        for place in range(at + 1, len(messages)):
            if messages[place]["role"] != "tool":
                break
            results[messages[place]["tool_call_id"]] = place
        for place, call in enumerate(messages[at].get("tool_calls") or ()):
            if call["id"] in results:
                written = f"{call['function']['name']}({call['function']['arguments']})"
                result = results[call["id"]]
                self.entries.append(_Entry("call", written, at, at, place))
                self.entries.append(_Entry("tool", messages[result]["content"], result, at, place))

    # ------------------------------------------------------------ what policies may do

    def _checked(self, name: str, made: Sequence[Any]) -> Sequence[Any]:
        last = -1
        for message in made:
            if message.place is None:
                if message.by != "user":
                    raise self._failure(name, f'adds a message by "{message.by}"; a new one is by "user"')
                continue
            if message.place <= last:
                raise self._failure(name, "gives a message twice, or in another order")
            last = message.place
            entry = self.entries[last]
            if entry.by == "call" and message.text != entry.text:
                raise self._failure(name, "changes a call; a call stays as it is or goes with its result")
        return made

    def _paired(self, messages: Sequence[Any]) -> list[Any]:
        """Without results whose call has gone, and calls whose result has."""
        there = {message.place for message in messages}
        pair = {"call": 1, "tool": -1}
        return [
            message
            for message in messages
            if message.place is None or message.by not in pair or message.place + pair[message.by] in there
        ]

    def window(self, messages: list[Any], turns: int) -> list[Any]:
        """The last `turns` turns, and what stands before the first. A turn is a reply with what follows it."""
        first, last, count = len(messages), -1, 0
        for index in range(len(messages) - 1, -1, -1):
            reply = self._reply_of(messages[index])
            if reply is None:
                continue
            if reply != last:
                if count == turns:
                    begun = next(place for place, one in enumerate(messages) if self._reply_of(one) is not None)
                    return [*messages[:begun], *messages[first:]]
                count, last = count + 1, reply
            first = index
        return messages

    def _reply_of(self, message: Any) -> int | None:
        """The reply that a message is a part of; None for what others said, and for notes."""
        return None if message.place is None or message.by == "user" else self.entries[message.place].reply

    def turns(self, messages: list[Any]) -> list[int]:
        """Where the turns begin."""
        starts: list[int] = []
        last: int | None = -1
        for index, message in enumerate(messages):
            reply = self._reply_of(message)
            if reply is not None and reply != last:
                starts.append(index)
                last = reply
        return starts

    # ------------------------------------------------------------ a conversation again

    def _composed(self, found: list[Any], messages: Sequence[Message]) -> Asked:
        head: Asked = [0] if messages and messages[0]["role"] == "system" else []
        if not any(message.by == "user" for message in found):
            head.append(user(BEGIN))
        return [*head, *self._body(found, messages)]

    def _body(self, found: list[Any], messages: Sequence[Message]) -> Iterator[int | Message]:
        """Replies whole; a note between a call and its result comes after the reply's results."""
        group: list[Any] = []
        notes: list[Message] = []
        for index, message in enumerate(found):
            own = None if message.place is None else self.entries[message.place]
            if own is not None and own.by in ("user", "assistant") and self._rest(found, index, message.place):
                yield from self._whole(group, messages)
                yield from notes
                yield from range(own.at, len(messages))
                return
            if own is not None and own.by != "user" and group and self.entries[group[0].place].reply == own.reply:
                group.append(message)
            elif own is None and group:
                notes.append(user(message.text))
            else:
                yield from self._whole(group, messages)
                yield from notes
                group, notes = [], []
                if own is None:
                    yield user(message.text)
                elif own.by == "user":
                    yield own.at if message.text == own.text else user(message.text)
                else:
                    group = [message]
        yield from self._whole(group, messages)
        yield from notes

    def _rest(self, found: list[Any], index: int, place: int) -> bool:
        """Whether from here on all that was said is left as it was."""
        return len(found) - index == len(self._said) - place and found[index:] == self._said[place:]

    def _whole(self, group: list[Any], messages: Sequence[Message]) -> Iterator[int | Message]:
        """A reply with the calls that are left of it, and their results."""
        if not group:
            return
        at = self.entries[group[0].place].reply
        reply = messages[at]
        text = group[0].text if group[0].by == "assistant" else ""
        calls = [self.entries[message.place].call for message in group if message.by == "call"]
        had = reply.get("tool_calls") or ()
        if len(calls) == len(had) and text == (reply.get("content") or ""):
            yield at
        elif calls:
            yield {"role": "assistant", "content": text, "tool_calls": [had[place] for place in calls]}
        elif text:
            yield {"role": "assistant", "content": text}
        for message in group:
            entry = self.entries[message.place]
            if entry.by == "tool":
                same = message.text == entry.text
                yield entry.at if same else {**messages[entry.at], "content": message.text}


@dataclass(slots=True)
class _Summed:
    """`summary(by: …, above: …)`: what is older than the last turns stands as a note, until there is too much again."""

    agent: str
    above: int
    keep: int
    note: str = ""
    since: int = 0

    def apply(
        self, memory: Memory, messages: list[Any], ask: Callable[[str, list[Any]], Flow[str]] | None
    ) -> Flow[list[Any]]:
        make = memory.library.make_message
        left = messages
        if self.note:
            old = [place for place, one in enumerate(messages) if one.place is not None and one.place < self.since]
            left = [make("user", self.note, None), *messages[old[-1] + 1 if old else 0 :]]
        starts = memory.turns(left)
        if ask is None or size(left) <= self.above or len(starts) <= self.keep:
            return left
        first = starts[-self.keep]
        text = yield from ask(self.agent, left[:first])
        self.note, self.since = f"{SUMMED_UP}\n{text}", left[first].place
        return [make("user", self.note, None), *left[first:]]


def size(messages: Sequence[Said]) -> int:
    """About how many tokens messages are."""
    return sum(len(message.text) for message in messages) // CHARACTERS


def views(memory: Memory, messages: Sequence[Message]) -> list[Asked]:
    """What a model would have been asked with before each reply of a conversation that it did not play itself.

    Raises `AgentFailure` where a policy fails. The memory must sum nothing up, and be one that nothing was asked with.
    """
    found: list[Asked] = []
    for at, message in enumerate(messages):
        if message["role"] == "assistant":
            found.append(_ended(memory.view(messages[:at])))
    return found


def _ended(flow: Flow[Asked]) -> Asked:
    """The result of a flow that asks nothing."""
    try:
        next(flow)
    except StopIteration as stop:
        made: Asked = stop.value
        return made
    raise AssertionError("a memory without summaries asks nobody")


def written_out(asked: Asked, messages: Sequence[Message]) -> list[Message]:
    """The messages that a model was asked with."""
    return [messages[one] if isinstance(one, int) else one for one in asked]
