"""Difficulty is measured: longer tasks are harder, what needs nothing is trivial, the bands go where they are used."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nexlang.cli.guard import guarded
from nexlang.evaluate.difficulty import BANDS, difficulty
from tests.episodes.shop import Desk, setting

ROOT = Path(__file__).parents[2]
THERMOSTAT = ROOT / "examples/thermostat/thermostat.nex"


def test_each_task_is_measured_with_intervals() -> None:
    found = difficulty(setting(), runs=10)
    for task in found.tasks:
        assert task.calls == 1 and task.branching > 1
        assert list(task.passes) == ["noop", "random", "guided", "ClerkByHand"]
        assert task.passes["noop"].value == 0 and task.passes["ClerkByHand"].value == 1
        assert task.passes["guided"].low < task.passes["guided"].value < 1
        assert task.passes["guided"].count == 10
    assert found == difficulty(setting(), runs=10)


def test_what_nobody_has_to_do_anything_for_is_trivial() -> None:
    class Given(Desk):
        def success(self, scope: Any, measures: Any) -> bool:
            return True

    found = difficulty(replace(setting(2), environment=Given()), runs=4)
    assert [(task.band, task.score) for task in found.tasks] == [("trivial", 0.0)] * 2


def test_bands_go_into_eval_and_into_tasks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bands, tasks = tmp_path / "bands.jsonl", tmp_path / "tasks.jsonl"
    words = ["difficulty", str(THERMOSTAT), "--runs", "4", "--format", "json", "--bands", str(bands)]
    assert guarded([*words, "--annotate", str(tasks)]) == 0
    said = json.loads(capsys.readouterr().out)
    rows = [json.loads(line) for line in bands.read_text().splitlines()]
    assert [row["task"] for row in rows] == [task["task"] for task in said["tasks"]]
    assert [row["score"] for row in rows] == sorted(row["score"] for row in rows)
    assert list(said["bands"]) == [band for band in BANDS if band in said["bands"]] and len(said["bands"]) > 2
    lengths = [
        sum(task["calls"] for task in said["tasks"] if task["band"] == band) / len(said["bands"][band]["tasks"])
        for band in said["bands"]
    ]
    assert lengths[0] < lengths[-1]
    assert {json.loads(line)["band"] for line in tasks.read_text().splitlines()} == set(said["bands"])
    scored = ["eval", str(THERMOSTAT), "--policy", "solution", "--bands", str(bands)]
    assert guarded(scored) == 0
    assert "hardest" in capsys.readouterr().out


def test_the_table_shows_bands_or_tasks(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(["difficulty", str(THERMOSTAT), "--runs", "2"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["band", "tasks", "calls", "branching", "noop", "random", "guided"]
    assert guarded(["difficulty", str(THERMOSTAT), "--runs", "2", "--tasks"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 41 > len(rows)
