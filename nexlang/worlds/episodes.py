"""One episode: actors take turns on one world until something ends it. A generator that asks for completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nexlang.ir.options import ENVIRONMENT
from nexlang.runtime.actors import Actor, actor
from nexlang.runtime.code import AgentFailure, Curtain, Flow, ModelFailure, OutOfBudget
from nexlang.runtime.model_agent import Turn
from nexlang.runtime.run import Stage
from nexlang.worlds.dynamics import Disturbance
from nexlang.worlds.engine import Message
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.engine.failures import ExternRefused
from nexlang.worlds.host import EpisodeHost
from nexlang.worlds.judges import Gallery, judged
from nexlang.worlds.outcome import BROKEN, EnvironmentBroke, Outcome, Result, UserFailed
from nexlang.worlds.policies import Policy, Seat, seated
from nexlang.worlds.rewards import Account, Pay
from nexlang.worlds.scope import EpisodeScope, LazyMeasures
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, prepared
from nexlang.worlds.timekeeping import Timekeeper, TimeUp
from nexlang.worlds.turns import TURNS, finished, passed

ROUNDS = int(ENVIRONMENT["rounds"].default or 40)


class Episode:
    """A task under a policy. `play()` once; the same seed, task, policy and replies give the same outcome.

    `noise` scales the environment's dynamics, `depth` bounds delegation below the actors: a stage's.
    """

    scope: EpisodeScope
    stage: Stage
    account: Account
    jury: Stage
    actors: dict[str, Actor]

    def __init__(
        self, setting: Setting, task: Task, seed: int, policy: Policy, *, noise: float = 1.0, depth: int | None = None
    ) -> None:
        self.setting = setting
        self.noise = noise
        self.depth = depth
        self.task = task
        self.seed = seed
        self.policy = policy
        self.rounds = 0
        self._heard: dict[str, int] = {}
        self._finished: set[str] = set()

    def play(self) -> Flow[Outcome]:
        """Play to the end. Raises `TaskError` only where the policy does not fit the environment."""
        try:
            self._begin()
            ended, error = yield from self._ending()
            yield from self._ask_judges()
            return self._judged(ended, error)
        except EnvironmentBroke as broke:
            return self._broken(str(broke), broke.result)

    # ------------------------------------------------------------ the course of it

    def _begin(self) -> None:
        setting = self.setting
        try:
            externs = setting.answers.begin(f"{setting.name}/{self.task.id}/{self.seed}/{self.policy.name}")
            timeline = prepared(setting.environment, setting.base, self.task, self.seed, externs)
        except BROKEN as error:
            raise EnvironmentBroke(f"setup: {error}") from error
        self.scope = EpisodeScope(self.task, timeline, setting.package.tools)
        self._time = Timekeeper(timeline, setting.spec.time_ms, setting.spec.tick_ms, self.seed)
        self.stage = Stage(setting.library, EpisodeHost(self), self.cast, together=self.together, depth=self.depth)
        if setting.dynamics is not None:
            self.scope.disturbance = Disturbance(setting.dynamics, self.noise, timeline.streams)
        self.account = Account(setting, self.scope, self._guarded)
        self.actors = {one.role: self._actor(one.role, one.agent) for one in setting.spec.actors}

    def _ending(self) -> Flow[tuple[Result, str]]:
        """Why the rounds end, success aside."""
        try:
            return (yield from self._rounds()), ""
        except TimeUp:
            return "budget", f"{self.setting.name} has used its limit of time"
        except Curtain:
            return "failed", ""
        except OutOfBudget as failure:
            return "budget", failure.message
        except AgentFailure as failure:
            return "agent_error", failure.message
        except (ModelFailure, ExternRefused) as failure:
            raise EnvironmentBroke(str(failure)) from failure

    def _rounds(self) -> Flow[Result]:
        turns = TURNS[self.setting.spec.turns]()
        for _ in range(self.setting.spec.rounds or ROUNDS):
            self.rounds += 1
            self.account.begin_round()
            done = yield from turns.round(self)
            if done.over and not self.together:
                return "failed"
            self.end_round()
            self.account.end_round()
            if done.over or not (done.active or self._time.ticks) or self.stopped():
                return "failed"
        return "budget"

    @property
    def cast(self) -> Mapping[str, str]:
        """Who plays which model agent: for a solution the program's stand-ins, as it asks no model."""
        return self.setting.library.stand_ins if self.policy.kind == "solution" else self.policy.cast

    @property
    def together(self) -> bool:
        """Whether all act at once: then a round is always played to its end."""
        return self.setting.spec.turns == "at_once"

    @property
    def present(self) -> Sequence[str]:
        """The roles that have not finished, in order."""
        return [role for role in self.actors if role not in self._finished]

    def pass_time(self, ms: float) -> None:
        """Let simulated time pass, and what is due in it happen. Raises `TimeUp`, `EnvironmentBroke`."""
        self._time.advance(ms)

    def end_round(self) -> None:
        """All actors had their turn. Raises `EnvironmentBroke`."""
        self._time.end_round()

    def turn(self, role: str) -> Flow[Turn]:
        """One turn. A failing agent that asks a model ends the episode as its own fault, any other as a user's."""
        try:
            return (yield from self.actors[role].turn(self._news(role)))
        except AgentFailure as failure:
            if role in self.setting.asking:
                raise
            raise UserFailed(f"{role}: {failure.message}") from failure

    def take(self, role: str, turn: Turn) -> bool:
        """Take in how a turn ended; whether it ends the episode."""
        if turn.said:
            self.scope.messages.append(Message(role, turn.said))
        if turn.finished:
            self._finished.add(role)
            if role == self.setting.learner:
                self.scope.result = turn.value
        return self.stopped() or self._all_done()

    def _all_done(self) -> bool:
        return bool(self._finished) and self._finished >= set(self.setting.asking)

    def preempted(self, role: str) -> str:
        """The first above `role` that acts or speaks before its call, where the first has priority; else nothing."""
        for above in self.setting.reflexes(role):
            if above not in self._finished:
                turn = finished(self.turn(above))
                self.take(above, turn)
                if not passed(turn):
                    return above
        return ""

    # ------------------------------------------------------------ actors

    def _actor(self, role: str, agent: str) -> Actor:
        social = len(self.setting.spec.actors) > 1

        def arguments() -> Mapping[str, Any]:
            given = self.setting.environment.arguments
            found: Mapping[str, Any] = self._guarded(f"the arguments of {role}", given, role, self.scope)
            return found

        if role in self.setting.asking and self.policy.kind not in ("model", "stand_in"):
            return seated(self.policy, Seat(self.setting, self.stage, self.scope, role, self.seed, self.task.id))
        return actor(self.stage, agent, role, arguments, social)

    def _news(self, role: str) -> Sequence[str]:
        """What others said since the role's last turn; with more than two actors, who said it."""
        messages = self.scope.messages
        since, self._heard[role] = self._heard.get(role, 0), len(messages)
        named = len(self.setting.spec.actors) > 2
        others = [m for m in messages[since:] if m.by != role]
        return [f"{m.by}: {m.text}" if named else m.text for m in others]

    # ------------------------------------------------------------ judging

    def stopped(self) -> bool:
        environment = self.setting.environment
        measures = LazyMeasures(environment, self.scope)
        return bool(self._guarded("stop", environment.stop, self.scope, measures))

    def _ask_judges(self) -> Flow[None]:
        """Ask the judges, in the order of the rewards, about the episode as it ended."""
        plays = self._guarded("the judges", self.setting.environment.judges, self.scope)
        gallery = Gallery(self.scope.timeline, self.setting.package.tools)
        self.jury = Stage(self.setting.library, gallery, self.policy.jury(self.setting.library))
        for play in plays:
            self.scope.judgements.append((yield from judged(self.jury, play)))

    def _judged(self, ended: Result, error: str) -> Outcome:
        environment = self.setting.environment
        measures = self._guarded("the reward", environment.measures, self.scope)
        measures |= self._guarded("the reward", environment.judged_measures, self.scope)
        success = bool(self._guarded("success", environment.success, self.scope, measures))
        result: Result = "solved" if success and ended != "agent_error" else ended
        return self._outcome(result, self.account.settle(measures), result == "solved", error)

    def _broken(self, error: str, result: Result) -> Outcome:
        return self._outcome(result, None, False, error)

    def _outcome(self, result: Result, pay: Pay | None, success: bool, error: str) -> Outcome:
        amount = pay.reward if pay else None
        outcome = Outcome(self.setting.name, self.task.id, self.seed, self.policy.name, result, amount, success)
        outcome.rounds, outcome.error = self.rounds, error
        if pay:
            outcome.measures, outcome.rewards = pay.measures, pay.rewards
            outcome.own, outcome.paid = pay.own, pay.rounds
        if hasattr(self, "scope"):
            outcome.elapsed = self.scope.timeline.clock.elapsed
            outcome.calls, outcome.messages = self.scope.calls, self.scope.messages
            outcome.conversations = self.stage.transcript
            outcome.judgements = self.jury.transcript if hasattr(self, "jury") else []
            outcome.answer = plain(self.scope.result)
        return outcome

    def _guarded(self, what: str, function: Any, *arguments: Any) -> Any:
        try:
            return function(*arguments)
        except BROKEN as error:
            raise EnvironmentBroke(f"{what}: {error}") from error
