"""Tool calls as text, in the Hermes form: `<tool_call>{"name": …, "arguments": {…}}</tool_call>`.

`decode(encode(call)) == call` for every JSON value: what could be mistaken for a tag is written as a JSON escape.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from nexlang.runtime.messages import Json, ToolCall

OPEN, CLOSE = "<tool_call>", "</tool_call>"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` stands outside the calls; `errors` say of each unreadable call what is wrong and what is right."""

    text: str
    calls: tuple[ToolCall, ...]
    errors: tuple[str, ...]


def encode(call: ToolCall) -> str:
    body = json.dumps({"name": call.name, "arguments": call.arguments}, ensure_ascii=False)
    return OPEN + body.replace("</", "\\u003c/").replace("<|", "\\u003c|").replace("<tool", "\\u003ctool") + CLOSE


def decode(text: str) -> Decoded:
    """Read every call in a model's text. Never raises."""
    outside: list[str] = []
    calls: list[ToolCall] = []
    errors: list[str] = []
    at = 0
    while (start := text.find(OPEN, at)) >= 0:
        outside.append(text[at:start])
        found, at = _read(text, start + len(OPEN))
        (calls if isinstance(found, ToolCall) else errors).append(found)  # type: ignore[arg-type]
    outside.append(text[at:])
    return Decoded("".join(outside).strip(), tuple(calls), tuple(errors))


def _read(text: str, start: int) -> tuple[ToolCall | str, int]:
    """The call whose JSON begins at `start`, or what is wrong; and where the text goes on."""
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
    try:
        value, end = _JSON.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        return _unreadable(error), _after_close(text, start)
    rest = text[end:].lstrip()
    if rest and not rest.startswith(CLOSE):
        return f"the tool call must end with {CLOSE} right after its JSON object", _after_close(text, end)
    return _call(value), _after_close(text, end)


def _after_close(text: str, at: int) -> int:
    close = text.find(CLOSE, at)
    return len(text) if close < 0 else close + len(CLOSE)


def _call(value: Json) -> ToolCall | str:
    if not isinstance(value, dict):
        return f"a tool call must be a JSON object, as in {EXAMPLE}"
    name, arguments = value.get("name"), value.get("arguments", {})
    if not isinstance(name, str) or not name:
        return f'the tool call has no "name", as in {EXAMPLE}'
    if not isinstance(arguments, dict):
        return f'"arguments" of {name} must be a JSON object, as in {EXAMPLE}'
    return ToolCall(name, arguments)


def _unreadable(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"the tool call is not JSON ({error.msg} at character {error.colno}); write {EXAMPLE}"
    return f"the tool call is not JSON that can be read ({error}); write {EXAMPLE}"


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not a JSON number")


EXAMPLE = f'{OPEN}{{"name": "tool", "arguments": {{"key": "value"}}}}{CLOSE}'
_JSON = json.JSONDecoder(parse_constant=_refuse_constant)
