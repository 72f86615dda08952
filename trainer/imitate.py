"""The first phase: supervised learning of demonstrations, with the assistant's tokens alone in the loss."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nexlang.trainer.demos import Demo
from nexlang.trainer.errors import TrainError
from nexlang.trainer.phase import Recorder, shared_arguments
from nexlang.trainer.plan import Imitation
from nexlang.trainer.transcripts import labelled
from nexlang.trainer.weights import lora_config

PHASE = "imitate"
WARMUP, LONG = 0.05, 40
"""The share of the steps in which the rate rises, in phases of so many steps: a short one cannot spare them."""


def prepared(demos: Sequence[Demo], tokenizer: Any, settings: Imitation) -> tuple[list[dict[str, list[int]]], int]:
    """The demonstrations as ids and labels, and how many were left out because they are too long."""
    rows = [labelled(tokenizer, demo.messages, demo.tools, demo.since) for demo in demos]
    kept = [row for row in rows if len(row["input_ids"]) <= settings.max_length]
    if not kept:
        raise TrainError(
            f"none of {len(rows)} demonstrations fits into `max_length: {settings.max_length}` tokens"
            if rows
            else "there is no demonstration of the agents in `learns`"
        )
    return kept, len(rows) - len(kept)


def in_order(rows: Sequence[Any], epochs: int, seed: int) -> list[Any]:
    """Every epoch's rows in seeded order, one epoch after the other."""
    ordered: list[Any] = []
    for epoch in range(epochs):
        places = list(range(len(rows)))
        random.Random(f"{seed}:{epoch}").shuffle(places)
        ordered += [rows[place] for place in places]
    return ordered


def imitate(
    model: Any,
    tokenizer: Any,
    rows: Sequence[dict[str, list[int]]],
    settings: Imitation,
    seed: int,
    folder: Path,
    recorder: Callable[..., Recorder],
    checkpoint: Path | None,
) -> Any:
    """Train, from `checkpoint` on where there is one. Returns the trained model, adapters not yet merged in."""
    from datasets import Dataset
    from transformers.trainer_callback import PrinterCallback
    from trl import SFTConfig

    from nexlang.trainer.prefix import ImitationTrainer

    ordered = in_order(rows, settings.epochs, seed)
    steps = -(-len(ordered) // settings.batch)
    steps = min(steps, settings.max_steps or steps)
    arguments = SFTConfig(
        **shared_arguments(folder, seed),
        per_device_train_batch_size=settings.batch,
        max_steps=steps,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=round(WARMUP * steps) if steps >= LONG else 0,
        max_length=None,
        packing=False,
        shuffle_dataset=False,
        train_sampling_strategy="sequential",
        dataset_kwargs={"skip_prepare_dataset": True},
    )
    trainer = ImitationTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(ordered),
        processing_class=tokenizer,
        callbacks=[recorder(row=measured, state=dict)],
        peft_config=lora_config(settings.lora),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    return trainer.model


def measured(logs: Any) -> dict[str, Any]:
    """What a step of this phase reports beside its loss."""
    return {"accuracy": logs.get("mean_token_accuracy"), "gradient": logs.get("grad_norm")}
