"""Code repair: an extern runs the tests, a team tries and reviews; played by a recording and by Python."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.runtime.drive import NoModel, drive
from nexlang.runtime.externs import Allowed, Answers, NotReady, Recording, externs_of, results_of
from nexlang.worlds.episodes import Episode
from nexlang.worlds.fingerprint import fingerprint
from nexlang.worlds.outcome import Outcome
from nexlang.worlds.policies import SOLUTION
from nexlang.worlds.setting import Setting
from nexlang.worlds.testing import run_tests
from nexlang.worlds.verify import verify

FOLDER = Path(__file__).parent / "repair"
REPAIR = FOLDER / "repair.nex"
RECORDING = FOLDER / "data" / "pytest.jsonl"
LIVE = 'from python "repair_tests:run" needs process with { repeatable: true }'


@cache
def bundle() -> Bundle:
    compiled = nexlang.compile([REPAIR])
    assert compiled.diagnostics == []
    return bundle_of(compiled.program, compiled.data)


def answers(of: Bundle, recording: Path | None = None, *allow: str) -> Answers:
    loaded = Recording.load(recording, results_of(of.program, of.package.tools)) if recording else Recording()
    return Answers(externs_of(of.program), loaded, Allowed.of(allow))


def setting(environment: str) -> Setting:
    return Setting.of(bundle(), environment, answers=answers(bundle(), RECORDING))


def play(of: Setting, task: str) -> Outcome:
    return drive(Episode(of, of.task(task), 0, SOLUTION).play(), NoModel())


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """The same program whose tests are run by a Python function of the folder."""
    text = REPAIR.read_text(encoding="utf-8")
    start = text.index('from sandbox "python:3.12"')
    end = text.index("repeatable: true }", start) + len("repeatable: true }")
    (tmp_path / "data").mkdir()
    for file in (FOLDER / "data").iterdir():
        (tmp_path / "data" / file.name).write_bytes(file.read_bytes())
    (tmp_path / "repair.nex").write_text(text[:start] + LIVE + text[end:], encoding="utf-8")
    monkeypatch.syspath_prepend(str(FOLDER))
    compiled = nexlang.compile([tmp_path / "repair.nex"])
    assert compiled.diagnostics == []
    return bundle_of(compiled.program, compiled.data)


def test_its_own_tests_hold() -> None:
    results = run_tests(bundle())
    assert len(results) == 4
    assert [line for result in results if not result.passed for line in result.lines()] == []


@pytest.mark.parametrize("environment", ["Repair", "BlindRepair"])
def test_every_bug_is_repaired_by_the_recording(environment: str) -> None:
    proof = verify(setting(environment))
    assert proof.problems == []
    assert [task.problems for task in proof.tasks if task.problems] == []
    assert proof.solved == 3


def test_without_answers_nothing_begins() -> None:
    with pytest.raises(NotReady, match="NEX0819: extern pytest needs process"):
        Setting.of(bundle(), "Repair")


def test_a_question_that_is_not_recorded_breaks_the_episode_and_is_scored_for_nobody(tmp_path: Path) -> None:
    short = tmp_path / "short.jsonl"
    short.write_text("".join(RECORDING.read_text(encoding="utf-8").splitlines(True)[:1]), encoding="utf-8")
    outcome = play(Setting.of(bundle(), "Repair", answers=answers(bundle(), short)), "median")
    assert outcome.result == "environment_error" and outcome.reward is None
    assert "NEX0821" in outcome.error


def test_python_runs_the_tests_where_it_is_allowed(live: Bundle) -> None:
    with pytest.raises(NotReady, match="--allow process --allow python:repair_tests"):
        Setting.of(live, "Repair", answers=answers(live))
    allowed = Setting.of(live, "Repair", answers=answers(live, None, "process", "python:repair_tests"))
    proof = verify(allowed)
    assert proof.problems == [] and proof.solved == 3
    caught, of = proof.caught
    assert caught == of >= 9


def test_what_python_answered_replays_the_same_episodes(live: Bundle, tmp_path: Path) -> None:
    allowed = Setting.of(live, "Repair", answers=answers(live, None, "process", "python:repair_tests"))
    recorded = tmp_path / "recorded.jsonl"
    with open(recorded, "w", encoding="utf-8") as allowed.answers.log:
        first = fingerprint(allowed, 3)
    again = Setting.of(live, "Repair", answers=answers(live, recorded))
    assert fingerprint(again, 3) == first


def test_the_data_is_what_the_script_makes() -> None:
    code = "import json, make; print(json.dumps(make.lines()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [json.loads(line) for line in RECORDING.read_text(encoding="utf-8").splitlines()]


def test_derived_agents_have_their_own_tools_and_the_rest_of_their_base() -> None:
    agents = {agent.name: agent for agent in bundle().program.agents}
    assert [held.name for held in agents["Blind"].tools] == ["read", "edit", "test_all"]
    assert agents["Blind"].limits.steps == 20 and agents["Blind"].prompt == agents["Fixer"].prompt
    assert agents["Small"].tools == agents["Fixer"].tools and agents["Small"].model == "Small_model"


def test_tasks_of_a_parquet_file_are_json_lines_in_the_bundle() -> None:
    rows = bundle().data("data/bugs.parquet.jsonl").decode().splitlines()
    assert [json.loads(row)["id"] for row in rows] == ["median", "clamp", "empty"]
    assert bundle().manifest.capabilities == ["network", "process"]
