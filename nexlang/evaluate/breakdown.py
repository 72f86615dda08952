"""Tables of what scores are made of: how episodes ended, how a policy went about them, which tasks it can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nexlang.evaluate.comparing import Comparison
from nexlang.evaluate.results import ENDS, KINDS, Result
from nexlang.evaluate.statistics import Estimate

Table = list[list[str]]

MOST_NAMED = 5
NONE = "-"


def ends_table(results: Sequence[Result]) -> Table:
    """How many episodes ended how. Those that broke without the policy are shown here, and score nothing."""
    known = [end for end in ENDS if any(end in result.outcomes for result in results)]
    rows = [[result.label, *(str(result.outcomes.get(end, 0)) for end in known)] for result in results]
    return [["policy", *(end.replace("_", " ") for end in known)], *rows]


def conduct_table(results: Sequence[Result]) -> Table:
    """Means an episode; efficiency and made-up ids with their intervals."""
    header = [
        "policy", "efficiency", "95% interval", "made-up ids", "95% interval", "repeated", "malformed",
        "tokens read", "simulated", "wall time",
    ]  # fmt: skip
    return [header, *(_conduct(result) for result in results)]


def _conduct(result: Result) -> list[str]:
    read = result.per_episode("prompt_tokens")
    return [
        result.label, *spread(result.efficiency), *spread(result.ungrounded), f"{result.per_episode('repeated'):.1f}",
        f"{result.per_episode('malformed'):.1f}", f"{read:.0f}" if read else NONE,
        duration(result.per_episode("elapsed") / 1000), duration(result.per_episode("seconds")),
    ]  # fmt: skip


def groups_table(results: Sequence[Result]) -> Table:
    """Success, reward and the last pass^k of each split, stage, band; a header alone where nothing parts the tasks."""
    k = max((result.samples for result in results), default=1)
    powers = [f"pass^{k}"] if k > 1 else []
    rows: Table = [["tasks", "policy", "success", "95% interval", "reward", "95% interval", "episodes", *powers]]
    for kind in KINDS:
        parts = [(result.label, result.groups(kind)) for result in results]
        for name in dict.fromkeys(name for _, groups in parts for name in groups):
            for label, groups in parts:
                if name in groups:
                    power = groups[name].pass_hat(k)
                    last = [NONE if power is None else f"{power:.0%}"] if powers else []
                    rows.append([f"{kind} {name}", label, *_scored(groups[name]), *last])
    return rows


def _scored(part: Result) -> list[str]:
    reward = part.reward
    numbers = [f"{reward.value:.3f}", f"{reward.low:.3f} to {reward.high:.3f}"] if part.scored else [NONE, NONE]
    return [*spread(part.success if part.scored else None), *numbers, str(len(part.rows))]


def components_table(results: Sequence[Result]) -> Table:
    """The mean of each measure that the reward is made of, unweighted."""
    return _means("component", [(result.label, result.components) for result in results])


def actors_table(results: Sequence[Result]) -> Table:
    """The mean reward of each actor, where actors have their own."""
    return _means("actor", [(result.label, result.actors) for result in results])


def _means(title: str, named: Sequence[tuple[str, Mapping[str, float]]]) -> Table:
    names = list(dict.fromkeys(name for _, means in named for name in means))
    rows = [[n, *(f"{means[n]:.3g}" if n in means else NONE for _, means in named)] for n in names]
    return [[title, *(label for label, _ in named)], *rows]


def differing(comparison: Comparison, most: int | None = None) -> Table:
    """The tasks on which one policy succeeds more often than the other, the greatest differences first; at `most` so
    many of them."""
    header = ["task", comparison.a, comparison.b, "difference in reward"]
    pairs = sorted(comparison.pairs, key=lambda pair: -abs(pair.b - pair.a))
    rows = [[p.task, f"{p.a:.0%}", f"{p.b:.0%}", f"{p.b_reward - p.a_reward:+.3f}"] for p in pairs if p.a != p.b]
    more = [[f"and {len(rows) - most} more", "", "", ""]] if most is not None and len(rows) > most else []
    return [header, *rows[:most], *more]


def fabrications(result: Result) -> list[str]:
    """What was made up most often, as sentences."""
    found = list(result.fabricated.items())
    lines = [f"{name} ({count} {'episode' if count == 1 else 'episodes'})" for name, count in found[:MOST_NAMED]]
    return lines + ([f"and {len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else [])


def spread(of: Estimate | None) -> tuple[str, str]:
    """A rate and its interval."""
    return (f"{of.value:.0%}", f"{max(of.low, 0):.0%} to {min(of.high, 1):.0%}") if of else (NONE, NONE)


def duration(seconds: float) -> str:
    if not seconds:
        return NONE
    factor, unit = (1, "s") if seconds >= 1 else (1e3, "ms") if seconds >= 1e-3 else (1e6, "µs")
    return f"{seconds * factor:.3g} {unit}"
