"""How good a policy is: episodes, scores with intervals, comparisons, reports."""

from __future__ import annotations

from collections.abc import Callable

from nexlang.diagnostics.codes_run import NO_TASK, said
from nexlang.evaluate.policies import Player, player
from nexlang.evaluate.results import Comparison, Result, compare, row_of
from nexlang.runtime.drive import drive_many
from nexlang.runtime.externs import Answers
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.setting import Pack, Setting
from nexlang.worlds.tasks import TaskError, chosen

__all__ = ["Comparison", "Player", "Result", "compare", "evaluate", "evaluate_player", "player"]

Seen = Callable[[Outcome], None]


def evaluate(
    bundle: Pack, environment: str | None, policy: str, n: int | None = None, seed: int = 0, split: str | None = None,
    samples: int = 1, seen: Seen | None = None, answers: Answers | None = None,
) -> Result:  # fmt: skip
    """Score a policy by its name; see `nexlang.evaluate.policies.player` and `evaluate_player`."""
    setting = Setting.of(bundle, environment, seed, answers)
    return evaluate_player(setting, player(setting, policy, seed), n, seed, split, samples, seen)


def evaluate_player(
    setting: Setting, player: Player, n: int | None = None, seed: int = 0, split: str | None = None, samples: int = 1,
    seen: Seen | None = None, width: int = 16,
) -> Result:  # fmt: skip
    """Play `n` tasks of the split (all of them by default), each `samples` times; `seen` is told of each episode.

    Raises `TaskError` where there is no task to play.
    """
    tasks = chosen(setting.tasks, split=split, count=n, seed=seed)
    if not tasks:
        known = ", ".join(sorted({task.split for task in setting.tasks if task.split})) or "no splits"
        where = f" in the split {split}; it has {known}" if split else ""
        raise TaskError(said(NO_TASK, environment=setting.name, where=where))
    result = Result(setting.name, player.policy.name, player.label, split or "", seed)
    seeds = [(task, seed + sample) for sample in range(samples) for task in tasks]
    flows = (Episode(setting, task, each, player.policy).play() for task, each in seeds)
    for outcome in drive_many(flows, player.client, width):
        result.rows.append(row_of(outcome))
        if seen:
            seen(outcome)
    return result
