"""Episodes in which no model is asked, and a solution as calls that can be changed and played again."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nexlang.runtime.drive import NoModel, drive
from nexlang.worlds.engine import Call, World
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import SOLUTION, Policy, script
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task


@dataclass(frozen=True, slots=True)
class Trial:
    """An episode that was played: how it went, the world as its actors found and as they left it, the learner's
    result. No worlds where not even the setup could be done."""

    outcome: Outcome
    start: World | None
    world: World | None
    result: Any = None


def tried(setting: Setting, task: Task, seed: int, policy: Policy, noise: float = 0.0) -> Trial:
    """Play an episode. What is proved, is proved without noise."""
    episode = Episode(setting, task, seed, policy, noise=noise)
    outcome = drive(episode.play(), NoModel())
    if not hasattr(episode, "scope"):
        return Trial(outcome, None, None)
    return Trial(outcome, episode.scope.start, episode.scope.world, episode.scope.result)


def played(setting: Setting, task: Task, seed: int, policy: Policy, noise: float = 0.0) -> tuple[Outcome, World | None]:
    """An episode's outcome, and the world as it leaves it."""
    trial = tried(setting, task, seed, policy, noise)
    return trial.outcome, trial.world


@contextmanager
def settled() -> Iterator[None]:
    """For many episodes on one world: what is there already is not looked through for garbage again and again."""
    frozen = gc.get_freeze_count()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if not frozen:
            gc.unfreeze()


@dataclass(frozen=True, slots=True)
class Recording:
    """A solution as its calls, and what the learner said and gave; `pace` calls a turn, 0: all at once."""

    trial: Trial
    calls: tuple[Call, ...]
    says: tuple[str, ...]
    pace: int = 0

    @property
    def reward(self) -> float:
        return self.trial.outcome.reward or 0.0

    def policy(self, calls: Sequence[Call]) -> Policy:
        """Other calls with the same words and the same result."""
        return script("script", calls, self.says, self.pace, self.trial.result)


def recorded(setting: Setting, task: Task, seed: int, trial: Trial | None = None) -> Recording | None:
    """A task's solution, from its trial where there is one already. `None` where it does not succeed, and where its
    calls alone do not: then nothing can be said of changed ones."""
    trial = trial or tried(setting, task, seed, SOLUTION)
    outcome = trial.outcome
    if not outcome.success or trial.world is None:
        return None
    calls = tuple(call for call in outcome.calls if call.by in setting.asking)
    says = tuple(message.text for message in outcome.messages if message.by == setting.learner)
    for pace in (0, 1):
        found = Recording(trial, calls, says, pace)
        again = tried(setting, task, seed, found.policy(calls))
        if again.outcome.success and again.world == trial.world:
            return found
    return None
