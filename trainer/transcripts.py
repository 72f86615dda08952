"""Conversations as token ids, with what the model wrote marked: the samples of both phases.

A demonstration is rendered as the runtime would prompt with it. A conversation that the model itself played is put
together from the ids that it read and wrote; nothing is tokenised twice, so what is trained is what was sampled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nexlang.runtime import chat
from nexlang.runtime.messages import Message, Reply, ToolSchema
from nexlang.runtime.transcript import Conversation

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Sample:
    """A prompt and what followed. `mask` is 1 where the model wrote, 0 where tools and others did."""

    prompt: list[int]
    completion: list[int]
    mask: list[int]
    logprobs: list[float]


def labelled(
    tokenizer: Any, messages: Sequence[Message], tools: Sequence[ToolSchema], since: int = 0
) -> dict[str, list[int]]:
    """`input_ids` and `labels` of a demonstration: labels only where the model is to write, from message `since` on."""
    ids, trained = chat.render_ids(tokenizer, messages, tools)
    if since:
        read = len(chat.render_ids(tokenizer, messages[:since], tools)[0])
        trained = [False] * read + trained[read:]
    labels = [token if own else IGNORED for token, own in zip(ids, trained, strict=True)]
    last = max((place for place, own in enumerate(trained) if own), default=-1)
    return {"input_ids": ids[: last + 1], "labels": labels[: last + 1]}


def samples(conversation: Conversation) -> list[Sample]:
    """The stretches of a conversation in which each prompt goes on from the last; one, unless memory was cut."""
    made: list[Sample] = []
    for reply in conversation.replies:
        if reply.completion_ids:
            _extend(made, reply)
    return made


def _extend(made: list[Sample], reply: Reply) -> None:
    prompt, written = list(reply.prompt_ids), list(reply.completion_ids)
    logprobs = list(reply.logprobs) or [0.0] * len(written)
    before = made[-1].prompt + made[-1].completion if made else None
    if before is None or prompt[: len(before)] != before:
        made.append(Sample(prompt, written, [1] * len(written), logprobs))
        return
    heard = prompt[len(before) :]
    made[-1].completion.extend(heard + written)
    made[-1].mask.extend([0] * len(heard) + [1] * len(written))
    made[-1].logprobs.extend([0.0] * len(heard) + logprobs)
