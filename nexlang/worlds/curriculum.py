"""The stages of a curriculum, as the environment declares them, over its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nexlang.ir.model import StageSpec
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, chosen

TRAIN = "train"
"""The split that training uses; others are never trained on."""


@dataclass(frozen=True, slots=True)
class StageTasks:
    """A stage and its tasks; `until` is the success rate that ends it, `None` for the last. `noise` scales the
    environment's dynamics, `depth` bounds delegation."""

    name: str
    tasks: tuple[Task, ...]
    until: float | None = None
    noise: float = 1.0
    depth: int | None = None


def training_split(setting: Setting) -> str | None:
    """`train`, or `None` (all tasks) where the environment has no split."""
    return TRAIN if setting.spec.split is not None else None


def stages(setting: Setting, split: str | None = None) -> Sequence[StageTasks]:
    """The environment's stages over the tasks of a split; one stage of everything where it declares none."""
    declared = setting.spec.curriculum
    if not declared:
        return [StageTasks("all", tuple(chosen(setting.tasks, split=split)))]
    return [
        StageTasks(
            stage.name, tuple(chosen(setting.tasks, split=split, stage=stage.name)), stage.until, noise(stage),
            stage.depth,
        )
        for stage in declared
    ]  # fmt: skip


def noise(stage: StageSpec) -> float:
    """The scale of the dynamics in a stage."""
    return 1.0 if stage.noise is None else stage.noise
