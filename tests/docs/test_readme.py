"""The tour of the README: its tests pass, its environment verifies, and its mistake is answered as the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.diagnostics.render_text import render_text
from nexlang.worlds.setting import Setting
from nexlang.worlds.testing import run_tests
from nexlang.worlds.verify import verify
from tests.docs.snippets import page

README = Path(__file__).parent.parent.parent / "README.md"


@pytest.fixture
def tour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The program, with its files, in the current folder."""
    monkeypatch.chdir(tmp_path)
    found = page(README)
    for name, text in found.files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    return found.snippets[0].text


def test_it_is_short_formatted_and_works(tour: str) -> None:
    assert tour.count("\n") <= 40
    compiled = nexlang.compile("library.nex", {"library.nex": tour})
    bundle = bundle_of(compiled.program, compiled.data)
    assert all(result.passed for result in run_tests(bundle))
    assert verify(Setting.of(bundle, None)).ok


def test_it_is_formatted(tour: str) -> None:
    from nexlang.diagnostics import Source
    from nexlang.syntax import format

    assert format(Source("library.nex", tour)) == tour


def test_the_mistake_is_answered_as_shown(tour: str) -> None:
    wrong = nexlang.compile("library.nex", {"library.nex": tour.replace("book.copies > 0", "book.copys > 0")})
    shown = re.findall(r"```text\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert render_text(wrong.diagnostics, wrong.sources) in shown
