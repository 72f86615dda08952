"""A bundle's environment as the trainer sees it: the training split, the stages, episodes under a cast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from nexlang.bundle import Bundle, open_bundle
from nexlang.runtime.code import AgentFailure, Flow
from nexlang.runtime.externs import answered
from nexlang.runtime.memory import views
from nexlang.runtime.run import Stage as Scene
from nexlang.runtime.transcript import Conversation
from nexlang.trainer.course import Played, Stage
from nexlang.trainer.errors import TrainError
from nexlang.trainer.plan import Plan, plan
from nexlang.worlds.curriculum import stages, training_split
from nexlang.worlds.episodes import Episode
from nexlang.worlds.policies import Policy, model_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, TaskError, chosen

BROKEN = "environment_error"
LEARNING = replace(model_policy(), judges_by_hand=True)
"""The model that learns plays all agents but those that judge it."""


def opened(
    path: str | Path, run: str | None, model: str | None, steps: int | None, seed: int, externs: Path | None = None
) -> tuple[BundledCourse, Plan]:
    """Open a bundle and plan a run of it; `externs` is a recording of what its externs answer.

    Raises `TrainError` where the two do not go together, `NotReady` where an extern is not answered.
    """
    bundle = open_bundle(path)
    made = plan(bundle.program, run, model, steps, seed)
    try:
        answers = answered(bundle.program, bundle.package.tools, externs)
        setting = Setting.of(bundle, made.environment, seed, answers)
    except TaskError as error:
        raise TrainError(str(error)) from None
    return BundledCourse(bundle, setting), made


def remember(stage: Scene, conversations: Sequence[Conversation]) -> None:
    """Write into conversations that stand-ins played what the model that they play would have been asked with."""
    for talk in conversations:
        memory = stage.memories.get(talk.number)
        if memory is None or talk.replies:
            continue
        if memory.asks:
            raise TrainError(f"{talk.agent} sums up what it remembers; what a stand-in does for it shows no such thing")
        try:
            talk.asked = views(memory, talk.messages)
        except AgentFailure as failure:
            raise TrainError(failure.message) from None


class BundledCourse:
    """The environment's training split: the tasks of the split `train`, or all where the environment has no split."""

    def __init__(self, bundle: Bundle, setting: Setting) -> None:
        self.bundle = bundle
        self.setting = setting
        for judge in setting.models_only:
            raise TrainError(f"the judge {judge} needs a stand-in (an agent that `plays: {judge}`) to train with")

    @property
    def digest(self) -> str:
        return self.bundle.digest

    @cached_property
    def tasks(self) -> Sequence[int]:
        found = [task.place for task in chosen(self.setting.tasks, split=training_split(self.setting))]
        if not found:
            raise TrainError(f"{self.setting.name} has no task in the split `train`")
        return found

    @cached_property
    def stages(self) -> Sequence[Stage]:
        found = stages(self.setting, training_split(self.setting))
        return [
            Stage(stage.name, tuple(task.place for task in stage.tasks), stage.until, stage.noise, stage.depth)
            for stage in found
        ]

    def _task(self, number: int) -> Task:
        return self.setting.tasks[number]

    def episode(self, task: int, seed: int, cast: Mapping[str, str], stage: Stage | None = None) -> Flow[Played]:
        at = stage or Stage("", ())
        policy = Policy("stand-ins", "stand_in", dict(cast)) if cast else LEARNING
        made = Episode(self.setting, self._task(task), seed, policy, noise=at.noise, depth=at.depth)
        outcome = yield from made.play()
        if cast:
            remember(made.stage, outcome.conversations)
        return Played(task, outcome.reward, outcome.success, outcome.result, outcome.conversations, outcome.rewards)

    def stand_in_cast(self, stand_in: str) -> Mapping[str, str]:
        library = self.setting.library
        agent = library.agents.get(stand_in)
        if agent is None or agent.plays is None:
            raise TrainError(f"`demos` must name an agent that `plays` a model agent; {stand_in} does not")
        return {**library.stand_ins, agent.plays: stand_in}

    def texts(self) -> Sequence[str]:
        """Prompts, tools and training tasks."""
        library = self.setting.library
        found = [agent.prompt.source for agent in library.agents.values() if agent.prompt]
        found += [f"{name} {schema['function'].get('description', '')}" for name, schema in library.schemas.items()]
        codec = self.setting.environment.task
        return found + [codec.text(self._task(number).value) for number in self.tasks]

    def demonstrations(self, name: str) -> bytes:
        try:
            return self.bundle.data(name)
        except KeyError:
            raise TrainError(f"the bundle has no data file {name}") from None
