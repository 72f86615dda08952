"""What models and agents say to each other: messages in the OpenAI shape, tool calls, and one model's reply."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

Json = Any
Message = dict[str, Any]
"""`{"role": "system" | "user" | "assistant" | "tool", "content": text, …}`; an assistant's `tool_calls` carry their
arguments as JSON text, a tool's message its `tool_call_id` and `name`."""
Asked = list[int | Message]
"""What a model was asked with: places in its conversation's messages, and messages that are not in it."""
ToolSchema = dict[str, Any]
"""`{"type": "function", "function": {"name", "description", "parameters": JSON Schema}}`."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call as a model wrote it. `error` says what is wrong with it where it could not be read."""

    name: str
    arguments: dict[str, Json]
    id: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One completion. `malformed` are the errors of tool calls that could not be read at all.

    `prompt_ids`, `completion_ids` and `logprobs` are there where the client works in tokens (a local model).
    """

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    malformed: tuple[str, ...] = ()
    raw: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_ids: tuple[int, ...] = field(default=(), repr=False)
    completion_ids: tuple[int, ...] = field(default=(), repr=False)
    logprobs: tuple[float, ...] = field(default=(), repr=False)
    cut: bool = False


def system(text: str) -> Message:
    return {"role": "system", "content": text}


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def assistant(text: str, calls: tuple[ToolCall, ...] = ()) -> Message:
    """An assistant's turn: text, calls, or both."""
    message: Message = {"role": "assistant", "content": text}
    if calls:
        message["tool_calls"] = [call_to_json(call) for call in calls]
    return message


def tool_result(call: ToolCall, text: str) -> Message:
    return {"role": "tool", "tool_call_id": call.id, "name": call.name, "content": text}


def call_to_json(call: ToolCall) -> dict[str, Any]:
    arguments = json.dumps(call.arguments, ensure_ascii=False)
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}}


def call_from_json(data: dict[str, Any]) -> ToolCall:
    """The inverse of `call_to_json`; arguments that are no JSON object give a call with an `error`."""
    function = data["function"]
    name, text = str(function["name"]), function.get("arguments") or "{}"
    try:
        arguments = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError) as error:
        return ToolCall(name, {}, str(data.get("id", "")), f"the arguments of {name} are not JSON: {error}")
    if not isinstance(arguments, dict):
        return ToolCall(name, {}, str(data.get("id", "")), f"the arguments of {name} must be a JSON object")
    return ToolCall(name, arguments, str(data.get("id", "")))
