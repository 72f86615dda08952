"""A check from the cache finds what a whole check finds, to the byte, whatever was edited before."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from edits import edit

from nexlang.cache import answers, check
from nexlang.diagnostics import render_json, render_text

ROOT = Path(__file__).parents[2]
EDITS = int(os.environ.get("NEXLANG_EDITS", "25"))
PROGRAMS = {
    "desk": ["examples/desk"],
    "thermostat": ["examples/thermostat"],
    "language": ["tests/semantics/language.nex"],
    "kitchen": ["tests/codegen/kitchen.nex"],
    "retail": ["tests/conformance/retail.nex"],
    "samples": ["tests/samples/arm", "tests/samples/repair"],
    "kits": ["stdlib/kits/orders.nex", "stdlib/kits/bookings.nex", "stdlib/text.nex"],
}


def shown(folder: Path, cache: Path | None) -> tuple[str, object]:
    found = check([folder], cache)
    return render_text(found.diagnostics, found.sources), render_json(found.diagnostics, found.sources)


@pytest.mark.parametrize("name", PROGRAMS)
def test_any_edits(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Edits pile up for a while, then are taken back: both sound and broken programs are left and come to."""
    folder = tmp_path / "program"
    folder.mkdir()
    for each in PROGRAMS[name]:
        source = ROOT / each
        if source.is_dir():
            shutil.copytree(source, folder, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder)
    whole = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.nex")}
    files = dict(whole)
    rng = random.Random(f"{name} {os.environ.get('NEXLANG_SEED', 0)}")
    partly = count_partly(monkeypatch)
    for number in range(EDITS):
        if rng.random() < 0.6:
            files = dict(whole)
            for path, text in whole.items():
                path.write_text(text, encoding="utf-8")
            shown(folder, tmp_path / "cache")
        path = edit(files, rng)
        assert shown(folder, tmp_path / "cache") == shown(folder, None), f"edit {number} of {path.name}"
        assert shown(folder, tmp_path / "cache") == shown(folder, None), f"edit {number}, unchanged"
    if name == "kitchen" and EDITS >= 25:
        assert partly, "no edit was checked in part"


def count_partly(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Collects the answers that were made by checking a part."""
    made: list[object] = []
    real = answers._edited

    def counting(*arguments: object) -> object:
        answer = real(*arguments)  # type: ignore[arg-type]
        if answer is not None:
            made.append(answer)
        return answer

    monkeypatch.setattr(answers, "_edited", counting)
    return made
