"""TRL's GRPO trainer without the passes that teach nothing."""

from __future__ import annotations

from typing import Any

import torch
from trl import GRPOTrainer


class LearningTrainer(GRPOTrainer):
    """Leaves samples without an advantage out of the forward and backward pass: their gradient is exactly zero.

    On a CPU that is most of the time of a step whose groups all had the same reward. With `beta` every sample counts.
    """

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Any:
        kept = inputs["advantages"] != 0
        if self.beta != 0.0 or bool(kept.all()):
            return super()._compute_loss(model, inputs)
        if not kept.any():
            return sum(p.sum() * 0.0 for p in model.parameters() if p.requires_grad)
        count = len(kept)
        return super()._compute_loss(model, {name: _rows(value, kept, count) for name, value in inputs.items()})


def _rows(value: Any, kept: Any, count: int) -> Any:
    """The kept rows of what has a row for each sample."""
    per_sample = isinstance(value, torch.Tensor) and value.dim() > 0 and len(value) == count
    return value[kept] if per_sample else value
