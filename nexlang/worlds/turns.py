"""How actors take turns in a round: one after another, the first that has something to do, or all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from nexlang.runtime.code import Flow, Pause
from nexlang.runtime.model_agent import Turn

T = TypeVar("T")


class Playing(Protocol):
    """What turns need of an episode."""

    @property
    def present(self) -> Sequence[str]:
        """The roles that have not finished, in order."""
        ...

    def turn(self, role: str) -> Flow[Turn]: ...

    def take(self, role: str, turn: Turn) -> bool:
        """Take in how a turn ended; whether it ends the episode."""
        ...


@dataclass(slots=True)
class Round:
    """How a round went: whether anybody did something, and whether it ended the episode."""

    active: bool = False
    over: bool = False


class InOrder:
    """Each has a turn on what those before it have left."""

    def round(self, playing: Playing) -> Flow[Round]:
        done = Round()
        for role in playing.present:
            turn = yield from playing.turn(role)
            done.active |= not passed(turn)
            if playing.take(role, turn):
                done.over = True
                break
        return done


class ByPriority:
    """The first that does not pass has the round."""

    def round(self, playing: Playing) -> Flow[Round]:
        for role in playing.present:
            turn = yield from playing.turn(role)
            over = playing.take(role, turn)
            if over or not passed(turn) or turn.finished:
                return Round(not passed(turn), over)
        return Round()


class AtOnce:
    """All decide on the world as the round begins; then their calls are made, in the order of the roles.

    An agent whose program makes one call after another makes one a round: what it is in the middle of goes on in the
    next. What is said is heard in the next round.
    """

    def __init__(self) -> None:
        self._running: dict[str, Flow[Turn]] = {}

    def round(self, playing: Playing) -> Flow[Round]:
        done = Round()
        turns: list[tuple[str, Turn]] = []
        for role in playing.present:
            ended = yield from self._decide(playing, role)
            turns += [(role, turn) for turn in ended]
        for role in list(self._running):
            done.active = True
            turn = yield from self._step(role)
            turns += [(role, turn)] if isinstance(turn, Turn) else []
        for role, turn in turns:
            done.active |= not passed(turn)
            done.over |= playing.take(role, turn)
        return done

    def _decide(self, playing: Playing, role: str) -> Flow[list[Turn]]:
        """Go on to the next calls; the turns that end on the way: an earlier one, and one without a call."""
        ended: list[Turn] = []
        if role in self._running:
            at = yield from self._step(role)
            if not isinstance(at, Turn):
                return ended
            ended.append(Turn(at.said, at.finished, at.value))  # what it did was of the round before
            if at.finished:
                return ended
        self._running[role] = playing.turn(role)
        at = yield from self._step(role)
        return [*ended, at] if isinstance(at, Turn) else ended

    def _step(self, role: str) -> Flow[Turn | Pause]:
        """On to the next pause, or to the turn's end; asks are passed on."""
        flow = self._running[role]
        try:
            asked: Any = next(flow)
            while not isinstance(asked, Pause):
                try:
                    reply = yield asked
                except Exception as error:
                    asked = flow.throw(error)
                else:
                    asked = flow.send(reply)
        except StopIteration as stop:
            del self._running[role]
            turn: Turn = stop.value
            return turn
        return asked


def passed(turn: Turn) -> bool:
    """Whether an actor did and said nothing."""
    return not turn.acted and turn.said is None


TURNS: Mapping[str, Callable[[], InOrder | ByPriority | AtOnce]] = {
    "in_order": InOrder, "by_priority": ByPriority, "at_once": AtOnce,
}  # fmt: skip


def finished(flow: Flow[T]) -> T:
    """The end of a flow that asks no model."""
    try:
        next(flow)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    raise AssertionError("a reflex asks no model")
