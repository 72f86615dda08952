"""Ctrl-C at any moment, by a real signal: no traceback, exit code 130, and a folder to go on with."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.trainer.test_resume import digest, timeless

pytestmark = pytest.mark.torch
ROOT = Path(__file__).parents[2]


def started(folder: Path, resume: str = "") -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.trainer.interrupted", str(folder), resume]
    return subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True)


def interrupted(folder: Path, resume: str, lines: int) -> None:
    """Strike once the run has measured `lines` more, or while it still imports where that is none."""
    process = started(folder, resume)
    metrics = folder / "metrics.jsonl"
    before = len(metrics.read_text().splitlines()) if metrics.exists() else 0
    while not (folder / "run.json").exists():
        time.sleep(0.01)
    while lines and (not metrics.exists() or len(metrics.read_text().splitlines()) < before + lines):
        assert process.poll() is None, "the run was over too soon"
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said


def test_struck_again_and_again_it_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole, struck = tmp_path / "whole", tmp_path / "struck"
    interrupted(struck, "", 0)
    for lines in (2, 7, 9):
        interrupted(struck, "resume" if struck.exists() else "", lines)
    last = started(struck, "resume")
    other = started(whole)
    assert last.wait(120) == other.wait(120) == 0
    assert digest(struck) == digest(whole)
    assert timeless(struck) == timeless(whole)
