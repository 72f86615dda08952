"""Messages as text for models whose own template knows no tools: ChatML with Hermes tool calls.

The runtime prompts with it and the trainer trains on it, so both see the same characters and the same tokens:
the rendering of `messages[:k]` is a prefix of the rendering of `messages`, as text and as token ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nexlang.runtime import codec
from nexlang.runtime.messages import Message, Reply, ToolCall, ToolSchema, call_from_json
from nexlang.runtime.signatures import signature

START, END = "<|im_start|>", "<|im_end|>"
HOW = 'To use a tool, write <tool_call>{"name": …, "arguments": {…}}</tool_call>. Tools:'


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the rendering. `mark`: its special tokens count as such. `trained`: the model writes it."""

    text: str
    mark: bool = False
    trained: bool = False


def pieces(messages: Sequence[Message], tools: Sequence[ToolSchema] = (), open: bool = False) -> list[Piece]:
    """The rendering in pieces; with `open` it ends where the assistant is to go on."""
    found: list[Piece] = []
    if tools and messages and messages[0]["role"] != "system":
        messages = [{"role": "system", "content": ""}, *messages]
    for place, message in enumerate(messages):
        found += _turn(message, tools if place == 0 else ())
    if open:
        found.append(Piece(f"{START}assistant\n", mark=True))
    return found


def render(messages: Sequence[Message], tools: Sequence[ToolSchema] = (), open: bool = False) -> str:
    """The text that a model reads; with `open` it ends with the header of the assistant's next turn."""
    return "".join(piece.text for piece in pieces(messages, tools, open))


def render_ids(
    tokenizer: Any, messages: Sequence[Message], tools: Sequence[ToolSchema] = (), open: bool = False
) -> tuple[list[int], list[bool]]:
    """Token ids, and for each whether the model writes it. Pieces are tokenised apart, so that prefixes stay."""
    ids: list[int] = []
    trained: list[bool] = []
    for piece in pieces(messages, tools, open):
        tokens = piece_ids(tokenizer, piece)
        ids += tokens
        trained += [piece.trained] * len(tokens)
    return ids, trained


def piece_ids(tokenizer: Any, piece: Piece) -> list[int]:
    """A text's own `<|im_end|>` stays text: only the pieces that this module made are split at special tokens."""
    if not piece.text:
        return []
    made: list[int] = tokenizer.encode(piece.text, add_special_tokens=False, split_special_tokens=not piece.mark)
    return made


def parse(text: str) -> Reply:
    """What a model wrote, up to the end of its turn, as a reply: text, tool calls, and errors of unreadable calls."""
    raw = text.partition(END)[0]
    found = codec.decode(raw)
    calls = tuple(ToolCall(call.name, call.arguments, f"call_{place}") for place, call in enumerate(found.calls))
    return Reply(found.text, calls, found.errors, raw=raw)


def tools_text(tools: Sequence[ToolSchema]) -> str:
    """The paragraph that tells a model of its tools, one line each."""
    return "\n".join([HOW, *(signature(tool) for tool in tools)]) if tools else ""


def assistant_text(message: Message) -> str:
    """What a model would have written to make this message."""
    calls = [codec.encode(call_from_json(call)) for call in message.get("tool_calls") or ()]
    return "\n".join(part for part in [message.get("content") or "", *calls] if part)


def _turn(message: Message, tools: Sequence[ToolSchema]) -> list[Piece]:
    role = message["role"]
    header = Piece(f"{START}{role}\n", mark=True)
    if role == "assistant":
        body = Piece(_plain(assistant_text(message)), trained=True)
        return [header, body, Piece(END, mark=True, trained=True), Piece("\n", mark=True)]
    text = message.get("content") or ""
    if role == "system" and tools:
        text = "\n\n".join(part for part in [text, tools_text(tools)] if part)
    return [header, Piece(_plain(text)), Piece(f"{END}\n", mark=True)]


def _plain(text: str) -> str:
    """A text that could pass for a mark of ChatML is broken up, for models that are sent the rendering as text."""
    return text.replace("<|im_", "< |im_")
