"""How good a policy is: episodes, scores with intervals, comparisons, reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from time import perf_counter
from typing import Any

from nexlang.diagnostics.codes_run import NO_TASK, said
from nexlang.evaluate.comparing import Comparison, compare
from nexlang.evaluate.conduct import Observer
from nexlang.evaluate.policies import Player, player
from nexlang.evaluate.results import Result, row_of
from nexlang.ir.model import StageSpec
from nexlang.runtime.code import Flow
from nexlang.runtime.drive import drive_many
from nexlang.runtime.externs import Answers
from nexlang.worlds.curriculum import noise
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.setting import Pack, Setting
from nexlang.worlds.tasks import Task, TaskError, chosen

__all__ = ["Comparison", "Player", "Result", "compare", "evaluate", "evaluate_player", "player"]

Seen = Callable[[Outcome], None]


def evaluate(
    bundle: Pack, environment: str | None, policy: str, n: int | None = None, seed: int = 0, split: str | None = None,
    samples: int = 1, seen: Seen | None = None, answers: Answers | None = None, stage: str | None = None,
    bands: Mapping[str, str] | None = None,
) -> Result:  # fmt: skip
    """Score a policy by its name; see `nexlang.evaluate.policies.player` and `evaluate_player`."""
    setting = Setting.of(bundle, environment, seed, answers)
    chosen_player = player(setting, policy, seed)
    return evaluate_player(setting, chosen_player, n, seed, split, samples, seen, stage=stage, bands=bands)


def evaluate_player(
    setting: Setting, player: Player, n: int | None = None, seed: int = 0, split: str | None = None, samples: int = 1,
    seen: Seen | None = None, width: int = 16, stage: str | None = None, bands: Mapping[str, str] | None = None,
) -> Result:  # fmt: skip
    """Play `n` tasks of the split (all of them by default), each `samples` times; `seen` is told of each episode. In a
    `stage` of the curriculum those are its tasks, with its noise and depth. `bands` are those of tasks, by their id.

    Raises `TaskError` where there is no task to play.
    """
    at = _stage(setting, stage)
    tasks = chosen(setting.tasks, split=split, stage=stage, count=n, seed=seed)
    if not tasks:
        known = ", ".join(sorted({task.split for task in setting.tasks if task.split})) or "no splits"
        where = f" in the split {split}; it has {known}" if split else ""
        raise TaskError(said(NO_TASK, environment=setting.name, where=where))
    order = {"stage": list(setting.environment.stages), "band": list(dict.fromkeys((bands or {}).values()))}
    result = Result(setting.name, player.policy.name, player.label, split or "", seed, order=order)
    observer, begun = Observer(setting, tasks, seed), perf_counter()
    how: dict[str, Any] = {"noise": noise(at), "depth": at.depth} if at is not None else {}
    played = list(_seeded(tasks * samples, seed))
    flows = (_timed(Episode(setting, task, each, player.policy, **how).play()) for task, each in played)
    for (task, _), (outcome, seconds) in zip(played, drive_many(flows, player.client, width), strict=True):
        conduct, band = observer.conduct(outcome), (bands or {}).get(task.id, "")
        result.rows.append(row_of(outcome, task, conduct, setting.asking, seconds, band))
        if seen:
            seen(outcome)
    result.seconds = perf_counter() - begun
    return result


def _seeded(tasks: Iterable[Task], seed: int) -> Iterator[tuple[Task, int]]:
    """Each time that a task comes again it has another seed, else it would be the same episode."""
    times: Counter[str] = Counter()
    for task in tasks:
        yield task, seed + times[task.id]
        times[task.id] += 1


def _timed(episode: Flow[Outcome]) -> Flow[tuple[Outcome, float]]:
    """An episode, and the seconds from its beginning to its end."""
    begun = perf_counter()
    outcome = yield from episode
    return outcome, perf_counter() - begun


def _stage(setting: Setting, name: str | None) -> StageSpec | None:
    declared = {stage.name: stage for stage in setting.spec.curriculum}
    if name is not None and name not in declared:
        where = f" in the stage {name}; it has {', '.join(declared) or 'no stages'}"
        raise TaskError(said(NO_TASK, environment=setting.name, where=where))
    return declared[name] if name is not None else None
