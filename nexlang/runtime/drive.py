"""Pumps: they run agents' generators and put their asks to a client, one at a time or many in a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from nexlang.runtime.code import Flow, ModelFailure
from nexlang.runtime.messages import Reply
from nexlang.runtime.run import Ask

T = TypeVar("T")


class Client(Protocol):
    """Answers asks, each by a reply or by the failure to get one, in the order of the asks."""

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]: ...


def drive(flow: Flow[T], client: Client) -> T:
    """Run one agent or episode to its end."""
    return next(drive_many([flow], client, width=1))


def drive_many(flows: Iterable[Flow[T]], client: Client, width: int = 16) -> Iterator[T]:
    """Run many, `width` at a time, their asks gathered into batches; results come in the order of `flows`."""
    waiting = enumerate(flows)
    running: list[_Running[T]] = []
    done: dict[int, T] = {}
    following = 0
    while True:
        _fill(running, waiting, done, width)
        while following in done:
            yield done.pop(following)
            following += 1
        if not running:
            return
        replies = client.complete([one.ask for one in running])
        still = zip(running, replies, strict=True)
        running = [one for one, reply in still if one.go_on(reply, done)]


@dataclass(slots=True)
class _Running(Generic[T]):
    place: int
    flow: Flow[T]
    ask: Ask

    def go_on(self, reply: Reply | ModelFailure, done: dict[int, T]) -> bool:
        """Send the reply; whether the flow wants another."""
        try:
            self.ask = self.flow.throw(reply) if isinstance(reply, ModelFailure) else self.flow.send(reply)
        except StopIteration as stop:
            done[self.place] = stop.value
            return False
        return True


def _fill(running: list[_Running[T]], waiting: Iterator[tuple[int, Flow[T]]], done: dict[int, T], width: int) -> None:
    """Begin flows until `width` of them wait for a reply; one that asks nothing is done at once."""
    while len(running) < width:
        following = next(waiting, None)
        if following is None:
            return
        place, flow = following
        try:
            running.append(_Running(place, flow, next(flow)))
        except StopIteration as stop:
            done[place] = stop.value


class NoModel:
    """The client of a run in which no model is to be asked."""

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        return [ModelFailure(f"{ask.agent} asks a model, and this run has none") for ask in asks]
