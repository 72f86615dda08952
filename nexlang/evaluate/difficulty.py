"""How hard each task is, measured: its solution's length, how much there is to choose from, who passes it how often."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nexlang.evaluate.statistics import Estimate, share
from nexlang.worlds.actions import TooMany, calls
from nexlang.worlds.arguments import keys_of, texts_of
from nexlang.worlds.engine import Chance
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.policies import NOOP, RANDOM, Policy, learner_stand_ins, needs_model, script, stand_in_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, TaskError
from nexlang.worlds.trials import Recording, played, recorded, settled, tried

BANDS = ("trivial", "easy", "medium", "hard", "hardest")
RUNS = 20
GUIDED = "guided"
_SLIPS = 0.2
"""How often the guided policy forgets a call of the solution."""
_FREE = 10
"""What a number without bounds counts for in branching."""
_LARGE = 1_000_000


@dataclass(slots=True)
class Rated:
    """A task, measured. `branching` is how many calls its tools allow where it begins; `passes` how often each policy
    succeeds, with Wilson's interval; `score` is 0 for the easiest and 1 for the hardest."""

    task: str
    split: str
    calls: int | None
    branching: float
    passes: dict[str, Estimate] = field(default_factory=dict)
    score: float = 0.0
    band: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Difficulty:
    """Every task of an environment, the easiest first."""

    environment: str
    seed: int
    runs: int
    tasks: list[Rated]

    @property
    def policies(self) -> list[str]:
        return list(dict.fromkeys(name for task in self.tasks for name in task.passes))

    def bands(self) -> Iterator[tuple[str, list[Rated]]]:
        """Each band that has tasks, the easiest first."""
        for band in BANDS:
            if found := [task for task in self.tasks if task.band == band]:
                yield band, found

    def passed(self, tasks: Sequence[Rated], policy: str) -> Estimate:
        """How often a policy passes these tasks, together."""
        found = [task.passes[policy] for task in tasks if policy in task.passes]
        return share(round(sum(one.value * one.count for one in found)), sum(one.count for one in found))

    def to_json(self) -> dict[str, Any]:
        bands = {
            band: {
                "tasks": [task.task for task in found],
                "passes": {name: asdict(self.passed(found, name)) for name in self.policies},
            }
            for band, found in self.bands()
        }
        return {
            "environment": self.environment, "seed": self.seed, "runs": self.runs, "bands": bands,
            "tasks": [task.to_json() for task in self.tasks],
        }  # fmt: skip

    def lines(self) -> str:
        """A line of JSON for each task, the easiest first: what `nexc eval --bands` and a curriculum read."""
        rows = ({"task": task.task, "band": task.band, "score": round(task.score, 4)} for task in self.tasks)
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def annotated(self, setting: Setting) -> str:
        """The tasks themselves as JSON Lines, each with its band in the field `band`, in their own order."""
        bands = {task.task: task.band for task in self.tasks}
        rows = ({**plain(task.value), "band": bands[task.id]} for task in setting.tasks)
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def table(self, each: bool) -> list[list[str]]:
        """Cells of text, the header first: a row a band, or a task."""
        head = ["band", "tasks", "calls", "branching", *self.policies]
        if not each:
            return [head, *([band, str(len(found)), *self._cells(found)] for band, found in self.bands())]
        rows = ([task.band, task.task, *self._cells([task])] for task in self.tasks)
        return [["band", "task", *head[2:]], *rows]

    def _cells(self, tasks: Sequence[Rated]) -> list[str]:
        lengths = [task.calls for task in tasks if task.calls is not None]
        calls = f"{sum(lengths) / len(lengths):.1f}" if lengths else "-"
        mean = sum(task.branching for task in tasks) / len(tasks)
        branching = f"{mean:,.0f}" if mean < _LARGE else f"{mean:.1e}"
        return [calls, branching, *(_percent(self.passed(tasks, name)) for name in self.policies)]


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:.0%} ({estimate.low:.0%} to {estimate.high:.0%})" if estimate.count else "-"


def difficulty(setting: Setting, seed: int = 0, runs: int = RUNS, others: Sequence[Policy] = ()) -> Difficulty:
    """Measure every task with the reference policies: nothing, random calls, a guided one that makes the solution's
    calls with slips, the program's stand-ins for the learner, and `others` (none of which asks a model)."""
    stand_ins = [stand_in_policy(setting, name) for name in learner_stand_ins(setting)]
    policies = [*(one for one in stand_ins if not needs_model(setting, one.cast)), *others]
    with settled():
        tasks = [_measured(setting, task, seed, runs, policies) for task in setting.tasks]
    _rank(tasks)
    order = {task.id: task.place for task in setting.tasks}
    tasks.sort(key=lambda task: (task.score, order[task.task]))
    return Difficulty(setting.name, seed, runs, tasks)


def _measured(setting: Setting, task: Task, seed: int, runs: int, policies: Sequence[Policy]) -> Rated:
    try:
        recording = recorded(setting, task, seed)
    except TaskError:
        recording = None
    length = None if recording is None else len(recording.calls)
    rated = Rated(task.id, task.split, length, _branching(setting, task, seed))
    rated.passes[NOOP.name] = _passes(setting, task, seed, 1, NOOP)
    rated.passes[RANDOM.name] = _passes(setting, task, seed, runs, RANDOM)
    if recording is not None:
        rated.passes[GUIDED] = _guided(setting, task, seed, runs, recording)
    for policy in policies:
        rated.passes[policy.name] = _passes(setting, task, seed, runs, policy)
    return rated


def _passes(setting: Setting, task: Task, seed: int, runs: int, policy: Policy) -> Estimate:
    """How often a policy succeeds; episodes that the environment breaks count for nobody."""
    outcomes = [played(setting, task, seed + run, policy, noise=1.0)[0] for run in range(runs)]
    scored = [outcome for outcome in outcomes if outcome.result != "environment_error"]
    return share(sum(outcome.success for outcome in scored), len(scored))


def _guided(setting: Setting, task: Task, seed: int, runs: int, recording: Recording) -> Estimate:
    """The solution with slips: each call may be forgotten. The more there is to do, the less often all of it is."""
    passed = 0
    for run in range(runs):
        dice = Chance.stream(seed + run, f"{setting.name}.guided/{task.id}")
        kept = [call for call in recording.calls if not dice.happens(_SLIPS)]
        policy = script(GUIDED, kept, recording.says, recording.pace, recording.trial.result)
        passed += tried(setting, task, seed + run, policy, noise=1.0).outcome.success
    return share(passed, runs)


def _branching(setting: Setting, task: Task, seed: int) -> float:
    """How many calls the learners' tools allow where the task begins, texts being the world's keys and the task's."""
    world = tried(setting, task, seed, NOOP).start
    keys = keys_of(world) if world is not None else iter(())
    texts = list(dict.fromkeys([*texts_of(plain(task.value)), *keys]))
    tools = dict.fromkeys(tool for role in setting.asking for tool in setting.tools_of(role))
    return sum(_ways(setting.library.schemas, tool, texts) for tool in tools)


def _ways(schemas: Mapping[str, Any], tool: str, texts: Sequence[str]) -> float:
    """In how many ways a tool can be called; an argument that has no end of values counts for a few."""
    ways = 1.0
    properties = schemas[tool]["function"]["parameters"].get("properties", {})
    for name, schema in properties.items():
        alone = {tool: {"function": {"parameters": {"properties": {name: schema}}}}}
        try:
            ways *= max(1, sum(1 for _ in calls(alone, [tool], texts)))
        except TooMany:
            ways *= _FREE
    return ways


# ---------------------------------------------------------------- bands


def _rank(tasks: Sequence[Rated]) -> None:
    """Score and sort into bands: by who passes; among those that nobody tells apart, by length, then by branching.

    The score is the mean of the policies' failures, each at the middle of its interval, and of the places in length and
    branching among all tasks: measured figures only, so that another seed moves a task little.
    """
    lengths = _places([float("inf") if task.calls is None else task.calls for task in tasks])
    branchings = _places([task.branching for task in tasks])
    for task, length, branching in zip(tasks, lengths, branchings, strict=True):
        failing = [1 - (one.low + one.high) / 2 for name, one in task.passes.items() if name != NOOP.name]
        task.score = 0.6 * sum(failing) / len(failing) + 0.3 * length + 0.1 * branching
        if task.passes[NOOP.name].value:
            task.score = 0.0
    cuts = _places([task.score for task in tasks])
    for task, place in zip(tasks, cuts, strict=True):
        free = task.passes[NOOP.name].value or task.passes[RANDOM.name].low > 0.5
        task.band = BANDS[0] if free else BANDS[1 + min(3, int(place * 4))]


def _places(values: Sequence[float]) -> list[float]:
    """Where each value stands among all, from 0 to 1; equal values stand at the same place."""
    ordered = sorted(values)
    first: dict[float, int] = {}
    for place, value in enumerate(ordered):
        first.setdefault(value, place)
    return [first[value] / max(1, len(values) - 1) for value in values]
