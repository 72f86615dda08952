"""Episodes as samples for TRL's GRPO trainer: whole episodes, batched, each giving one conversation to learn from.

The contract of `rollout_func`: called with the prompts of a generation batch (each repeated `group` times) and the
trainer, it returns lists of equal length: `prompt_ids`, `completion_ids`, `logprobs`, `env_mask` (1 where the model
wrote), and fields of our own that reach the reward function. Prompts are only places: the curriculum draws the tasks.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nexlang.runtime.clients.threads import Policy
from nexlang.runtime.drive import drive_many
from nexlang.trainer.course import Course, Played
from nexlang.trainer.curriculum import Curriculum
from nexlang.trainer.plan import Reinforcement
from nexlang.trainer.transcripts import Sample, samples


@dataclass(slots=True)
class Tally:
    """What the episodes of one step came to."""

    rewards: list[float] = field(default_factory=list)
    successes: list[bool] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    stage: str = ""
    tokens: int = 0

    def row(self) -> dict[str, Any]:
        count = len(self.successes)
        return {
            "reward": sum(self.rewards) / len(self.rewards) if self.rewards else None,
            "success": sum(self.successes) / count if count else None,
            "stage": self.stage,
            "episodes": sum(self.outcomes.values()),
            "outcomes": dict(sorted(self.outcomes.items())),
            "tokens": self.tokens,
        }


class Rollouts:
    """The `rollout_func` of a run."""

    def __init__(
        self, course: Course, curriculum: Curriculum, learns: Sequence[str], settings: Reinforcement, seed: int
    ) -> None:
        self.course = course
        self.curriculum = curriculum
        self.learns = learns
        self.settings = settings
        self.seed = seed
        self.tally = Tally()

    def __call__(self, prompts: list[Any], trainer: Any) -> dict[str, Any]:
        step, group = trainer.state.global_step, self.settings.group
        tasks = self.curriculum.draw(len(prompts) // group)
        self.tally = Tally(stage=self.curriculum.stage.name)
        model = trainer.accelerator.unwrap_model(trainer.model)
        learning = model.training
        model.eval()
        episodes = self.play(model, trainer.processing_class, tasks, step)
        model.train(learning)
        self._count(episodes)
        chosen = [self._draw(episode, step, place, trainer) for place, episode in enumerate(episodes)]
        drawn = [sample for _, sample in chosen]
        return {
            "prompt_ids": [sample.prompt for sample in drawn],
            "completion_ids": [sample.completion for sample in drawn],
            "logprobs": [sample.logprobs for sample in drawn],
            "env_mask": [sample.mask for sample in drawn],
            "episode_reward": [episode.reward_of(role) for episode, (role, _) in zip(episodes, chosen, strict=True)],
        }

    def play(self, model: Any, tokenizer: Any, tasks: Sequence[int], step: int) -> list[Played]:
        """`group` episodes of each task, all at once; those of one task differ by what the model samples alone."""
        policy = Policy(
            model,
            tokenizer,
            temperature=self.settings.temperature,
            max_tokens=self.settings.max_tokens,
            max_length=self.settings.max_length,
            seed=f"{self.seed}:{step}",
        )
        stage = self.curriculum.stage
        flows = [
            self.course.episode(task, random.Random(f"{self.seed}:{step}:{place}").getrandbits(48), {}, stage)
            for place, task in enumerate(tasks)
            for _ in range(self.settings.group)
        ]
        return list(drive_many(flows, policy, width=len(flows)))

    def _count(self, episodes: Sequence[Played]) -> None:
        tally = self.tally
        for episode in episodes:
            tally.outcomes[episode.outcome] += 1
            if episode.reward is not None:
                tally.rewards.append(episode.reward)
                tally.successes.append(episode.success)
                self.curriculum.saw(episode.task, episode.success)
            tally.tokens += sum(one.counts.completion_tokens for one in episode.conversations)
        self.curriculum.record(tally.successes)

    def _draw(self, episode: Played, step: int, place: int, trainer: Any) -> tuple[str, Sample]:
        """One conversation of an agent that learns, and the actor that it is of; an episode without any gives a sample
        that trains nothing."""
        learned = [talk for talk in episode.conversations if talk.agent in self.learns]
        found = [(talk.by, one) for talk in learned for one in samples(talk)]
        if not found:
            end = trainer.processing_class.eos_token_id
            return "", Sample([end], [end], [0], [0.0])
        return random.Random(f"{self.seed}:{step}:draw:{place}").choice(found)


def episode_reward(episode_reward: list[float | None], **_: Any) -> list[float | None]:
    """TRL's reward function: the episode's own reward; `None` leaves a broken episode out of the loss."""
    return episode_reward
