"""The retail domain of tau2-bench, answer for answer: its own recorded calls, and calls that the rules decide.

The data lies outside the repository: `NEXLANG_SHARED` names its folder (default `../shared`). The first test of a
worker compiles a copy of `retail.nex` beside the database and the imported tasks; all replays go through `nexc`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.oracle import ANY_TEXT, Shop
from tests.conformance.walks import Walker

Json = Any
ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("NEXLANG_SHARED", ROOT.parent / "shared")) / "data" / "tau2-retail"
WALKS, STEPS = 150, 30

pytestmark = pytest.mark.skipif(
    not (DATA / "db.json").exists(), reason="tau2-bench's retail data is not here; NEXLANG_SHARED names its folder"
)


def nexc(*words: object, folder: Path) -> str:
    command = [sys.executable, "-m", "nexlang", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def database() -> Json:
    return json.loads((DATA / "db.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def recorded() -> list[Json]:
    return [json.loads(line) for line in (DATA / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the program, its data and its bundle in `build`."""
    folder = tmp_path_factory.mktemp("retail")
    (folder / "data").mkdir()
    shutil.copy(Path(__file__).with_name("retail.nex"), folder)
    shutil.copy(DATA / "db.json", folder / "data")
    nexc("import", "tau2", DATA, "-o", "data/tasks.jsonl", folder=folder)
    nexc("compile", "retail.nex", "-o", "build", folder=folder)
    return folder


def replay(project: Path, sequences: list[list[Json]], name: str) -> list[Json]:
    lines = "".join(json.dumps({"calls": calls}) + "\n" for calls in sequences)
    (project / name).write_text(lines, encoding="utf-8")
    return [json.loads(line) for line in nexc("replay", "build", name, folder=project).splitlines()]


def plain(calls: list[Json]) -> list[Json]:
    return [{"tool": call["tool"], "arguments": call["arguments"]} for call in calls]


def in_order(changes: list[Json]) -> list[Json]:
    return sorted(changes, key=lambda change: json.dumps(change["path"]))


def same_text(ours: str, theirs: str) -> bool:
    """Equal as JSON where both are JSON, else as text."""
    try:
        return bool(json.loads(ours) == json.loads(theirs))
    except json.JSONDecodeError:
        return ours == theirs


def test_every_recorded_answer_and_change(project: Path, recorded: list[Json]) -> None:
    answers = replay(project, [plain(task["calls"]) for task in recorded], "recorded.jsonl")
    assert len(answers) == len(recorded) == 114
    compared = 0
    for task, answer in zip(recorded, answers, strict=True):
        for theirs, ours in zip(task["calls"], answer["calls"], strict=True):
            assert ours["error"] == theirs["error"], (task["task"], theirs["tool"], ours["result"])
            assert same_text(ours["result"], theirs["result"]), (task["task"], theirs["tool"], ours["result"])
            compared += 1
        assert in_order(answer["changes"]) == in_order(task["changes"]), task["task"]
    assert compared == 550


def test_the_rules_decide_every_other_sequence(project: Path, database: Json) -> None:
    walks = [Walker(database, seed).walk(STEPS) for seed in range(WALKS)]
    answers = replay(project, walks, "walks.jsonl")
    for seed, (walk, answer) in enumerate(zip(walks, answers, strict=True)):
        shop = Shop(database)
        for call, ours in zip(walk, answer["calls"], strict=True):
            agree(shop.call(call["tool"], call["arguments"]), ours, (seed, call))
        assert in_order(answer["changes"]) == in_order(shop.changes()), seed


def agree(expected: tuple[bool, Json], ours: Json, where: object) -> None:
    failed, answer = expected
    assert ours["error"] is failed, (where, answer, ours["result"])
    if failed and answer == ANY_TEXT:
        assert ours["result"].startswith("Error: "), where
    elif failed:
        assert ours["result"] == f"Error: {answer}", where
    elif isinstance(answer, str):
        assert ours["result"] == answer, where
    else:
        assert json.loads(ours["result"]) == answer, where


def test_every_task_is_solved_by_its_recorded_actions(project: Path) -> None:
    shown = nexc("verify", "build", folder=project)
    assert "114 of 114 tasks solved by their solution" in shown


def test_the_model_of_the_rules_agrees_with_the_recording(database: Json, recorded: list[Json]) -> None:
    for task in recorded:
        shop = Shop(database)
        for call in task["calls"]:
            failed, answer = shop.call(call["tool"], call["arguments"])
            shown = f"Error: {answer}" if failed else answer if isinstance(answer, str) else json.dumps(answer)
            assert (failed, same_text(shown, call["result"])) == (call["error"], True), (task["task"], call["tool"])
        assert in_order(shop.changes()) == in_order(task["changes"])
