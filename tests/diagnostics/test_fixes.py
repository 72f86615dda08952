"""How many codes carry a fix, and whether the fixes mend: the examples of the pages, with their fixes made."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from nexlang.compiler import compile
from nexlang.diagnostics import Diagnostic, all_codes, page
from nexlang.diagnostics.fixing import Chosen, applied

GOAL = 0.6
ON_TEXT = sorted(
    code for code in all_codes() if not "NEX0190" <= code < "NEX0200" and not code.startswith(("NEX07", "NEX08"))
)
"""Codes about the text of a program; the others are about files, bundles and runs."""
UNCOVERS = {"NEX0104", "NEX0201", "NEX0303", "NEX0407"}
"""Mending these can lead to the same again at another place."""


def diagnostics(code: str, folder: Path, text: str | None = None) -> list[Diagnostic]:
    found = page(code)
    assert found is not None
    for name, content in found.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    path = folder / "main.nex"
    path.write_text(text or found.fails, encoding="utf-8")
    return compile(path).diagnostics


@cache
def with_fix(folder: Path) -> frozenset[str]:
    """The codes whose page's example gets a fix."""
    found = set()
    for code in ON_TEXT:
        inside = folder / code
        inside.mkdir()
        found |= {each.code for each in diagnostics(code, inside) if each.code == code and each.fixes}
    return frozenset(found)


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    return with_fix(tmp_path_factory.mktemp("pages"))


def test_most_codes_carry_a_fix(fixed: frozenset[str]) -> None:
    share = len(fixed) / len(ON_TEXT)
    assert share >= GOAL, f"{share:.0%}; without: {', '.join(sorted(set(ON_TEXT) - fixed))}"


@pytest.mark.parametrize("code", ON_TEXT)
def test_the_fix_mends(code: str, tmp_path: Path) -> None:
    """With the first fix made, what it was for is gone, and the text still is one that can be read."""
    before = diagnostics(code, tmp_path)
    first = next((each for each in before if each.code == code and each.fixes), None)
    if first is None or first.fixes[0].applicability == "display":
        return
    main = str(tmp_path / "main.nex")
    texts = {main: (tmp_path / "main.nex").read_text(encoding="utf-8")}
    for edit in first.fixes[0].edits:
        texts.setdefault(edit.span.file, Path(edit.span.file).read_text(encoding="utf-8"))
    for name, text in applied([Chosen(first, first.fixes[0])], texts).items():
        Path(name).write_text(text, encoding="utf-8")
    after = compile(main).diagnostics
    assert unreadable(after) <= unreadable(before)
    assert code in UNCOVERS or count(code, after) < count(code, before)


def unreadable(found: list[Diagnostic]) -> int:
    return sum(each.code < "NEX0190" for each in found)


def count(code: str, found: list[Diagnostic]) -> int:
    return sum(each.code == code for each in found)
