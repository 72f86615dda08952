"""Batched decoding that keeps what it has read: one entry of keys and values a conversation, shared prefixes once.

An entry is one tensor `(layers, 2, heads, tokens, size)`. Rows of different lengths are put side by side with padding
on the left; positions are given outright, so padding changes nothing. Everything is a function of the weights, the
ids and the seeds.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

PREFILL_TOKENS = 8192
"""Padded tokens of one forward pass while prompts are read."""


@dataclass(slots=True, eq=False)
class Row:
    """One conversation: `ids` are all its tokens, `entry` holds the first `entry_length` of them, read already."""

    ids: list[int]
    room: int
    chance: random.Random
    entry: Any = None
    entry_length: int = 0
    logits: Any = None
    new: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)

    @property
    def unread(self) -> list[int]:
        return self.ids[self.entry_length :]


class Decoder:
    """Reads and writes rows with one causal language model."""

    def __init__(self, model: Any, end: int, pad: int, temperature: float) -> None:
        self.model = model
        self.end = end
        self.pad = pad
        self.temperature = temperature

    def run(self, rows: Sequence[Row]) -> None:
        """Write each row's reply into `new`: up to and with the end of the turn, or until there is no room."""
        import torch

        live = [row for row in rows if row.room > 0]
        if not live:
            return
        with torch.inference_mode(), self.precision():
            for batch in _alike(live):
                self.read(batch)
            self._write(live)

    def read(self, rows: Sequence[Row]) -> None:
        """Read what rows have not read, in one pass; their logits are those after their last token."""
        past, width = self._assemble(rows)
        longest = max(len(row.unread) for row in rows)
        ids, mask, positions = [], [], []
        for row in rows:
            new = row.unread
            gap = longest - len(new)
            ids.append([self.pad] * gap + new)
            mask.append([0] * (width - row.entry_length) + [1] * row.entry_length + [0] * gap + [1] * len(new))
            positions.append([0] * gap + list(range(row.entry_length, len(row.ids))))
        made = self._forward(ids, mask, positions, past)
        for place, row in enumerate(rows):
            row.logits = made.logits[place, -1].float()
            self._keep(row, made.past_key_values, place, width, longest)

    # ------------------------------------------------------------ one pass

    def precision(self) -> Any:
        import torch

        on_gpu = self.model.device.type == "cuda" and torch.cuda.is_bf16_supported()
        return torch.autocast("cuda", dtype=torch.bfloat16, enabled=on_gpu)

    def _forward(self, ids: Any, mask: Any, positions: Any, past: Any) -> Any:
        import torch

        device = self.model.device
        return self.model(
            input_ids=torch.as_tensor(ids, device=device),
            attention_mask=torch.as_tensor(mask, device=device),
            position_ids=torch.as_tensor(positions, device=device),
            past_key_values=past,
            use_cache=True,
            logits_to_keep=1,
        )

    def _assemble(self, rows: Sequence[Row]) -> tuple[Any, int]:
        """The rows' entries as one cache, padded on the left to its width."""
        import torch
        from transformers import DynamicCache

        cache = DynamicCache()
        width = max(row.entry_length for row in rows)
        if width == 0:
            return cache, 0
        like = next(row.entry for row in rows if row.entry_length)
        layers, pair, heads, _, size = like.shape
        joined = torch.zeros(layers, pair, len(rows), heads, width, size, dtype=like.dtype, device=like.device)
        for place, row in enumerate(rows):
            if row.entry_length:
                joined[:, :, place, :, width - row.entry_length :] = row.entry[..., : row.entry_length, :]
        for layer in range(layers):
            cache.update(joined[layer, 0], joined[layer, 1], layer)
        return cache, width

    @staticmethod
    def _keep(row: Row, cache: Any, place: int, width: int, longest: int) -> None:
        """Take a row's entry out of the cache after a pass over `longest` new columns."""
        import torch

        old = slice(width - row.entry_length, width)
        new = slice(width + longest - len(row.unread), width + longest)
        row.entry = torch.stack(
            [
                torch.stack([torch.cat([kv[place, :, old], kv[place, :, new]], dim=1) for kv in (one.keys, one.values)])
                for one in cache.layers
            ]
        )
        row.entry_length = len(row.ids)

    # ------------------------------------------------------------ writing

    def _write(self, rows: list[Row]) -> None:
        """One token a row and pass; rows that are done leave the batch once half of it is."""
        import torch

        logits = torch.stack([row.logits for row in rows])
        past, width = None, 0
        active: list[Row] = []
        while True:
            self._sample(rows, logits)
            going = [row for row in rows if not self._done(row)]
            if not going:
                self._store(active, past, width)
                return
            if past is None or 2 * len(going) <= len(active):
                self._store(active, past, width)
                past, width = self._assemble(going)
                active = going
            ids = [[row.ids[-1] if row in going else self.pad] for row in active]
            made = self._forward(ids, *self._columns(active, past), past)
            logits = made.logits[:, -1].float()
            rows = active

    def _columns(self, rows: list[Row], past: Any) -> tuple[Any, Any]:
        """Mask and positions for one more column."""
        have = past.get_seq_length()
        base = max(row.entry_length for row in rows)
        mask = [[0] * (base - row.entry_length) + [1] * (have - base + row.entry_length + 1) for row in rows]
        return mask, [[row.entry_length + have - base] for row in rows]

    def _sample(self, rows: list[Row], logits: Any) -> None:
        """Draw the next token of each row that goes on."""
        import torch

        scaled = logits / self.temperature if self.temperature > 0 else logits
        known = torch.log_softmax(scaled, dim=-1)
        chosen = logits.argmax(dim=-1)
        if self.temperature > 0:
            draws = torch.tensor([row.chance.random() for row in rows], dtype=torch.float64).unsqueeze(1)
            sums = known.double().exp().cumsum(dim=-1)
            chosen = (sums < draws.to(sums.device) * sums[:, -1:]).sum(dim=-1).clamp(max=logits.shape[-1] - 1)
        for place, (row, token) in enumerate(zip(rows, chosen.tolist(), strict=True)):
            if not self._done(row):
                row.new.append(token)
                row.ids.append(token)
                row.logprobs.append(float(known[place, token]))

    def _done(self, row: Row) -> bool:
        return len(row.new) >= row.room or (bool(row.new) and row.new[-1] == self.end)

    @staticmethod
    def _store(rows: list[Row], cache: Any, width: int) -> None:
        """Take the rows' entries out of the cache, without what was padding after they were done."""
        import torch

        if cache is None:
            return
        for place, row in enumerate(rows):
            length = min(len(row.ids) - 1, row.entry_length + cache.get_seq_length() - width)
            start = width - row.entry_length
            columns = slice(start, start + length)
            row.entry = torch.stack(
                [torch.stack([one.keys[place, :, columns], one.values[place, :, columns]]) for one in cache.layers]
            )
            row.entry_length = length


def _alike(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows in batches of like unread length, so that little is padded."""
    batches: list[list[Row]] = []
    for row in sorted(rows, key=lambda row: len(row.unread)):
        size = len(row.unread)
        last = batches[-1] if batches else None
        if last and size <= 2 * len(last[0].unread) + 16 and (len(last) + 1) * size <= PREFILL_TOKENS:
            last.append(row)
        else:
            batches.append([row])
    return batches
