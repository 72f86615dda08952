"""What there is to do: tasks with stable ids, splits and stages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nexlang.diagnostics.codes_run import LEAKING, SAME_TASK, UNSORTED_TASK, said
from nexlang.ir.model import Expr, FieldOf, Local
from nexlang.worlds.engine import (
    FUEL,
    Chance,
    Context,
    Environment,
    Streams,
    Timeline,
    Tool,
    ToolFailure,
    World,
)
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.engine.externs import Externs

LEAKS = 5
"""Tasks that stand in two splits: so many are named."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `id` is the task's own `id` where it has one, else its place; `split` is empty where there is none."""

    id: str
    place: int
    value: Any
    split: str = ""
    stages: tuple[str, ...] = ()


class TaskError(Exception):
    """Tasks that cannot be used, in the author's terms."""


def prepare(environment: Environment[Any, Any], values: Sequence[Any]) -> tuple[Task, ...]:
    """Name typed tasks and sort them into splits and stages. Two tasks of one id are refused."""
    found: dict[str, Task] = {}
    for place, value in enumerate(values):
        task = _task(environment, place, value)
        if task.id in found:
            first = found[task.id].place + 1
            names = {"environment": environment.name, "name": task.id}
            raise TaskError(said(SAME_TASK, first=first, second=place + 1, **names))
        found[task.id] = task
    return tuple(found.values())


def _task(environment: Environment[Any, Any], place: int, value: Any) -> Task:
    own = getattr(value, "id", None)
    name = own if isinstance(own, str) and own else str(place + 1)
    try:
        split = environment.split(value) or ""
        stages = tuple(stage for stage in environment.stages if environment.stage_tasks(stage, value))
    except ToolFailure as failure:
        problem = said(UNSORTED_TASK, name=name, environment=environment.name, reason=failure.message)
        raise TaskError(problem) from None
    return Task(name, place, value, split, stages)


def chosen(
    tasks: Sequence[Task],
    *,
    split: str | None = None,
    stage: str | None = None,
    count: int | None = None,
    seed: int = 0,
) -> list[Task]:
    """The tasks of a split and stage; with `count`, so many of them in an order that the seed shuffles, again from
    the start where there are fewer."""
    fitting = [task for task in tasks if (split is None or task.split == split) and (not stage or stage in task.stages)]
    if count is None or not fitting:
        return fitting
    order = Chance.stream(seed, "tasks.order").shuffled(fitting)
    return [order[i % len(order)] for i in range(count)]


def splits(tasks: Sequence[Task]) -> dict[str, int]:
    """How many tasks each split has, in order of appearance."""
    counts: dict[str, int] = {}
    for task in tasks:
        counts[task.split] = counts.get(task.split, 0) + 1
    return counts


def leaks(environment: str, spec: Expr | None, tasks: Sequence[Task]) -> list[str]:
    """What is said of tasks that are in one split what another is in a second, but for their ids: the first few."""
    if spec is None:
        return []
    by_field = isinstance(spec, FieldOf) and isinstance(spec.of, Local)
    aside = {"id", spec.name} if isinstance(spec, FieldOf) and by_field else {"id"}
    first: dict[str, Task] = {}
    found = []
    for task in tasks:
        value = plain(task.value)
        kept = {name: part for name, part in value.items() if name not in aside} if isinstance(value, dict) else value
        earlier = first.setdefault(json.dumps(kept, sort_keys=True, default=str), task)
        if earlier.split != task.split:
            names = {"first": task.id, "split": task.split, "second": earlier.id, "other": earlier.split}
            found.append(said(LEAKING, environment=environment, **names))
    return found[:LEAKS]


def prepared(
    environment: Environment[Any, Any],
    base: World,
    task: Task,
    seed: int,
    externs: Externs | None = None,
    streams: Streams | None = None,
) -> Timeline[Any]:
    """The world as the task finds it, at its beginning: the base with `setup` done. Raises `ToolFailure` where setup
    fails."""
    world = base.fork()
    streams = streams or episode_streams(environment, task, seed)
    timeline = Timeline(world, environment.new_clock(), streams, externs)
    environment.setup(Context(world, FUEL, timeline.clock, externs), task.value, streams.next("setup"))
    return timeline


def episode_streams(environment: Environment[Any, Any], task: Task, seed: int) -> Streams:
    """The streams of chance of an episode."""
    return Streams(seed, f"{environment.name}.{{}}/{task.id}")


def replayed(timeline: Timeline[Any], tools: Mapping[str, Tool], calls: Sequence[Any]) -> None:
    """Play calls, each no sooner than at its moment; a failing one is skipped."""
    session = timeline.session(tools)
    for call in calls:
        if call.at > timeline.clock.elapsed:
            timeline.advance(call.at - timeline.clock.elapsed)
        session.call(call.tool, call.arguments, call.by)
