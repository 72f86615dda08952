"""The proof that an environment can be trained on: every task solvable, nothing else rewarded, all repeatable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nexlang.worlds.exploits import WRONG, Search, search
from nexlang.worlds.explore import Finding, NotExplorable, found
from nexlang.worlds.mutants import MOST, mutants
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import (
    NOOP,
    RANDOM,
    SOLUTION,
    Policy,
    learner_stand_ins,
    needs_model,
    stand_in_policy,
)
from nexlang.worlds.setting import Setting
from nexlang.worlds.tasks import Task, TaskError
from nexlang.worlds.trials import Trial, played, recorded, settled, tried

RANDOM_RUNS = 3
CAUGHT = 0.95
"""A task whose reward tells fewer of its mutants apart is named."""
SHOWN = 6
"""Exploits that the report shows."""
_ALMOST = 1e-9


@dataclass(slots=True)
class TaskProof:
    """One task. `others` are the greatest rewards of the policies that must not beat the solution.

    Of `mutants` (those that change what happens) so many were `caught`; `passed` says which were not. There are none
    where the solution is not `replayable`: its calls, made anew, do not succeed.
    """

    task: str
    split: str
    solved: bool
    reward: float | None
    calls: int
    others: dict[str, float] = field(default_factory=dict)
    mutants: int = 0
    caught: int = 0
    replayable: bool = True
    passed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    explored: Finding | None = None


@dataclass(slots=True)
class Verification:
    """`repeatable` is `None` where no second process was asked; `unexplored` is why not every task was explored."""

    environment: str
    seed: int
    tasks: list[TaskProof]
    repeatable: bool | None = None
    problems: list[str] = field(default_factory=list)
    unexplored: str = ""
    search: Search | None = None

    @property
    def ok(self) -> bool:
        exploited = self.search is not None and any(one.kind in WRONG for one in self.search.found)
        return not (exploited or self.problems or any(task.problems for task in self.tasks))

    @property
    def solved(self) -> int:
        return sum(task.solved for task in self.tasks)

    @property
    def caught(self) -> tuple[int, int]:
        """Mutants caught, of how many."""
        return sum(t.caught for t in self.tasks), sum(t.mutants for t in self.tasks)

    def weak(self) -> list[TaskProof]:
        """Tasks whose reward takes too many wrong solutions for right."""
        return [task for task in self.tasks if task.mutants and task.caught < CAUGHT * task.mutants]

    def to_json(self) -> dict[str, Any]:
        caught, of = self.caught
        return {
            "environment": self.environment, "seed": self.seed, "ok": self.ok, "solved": self.solved,
            "tasks": [asdict(task) for task in self.tasks], "mutants": {"caught": caught, "of": of},
            "search": self._search_json(), "repeatable": self.repeatable, "unexplored": self.unexplored,
            "problems": self.problems,
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The report as a terminal shows it."""
        caught, of = self.caught
        shown = [f"{self.environment}: {self.solved} of {len(self.tasks)} tasks solved by their solution"]
        if of:
            shown.append(f"  wrong solutions told apart: {caught} of {of} ({caught / of:.0%})")
        if fixed := sum(not task.replayable for task in self.tasks):
            shown.append(f"  wrong solutions not tried in {fixed} tasks: the solution's calls alone do not succeed")
        if self.repeatable is not None:
            shown.append(f"  same seed, same bytes in another process: {'yes' if self.repeatable else 'NO'}")
        shown += self._explored()
        shown += self._searched()
        shown += [f"  {problem}" for problem in self.problems]
        for task in self.tasks:
            shown += [f"  task {task.task}: {problem}" for problem in task.problems]
        for task in self.weak():
            shown.append(f"  task {task.task}: only {task.caught} of {task.mutants} wrong solutions told apart")
            shown += [f"    passes: {what}" for what in task.passed[:3]]
        return [*shown, "verified" if self.ok else "NOT verified"]

    def _search_json(self) -> dict[str, Any] | None:
        done = self.search
        if done is None:
            return None
        found = [one.to_json() for one in done.found]
        return {"tasks": done.tasks, "episodes": done.episodes, "exploits": found}

    def _searched(self) -> list[str]:
        """What the search for exploits has found, in a few lines."""
        if self.search is None:
            return []
        tasks, episodes = self.search.tasks, self.search.episodes
        if not tasks:
            return ["  not searched for exploits: there is no solution whose calls can be played"]
        if not self.search.found:
            return [f"  no exploit found in {episodes:,} episodes of {tasks} tasks, at random and led by reward"]
        shown = []
        for one in self.search.found[:SHOWN]:
            shown += [f"  task {one.task}: {one.line()}", f"    replay: {one.text()}"]
        more = len(self.search.found) - SHOWN
        return [*shown, f"  {more} more of these"] if more > 0 else shown

    def _explored(self) -> list[str]:
        """What exploring has shown, in a few lines."""
        seen = [task.explored for task in self.tasks if task.explored]
        if not seen:
            return [f"  not explored: {self.unexplored}"] if self.unexplored else []
        states, steps, dead = (sum(getattr(s, n) for s in seen) for n in ("states", "transitions", "dead_ends"))
        shown = [f"  explored {len(seen)} of {len(self.tasks)} tasks: {states:,} states, {steps:,} transitions"]
        if self.unexplored:
            shown[0] += f"; not the others: {self.unexplored}"
        best = [finding.best for finding in seen]
        span = f"{min(best):g}" if min(best) == max(best) else f"between {min(best):g} and {max(best):g}"
        shown.append(f"    the greatest reward is {span}; {dead:,} dead ends")
        if seen[0].free:
            shown.append(f"    of any text in {', '.join(seen[0].free)}: the world's keys and the task's texts")
        return shown


def verify(setting: Setting, seed: int = 0, states: int = 0, episodes: int = 0) -> Verification:
    """Prove an environment, in this process; explore its tasks as long as there are no more than `states` altogether,
    and search so many `episodes` for what is rewarded and should not be.

    `nexlang.worlds.fingerprint` compares it with another process.
    """
    result = Verification(setting.name, seed, [])
    if not setting.tasks:
        result.problems.append("there is no task")
        return result
    result.problems += setting.leaks
    played_by_hand = [stand_in_policy(setting, name) for name in learner_stand_ins(setting)]
    rivals = [policy for policy in played_by_hand if not needs_model(setting, policy.cast)]
    with settled():
        result.tasks = [_prove(setting, task, seed, rivals) for task in setting.tasks]
    if states:
        _explore(setting, result, states)
    if episodes:
        result.search = search(setting, seed, episodes)
    return result


def _explore(setting: Setting, result: Verification, left: int) -> None:
    """Explore task after task until one cannot be, or the states are used up."""
    for task, proof in zip(setting.tasks, result.tasks, strict=True):
        try:
            seen = proof.explored = found(setting, task, left)
        except NotExplorable as reason:
            result.unexplored = str(reason)
            return
        left -= seen.states
        if not seen.solvable:
            proof.problems.append("no sequence of calls reaches success" + (", of those tried" if seen.free else ""))
        if seen.certain and proof.reward is not None and seen.best > proof.reward + _ALMOST:
            proof.problems.append(f"the solution is rewarded {proof.reward:g}, other calls {seen.best:g}")


def _prove(setting: Setting, task: Task, seed: int, rivals: Sequence[Policy]) -> TaskProof:
    try:
        trial = tried(setting, task, seed, SOLUTION)
    except TaskError as error:
        return TaskProof(task.id, task.split, False, None, 0, problems=[str(error)])
    outcome = trial.outcome
    proof = TaskProof(task.id, task.split, outcome.success, outcome.reward, len(outcome.calls))
    if not outcome.success:
        proof.problems.append(f"the solution does not reach success: {_reason(outcome)}")
    _against(setting, task, seed, rivals, proof)
    if outcome.success:
        _mutate(setting, task, seed, trial, proof)
    return proof


def _reason(outcome: Outcome) -> str:
    measures = ", ".join(f"{name} {_number(value)}" for name, value in outcome.measures.items())
    failed = [f"{call.tool}: {call.result}" for call in outcome.calls if call.failed]
    parts = [outcome.result, outcome.error, measures, f"failed calls: {'; '.join(failed)}" if failed else ""]
    return ", ".join(part for part in parts if part)


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, bool) else f"{value:g}"


def _against(setting: Setting, task: Task, seed: int, rivals: Sequence[Policy], proof: TaskProof) -> None:
    """Policies that must not succeed, and none of which may be rewarded more than the solution."""
    for policy, runs in ((NOOP, 1), (RANDOM, RANDOM_RUNS), *((rival, 1) for rival in rivals)):
        outcomes = [played(setting, task, seed + run, policy)[0] for run in range(runs)]
        for outcome in outcomes:
            if outcome.result in ("environment_error", "user_error"):
                proof.problems.append(f"{policy.name}: the environment breaks: {outcome.error}")
        if policy in (NOOP, RANDOM) and any(outcome.success for outcome in outcomes):
            why = "" if proof.calls else ", as its solution makes no call"
            proof.problems.append(f"{_doing(policy)} reaches success{why}")
        best = max((o.reward for o in outcomes if o.reward is not None), default=None)
        if best is not None:
            proof.others[policy.name] = best
            if proof.reward is not None and best > proof.reward + _ALMOST:
                proof.problems.append(f"{_doing(policy)} is rewarded {best:g}, the solution {proof.reward:g}")


def _doing(policy: Policy) -> str:
    return {"noop": "doing nothing", "random": "acting at random"}.get(policy.name, policy.name)


def _mutate(setting: Setting, task: Task, seed: int, trial: Trial, proof: TaskProof) -> None:
    """Play wrong solutions with the right words. One that leaves the same world is not wrong and not counted."""
    recording = recorded(setting, task, seed, trial)
    proof.replayable = recording is not None
    if recording is None:
        return
    for mutant in mutants(setting, recording.calls, seed, task):
        if proof.mutants == MOST:
            break
        wrong, left = played(setting, task, seed, recording.policy(mutant.calls))
        if left is not None and left == trial.world:
            continue
        proof.mutants += 1
        if wrong.success:
            proof.passed.append(mutant.what)
        else:
            proof.caught += 1
