"""What the trainer needs of an environment, and no more: tasks, stages, and episodes as generators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from nexlang.runtime.code import Flow
from nexlang.runtime.transcript import Conversation


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the curriculum: its training tasks by number, and the success rate that ends it; how much noise there
    is in it, and how deep its agents may delegate."""

    name: str
    tasks: tuple[int, ...]
    until: float | None = None
    noise: float = 1.0
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """An episode that has ended. `reward` is `None` where the environment itself broke: nobody is to learn from it.
    `rewards` are those of actors that have their own."""

    task: int
    reward: float | None
    success: bool
    outcome: str
    conversations: Sequence[Conversation]
    rewards: Mapping[str, float] = field(default_factory=dict)

    def reward_of(self, role: str) -> float | None:
        """What an actor's conversation is worth."""
        return None if self.reward is None else self.rewards.get(role, self.reward)


class Course(Protocol):
    """An environment to learn in. `tasks` are the numbers of the training split; others are never played here."""

    @property
    def tasks(self) -> Sequence[int]: ...
    @property
    def stages(self) -> Sequence[Stage]: ...

    def episode(self, task: int, seed: int, cast: Mapping[str, str], stage: Stage | None = None) -> Flow[Played]:
        """One episode, as the stage has it. `cast` maps model agents to the stand-ins that play them."""
        ...

    def stand_in_cast(self, stand_in: str) -> Mapping[str, str]:
        """The cast in which the agent `stand_in` and the stand-ins of the other model agents play."""
        ...

    def texts(self) -> Sequence[str]:
        """Texts of the bundle, for a tokenizer that is made for it."""
        ...

    def demonstrations(self, name: str) -> bytes:
        """A data file of the bundle."""
        ...
