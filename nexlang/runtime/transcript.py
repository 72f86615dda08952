"""Who said what: one conversation for each run of a model agent, whether a model or a stand-in played it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nexlang.runtime.messages import Asked, Message, Reply, ToolCall, ToolSchema, assistant, system, tool_result, user


@dataclass(slots=True)
class Counts:
    """What an agent did: completions, calls of tools and delegates, and what went wrong with them."""

    steps: int = 0
    calls: int = 0
    failed: int = 0
    unknown: int = 0
    malformed: int = 0
    repairs: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(slots=True)
class Conversation:
    """One run of one model agent, in the shape that chat models are trained on.

    `agent` is the model agent's name; `player` is who answered: the same name for a model, else its stand-in.
    `parent` is the number of the conversation that delegated to it. `status` is open, finished, failed or limit.
    `replies` are the model's own, in order; empty where a stand-in played. `asked[i]` is what the i-th was asked
    with, where the agent has a memory: places in `messages`, and messages that stand for others.
    """

    number: int
    agent: str
    by: str
    player: str
    parent: int | None
    messages: list[Message]
    tools: list[ToolSchema]
    status: str = "open"
    error: str = ""
    counts: Counts = field(default_factory=Counts)
    replies: list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def hear(self, text: str) -> None:
        self.messages.append(user(text))

    def say(self, text: str, calls: tuple[ToolCall, ...] = ()) -> None:
        self.messages.append(assistant(text, calls))

    def result(self, call: ToolCall, text: str) -> None:
        self.messages.append(tool_result(call, text))

    def next_call_id(self) -> str:
        return f"call_{self.counts.calls}"

    def end(self, status: str, error: str = "") -> None:
        if self.status == "open":
            self.status, self.error = status, error

    def to_json(self) -> dict[str, Any]:
        """The conversation as plain data, as transcripts and demonstrations are written."""
        data: dict[str, Any] = {"agent": self.agent, "by": self.by, "player": self.player, "parent": self.parent}
        data |= {"status": self.status, "messages": self.messages, "tools": self.tools}
        if self.asked:
            data["asked"] = self.asked
        return data | ({"error": self.error} if self.error else {})


def opened(number: int, agent: str, by: str, player: str, parent: int | None, prompt: str) -> Conversation:
    return Conversation(number, agent, by, player, parent, [system(prompt)] if prompt else [], [])
