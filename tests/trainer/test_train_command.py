"""`nexc train` on a bundle: what it writes, what it refuses, and that the model it wrote can be used again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import write_bundle
from nexlang.cli.guard import guarded
from nexlang.trainer import errors
from nexlang.trainer.errors import TrainError
from nexlang.trainer.run import train

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compilation = nexlang.compile([Path(__file__).with_name("house.nex")])
    assert compilation.program is not None
    return write_bundle(compilation.program, compilation.data, tmp_path_factory.mktemp("house") / "house.nexb", True)


@pytest.fixture(scope="module")
def run(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("run") / "out"
    train(bundle, folder)
    return folder


def test_it_trains_both_phases_through_the_command(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert exit_code("train", str(bundle), "-o", str(out), "--steps", "1") == 0
    rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert [(row["phase"], row["step"]) for row in rows] == [("imitate", 1), ("reinforce", 1)]
    assert rows[1]["stage"] == "one"
    assert rows[1]["episodes"] == 2


def test_the_model_it_wrote_plays_and_trains_again(run: Path, bundle: Path, tmp_path: Path) -> None:
    assert exit_code("eval", str(bundle), "--policy", str(run / "model"), "-n", "1") == 0
    train(bundle, tmp_path / "again", model=str(run / "model"), steps=1)
    assert (tmp_path / "again" / "model" / "model.safetensors").exists()


def test_the_record_says_what_ran(run: Path) -> None:
    written = json.loads((run / "run.json").read_text())
    assert written["plan"]["name"] == "Both"
    assert written["plan"]["imitation"]["epochs"] == 2
    assert {"python", "torch", "trl"} <= set(written["versions"])
    assert set(written["last"]) == {"imitate", "reinforce"}


def exit_code(*words: str) -> int:
    """As the command line ends: Typer says so with `SystemExit`."""
    try:
        return guarded(words)
    except SystemExit as ended:
        return int(ended.code or 0)


def test_mistakes_are_one_line(bundle: Path, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, said in (
        (["train", str(bundle), "-o", str(run)], "holds a run already"),
        (["train", str(bundle), "-o", str(run), "--resume", "--seed", "1"], "another configuration (seed differ)"),
        (["train", str(bundle), "-o", str(tmp_path), "--run", "Other"], "there is no `train Other`"),
        (["train", str(bundle), "-o", str(tmp_path / "a"), "--model", str(tmp_path / "no.gguf")], "there is no file"),
        (["train", str(tmp_path / "nothing"), "-o", str(tmp_path)], "is no bundle"),
    ):
        assert exit_code(*words) == 1
        error = capsys.readouterr().err
        assert said in error
        assert "Traceback" not in error


def test_without_the_extra_one_line_names_it(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "NEEDED", ("torch", "a_package_that_is_not_there"))
    with pytest.raises(TrainError, match=r"pip install 'nexlang\[train\]'.*missing here: a_package_that"):
        train(bundle, tmp_path / "out")
