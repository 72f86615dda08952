"""What generated environments are and are given: the contract between compiled code and the episode engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from nexlang.worlds.engine.clock import Clock
from nexlang.worlds.engine.codecs import Codec, as_codec
from nexlang.worlds.engine.distributions import Dynamics
from nexlang.worlds.engine.values import Call, Message, Play, Role

if TYPE_CHECKING:
    from nexlang.worlds.engine.chance import Chance
    from nexlang.worlds.engine.context import Context
    from nexlang.worlds.engine.state import World

W = TypeVar("W", bound="World")
T = TypeVar("T")
V = TypeVar("V")
W_co = TypeVar("W_co", bound="World", covariant=True)
T_co = TypeVar("T_co", covariant=True)
Measures = Mapping[str, bool | int | float]


class Scope(Protocol[W_co, T_co]):
    """What actor arguments, measures, `success`, `stop` and `solution` may read of an episode.

    `start` is the world after setup, `before` as the round began; `actor` is the one for whom something is evaluated;
    `result` is the learner's result, `None` until it finished. `ctx` belongs to the
    same world: a fresh one for each evaluation, so that fuel is not shared.
    """

    @property
    def task(self) -> T_co: ...
    @property
    def world(self) -> W_co: ...
    @property
    def start(self) -> W_co: ...
    @property
    def before(self) -> W_co: ...
    @property
    def actor(self) -> Role: ...
    @property
    def calls(self) -> Sequence[Call]: ...
    @property
    def messages(self) -> Sequence[Message]: ...
    @property
    def result(self) -> Any: ...
    @property
    def ctx(self) -> Context[W_co]: ...

    def judged(self, place: int) -> Any:
        """What a judge has found."""
        ...

    def noisy(self, target: str, value: V) -> V:
        """What an observing function gave, as an actor gets it."""
        ...

    def replay(self, calls: Sequence[Call]) -> W_co:
        """This task's world after setup and those calls, a failing one skipped."""
        ...


class Environment(Generic[W, T]):
    """Base of generated environments. They hold no state: one instance serves all episodes.

    `actors` maps roles to agents in turn order, `components` names to weights, `stages` lists the curriculum.
    `task` decodes one task from JSON. `count` is the number of tasks that `generate` makes, 0 where it makes none.
    `clock` is when an episode begins, as ISO text, and whether its clock runs.
    """

    def __init__(
        self,
        name: str,
        world: type[World],
        task: Any,
        *,
        actors: Mapping[str, str],
        components: Mapping[str, float],
        stages: Sequence[str] = (),
        count: int = 0,
        clock: tuple[str, bool] | None = None,
    ) -> None:
        self.name = name
        self.world = world
        self.task: Codec[Any] = as_codec(task)
        self.actors = actors
        self.components = components
        self.stages = stages
        self.count = count
        self._clock = (datetime.fromisoformat(clock[0]), clock[1]) if clock else ()

    def new_clock(self) -> Clock:
        """The clock of an episode that begins."""
        return Clock(*self._clock)

    def setup(self, ctx: Context[W], task: T, dice: Chance) -> None:
        """Prepare the world for a task; runs as one transaction, a `ToolFailure` is an environment error."""

    def arguments(self, role: str, scope: Scope[W, T]) -> dict[str, Any]:
        """The typed arguments of the role's agent, evaluated anew at each of its turns."""
        raise NotImplementedError

    def measures(self, scope: Scope[W, T]) -> dict[str, bool | int | float]:
        """The components of the whole episode in order, unweighted."""
        return {}

    def round_measures(self, scope: Scope[W, T]) -> dict[str, bool | int | float]:
        """The components that are paid after each round."""
        return {}

    def actor_measures(self, scope: Scope[W, T]) -> dict[str, bool | int | float]:
        """The components of the whole episode that `scope.actor` has for itself."""
        return {}

    def actor_round_measures(self, scope: Scope[W, T]) -> dict[str, bool | int | float]:
        """The components that are paid to `scope.actor` after each round."""
        return {}

    def judges(self, scope: Scope[W, T]) -> Sequence[Play]:
        """Those who are asked when the episode has ended."""
        return ()

    def judged_measures(self, scope: Scope[W, T]) -> dict[str, bool | int | float]:
        """The components of the whole episode that wait for what the judges find."""
        return {}

    def potentials(self, scope: Scope[W, T]) -> dict[str, bool | int | float]:
        """What shapes the reward: the change of each is paid after each round; at the end each is 0."""
        return {}

    def success(self, scope: Scope[W, T], measures: Measures) -> bool:
        return False

    def stop(self, scope: Scope[W, T], measures: Measures) -> bool:
        return False

    def split(self, task: T) -> str | None:
        """The task's split, where the environment says one."""
        return None

    def stage_tasks(self, stage: str, task: T) -> bool:
        """Whether the curriculum's stage uses the task."""
        return True

    def solution(self, scope: Scope[W, T]) -> Sequence[Call] | Play | None:
        """Recorded calls, an agent that plays them, or `None` where the environment has no solution."""
        return None

    def dynamics(self) -> Dynamics | None:
        """What happens to calls, where the environment says so."""
        return None

    def tasks(self, ctx: Context[Any]) -> Sequence[T]:
        """All tasks, where a pure function makes them."""
        raise NotImplementedError

    def generate(self, ctx: Context[Any], dice: Chance) -> T:
        """One task, where a generator makes them."""
        raise NotImplementedError
