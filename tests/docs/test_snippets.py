"""Every piece of .nex in the documentation is compiled: it checks, or it gets the code that the text says."""

from __future__ import annotations

from pathlib import Path

import pytest

import nexlang
from tests.docs.snippets import Snippet, page

ROOT = Path(__file__).parent.parent.parent
PAGES = {path.name: page(path) for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]}
SNIPPETS = [snippet for held in PAGES.values() for snippet in held.snippets]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_snippet(snippet: Snippet, tmp_path: Path) -> None:
    for name, text in PAGES[snippet.page].files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    program = tmp_path / "program.nex"
    program.write_text(snippet.text, encoding="utf-8")
    found = nexlang.compile([program]).diagnostics
    assert [f"{d.code}: {d.message}" for d in found if d.code != snippet.code] == []
    assert [d.code for d in found] == [snippet.code] * bool(snippet.code)


def test_there_are_snippets() -> None:
    assert len(PAGES["language.md"].snippets) > 25
    assert PAGES["README.md"].snippets
