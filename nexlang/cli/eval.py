"""`nexc eval`: how good a policy is on an environment's tasks."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from nexlang.cli.common import Format, aligned, note, out, out_json, ticking
from nexlang.cli.externs import ALLOW, EXTERNS, RECORD, answering
from nexlang.cli.opening import opened

if TYPE_CHECKING:
    from nexlang.evaluate import Result


def command(
    bundle: Path = typer.Argument(..., help="A bundle, or a .nex file."),
    policy: str = typer.Option(
        ..., "--policy", "-p", help="solution, noop, random, an agent, endpoint, or a model's folder, file or name."
    ),
    n: int | None = typer.Option(None, "-n", min=1, help="How many tasks; all of them by default."),
    seed: int = typer.Option(0, help="The seed of chance and of the choice of tasks."),
    split: str | None = typer.Option(None, help="Only the tasks of this split."),
    stage: str | None = typer.Option(None, help="The tasks of this stage of the curriculum, with its noise and depth."),
    samples: int = typer.Option(1, min=1, help="How often each task is played."),
    environment: str | None = typer.Option(None, "--environment", "-e", help="Which one, where there are several."),
    allow: list[str] = ALLOW,
    externs: Path | None = EXTERNS,
    record: Path | None = RECORD,
    transcripts: Path | None = typer.Option(None, help="Write every episode to this file, one JSON object a line."),
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Score a policy on a bundle's tasks: success and reward with their intervals, calls, failures."""
    from nexlang.evaluate import evaluate
    from nexlang.worlds.outcome import Outcome

    held = opened(bundle)
    with ExitStack() as stack:
        file = stack.enter_context(open(transcripts, "w", encoding="utf-8")) if transcripts else None
        tick = stack.enter_context(ticking(f"playing {policy}"))
        answers = stack.enter_context(answering(held, allow, externs, record))

        def seen(outcome: Outcome) -> None:
            tick()
            if file:
                file.write(outcome.text() + "\n")

        result = evaluate(held, environment, policy, n, seed, split, samples, seen, answers, stage)
    if format is Format.json:
        out_json(result.to_json())
    else:
        show(result)
    return int(result.broken > 0)


def show(result: Result) -> None:
    from nexlang.evaluate.results import table

    out(aligned(table([result])))
    for name, value in result.components.items():
        out(f"  {name}: {value:.3g}")
    for role, value in result.actors.items():
        out(f"  reward of {role}: {value:.3g}")
    if result.broken:
        errors = sorted({row.error for row in result.rows if row.error and row.reward is None})
        note(f"nexc: the environment broke {result.broken} of {len(result.rows)} episodes: {'; '.join(errors[:3])}")
