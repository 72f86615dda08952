"""The folder of a run: what it is, what it measured, and checkpoints that are whole or not there.

A checkpoint of the Hugging Face trainer counts only once it holds `nexlang.json`, which is written last and by rename;
one without it is what an interrupt left, and is thrown away.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nexlang.trainer.errors import TrainError

STATE = "nexlang.json"


class Store:
    """Paths and files of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run = folder / "run.json"
        self.metrics = folder / "metrics.jsonl"
        self.model = folder / "model"
        self.checkpoints = folder / "checkpoints"
        self.imitated = self.checkpoints / "imitated"

    def phase(self, name: str) -> Path:
        return self.checkpoints / name

    # ------------------------------------------------------------ beginning

    def begin(self, identity: Mapping[str, Any]) -> None:
        """Take a folder for a new run: an empty one, or one whose run never got as far as a checkpoint."""
        if self.run.exists() and self._has_progress():
            raise TrainError(f"{self.folder} holds a run already: go on with --resume, or choose another folder")
        if self.folder.exists() and any(self.folder.iterdir()) and not self.run.exists():
            raise TrainError(f"{self.folder} is not empty and holds no run: choose another folder")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rewind(0)
        write_json(self.run, {**identity, "status": "running"})

    def _has_progress(self) -> bool:
        return (
            self.model.exists()
            or any(self.checkpoints.glob(f"*/{STATE}"))
            or any(self.checkpoints.glob(f"*/*/{STATE}"))
        )

    def resume(self, identity: Mapping[str, Any]) -> bool:
        """Go on with the run in the folder; whether anything is left to do. Refuses that of another bundle or plan."""
        if not self.run.exists():
            raise TrainError(f"{self.folder} holds no run to go on with")
        written = read_json(self.run)
        for key, value in identity.items():
            if key in ("bundle", "plan") and written.get(key) != value:
                raise TrainError(f"{self.folder} is the run of {_difference(key, written.get(key), value)}")
        return bool(written.get("status") != "done")

    def finish(self, identity: Mapping[str, Any], results: Mapping[str, Any]) -> None:
        write_json(self.run, {**identity, "status": "done", **results})
        shutil.rmtree(self.checkpoints, ignore_errors=True)

    # ------------------------------------------------------------ checkpoints

    def last(self, phase: str) -> Path | None:
        """The last whole checkpoint of a phase; what is not whole goes."""
        found = {}
        for folder in self.phase(phase).glob("checkpoint-*"):
            if (folder / STATE).exists():
                found[int(folder.name.rpartition("-")[2])] = folder
            else:
                shutil.rmtree(folder, ignore_errors=True)
        return found[max(found)] if found else None

    def seal(self, phase: str, step: int, state: Mapping[str, Any]) -> None:
        """Make the trainer's checkpoint count, and drop those before it."""
        folder = self.phase(phase) / f"checkpoint-{step}"
        write_json(folder / STATE, {**state, "metrics_bytes": self.measured()})
        for older in self.phase(phase).glob("checkpoint-*"):
            if older != folder:
                shutil.rmtree(older, ignore_errors=True)

    def state(self, checkpoint: Path) -> dict[str, Any]:
        return read_json(checkpoint / STATE)

    # ------------------------------------------------------------ metrics

    def measured(self) -> int:
        return self.metrics.stat().st_size if self.metrics.exists() else 0

    def rewind(self, size: int) -> None:
        """Forget what was measured after a checkpoint: those steps are done again."""
        if self.measured() > size:
            os.truncate(self.metrics, size)

    def measure(self, row: Mapping[str, Any]) -> None:
        with self.metrics.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def rows(self) -> list[dict[str, Any]]:
        if not self.metrics.exists():
            return []
        return [json.loads(line) for line in self.metrics.read_text(encoding="utf-8").splitlines()]


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, path)


def read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainError(f"{path} cannot be read: {error}") from None
    if not isinstance(value, dict):
        raise TrainError(f"{path} is not what a run writes")
    return value


def _difference(key: str, written: Any, wanted: Any) -> str:
    if key == "bundle":
        return "another bundle: go on with that one, or choose another folder"
    names = [name for name in wanted if not isinstance(written, dict) or written.get(name) != wanted[name]]
    return f"another configuration ({', '.join(names)} differ): go on with the same one, or choose another folder"
