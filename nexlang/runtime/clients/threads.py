"""A model in this process as the client of many episodes at once: it answers the asks of all of them in one batch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from nexlang.runtime import chat
from nexlang.runtime.clients.decoding import Decoder, Row
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.messages import Message, Reply
from nexlang.runtime.run import Ask

SHARED = 16
"""Tokens of a common prompt from which it pays to read it once."""


@dataclass(slots=True)
class Thread:
    """One conversation so far: the messages that were read, their ids and those of the last reply."""

    messages: list[Message]
    row: Row


class Policy:
    """A client over a model in this process. It keeps conversations as ids and never tokenises a reply again.

    Valid while the weights stay as they are. Deterministic given the weights, the seed and the order of the asks.
    """

    def __init__(
        self, model: Any, tokenizer: Any, *, temperature: float, max_tokens: int, max_length: int, seed: str
    ) -> None:
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.max_length = max_length
        self.seed = seed
        self.end = int(tokenizer.convert_tokens_to_ids(chat.END))
        self.decoder = Decoder(model, self.end, tokenizer.pad_token_id, temperature)
        self._threads: dict[int, Thread] = {}
        self._shared: dict[str, Row] = {}
        self._begun = 0

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        threads = [self._thread(ask) for ask in asks]
        self._share(asks, [thread.row for thread in threads])
        lengths = [len(thread.row.ids) for thread in threads]
        self.decoder.run([thread.row for thread in threads])
        return [self._reply(thread, length) for thread, length in zip(threads, lengths, strict=True)]

    # ------------------------------------------------------------ threads

    def _thread(self, ask: Ask) -> Thread:
        """The thread that the ask goes on, or a new one; its row holds the whole prompt."""
        messages = list(ask.messages)
        said = max((i for i, message in enumerate(messages) if message["role"] == "assistant"), default=0)
        known = self._threads.pop(id(messages[said - 1]), None) if said else None
        if (
            known
            and len(known.messages) == said
            and all(a is b for a, b in zip(known.messages, messages, strict=False))
        ):
            known.row.ids += self._heard(known.row, messages[said + 1 :])
            row = known.row
        else:
            ids = chat.render_ids(self.tokenizer, messages, ask.tools, open=True)[0]
            row = Row(ids, 0, random.Random(f"{self.seed}:{self._begun}"))
            self._begun += 1
        row.room, row.new, row.logprobs = self.room(ask, len(row.ids)), [], []
        thread = Thread(messages, row)
        self._threads[id(messages[-1])] = thread
        return thread

    def _heard(self, row: Row, messages: Sequence[Message]) -> list[int]:
        """The ids between the model's last token and its next: the end of its turn, what it hears, and its header."""
        close = chat.Piece("\n" if row.ids[-1] == self.end else f"{chat.END}\n", mark=True)
        pieces = [close, *chat.pieces(messages, (), open=True)]
        return [token for piece in pieces for token in chat.piece_ids(self.tokenizer, piece)]

    def forget(self, keep: int) -> None:
        """Drop all threads but the latest: one that goes on after all is read again."""
        for known in list(self._threads)[: max(0, len(self._threads) - keep)]:
            del self._threads[known]

    def room(self, ask: Ask, length: int) -> int:
        """How many tokens a reply to a prompt of so many may have."""
        room = min(self.max_tokens, self.max_length - length)
        return max(0, room if ask.left.tokens is None else min(room, ask.left.tokens))

    # ------------------------------------------------------------ shared prompts

    def _share(self, asks: Sequence[Ask], rows: Sequence[Row]) -> None:
        """Read what the new conversations of an agent have in common once; it serves later ones as well."""
        fresh: dict[str, list[Row]] = {}
        for ask, row in zip(asks, rows, strict=True):
            if row.entry_length == 0 and row.room > 0:
                fresh.setdefault(ask.agent, []).append(row)
        for agent, new in fresh.items():
            if agent not in self._shared and len(new) > 1:
                self._read_shared(agent, new)
            if agent in self._shared:
                for row in new:
                    self._lend(self._shared[agent], row)

    def _read_shared(self, agent: str, rows: Sequence[Row]) -> None:
        import torch

        common = rows[0].ids[:-1]
        for row in rows[1:]:
            common = common[: _common(common, row.ids[:-1])]
        if len(common) < SHARED:
            return
        shared = Row(common, 1, random.Random(0))
        with torch.inference_mode(), self.decoder.precision():
            self.decoder.read([shared])
        self._shared[agent] = shared

    @staticmethod
    def _lend(shared: Row, row: Row) -> None:
        length = min(_common(shared.ids, row.ids), len(row.ids) - 1)
        if length >= SHARED:
            row.entry, row.entry_length = shared.entry, length

    # ------------------------------------------------------------ replies

    def _reply(self, thread: Thread, length: int) -> Reply:
        row = thread.row
        text = self.tokenizer.decode([token for token in row.new if token != self.end], skip_special_tokens=False)
        return replace(
            chat.parse(text),
            prompt_tokens=length,
            completion_tokens=len(row.new),
            prompt_ids=tuple(row.ids[:length]),
            completion_ids=tuple(row.new),
            logprobs=tuple(row.logprobs),
            cut=not row.new or row.new[-1] != self.end,
        )


def _common(left: Sequence[int], right: Sequence[int]) -> int:
    """The length of the common prefix."""
    for place, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return place
    return min(len(left), len(right))
