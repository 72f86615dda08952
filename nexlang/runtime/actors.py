"""Agents as actors: whoever takes part in an episode, one turn at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from nexlang.ir.model import Agent
from nexlang.runtime.code import AgentFailure, Flow, OutOfBudget
from nexlang.runtime.model_agent import ModelAgent, Turn
from nexlang.runtime.perform import begin, closing, compiled, guarded, rule_turn
from nexlang.runtime.prompts import shown
from nexlang.runtime.run import STEPS, Run, Stage

Arguments = Callable[[], Mapping[str, Any]]
"""The actor's typed arguments, evaluated anew at each call: what it observes."""


class Actor(Protocol):
    """`news` is what others said since the actor's last turn."""

    def turn(self, news: Sequence[str]) -> Flow[Turn]: ...


class ModelActor:
    """A model agent among others, or alone."""

    def __init__(self, stage: Stage, agent: Agent, role: str, arguments: Arguments, social: bool) -> None:
        self.stage, self.agent, self.role, self.arguments, self.social = stage, agent, role, arguments, social
        self._running: ModelAgent | None = None

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        arguments = self.arguments()
        if self._running is None:
            self._running = ModelAgent(self.stage, self.agent, arguments, self.role, social=self.social)
        return (yield from self._running.turn(news, arguments))


class FlowActor:
    """A flow agent. Among others, one whose result is text says it and runs anew at its next turn; any other result
    is its last word, as is any result where it is alone."""

    def __init__(self, stage: Stage, agent: Agent, role: str, arguments: Arguments, social: bool) -> None:
        self.stage, self.agent, self.role, self.arguments = stage, agent, role, arguments
        self.goes_on = social and stage.library.is_texty(agent.name)
        self._run: Run | None = None

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        arguments = self.arguments()
        if self._run is None:
            self._run = compiled(self.stage, self.agent, arguments, self.role)
        run, before = self._run, self._run.calls
        begin(run, news, arguments)
        value = yield from closing(run, run.body(arguments), last=not self.goes_on)
        said = value if self.stage.library.is_texty(self.agent.name) else None
        return Turn(said or None, not self.goes_on, value, run.calls > before)


class RuleActor:
    """A rule agent: a turn is one rule. One that plays a model agent goes on until it speaks or no rule holds."""

    def __init__(self, stage: Stage, agent: Agent, role: str, arguments: Arguments) -> None:
        self.stage, self.agent, self.role, self.arguments = stage, agent, role, arguments
        self._run: Run | None = None

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        arguments = self.arguments()
        if self._run is None:
            self._run = compiled(self.stage, self.agent, arguments, self.role)
        begin(self._run, news, arguments)
        if not self.agent.plays:
            acted, said = yield from rule_turn(self._run, arguments)
            return Turn(None if acted else self._words(said), acted=acted)
        return (yield from guarded(self._run, self._play(self._run, arguments)))

    def _play(self, run: Run, arguments: Mapping[str, Any]) -> Flow[Turn]:
        for step in range(self.agent.limits.steps or STEPS):
            acted, said = yield from rule_turn(run, arguments if step == 0 else self.arguments())
            if not acted:
                return self._spoke(run, said, step > 0)
            if self.stage.together:
                return Turn(None, acted=True)
        raise OutOfBudget(f"{self.agent.name} has used its limit of steps")

    def _spoke(self, run: Run, said: Any, acted: bool) -> Turn:
        library = self.stage.library
        if said is None:
            return Turn(None, acted=acted)
        if run.conversation:
            run.conversation.counts.steps += 1
            run.conversation.say(self._words(said) or "")
        if library.is_texty(self.agent.name):
            return Turn(said, acted=acted)
        if run.conversation:
            run.conversation.end("finished")
        return Turn(None, True, said, acted)

    def _words(self, said: Any) -> str | None:
        return None if said is None else shown(self.stage.library.codes[self.agent.name].result.encode(said))


class Silent:
    """Does nothing, at every turn: the policy that a reward must not pay."""

    def turn(self, news: Sequence[str]) -> Flow[Turn]:
        yield from ()
        return Turn()


def actor(stage: Stage, name: str, role: str, arguments: Arguments, social: bool) -> Actor:
    """The actor that plays the agent `name` under the stage's cast."""
    player = stage.player(name)
    if player.kind == "model":
        return ModelActor(stage, player, role, arguments, social)
    if player.kind == "flow":
        return FlowActor(stage, player, role, arguments, social)
    if player.kind == "rules":
        return RuleActor(stage, player, role, arguments)
    raise AgentFailure(f"{name} cannot be an actor")
