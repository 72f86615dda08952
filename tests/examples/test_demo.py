"""The demo with the tiny model and two steps: every part runs, and the report holds what each of them found."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples import demo

pytest.importorskip("trl", reason="the [train] extra is not installed")
pytestmark = pytest.mark.torch


def test_from_the_program_to_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "OUT", tmp_path)
    monkeypatch.setattr(demo, "STEPS", {demo.TINY: 2})
    monkeypatch.setattr(demo, "packaged_gguf", lambda: None)
    demo.main()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    found = ("60 / 60", "recorded solution", "LeadByHand", "before training", "after training", "tiny random model")
    assert [part for part in found if part not in page] == []
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
