"""`nexc replay`: recorded tool calls, each line in a fresh world; what each call answered and what changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from nexlang.cli import Refused
from nexlang.cli.common import out
from nexlang.cli.externs import ALLOW, EXTERNS, answering
from nexlang.cli.opening import opened

if TYPE_CHECKING:
    from nexlang.bundle import Bundle
    from nexlang.runtime.externs import Answers
    from nexlang.worlds.setting import Setting

SHAPE = '{"calls": [{"tool": "…", "arguments": {…}}, …]}'
TASK = "a line that names a `task` is played as an episode of it"


def command(
    bundle: Path = typer.Argument(..., help="A bundle, or a .nex file."),
    calls: Path = typer.Argument(..., help=f"JSON Lines, each {SHAPE}; {TASK}; - reads them from standard input."),
    environment: str = typer.Option("", "--environment", "-e", help="The environment, where there are several."),
    allow: list[str] = ALLOW,
    externs: Path | None = EXTERNS,
) -> int:
    """Replay recorded tool calls, each line in a fresh world of the bundle's environment, or as an episode of a task.

    What `nexc verify --exploits FILE` has found is replayed in this way: {"task", "seed", "calls", "says", "result"}.
    """
    held = opened(bundle)
    with answering(held, allow, externs) as answers:
        if str(calls) == "-":
            return replay_all(held, environment or None, sys.stdin, "standard input", answers)
        with open(calls, encoding="utf-8", errors="replace") as lines:
            return replay_all(held, environment or None, lines, str(calls), answers)


def replay_all(held: Bundle, environment: str | None, lines: TextIO, name: str, answers: Answers) -> int:
    for recorded, calls in records(lines, name):
        if "task" in recorded:
            shown = episode(held, environment, recorded, calls, answers)
        else:
            shown = replayed(held, environment, calls, answers)
        out(json.dumps(shown, ensure_ascii=False))
    return 0


def records(lines: TextIO, name: str) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Each line and its calls; blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            recorded = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Refused(f"{name}, line {number}: this is no JSON ({error})") from error
        yield recorded, calls_of(recorded, f"{name}, line {number}")


def calls_of(recorded: Any, place: str) -> list[Any]:
    calls = recorded.get("calls") if isinstance(recorded, dict) else None
    if not isinstance(calls, list):
        raise Refused(f"{place}: expected {SHAPE}")
    for position, call in enumerate(calls, 1):
        whole = isinstance(call, dict) and isinstance(call.get("tool"), str)
        if not whole or not isinstance(call.get("arguments", {}), dict):
            raise Refused(f'{place}: call {position} is no {{"tool": "…", "arguments": {{…}}}}')
    return calls


def replayed(held: Bundle, environment: str | None, calls: list[Any], given: Answers) -> dict[str, Any]:
    """What the calls answered and what they changed, from the world as the data says it."""
    from nexlang.worlds.engine import Timeline

    before = held.world(environment)
    clock = held.package.environments[held.environment(environment).name].new_clock()
    timeline = Timeline(before.fork(), clock, externs=given.begin())
    session = timeline.session(held.package.tools)
    answers = []
    for call in calls:
        timeline.advance(max(_moment(call) - timeline.clock.elapsed, 0.0))
        arguments = call.get("arguments", {})
        answer = session.call(call["tool"], arguments, str(call.get("by", "")))
        answers.append({"tool": call["tool"], "arguments": arguments, "error": answer.error, "result": answer.text})
    return {"calls": answers, "changes": session.world.diff(since=before)}


def episode(
    held: Bundle, environment: str | None, recorded: dict[str, Any], calls: list[Any], given: Answers
) -> dict[str, Any]:
    """An episode of the recorded task in which the learner makes the calls, says the words, and gives the result."""
    from nexlang.worlds.engine import Call
    from nexlang.worlds.policies import script
    from nexlang.worlds.setting import Setting
    from nexlang.worlds.trials import tried

    seed, says, pace = (recorded.get(name, default) for name, default in (("seed", 0), ("says", []), ("pace", 0)))
    if not isinstance(seed, int) or not isinstance(pace, int) or not isinstance(says, list):
        raise Refused("a line with a task: `seed` and `pace` are numbers, `says` is a list of texts")
    setting = Setting.of(held, environment, seed, given)
    made = [
        Call(call["tool"], call.get("arguments", {}), str(call.get("by") or setting.learner), at=_moment(call))
        for call in calls
    ]
    value = result_of(setting, recorded["result"]) if recorded.get("result") is not None else None
    policy = script("replay", made, [str(said) for said in says], max(pace, 0), value)
    trial = tried(setting, setting.task(str(recorded["task"])), seed, policy)
    outcome = trial.outcome
    changes = trial.world.diff(since=trial.start) if trial.world is not None and trial.start is not None else []
    shown = [
        {"tool": call.tool, "arguments": call.arguments, "error": call.failed, "result": call.result}
        for call in outcome.calls
    ]
    return {
        "task": outcome.task, "result": outcome.result, "success": outcome.success, "reward": outcome.reward,
        "measures": outcome.measures, "calls": shown, "changes": changes,
    }  # fmt: skip


def result_of(setting: Setting, value: Any) -> Any:
    """The learner's result from JSON."""
    from nexlang.worlds.engine import Mismatch

    try:
        return setting.library.codes[setting.learner_agent].result.decode(value)
    except Mismatch as mismatch:
        raise Refused(f"`result` is none of {setting.learner_agent}: {mismatch}") from None


def _moment(call: dict[str, Any]) -> float:
    """When the call was made, in milliseconds; recorded calls without a moment follow each other at once."""
    from nexlang.worlds.engine import DURATION, Mismatch

    try:
        at = DURATION.decode(call.get("at", 0.0))
    except Mismatch as mismatch:
        raise Refused(f"the `at` of a call of {call['tool']}: {mismatch}") from None
    return at
