"""Training: one step of learning, and batched writing; with SmolLM2-135M where it is installed, else a tiny model."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.table import Row, seconds

MESSAGES = [
    {
        "role": "system",
        "content": "You are the help desk of a bicycle hire. Hand the request to one delegate, then tell the "
        "customer the answer. Ask which ride, bike or rider it is if they do not say.",
    },
    {"role": "user", "content": "Please refund ride A10."},
]
ANSWER = {"role": "assistant", "content": "Ride A10 is refunded: 560 cents. Is there anything else that I can do?"}
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": f"{name.capitalize()} what the customer asks for, and say how it went.",
            "parameters": {"type": "object", "properties": {"ride": {"type": "string"}}, "required": ["ride"]},
        },
    }
    for name in ("refund", "finish", "report", "locate")
]
TOKENS = 32


def rows() -> Iterator[Row]:
    if any(importlib.util.find_spec(name) is None for name in ("torch", "trl")):
        return
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from nexlang.trainer.quiet import quiet
    from nexlang.trainer.weights import load, smollm2_path, use_threads

    quiet()
    packaged = smollm2_path()
    loaded = load(str(packaged) if packaged else "tiny", [str(MESSAGES), str(TOOLS)], 0)
    use_threads(loaded.model)
    name = "SmolLM2-135M" if packaged else "tiny model"
    yield from learning(name, loaded)
    for width in (8, 16):
        yield from writing(name, loaded, width)


def learning(name: str, loaded: Any) -> Iterator[Row]:
    """One forward and backward pass over four demonstrations, loss on the assistant's tokens."""
    import torch

    from nexlang.trainer.transcripts import labelled

    row = labelled(loaded.tokenizer, [*MESSAGES, ANSWER], TOOLS)
    ids, labels = torch.tensor([row["input_ids"]] * 4), torch.tensor([row["labels"]] * 4)

    def step() -> None:
        loaded.model(input_ids=ids, labels=labels).loss.backward()
        loaded.model.zero_grad()

    taken = seconds(step, 3)
    yield Row(f"{name}: learn 4 x {ids.shape[1]} tokens", taken, "s")
    yield Row(f"{name}: learning", ids.numel() / taken, "tokens/s", most=False)


def writing(name: str, loaded: Any, width: int) -> Iterator[Row]:
    """Replies of a fixed length to as many conversations at once."""
    from nexlang.runtime.clients.threads import Policy
    from nexlang.runtime.run import Ask, Left

    def asks() -> Sequence[Ask]:
        return [Ask("Desk", "m", 0, list(MESSAGES), TOOLS, Left(None, None, None)) for _ in range(width)]

    written = 0

    def step() -> None:
        nonlocal written
        policy = Policy(loaded.model, loaded.tokenizer, temperature=1.0, max_tokens=TOKENS, max_length=1024, seed="0")
        written = sum(reply.completion_tokens for reply in policy.complete(asks()))  # type: ignore[union-attr]

    taken = seconds(step, 3)
    yield Row(f"{name}: write, {width} conversations", written / taken, "tokens/s", most=False)
