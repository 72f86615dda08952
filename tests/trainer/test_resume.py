"""A run that was interrupted ends with the same weights, bit for bit, as one that was not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from nexlang.trainer.errors import TrainError
from nexlang.trainer.phase import Recorder
from nexlang.trainer.plan import Imitation, Plan, Reinforcement
from nexlang.trainer.progress import Reporter
from nexlang.trainer.run import Training
from nexlang.trainer.store import Store
from tests.trainer.toy import Toy

pytestmark = pytest.mark.torch
IMITATION = Imitation("", "ByHand", 4, 2, 1e-2, 512, None, None)
REINFORCEMENT = Reinforcement("grpo", 2, 1, 3, 1e-2, 0.0, 1.0, 6, 512, 4, None)


def plan(lora: int | None = None) -> Plan:
    from dataclasses import replace

    return Plan("Run", "Toy", ("Sayer",), "tiny", 3, replace(IMITATION, lora=lora), replace(REINFORCEMENT, lora=lora))


def training(folder: Path, made: Plan | None = None, digest: str = "toy") -> Training:
    return Training(made or plan(), Toy(), Store(folder), Reporter(), digest)


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / "model" / "model.safetensors").read_bytes()).hexdigest()


def timeless(folder: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in row.items() if key != "seconds"} for row in rows]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("whole") / "run"
    training(folder).go(resume=False)
    return folder


def stop_at(monkeypatch: pytest.MonkeyPatch, phase: str, step: int) -> None:
    """Ctrl-C in the middle of the step after `step`; every step before it has a checkpoint."""
    ordinary = Recorder.on_step_end

    def on_step_end(self: Recorder, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        if (self.phase, state.global_step) == (phase, step + 1):
            raise KeyboardInterrupt
        self.cost = 0.0
        return ordinary(self, args, state, control, **kwargs)

    monkeypatch.setattr(Recorder, "on_step_end", on_step_end)


@pytest.mark.parametrize(("phase", "step"), [("imitate", 0), ("imitate", 3), ("reinforce", 0), ("reinforce", 2)])
def test_same_weights(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phase: str, step: int) -> None:
    folder = tmp_path / "run"
    with monkeypatch.context() as patch:
        stop_at(patch, phase, step)
        with pytest.raises(KeyboardInterrupt):
            training(folder).go(resume=False)
    assert not (folder / "model").exists()
    last = Store(folder).last(phase)
    assert (last.name if last else None) == (f"checkpoint-{step}" if step else None)
    training(folder).go(resume=True)
    assert digest(folder) == digest(whole)
    assert timeless(folder) == timeless(whole)


def test_the_whole_run_wrote_what_it_promises(whole: Path) -> None:
    rows = timeless(whole)
    assert [row["phase"] for row in rows] == ["imitate"] * 8 + ["reinforce"] * 3
    assert rows[7]["loss"] < rows[0]["loss"]
    assert {"reward", "success", "stage", "same_reward_groups"} <= set(rows[-1])
    written = json.loads((whole / "run.json").read_text())
    assert (written["status"], written["bundle"], written["plan"]["learns"]) == ("done", "toy", ["Sayer"])
    assert not (whole / "checkpoints").exists()


def test_adapters_resume_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    training(tmp_path / "whole", plan(lora=2)).go(resume=False)
    with monkeypatch.context() as patch:
        stop_at(patch, "reinforce", 1)
        with pytest.raises(KeyboardInterrupt):
            training(tmp_path / "run", plan(lora=2)).go(resume=False)
    training(tmp_path / "run", plan(lora=2)).go(resume=True)
    assert digest(tmp_path / "run") == digest(tmp_path / "whole")


def test_a_folder_of_another_run_is_refused(whole: Path) -> None:
    with pytest.raises(TrainError, match="another bundle"):
        training(whole, digest="other").go(resume=True)
    with pytest.raises(TrainError, match=r"another configuration \(imitation, reinforcement differ\)"):
        training(whole, plan(lora=4)).go(resume=True)
    with pytest.raises(TrainError, match="holds a run already"):
        training(whole).go(resume=False)


def test_a_finished_run_is_left_alone(whole: Path) -> None:
    before = digest(whole)
    assert training(whole).go(resume=True) == whole / "model"
    assert digest(whole) == before


def test_there_must_be_something_to_go_on_with(tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="holds no run"):
        training(tmp_path / "nothing").go(resume=True)
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(TrainError, match="not empty"):
        training(tmp_path).go(resume=False)
