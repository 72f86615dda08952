"""How a policy went about an episode: its calls, beside those of the solution."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nexlang.evaluate.grounding import Ids
from nexlang.runtime.drive import NoModel, drive
from nexlang.worlds.engine import Call
from nexlang.worlds.episodes import Episode
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import SOLUTION
from nexlang.worlds.setting import Setting, asked
from nexlang.worlds.tasks import Task, TaskError


@dataclass(frozen=True, slots=True)
class Conduct:
    """Counts of one episode. `unknown` are calls to tools that do not exist, `repeated` those that could not tell
    anything new; of the `ids` that agents gave, so many were `ungrounded`. `solution` is how many calls the task's
    solution makes, `None` where nobody knows."""

    calls: int
    failed: int
    unknown: int
    repeated: int
    ids: int
    ungrounded: int
    fabricated: tuple[str, ...]
    solution: int | None


class Observer:
    """Reads outcomes of one environment."""

    def __init__(self, setting: Setting, tasks: Iterable[Task] = (), seed: int = 0) -> None:
        self._setting = setting
        self._ids = Ids.of(setting)
        functions = setting.library.program.functions
        self._writing = {f.name for f in functions if f.effects.writes or f.effects.extern}
        self._solutions = solutions(setting, tasks, seed)

    def conduct(self, outcome: Outcome) -> Conduct:
        roles = self._setting.asking
        calls = [call for call in outcome.calls if call.by in roles]
        ids = [one for held in outcome.conversations if held.by in roles for one in self._ids.read(held)]
        made_up = [f"{one.tool}.{one.argument}: {one.value}" for one in ids if not one.grounded]
        return Conduct(
            len(calls),
            sum(call.failed for call in calls),
            sum(call.code == "unknown_tool" for call in calls),
            repeats([call for call in outcome.calls if call.by], self._writing, roles),
            len(ids),
            len(made_up),
            tuple(dict.fromkeys(made_up)),
            self._solutions.get(outcome.task),
        )


def repeats(calls: Iterable[Call], writing: Iterable[str], roles: Iterable[str]) -> int:
    """Calls of the roles that their actor had made before with the same arguments and the same answer, and since which
    nobody's call has changed anything."""
    changing, counted = set(writing), set(roles)
    seen: set[tuple[str, str, str, str]] = set()
    found = 0
    for call in calls:
        this = (call.by, call.tool, json.dumps(call.arguments, sort_keys=True, default=str), call.result)
        found += this in seen and call.by in counted
        if call.tool in changing and not call.failed:
            seen.clear()
        else:
            seen.add(this)
    return found


def solutions(setting: Setting, tasks: Iterable[Task], seed: int) -> Mapping[str, int]:
    """How many calls the solution of each task makes, where it has one that succeeds.

    An environment that asks externs is left out: playing its solutions would ask them too.
    """
    if asked(setting.library, setting.spec):
        return {}
    found: dict[str, int] = {}
    for task in {task.id: task for task in tasks}.values():
        try:
            outcome = drive(Episode(setting, task, seed, SOLUTION, noise=0.0).play(), NoModel())
        except TaskError:
            continue
        if outcome.success:
            found[task.id] = sum(call.by in setting.asking for call in outcome.calls)
    return found
