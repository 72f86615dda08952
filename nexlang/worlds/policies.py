"""Who plays the learner: a model, a stand-in, or one of the reference policies that an environment is proven with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from nexlang.diagnostics.codes_run import FAILING_SOLUTION, NO_SOLUTION, NO_STAND_IN, UNKNOWN_POLICY, said
from nexlang.runtime.actors import Actor, Silent, actor
from nexlang.runtime.code import Flow, Pause
from nexlang.runtime.library import Library
from nexlang.runtime.model_agent import Turn
from nexlang.runtime.perform import perform
from nexlang.runtime.run import Stage
from nexlang.worlds.chancy import RandomActor
from nexlang.worlds.engine import Call, Play, Role, ToolFailure
from nexlang.worlds.scope import EpisodeScope
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import TaskError

Kind = Literal["model", "stand_in", "solution", "noop", "random", "script"]


@dataclass(frozen=True)
class Policy:
    """`cast` maps model agents to stand-ins. A script makes `pace` calls a turn (0: all in its first), then says one
    text a turn and at last gives its `value`, if it has one."""

    name: str
    kind: Kind
    cast: Mapping[str, str] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    says: tuple[str, ...] = ()
    pace: int = 0
    value: Any = None

    judges_by_hand: bool = False

    def jury(self, library: Library) -> Mapping[str, str]:
        """Who plays the judges: models where this is one, unless they are to be played by hand."""
        return {} if self.kind == "model" and not self.judges_by_hand else library.stand_ins

    @property
    def asks_model(self) -> bool:
        return self.kind == "model"


SOLUTION = Policy("solution", "solution")
NOOP = Policy("noop", "noop")
RANDOM = Policy("random", "random")
REFERENCES = {policy.name: policy for policy in (SOLUTION, NOOP, RANDOM)}


def model_policy(name: str = "model") -> Policy:
    """Every model agent asks the run's client."""
    return Policy(name, "model")


def script(name: str, calls: Sequence[Call], says: Sequence[str], pace: int = 0, value: Any = None) -> Policy:
    return Policy(name, "script", calls=tuple(calls), says=tuple(says), pace=pace, value=value)


def stand_in_policy(setting: Setting, name: str) -> Policy:
    """The learner played by the agent `name`, and every other model agent by its stand-in where there is one.

    Raises `TaskError` where the agent is no stand-in for the learner.
    """
    agents = setting.library.agents
    if name not in agents:
        raise TaskError(said(UNKNOWN_POLICY, name=name, agents=", ".join(learner_stand_ins(setting)) or "an agent"))
    played = agents[name].plays
    if played != setting.learner_agent:
        plays = f"plays {played}" if played else "plays no model agent"
        wanted = {"environment": setting.name, "learner": setting.learner_agent}
        raise TaskError(said(NO_STAND_IN, name=name, plays=plays, **wanted))
    return Policy(name, "stand_in", {**setting.library.stand_ins, played: name})


def learner_stand_ins(setting: Setting) -> list[str]:
    """The agents that play the learner."""
    return [agent.name for agent in setting.library.agents.values() if agent.plays == setting.learner_agent]


def needs_model(setting: Setting, cast: Mapping[str, str]) -> bool:
    """Whether some agent of the environment still asks a model under the cast."""
    library = setting.library
    played = [cast.get(actor.agent, actor.agent) for actor in setting.spec.actors]
    for name in played:
        if library.agents[name].kind == "model":
            return True
        below = (cast.get(reached, reached) for reached in library.reach(name)[1])
        played += [reached for reached in below if reached not in played]
    return False


@dataclass(frozen=True)
class Seat:
    """What a player of the learner is given."""

    setting: Setting
    stage: Stage
    scope: EpisodeScope
    role: str
    seed: int
    task_id: str

    @property
    def first(self) -> bool:
        """Whether this is the learner: what names nobody is meant for it."""
        return self.role == self.setting.learner

    def own(self, calls: Sequence[Any]) -> Sequence[Any]:
        """Of recorded calls, those of this role."""
        others = [role for role in self.setting.asking if role != self.role]
        return [c for c in calls if c.by == self.role or (self.first and c.by not in others)]


def seated(policy: Policy, seat: Seat) -> Actor:
    """An actor under a policy that asks no model."""
    if policy.kind == "random":
        return RandomActor(seat.setting, seat.role, seat.stage, seat.scope.task, seat.seed, seat.task_id)
    if policy.kind == "script":
        says, value = (policy.says, policy.value) if seat.first else ((), None)
        return ScriptActor(seat, seat.own(policy.calls), says, policy.pace, value)
    return solution_actor(seat) if policy.kind == "solution" else Silent()


def solution_actor(seat: Seat) -> Actor:
    """The environment's own solution of the task: of each actor, where it reads `actor`, else of the learner."""
    if not seat.first and not seat.setting.shared_solution:
        return Silent()
    try:
        solution = _anew(seat)
    except ToolFailure as failure:
        raise TaskError(said(FAILING_SOLUTION, task=seat.task_id, reason=failure.message)) from None
    if solution is None:
        raise TaskError(said(NO_SOLUTION, environment=seat.setting.name))
    if isinstance(solution, Play):
        if seat.stage.library.agents[solution.agent].kind == "rules":
            return actor(seat.stage, solution.agent, seat.role, lambda: _anew(seat).arguments, social=True)
        return Once(lambda: _played(seat, solution))
    return ScriptActor(seat, solution if seat.setting.own_solution else seat.own(solution), ())


def _anew(seat: Seat) -> Any:
    """The solution as things are; a rule agent's arguments are what it sees."""
    seat.scope.actor = Role(seat.role, seat.setting.environment.actors[seat.role])
    return seat.setting.environment.solution(seat.scope)


def _played(seat: Seat, play: Play) -> Flow[Turn]:
    value = yield from perform(seat.stage, play.agent, play.arguments, seat.role)
    said = value if seat.stage.library.is_texty(play.agent) else None
    return Turn(said or None, said is None, value, acted=True)


class Once:
    """Takes one turn, then passes."""

    def __init__(self, turn: Callable[[], Flow[Turn]]) -> None:
        self._turn: Callable[[], Flow[Turn]] | None = turn

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        turn, self._turn = self._turn, None
        return (yield from turn()) if turn else Turn()


class ScriptActor:
    """Makes calls, says texts and gives a result that are known beforehand."""

    def __init__(self, seat: Seat, calls: Sequence[Any], says: Sequence[str], pace: int = 0, value: Any = None) -> None:
        self._seat = seat
        self._calls = list(calls)
        self._says = list(says)
        self._pace = pace
        self._value = value

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        many = self._pace or len(self._calls)
        calls, self._calls = self._calls[:many], self._calls[many:]
        stage, host = self._seat.stage, self._seat.stage.host
        for call in calls:
            yield from stage.pause(Pause.DECIDED)
            if call.at > host.elapsed:
                host.wait(call.at - host.elapsed)
            host.call(call.tool, call.arguments, self._seat.role)
            host.checkpoint()
            yield from stage.pause(Pause.MADE)
        yield from ()
        if self._calls:
            return Turn(acted=True)
        said = self._says.pop(0) if self._says else None
        return Turn(said, said is None and self._value is not None, self._value, acted=bool(calls))
