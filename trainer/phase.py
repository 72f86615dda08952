"""What both phases share: the trainer's arguments, its rows of metrics, and checkpoints by time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from nexlang.trainer.interrupt import Interrupt
from nexlang.trainer.progress import Reporter
from nexlang.trainer.store import Store

SHARE = 0.1
"""The share of a run's time that checkpoints may take."""
WRITE_SPEED = 300e6
"""Bytes a second assumed of the first checkpoint, before one was timed."""


def shared_arguments(folder: Any, seed: int) -> dict[str, Any]:
    """Arguments of either trainer: nothing reported elsewhere, nothing on a GPU that it cannot do."""
    import torch

    gpu = torch.cuda.is_available()
    return {
        "output_dir": str(folder),
        "seed": seed,
        "data_seed": seed,
        "report_to": "none",
        "disable_tqdm": True,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "save_total_limit": 2,
        "use_cpu": not gpu,
        "bf16": gpu and torch.cuda.is_bf16_supported(),
        "gradient_checkpointing": False,
        "dataloader_pin_memory": gpu,
        "dataloader_num_workers": 0,
        "max_grad_norm": 1.0,
        "weight_decay": 0.0,
    }


class Recorder(TrainerCallback):
    """Writes a row of metrics a step, and asks for a checkpoint as often as its cost allows.

    `row` turns the trainer's log into what the phase reports; `state` is the phase's own state, kept with the
    checkpoint.
    """

    def __init__(
        self,
        store: Store,
        phase: str,
        reporter: Reporter,
        interrupt: Interrupt,
        row: Callable[[Mapping[str, Any]], dict[str, Any]],
        state: Callable[[], dict[str, Any]],
    ) -> None:
        self.store, self.phase, self.reporter, self.interrupt = store, phase, reporter, interrupt
        self.row, self.state = row, state
        self.cost: float | None = None
        self._saved = self._stepped = self._asked = time.monotonic()

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if self.cost is None:
            learning = sum(p.numel() for p in kwargs["model"].parameters() if p.requires_grad)
            self.cost = 12 * learning / WRITE_SPEED
        self._saved = self._stepped = time.monotonic()
        self.reporter.phase(self.phase, state.max_steps, state.global_step)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> TrainerControl:
        self.interrupt.check()
        control.should_log = True
        if time.monotonic() - self._saved >= (self.cost or 0.0) / SHARE and state.global_step < state.max_steps:
            control.should_save = True
            self._asked = time.monotonic()
        return control

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        if not logs or "loss" not in logs:
            return
        now = time.monotonic()
        row = {"phase": self.phase, "step": state.global_step, "loss": logs["loss"], **self.row(logs)}
        row["learning_rate"] = logs.get("learning_rate")
        row["seconds"] = round(now - self._stepped, 3)
        self._stepped = now
        self.store.measure(row)
        self.reporter.step(row)

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        self.store.seal(self.phase, state.global_step, self.state())
        self._saved = time.monotonic()
        self.cost = self._saved - self._asked
        self._stepped = self._saved
