"""Replies that are known beforehand: for tests, and for playing a recorded run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nexlang.runtime import chat
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.messages import Reply
from nexlang.runtime.run import Ask

Answerer = Callable[[Ask], "Reply | str | ModelFailure"]


class Scripted:
    """Answers from a list, in order, or by a function of the ask. A text is read as a text model's output."""

    def __init__(self, replies: Sequence[Reply | str] | Answerer) -> None:
        self.asks: list[Ask] = []
        if callable(replies):
            self._answer: Answerer = replies
        else:
            self._answer = _from_list(replies)

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        return [self._one(ask) for ask in asks]

    def _one(self, ask: Ask) -> Reply | ModelFailure:
        self.asks.append(ask)
        answer = self._answer(ask)
        return chat.parse(answer) if isinstance(answer, str) else answer


def _from_list(replies: Sequence[Reply | str]) -> Answerer:
    rest = iter(replies)

    def answer(ask: Ask) -> Reply | str | ModelFailure:
        reply = next(rest, None)
        return ModelFailure(f"the script has no reply left for {ask.agent}") if reply is None else reply

    return answer
