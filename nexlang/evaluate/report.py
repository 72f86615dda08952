"""The report of a run: plain data in, one self-contained HTML page, Markdown or JSON out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from nexlang.evaluate.breakdown import (
    actors_table,
    components_table,
    conduct_table,
    differing,
    ends_table,
    fabrications,
    groups_table,
)
from nexlang.evaluate.charts import differences, ends, rewards
from nexlang.evaluate.comparing import Comparison, Tally
from nexlang.evaluate.plots import Curve, interval, plot
from nexlang.evaluate.results import KINDS, Kind, Result, markdown_table, table
from nexlang.evaluate.tree import Node, draw
from nexlang.ir.model import Program
from nexlang.runtime.transcript import Conversation
from nexlang.worlds.engine.codecs import plain
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.setting import Setting
from nexlang.worlds.testing import TestResult
from nexlang.worlds.verify import Verification

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as the report lists it; `said` is its first text, `calls` the length of its solution."""

    id: str
    split: str
    stages: tuple[str, ...]
    said: str
    calls: int | None = None


@dataclass
class Report:
    """Everything that a report shows; what is empty is left out of it.

    `before` and `after` are scores of the trained model on the same tasks. `model` says which model was used,
    `facts` are seed, versions and the like, in order. A `detailed` one says what the scores are made of.
    """

    title: str
    description: str = ""
    environment: str = ""
    model: str = ""
    tree: Node | None = None
    scores: Sequence[Result] = ()
    before: Result | None = None
    after: Result | None = None
    comparisons: Sequence[Comparison] = ()
    curves: Sequence[Curve] = ()
    tasks: Sequence[TaskRow] = ()
    verification: Verification | None = None
    tests: Sequence[TestResult] = ()
    transcript: Outcome | None = None
    transcript_title: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    detailed: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title, "description": self.description, "environment": self.environment,
            "model": self.model, "scores": [result.to_json(rows=False) for result in self.scores],
            "before": self.before.to_json(rows=False) if self.before else None,
            "after": self.after.to_json(rows=False) if self.after else None,
            "comparisons": [comparison.to_json() for comparison in self.comparisons],
            "curves": [asdict(curve) for curve in self.curves], "tasks": [asdict(task) for task in self.tasks],
            "verification": self.verification.to_json() if self.verification else None,
            "tests": [test.to_json() for test in self.tests],
            "transcript": self.transcript.to_json() if self.transcript else None, "facts": dict(self.facts),
        }  # fmt: skip

    def json(self) -> str:
        return json.dumps(self.to_json(), ensure_ascii=False, indent=2) + "\n"

    def html(self) -> str:
        """One page with no other file: it works offline, in light and dark, and on a phone."""
        return _template("report.html.j2").render(
            report=self,
            drawing=draw(self.tree) if self.tree else None,
            scores=[(result, interval(result.success)) for result in self.scores],
            components=list(dict.fromkeys(name for result in self.scores for name in result.components)),
            plots=[drawn for curve in self.curves if (drawn := plot(curve))],
            headline=headline(self),
            conversations=[spoken(c) for c in self.transcript.conversations] if self.transcript else [],
            stages=list(dict.fromkeys(stage for task in self.tasks for stage in task.stages)),
            **(breakdown(self) if self.detailed else {}),
        )

    def markdown(self) -> str:
        parts = [f"# {self.title}", self.description]
        parts += [f"- **{label}**: {value}" + (f" ({note})" if note else "") for label, value, note in headline(self)]
        if self.scores:
            parts += ["## Scores", markdown_table(table(self.scores))]
            parts += [_section(*one) for one in sections(self)] if self.detailed else []
        parts += [compared(comparison) for comparison in self.comparisons]
        if self.verification:
            parts += ["## Verification", "```\n" + "\n".join(self.verification.lines()) + "\n```"]
        if self.facts:
            parts += ["## Run", markdown_table([["what", "value"], *([k, v] for k, v in self.facts.items())])]
        return "\n\n".join(part for part in parts if part) + "\n"


def sections(report: Report, most: int | None = None) -> Iterator[tuple[str, list[list[str]]]]:
    """What scores are made of, as titled tables; at `most` so many tasks on which policies differ."""
    scores = report.scores
    yield "Reward by component", components_table(scores)
    yield "Reward by actor", actors_table(scores)
    yield "How episodes ended", ends_table(scores)
    yield "How they were played", conduct_table(scores)
    made_up = [[result.label, name] for result in scores for name in fabrications(result)]
    yield "Made up", [["policy", "id"], *made_up]
    yield "By split, stage and band", groups_table(scores)
    for comparison in report.comparisons:
        yield f"{comparison.b} against {comparison.a}, where success differs", differing(comparison, most)


def _section(title: str, rows: list[list[str]]) -> str:
    return f"## {title}\n\n{markdown_table(rows)}" if len(rows) > 1 else ""


def breakdown(report: Report) -> dict[str, Any]:
    """What the detailed sections of the page show."""
    scores = report.scores
    parts = [(kind, name, part) for kind in KINDS for name, part in _grouped(scores, kind)]
    powers = range(1, max((result.samples for result in scores), default=1) + 1)
    return {
        "ended": [(result, ends(result)) for result in scores],
        "kinds_ended": list(dict.fromkeys(bar.kind for result in scores for bar in ends(result))),
        "conduct": conduct_table(scores),
        "made_up": [(result, names) for result in scores if (names := fabrications(result))],
        "charts": rewards(scores),
        "powers": [(r, [(k, r.pass_hat(k)) for k in powers]) for r in scores] if len(powers) > 1 else [],
        "groups": [(kind, name, part, interval(part.success)) for kind, name, part in parts],
        "compared": [(one, differences(one), differing(one)) for one in report.comparisons],
    }  # fmt: skip


def _grouped(scores: Sequence[Result], kind: Kind) -> Iterator[tuple[str, Result]]:
    """Each group of tasks, with each policy's score in it."""
    found = [result.groups(kind) for result in scores]
    for name in dict.fromkeys(name for groups in found for name in groups):
        yield from ((name, groups[name]) for groups in found if name in groups)


def headline(report: Report) -> list[tuple[str, str, str]]:
    """The figures on top: label, value, small print."""
    found: list[tuple[str, str, str]] = []
    if report.before and report.after:
        a, b = report.before.success, report.after.success
        where = f"{report.after.split} tasks, n = {b.count}" if report.after.split else f"n = {b.count}"
        found.append(("Model, before → after", f"{a.value:.0%} → {b.value:.0%}", where))
    if report.verification:
        proof = report.verification
        caught, of = proof.caught
        found.append(("Tasks proven solvable", f"{proof.solved} / {len(proof.tasks)}", "through tools alone"))
        if of:
            found.append(("Wrong solutions told apart", f"{caught / of:.0%}", f"{caught} of {of}"))
    if report.tests:
        passed = sum(test.passed for test in report.tests)
        found.append(("Tests passed", f"{passed} / {len(report.tests)}", ""))
    return found


def compared(comparison: Comparison) -> str:
    success = comparison.success
    return (
        f"{comparison.b} against {comparison.a}, paired over {success.count} tasks: success "
        f"{success.value:+.0%} ({success.low:+.0%} to {success.high:+.0%}), reward {comparison.reward.value:+.3f} "
        f"({comparison.reward.low:+.3f} to {comparison.reward.high:+.3f}). "
        f"By success {_tallied(comparison.by_success)}, by reward {_tallied(comparison.by_reward)}."
    )


def _tallied(tally: Tally) -> str:
    return f"{tally.wins} won, {tally.ties} tied, {tally.losses} lost"


def spoken(conversation: Conversation) -> dict[str, Any]:
    """A conversation as the page shows it: its prompt apart, each message with its calls in readable form."""
    messages = conversation.messages
    prompt = messages[0]["content"] if messages and messages[0]["role"] == "system" else ""
    rest = messages[1:] if prompt else messages
    return {
        "agent": conversation.agent, "player": conversation.player, "status": conversation.status,
        "parent": conversation.parent, "prompt": prompt, "messages": [_shown(message) for message in rest],
    }  # fmt: skip


def _shown(message: Mapping[str, Any]) -> dict[str, Any]:
    calls = [call["function"] for call in message.get("tool_calls") or ()]
    return {
        "role": message["role"], "name": message.get("name", ""), "text": message.get("content") or "",
        "calls": [f"{call['name']}({_arguments(call['arguments'])})" for call in calls],
    }  # fmt: skip


def _arguments(text: str) -> str:
    pairs: dict[str, Any] = json.loads(text)
    return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in pairs.items())


def task_rows(setting: Setting, verification: Verification | None = None) -> list[TaskRow]:
    """The setting's tasks as a report lists them."""
    lengths = {proof.task: proof.calls for proof in verification.tasks} if verification else {}
    return [
        TaskRow(task.id, task.split, task.stages, first_text(plain(task.value), task.id), lengths.get(task.id))
        for task in setting.tasks
    ]


def first_text(value: Any, besides: str = "") -> str:
    """The first text with a space in a task's record: what a reader knows it by."""
    texts = [item for item in value.values() if isinstance(item, str)] if isinstance(value, Mapping) else [str(value)]
    return next((text for text in texts if " " in text and text != besides), "")


def described(program: Program, environment: str) -> str:
    """The environment's own doc comment."""
    return next((spec.doc for spec in program.environments if spec.name == environment), "")


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda value: f"{value:.0%}"
    environment.filters["number"] = lambda value: f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
    environment.filters["compared"] = compared
    return environment.get_template(name)
