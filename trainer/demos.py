"""Demonstrations: conversations to imitate, from a file or from a stand-in that succeeds on the training tasks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nexlang.runtime.drive import NoModel, drive_many
from nexlang.runtime.memory import written_out
from nexlang.runtime.messages import Asked, Message, ToolSchema
from nexlang.trainer.course import Course
from nexlang.trainer.errors import TrainError

ROLES = ("system", "user", "assistant", "tool")


@dataclass(frozen=True, slots=True)
class Demo:
    """A conversation of an agent that learns, or a stretch of one; what the model is to write comes after the message
    `since`."""

    agent: str
    messages: Sequence[Message]
    tools: Sequence[ToolSchema]
    since: int = 0


@dataclass(slots=True)
class Played:
    """What playing gave: the demonstrations, and how many of the episodes succeeded."""

    demos: list[Demo] = field(default_factory=list)
    episodes: int = 0
    successes: int = 0


def played(course: Course, stand_in: str, learns: Sequence[str], seed: int) -> Played:
    """Play every training task by stand-ins; the conversations of the episodes that succeed are demonstrations."""
    cast = course.stand_in_cast(stand_in)
    flows = (course.episode(task, seed, cast) for task in course.tasks)
    made = Played()
    for episode in drive_many(flows, NoModel()):
        made.episodes += 1
        made.successes += episode.success
        if episode.success:
            for one in episode.conversations:
                if one.agent in learns:
                    made.demos += stretches(one.agent, one.messages, one.tools, one.asked)
    if not made.demos:
        raise TrainError(
            f"{stand_in} gave no demonstration: it succeeded in {made.successes} of {made.episodes} training tasks, "
            f"and no conversation of {', '.join(learns)} came of them"
        )
    return made


def stretches(
    agent: str, messages: Sequence[Message], tools: Sequence[ToolSchema], asked: Sequence[Asked]
) -> list[Demo]:
    """A conversation as the model reads it: whole, or in stretches where its memory leaves out or changes something."""
    if not asked:
        return [Demo(agent, messages, tools)]
    made: list[Demo] = []
    replies = [message for message in messages if message["role"] == "assistant"]
    for reply, one in zip(replies, asked, strict=True):
        read = written_out(one, messages)
        before = made[-1].messages if made else None
        if before is not None and read[: len(before)] == before:
            made[-1] = replace(made[-1], messages=[*read, reply])
        else:
            made.append(Demo(agent, [*read, reply], tools, len(read)))
    return made


def from_file(name: str, content: bytes, learns: Sequence[str]) -> list[Demo]:
    """Read JSON Lines of `{"agent", "messages", "tools"}`; `agent` may be left out where one agent learns."""
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise TrainError(f"{name} is not UTF-8") from None
    found = (_demo(line, f"{name}:{number}", learns) for number, line in enumerate(lines, 1) if line.strip())
    demos = [demo for stretched in found for demo in stretched]
    kept = [demo for demo in demos if demo.agent in learns]
    if not kept:
        raise TrainError(f"{name} holds no conversation of {', '.join(learns)}")
    return kept


def _demo(line: str, where: str, learns: Sequence[str]) -> list[Demo]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise TrainError(f"{where}: not JSON ({error})") from None
    if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
        raise TrainError(f"{where}: a demonstration is an object with a list `messages`")
    agent = value.get("agent", learns[0] if len(learns) == 1 else None)
    if not isinstance(agent, str):
        raise TrainError(f"{where}: `agent` must say which of {', '.join(learns)} speaks")
    _check_messages(value["messages"], where)
    tools = value.get("tools") or []
    if not isinstance(tools, list) or not all(isinstance(tool, dict) and "function" in tool for tool in tools):
        raise TrainError(f"{where}: `tools` must be a list of function schemas")
    asked = value.get("asked") or []
    _check_asked(asked, value["messages"], where)
    return stretches(agent, value["messages"], tools, asked)


def _check_asked(asked: Any, messages: list[Any], where: str) -> None:
    """What each reply was asked with: places in the messages, and messages of their own."""
    replies = sum(message["role"] == "assistant" for message in messages)
    if not asked:
        return
    if not isinstance(asked, list) or len(asked) != replies or not all(isinstance(one, list) for one in asked):
        raise TrainError(f"{where}: `asked` must be a list for each of the {replies} messages of the assistant")
    for one in (one for each in asked for one in each):
        if isinstance(one, dict):
            _check_roles([one], where)
        elif type(one) is not int or not 0 <= one < len(messages):
            raise TrainError(f"{where}: `asked` names a message that is not there: {one}")


def _check_messages(messages: list[Any], where: str) -> None:
    _check_roles(messages, where)
    if not any(message["role"] == "assistant" for message in messages):
        raise TrainError(f"{where}: the assistant says nothing, so there is nothing to imitate")


def _check_roles(messages: list[Any], where: str) -> None:
    for place, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise TrainError(f"{where}: message {place + 1} needs a `role`: {', '.join(ROLES)}")
        if message.get("content") is not None and not isinstance(message["content"], str):
            raise TrainError(f"{where}: the `content` of message {place + 1} must be a text")
        for call in message.get("tool_calls") or ():
            function = call.get("function") if isinstance(call, dict) else None
            if not isinstance(function, dict) or not isinstance(function.get("name"), str):
                raise TrainError(f"{where}: a tool call of message {place + 1} names no function")
