"""Scores: what a policy did over many episodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from statistics import fmean
from typing import Any, Literal, TypeVar, get_args

from nexlang.evaluate.conduct import Conduct
from nexlang.evaluate.statistics import Estimate, mean_by_task, pass_hat, share_by_task
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.outcome import Result as End
from nexlang.worlds.tasks import Task

T = TypeVar("T")
NOT_SCORED = ("environment_error", "user_error")
"""Ends of an episode for which the policy is not to blame: they are counted, and score nothing."""
ENDS: Sequence[str] = tuple(dict.fromkeys((*get_args(End), *NOT_SCORED)))


@dataclass(frozen=True, slots=True)
class Row:
    """One episode in figures: those of the policy's own actors, not of users that others play.

    `unknown` counts calls to tools that do not exist, `repeated` those that could tell nothing new; of the `ids` given
    to tools, `ungrounded` stood in nothing that the agent had read, and `fabricated` names them. `solution` is how many
    calls the task's solution makes. `rewards` are those of actors that have their own. `elapsed` is simulated time in
    milliseconds, `seconds` what the episode took, with those that are played beside it.
    """

    task: str
    seed: int
    result: str
    reward: float | None
    success: bool
    measures: Mapping[str, float]
    rounds: int
    calls: int
    failed: int
    unknown: int
    malformed: int
    prompt_tokens: int
    completion_tokens: int
    error: str = ""
    rewards: Mapping[str, float] = field(default_factory=dict)
    split: str = ""
    stages: Sequence[str] = ()
    band: str = ""
    repeated: int = 0
    ids: int = 0
    ungrounded: int = 0
    fabricated: Sequence[str] = ()
    solution: int | None = None
    elapsed: float = 0.0
    seconds: float = field(default=0.0, compare=False)

    @property
    def efficiency(self) -> float | None:
        """The solution's calls by those made, at most 1; where the episode succeeded and the solution makes calls."""
        return self.solution / max(self.calls, self.solution) if self.success and self.solution else None


def row_of(outcome: Outcome, task: Task, conduct: Conduct, roles: Collection[str], seconds: float, band: str) -> Row:
    counts = [conversation.counts for conversation in outcome.conversations if conversation.by in roles]
    return Row(
        outcome.task,
        outcome.seed,
        outcome.result,
        outcome.reward,
        outcome.success,
        {name: float(value) for name, value in outcome.measures.items()},
        outcome.rounds,
        conduct.calls,
        conduct.failed,
        conduct.unknown,
        sum(c.malformed for c in counts),
        sum(c.prompt_tokens for c in counts),
        sum(c.completion_tokens for c in counts),
        outcome.error,
        dict(outcome.rewards),
        task.split,
        task.stages,
        band,
        conduct.repeated,
        conduct.ids,
        conduct.ungrounded,
        conduct.fabricated,
        conduct.solution,
        outcome.elapsed,
        seconds,
    )


Kind = Literal["split", "stage", "band"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def named(row: Row, kind: Kind) -> Sequence[str]:
    """The split, the stages or the band of an episode's task."""
    if kind == "stage":
        return row.stages
    name = row.split if kind == "split" else row.band
    return (name,) if name else ()


@dataclass(slots=True)
class Result:
    """A policy's score in an environment. Episodes that broke without it count for nobody; `broken` says how many.

    `label` is how a reader calls the policy; `split` is empty where all tasks were used. `seconds` is what the whole
    evaluation took; `order` that of the stages and bands.
    """

    environment: str
    policy: str
    label: str
    split: str
    seed: int
    rows: list[Row] = field(default_factory=list)
    seconds: float = 0.0
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def scored(self) -> list[Row]:
        return [row for row in self.rows if row.result not in NOT_SCORED]

    @property
    def broken(self) -> int:
        return len(self.rows) - len(self.scored)

    @property
    def success(self) -> Estimate:
        return share_by_task(self._by_task(lambda row: [row.success]))

    @property
    def reward(self) -> Estimate:
        return mean_by_task(self._by_task(lambda row: [] if row.reward is None else [row.reward]))

    @property
    def components(self) -> dict[str, float]:
        """The mean of each measure, unweighted."""
        scored = self.scored
        names = scored[0].measures if scored else {}
        return {name: fmean(row.measures[name] for row in scored) for name in names}

    @property
    def actors(self) -> dict[str, float]:
        """The mean reward of each actor, where actors have their own."""
        scored = self.scored
        roles = scored[0].rewards if scored else {}
        return {role: fmean(row.rewards[role] for row in scored) for role in roles}

    @property
    def outcomes(self) -> dict[str, int]:
        return dict(Counter(row.result for row in self.rows).most_common())

    def per_episode(self, figure: str) -> float:
        """The mean of one of a row's figures: `calls`, `failed`, `unknown`, `completion_tokens`, …"""
        return fmean(getattr(row, figure) for row in self.scored) if self.scored else 0.0

    @property
    def efficiency(self) -> Estimate | None:
        """Of the episodes that succeed: the solution's calls by those made. 1 is no call more than the solution."""
        found = self._by_task(lambda row: [] if row.efficiency is None else [row.efficiency])
        return mean_by_task(found) if found else None

    @property
    def ungrounded(self) -> Estimate | None:
        """The share of made-up ids; `None` where no agent that reads gave any."""
        found = self._by_task(lambda row: [place < row.ungrounded for place in range(row.ids)])
        return share_by_task(found) if found else None

    @property
    def fabricated(self) -> dict[str, int]:
        """The ids that were made up, and in how many episodes; the most frequent first."""
        return dict(Counter(name for row in self.scored for name in row.fabricated).most_common())

    def groups(self, kind: Kind) -> dict[str, Result]:
        """The score in each split, stage or band; nothing where that parts no episodes."""
        names = [named(row, kind) for row in self.rows]
        found = [*self.order.get(kind, ()), *(name for each in names for name in each)]
        parts = {
            name: self.part([row for row, each in zip(self.rows, names, strict=True) if name in each])
            for name in dict.fromkeys(found)
        }
        parts = {name: part for name, part in parts.items() if part.rows}
        return {} if len(parts) == 1 and len(next(iter(parts.values())).rows) == len(self.rows) else parts

    def part(self, rows: Sequence[Row]) -> Result:
        """The same policy's score over some of its episodes."""
        return replace(self, rows=list(rows), seconds=sum(row.seconds for row in rows))

    def pass_hat(self, k: int) -> float | None:
        return pass_hat(self._by_task(lambda row: [row.success]), k)

    @property
    def samples(self) -> int:
        """The runs that each task had, at least."""
        counts = Counter(row.task for row in self.scored)
        return min(counts.values(), default=0)

    def by_task(self, figure: str) -> dict[str, float]:
        """A figure's mean for each task."""
        found = self._by_task(lambda row: [float(getattr(row, figure) or 0)])
        return {task: fmean(values) for task, values in found.items()}

    def _by_task(self, figures: Callable[[Row], Sequence[T]]) -> dict[str, list[T]]:
        """What the scored episodes of each task have of something; without the tasks that have nothing."""
        found: dict[str, list[T]] = {}
        for row in self.scored:
            if values := figures(row):
                found.setdefault(row.task, []).extend(values)
        return found

    def to_json(self, rows: bool = True) -> dict[str, Any]:
        data: dict[str, Any] = {
            "environment": self.environment, "policy": self.policy, "label": self.label, "split": self.split,
            "seed": self.seed, "episodes": len(self.rows), "broken": self.broken,
            "success": asdict(self.success), "reward": asdict(self.reward), "components": self.components,
            "actors": self.actors, "outcomes": self.outcomes,
            "efficiency": asdict(self.efficiency) if self.efficiency else None,
            "ungrounded": asdict(self.ungrounded) if self.ungrounded else None, "fabricated": self.fabricated,
            "seconds": round(self.seconds, 3),
            "per_episode": {name: round(self.per_episode(name), 4) for name in FIGURES},
            "pass_hat": {str(k): self.pass_hat(k) for k in range(1, self.samples + 1)},
        }  # fmt: skip
        if not rows:
            return data
        groups = ((kind, self.groups(kind)) for kind in KINDS)
        data["groups"] = {
            kind: {name: part.to_json(rows=False) for name, part in parts.items()} for kind, parts in groups if parts
        }
        return data | {"rows": [asdict(row) for row in self.rows]}


FIGURES = (
    "rounds", "calls", "failed", "unknown", "repeated", "ungrounded", "malformed", "prompt_tokens",
    "completion_tokens", "elapsed",
)  # fmt: skip


def table(results: Sequence[Result]) -> list[list[str]]:
    """Scores as cells of text, the header first."""
    header = ["policy", "success", "95% interval", "reward", "calls", "failed", "unknown", "tokens", "episodes"]
    samples = max((result.samples for result in results), default=1)
    powers = range(2, samples + 1)
    return [header + [f"pass^{k}" for k in powers], *(_cells(result) + _powers(result, powers) for result in results)]


def _powers(result: Result, powers: Iterable[int]) -> list[str]:
    """pass^k for each k, where each task was played often enough."""
    found = [result.pass_hat(k) for k in powers]
    return ["-" if value is None else f"{value:.0%}" for value in found]


def _cells(result: Result) -> list[str]:
    success, tokens = result.success, result.per_episode("completion_tokens")
    return [
        result.label, f"{success.value:.0%}", f"{success.low:.0%} to {success.high:.0%}", f"{result.reward.value:.3f}",
        f"{result.per_episode('calls'):.1f}", f"{result.per_episode('failed'):.1f}",
        f"{result.per_episode('unknown'):.1f}", f"{tokens:.0f}" if tokens else "-", str(len(result.rows)),
    ]  # fmt: skip


def markdown_table(rows: Iterable[Sequence[str]]) -> str:
    """Cells as a Markdown table; the first row is its header."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * (lines[0].count(" | ") + 1), *lines[1:]])
