"""What an environment's dynamics do to one episode: calls take time, fail of themselves, and tell inexactly."""

from __future__ import annotations

from typing import Any, TypeVar

from nexlang.worlds.engine import Answer, Distribution, Record, Streams, Tool
from nexlang.worlds.engine.distributions import Dynamics, Fault

T = TypeVar("T")


class Disturbance:
    """Dynamics at a scale: at 0 delays are what they are in the middle and all else is exact, at 1 as declared."""

    def __init__(self, dynamics: Dynamics, scale: float, streams: Streams) -> None:
        self._dynamics = dynamics
        self._scale = scale
        self._streams = streams

    def delay(self, tool: str) -> float:
        """The milliseconds that a call takes."""
        distribution = self._dynamics.latency.get(tool, self._dynamics.default)
        if distribution is None:
            return 0.0
        centre = distribution.centre
        if not self._scale or distribution.shape == "constant":
            return max(centre, 0.0)
        drawn = distribution.draw(self._streams.next(f"latency.{tool}"))
        return max(centre + self._scale * (drawn - centre), 0.0)

    def fault(self, tool: str) -> Fault | None:
        """The fault that strikes a call, if one does."""
        for place, fault in enumerate(self._dynamics.faults.get(tool, ()) if self._scale else ()):
            if self._streams.next(f"fault.{tool}.{place}").happens(fault.rate * self._scale):
                return fault
        return None

    def told(self, tool: Tool, answer: Answer) -> Answer:
        """The answer as the caller gets it."""
        if answer.error or tool.name not in self._dynamics.noise:
            return answer
        value = self.noisy(tool.name, answer.value)
        return Answer(False, tool.text(value), value)

    def noisy(self, target: str, value: T) -> T:
        """What a tool or a function gives, inexactly."""
        for path, distribution in self._dynamics.noise.get(target, ()) if self._scale else ():
            value = self._added(f"noise.{'.'.join((target, *path))}", value, path, distribution)
        return value

    def _added(self, stream: str, value: Any, path: tuple[str, ...], distribution: Distribution) -> Any:
        if value is None:
            return None
        if not path:
            return value + self._scale * distribution.draw(self._streams.next(stream))
        assert isinstance(value, Record)
        attribute = type(value)._codec.slots[path[0]]
        inner = self._added(stream, getattr(value, attribute), path[1:], distribution)
        return value._with(**{attribute: inner})


def struck(fault: Fault) -> Answer:
    """What a call answers that a fault has struck."""
    return Answer(True, f"Error: {fault.message}", None, fault.code)
