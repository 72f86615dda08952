"""Built-in values of the language that are no plain JSON: calls, messages, failures, and a tool's answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Call:
    """A tool call as data. `result` is the text that the caller saw, without `Error: ` where it failed; `at` is the
    moment when it took effect, in milliseconds since the episode began."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    failed: bool = False
    code: str = ""
    result: str = ""
    at: float = 0.0

    def _plain(self) -> dict[str, Any]:
        """JSON value: what is called with what, and how it went where it has gone somehow."""
        plain: dict[str, Any] = {"tool": self.tool, "arguments": self.arguments}
        went = {"by": self.by, "failed": self.failed, "code": self.code, "result": self.result, "at": self.at}
        return plain | {name: value for name, value in went.items() if value}

    def _text(self) -> str:
        return json.dumps(self._plain(), ensure_ascii=False)


@dataclass(slots=True)
class Message:
    """Something an actor said. `place` is where it stands in the conversation that a memory policy was given; a message
    that is made anew has none, and one with another text keeps it."""

    by: str
    text: str
    place: int | None = field(default=None, compare=False, repr=False)

    def _plain(self) -> dict[str, Any]:
        return {"by": self.by, "text": self.text}

    def _text(self) -> str:
        return json.dumps(self._plain(), ensure_ascii=False)


def with_text(message: Message, text: str) -> Message:
    """The same message, saying something else."""
    return Message(message.by, text, message.place)


def with_by(message: Message, by: str) -> Message:
    """Another message, because somebody else says it."""
    return Message(by, message.text)


@dataclass(frozen=True, slots=True)
class Role:
    """One of an environment's actors: the name of its role, and of its agent."""

    name: str
    agent: str


@dataclass(slots=True)
class Failure:
    """What a handled call gives where it failed."""

    code: str
    message: str

    def _plain(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message}

    def _text(self) -> str:
        return json.dumps(self._plain(), ensure_ascii=False)


@dataclass(slots=True)
class Play:
    """A solution that an agent plays: its name and its typed arguments."""

    agent: str
    arguments: dict[str, Any]


class Answer:
    """What a tool call gave. `text` is what an agent sees; `value` is the typed result, `None` where it failed."""

    __slots__ = ("code", "error", "text", "value")

    def __init__(self, error: bool, text: str, value: Any, code: str = "") -> None:
        self.error = error
        self.text = text
        self.value = value
        self.code = code

    @property
    def message(self) -> str:
        """The text without the mark of a failure."""
        return self.text.removeprefix("Error: ") if self.error else self.text

    def __repr__(self) -> str:
        return f"Answer(error={self.error!r}, text={self.text!r}, code={self.code!r})"
