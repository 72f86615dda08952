"""What all rows of a batch begin with is read once: the gradient is the same, for about half of the work.

Conversations of one agent share their system message with its tools, and a group of episodes its whole first prompt.
The keys and values of the common prefix are computed from one row, with their gradient, and lent to all.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import DynamicCache
from trl import GRPOTrainer, SFTTrainer

from nexlang.trainer.transcripts import IGNORED

WORTH = 24
"""Tokens of a common prefix from which it pays to read it apart."""


def common_columns(input_ids: torch.Tensor, attention_mask: torch.Tensor) -> int:
    """The leading columns in which all rows are the same and none is padding."""
    same = (input_ids == input_ids[:1]).all(dim=0) & attention_mask.bool().all(dim=0)
    return int(same.long().cumprod(dim=0).sum())


def unlabelled_columns(labels: torch.Tensor) -> int:
    """The leading columns that predict nothing: the one before the first label already does."""
    trained = (labels != IGNORED).any(dim=0)
    return max(0, int((~trained).long().cumprod(dim=0).sum()) - 1)


def lent_prefix(model: Any, input_ids: torch.Tensor, length: int) -> DynamicCache:
    """Keys and values of the first `length` columns, from one row, for every row."""
    read = model(input_ids=input_ids[:1, :length], use_cache=True, logits_to_keep=1).past_key_values
    rows = len(input_ids)
    lent = DynamicCache()
    for number, layer in enumerate(read.layers):
        lent.update(layer.keys.expand(rows, -1, -1, -1), layer.values.expand(rows, -1, -1, -1), number)
    return lent


class ImitationTrainer(SFTTrainer):
    """TRL's SFT trainer, with common prefixes read once: a batch falls into parts of rows that begin alike."""

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        if return_outputs or num_items_in_batch is None or set(inputs) != {"input_ids", "attention_mask", "labels"}:
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        parts = [_lending(model, part) for part in alike(inputs)]
        return sum(super(ImitationTrainer, self).compute_loss(model, part, False, num_items_in_batch) for part in parts)


def alike(inputs: dict[str, torch.Tensor]) -> list[dict[str, torch.Tensor]]:
    """The rows in parts that begin alike, each without the columns that are padding in all of it."""
    found: dict[tuple[int, ...], list[int]] = {}
    for place, ids in enumerate(inputs["input_ids"][:, :WORTH].tolist()):
        found.setdefault(tuple(ids), []).append(place)
    parts = [{name: value[places] for name, value in inputs.items()} for places in found.values()]
    return [{name: value[:, : _width(part)] for name, value in part.items()} for part in parts]


def _width(part: dict[str, torch.Tensor]) -> int:
    return int(part["attention_mask"].sum(dim=1).max())


def _lending(model: Any, part: dict[str, Any]) -> dict[str, Any]:
    """The part behind its common prefix, where it has one that is worth it."""
    if len(part["input_ids"]) < 2:
        return part
    columns = min(common_columns(part["input_ids"], part["attention_mask"]), unlabelled_columns(part["labels"]))
    if columns < WORTH:
        return part
    cache = lent_prefix(model, part["input_ids"], columns)
    rest = {"input_ids": part["input_ids"][:, columns:], "labels": part["labels"][:, columns:]}
    return {**rest, "attention_mask": part["attention_mask"], "past_key_values": cache}


class ReinforcementTrainer(GRPOTrainer):
    """TRL's GRPO trainer, with common prefixes read once and without the passes that teach nothing.

    A sample without an advantage has a gradient of exactly zero; on a CPU that is most of the time of a step whose
    groups all had the same reward. With `beta` every sample counts.
    """

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> Any:
        kept = inputs["advantages"] != 0
        if self.beta != 0.0 or bool(kept.all()):
            return super()._compute_loss(model, inputs)
        if not kept.any():
            return sum(p.sum() * 0.0 for p in model.parameters() if p.requires_grad)
        count = len(kept)
        return super()._compute_loss(model, {name: _rows(value, kept, count) for name, value in inputs.items()})

    def _get_per_token_logps_and_entropies(
        self,
        model: Any,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        logits_to_keep: int,
        batch_size: int | None = None,
        compute_entropy: bool = False,
        compute_aux_loss: bool = False,
        **others: Any,
    ) -> Any:
        columns = min(common_columns(input_ids, attention_mask), input_ids.size(1) - logits_to_keep - 1)
        plain = compute_aux_loss or any(value is not None for value in others.values())
        if plain or columns < WORTH or len(input_ids) < 2 or (batch_size or len(input_ids)) < len(input_ids):
            return super()._get_per_token_logps_and_entropies(
                model,
                input_ids,
                attention_mask,
                logits_to_keep,
                batch_size,
                compute_entropy,
                compute_aux_loss,
                **others,
            )
        labels = input_ids.masked_fill(attention_mask == 0, IGNORED)
        labels[:, :-logits_to_keep] = IGNORED
        with self.accelerator.autocast():
            made = model(
                input_ids=input_ids[:, columns:],
                attention_mask=attention_mask,
                past_key_values=lent_prefix(model, input_ids, columns),
                labels=labels[:, columns:],
                fused_lm_head=True,
            )
        entropies = made.entropy[:, -logits_to_keep:] if compute_entropy else None
        return made.log_probs[:, -logits_to_keep:], entropies, None


def _rows(value: Any, kept: Any, count: int) -> Any:
    """The kept rows of what has a row for each sample."""
    per_sample = isinstance(value, torch.Tensor) and value.dim() > 0 and len(value) == count
    return value[kept] if per_sample else value
