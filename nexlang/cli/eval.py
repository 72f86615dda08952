"""`nexc eval`: how good a policy is on an environment's tasks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nexlang.cli import Refused
from nexlang.cli.common import aligned, note, out, ticking
from nexlang.cli.externs import ALLOW, EXTERNS, RECORD, answering
from nexlang.cli.opening import opened

if TYPE_CHECKING:
    from nexlang.evaluate import Comparison, Result
    from nexlang.evaluate.report import Report
    from nexlang.worlds.outcome import Outcome


MOST_TASKS = 10
"""So many of the tasks on which two policies differ are shown on a terminal."""


class Answer(StrEnum):
    text = "text"
    json = "json"
    markdown = "markdown"


def command(
    bundle: Path = typer.Argument(..., help="A bundle, or a .nex file."),
    policy: str = typer.Option(
        ..., "--policy", "-p", help="solution, noop, random, an agent, endpoint, or a model's folder, file or name."
    ),
    against: str | None = typer.Option(None, help="Another policy: both are compared, task by task."),
    n: int | None = typer.Option(None, "-n", min=1, help="How many tasks; all of them by default."),
    seed: int = typer.Option(0, help="The seed of chance and of the choice of tasks."),
    split: str | None = typer.Option(None, help="Only the tasks of this split."),
    stage: str | None = typer.Option(None, help="The tasks of this stage of the curriculum, with its noise and depth."),
    samples: int = typer.Option(1, min=1, help="How often each task is played: pass^k for each k up to it."),
    bands: Path | None = typer.Option(None, help='Tasks in bands: a line {"task": …, "band": …} for each.'),
    environment: str | None = typer.Option(None, "--environment", "-e", help="Which one, where there are several."),
    allow: list[str] = ALLOW,
    externs: Path | None = EXTERNS,
    record: Path | None = RECORD,
    transcripts: Path | None = typer.Option(None, help="Write every episode to this file, one JSON object a line."),
    report: Path | None = typer.Option(None, "--output", "-o", help="Write a report: FILE.html, FILE.md or FILE.json."),
    format: Answer = typer.Option(Answer.text, help="How to answer."),
) -> int:
    """Score a policy on a bundle's tasks: success, reward, calls, made-up ids, with their intervals; or compare two."""
    from nexlang.evaluate import compare, evaluate

    form = form_of(report)
    held, parted = opened(bundle), read_bands(bands) if bands else None
    with ExitStack() as stack:
        file = stack.enter_context(open(transcripts, "w", encoding="utf-8")) if transcripts else None
        answers = stack.enter_context(answering(held, allow, externs, record))

        def scored(name: str) -> Result:
            with ticking(f"playing {name}") as tick:

                def seen(outcome: Outcome) -> None:
                    tick()
                    if file:
                        file.write(outcome.text() + "\n")

                return evaluate(held, environment, name, n, seed, split, samples, seen, answers, stage, parted)

        scores = [scored(name) for name in (policy, against) if name is not None]
    if bands and not any(row.band for row in scores[0].rows):
        raise Refused(f"{bands}: it names none of the tasks that were played")
    comparison = compare(scores[1], scores[0], seed) if against is not None else None
    whole = reported(scores, comparison, stage)
    if report:
        report.write_text(text_of(whole, form), encoding="utf-8")
    out(text_of(whole, format))
    for result in scores:
        warn(result)
    return int(any("environment_error" in result.outcomes for result in scores))


def form_of(report: Path | None) -> Answer | None:
    """The form of a report, by the end of its file's name; `None` is a page."""
    forms = {".html": None, ".md": Answer.markdown, ".json": Answer.json}
    if report is not None and report.suffix.lower() not in forms:
        raise Refused(f"{report}: a report is a file that ends in {', '.join(forms)}")
    return forms[report.suffix.lower()] if report else None


def read_bands(file: Path) -> dict[str, str]:
    """The band of each task, by its id."""
    found: dict[str, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise Refused(f"{file}:{number}: this line is no JSON: {error}") from None
            if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("task", "band")):
                raise Refused(f'{file}:{number}: a line looks like {{"task": "…", "band": "…"}}')
            found[row["task"]] = row["band"]
    return found


def reported(scores: Sequence[Result], comparison: Comparison | None, stage: str | None) -> Report:
    from nexlang import __version__
    from nexlang.evaluate.report import Report

    first = scores[0]
    facts = {"environment": first.environment, "split": first.split or "all", "stage": stage or "none"}
    facts |= {"seed": str(first.seed), "episodes": str(len(first.rows)), "runs of a task": str(first.samples)}
    facts["nexlang"] = __version__
    names = " against ".join(result.label for result in scores)
    return Report(
        f"{first.environment}: {names}", environment=first.environment, scores=scores, facts=facts, detailed=True,
        comparisons=[comparison] if comparison else [],
    )  # fmt: skip


def text_of(report: Report, form: Answer | None) -> str:
    """The report in a form; `None` is a page."""
    if form is Answer.json:
        return json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n"
    if form is Answer.markdown:
        return report.markdown()
    return report.html() if form is None else shown(report)


def as_json(report: Report) -> dict[str, Any]:
    """One policy's scores, or those of both and how they compare."""
    if len(report.scores) == 1:
        return report.scores[0].to_json()
    policy, against = (result.to_json() for result in report.scores)
    compared = report.comparisons[0].to_json() if report.comparisons else None
    return {"policy": policy, "against": against, "comparison": compared}


def shown(report: Report) -> str:
    """As a terminal shows it."""
    from nexlang.evaluate.report import compared, sections
    from nexlang.evaluate.results import table

    parts = [aligned(table(report.scores))]
    parts += [f"{title}\n{aligned(rows)}" for title, rows in sections(report, MOST_TASKS) if len(rows) > 1]
    parts += [compared(comparison) for comparison in report.comparisons]
    return "\n\n".join(parts)


def warn(result: Result) -> None:
    """Say which episodes scored nothing, as not the policy broke them."""
    for end, who in (("environment_error", "the environment"), ("user_error", "a user")):
        rows = [row for row in result.rows if row.result == end]
        if rows:
            errors = sorted({row.error for row in rows if row.error})
            note(f"nexc: {who} broke {len(rows)} of {len(result.rows)} episodes: {'; '.join(errors[:3])}")
