"""The main job from end to end, on examples/desk: compile, test, prove, score, train, score again, report.

`make demo` runs it. Everything that it makes is in out/demo; the report is out/demo/report.html.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import nexlang
from nexlang.bundle import Bundle, open_bundle, write_bundle
from nexlang.cli.common import aligned
from nexlang.evaluate import Player, Result, compare, evaluate, evaluate_player
from nexlang.evaluate.plots import Curve
from nexlang.evaluate.policies import local_player
from nexlang.evaluate.report import Report, described, task_rows
from nexlang.evaluate.results import table
from nexlang.evaluate.tree import tree_of
from nexlang.runtime.clients.local import packaged_gguf
from nexlang.worlds.episodes import Outcome
from nexlang.worlds.fingerprint import elsewhere, fingerprint
from nexlang.worlds.setting import Setting
from nexlang.worlds.testing import run_tests, summary
from nexlang.worlds.verify import verify

HERE = Path(__file__).parent
PROGRAM = HERE / "desk" / "desk.nex"
OUT = HERE.parent / "out" / "demo"
HELD_OUT = "test"
SEED = 0
SMALL, TINY = "HuggingFaceTB/SmolLM2-135M-Instruct", "tiny"
# Steps of each phase that fit into some minutes on two cores; half of them where scoring alone took longer than this.
STEPS = {SMALL: 18, TINY: 200}
SLOW = 75.0

console = Console(highlight=False)


@dataclass
class Demo:
    """What the steps hand on to each other and to the report."""

    bundle: Bundle
    setting: Setting
    report: Report
    began: float = field(default_factory=time.monotonic)


@contextmanager
def step(text: str) -> Iterator[None]:
    console.print(f"[bold]{text}[/]")
    began = time.monotonic()
    yield
    console.print(f"  [dim]{time.monotonic() - began:.1f} s[/]")


@contextmanager
def bar(text: str, total: int) -> Iterator[Callable[[Outcome], None]]:
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(text, total=total)
        yield lambda outcome: progress.advance(task)


def begin() -> Demo:
    with step("1. Compile examples/desk"):
        compiled = nexlang.compile([PROGRAM])
        program = compiled.program
        folder = write_bundle(program, compiled.data, OUT / "desk")
        bundle = open_bundle(folder)
        setting = Setting.of(bundle, None, SEED)
        tools = sum(function.kind == "tool" for function in program.functions)
        console.print(f"  {len(program.agents)} agents, {tools} tools, {len(setting.tasks)} tasks → {shown(folder)}")
    report = Report(f"{setting.name}: a help desk that learns", described(program, setting.name), setting.name)
    report.tree = tree_of(program, setting.name)
    return Demo(bundle, setting, report)


def test(demo: Demo) -> None:
    with step("2. Run its tests"):
        demo.report.tests = run_tests(demo.bundle)
        console.print(f"  {summary(demo.report.tests)}")
        for result in demo.report.tests:
            if not result.passed:
                console.print("\n".join(f"  {line}" for line in result.lines()), style="red")


def prove(demo: Demo) -> None:
    with step("3. Prove that every task can be solved, and nothing else is rewarded"):
        proof = verify(demo.setting, SEED)
        proof.repeatable = fingerprint(demo.setting, SEED) == elsewhere(demo.bundle.path, demo.setting.name, SEED)
        demo.report.verification = proof
        demo.report.tasks = task_rows(demo.setting, proof)
        console.print("\n".join(f"  {line}" for line in proof.lines()))


def score(demo: Demo) -> None:
    """The policies that need no model: the recorded solution, the scripted desk, doing nothing."""
    scripted = demo.setting.library.stand_ins[demo.setting.learner_agent]
    with step("4. Score three policies on all tasks"):
        demo.report.scores = [evaluate(demo.bundle, None, name, seed=SEED) for name in ("solution", scripted, "noop")]
        show(demo.report.scores)


def learn(demo: Demo) -> None:
    """Train, and score the model before and after on tasks that it has not seen."""
    if find_spec("torch") is None or find_spec("trl") is None:
        demo.report.model = "none: the packages for training are not installed"
        console.print("[bold]5. Train[/]\n  left out: the packages for training are not installed")
        return
    base = SMALL if packaged_gguf() else TINY
    tiny = "" if base == SMALL else " (its package is not installed: a tiny random model stands in)"
    demo.report.model = "SmolLM2-135M-Instruct" if base == SMALL else "a tiny random model, as SmolLM2 is not installed"
    with step(f"5. Score the untrained {base.rpartition('/')[2]} on held-out tasks{tiny}"):
        began = time.monotonic()
        demo.report.before, _ = played(demo, base, "before training")
        slow = time.monotonic() - began > SLOW
    with step("6. Train it, for half of the steps as this machine is busy" if slow else "6. Train it"):
        trained = trained_model(base, demo, STEPS[base] // 2 if slow else STEPS[base])
    with step("7. Score the trained model on the same tasks"):
        demo.report.after, demo.report.transcript = played(demo, str(trained), "after training")
        demo.report.transcript_title = "A held-out task, played by the trained model"
        demo.report.comparisons = [c for c in [compare(demo.report.before, demo.report.after, SEED)] if c]
        show([demo.report.before, demo.report.after])
    demo.report.scores = [*demo.report.scores, demo.report.before, demo.report.after]


def played(demo: Demo, model: str, label: str) -> tuple[Result, Outcome | None]:
    """The model's score on the held-out tasks, and an episode worth reading: a solved one where there is one."""
    outcomes: list[Outcome] = []
    tasks = sum(task.split == HELD_OUT for task in demo.setting.tasks)
    player = model_player(demo, model, label)
    with bar(label, tasks) as tick:

        def seen(outcome: Outcome) -> None:
            outcomes.append(outcome)
            tick(outcome)

        result = evaluate_player(demo.setting, player, seed=SEED, split=HELD_OUT, seen=seen)
    return result, next((outcome for outcome in outcomes if outcome.success), outcomes[0] if outcomes else None)


def model_player(demo: Demo, model: str, label: str) -> Player:
    from nexlang.trainer.bundled import BundledCourse
    from nexlang.trainer.weights import load

    texts = BundledCourse(demo.bundle, demo.setting).texts()
    return local_player(demo.setting, load(model, texts, SEED), label, seed=SEED)


def trained_model(base: str, demo: Demo, steps: int) -> Path:
    from nexlang.trainer.run import train

    folder = OUT / "run"
    shutil.rmtree(folder, ignore_errors=True)
    model = train(demo.bundle.path, folder, model=base, steps=steps, seed=SEED)
    demo.report.curves = curves(folder / "metrics.jsonl")
    return model


def curves(metrics: Path) -> list[Curve]:
    """The loss of each phase, and of reinforcement the reward."""
    rows = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    found = []
    for phase in dict.fromkeys(row["phase"] for row in rows):
        for name in ("loss", "reward", "success"):
            points = [(row["step"], row[name]) for row in rows if row["phase"] == phase and row.get(name) is not None]
            if points:
                found.append(Curve(f"{phase}: {name}", "step", name, points))
    return found


def show(results: Sequence[Result]) -> None:
    console.print("\n".join(f"  {line}" for line in aligned(table(results)).splitlines()), soft_wrap=True)


def finish(demo: Demo) -> None:
    demo.report.facts = {
        "program": shown(PROGRAM),
        "bundle": demo.bundle.digest[:16],
        "seed": str(SEED),
        "nexlang": nexlang.__version__,
        "Python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "took": f"{time.monotonic() - demo.began:.0f} s",
    }
    page = OUT / "report.html"
    page.write_text(demo.report.html(), encoding="utf-8")
    console.print(f"\n[bold green]Done in {time.monotonic() - demo.began:.0f} s.[/] The report: [bold]{shown(page)}[/]")


def shown(path: Path) -> str:
    """A path as it is typed from where one stands."""
    return os.path.relpath(path)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    demo = begin()
    for part in (test, prove, score, learn, finish):
        part(demo)


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin starve whoever shares the machine
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
