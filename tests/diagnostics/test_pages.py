"""Every code has a page, and the examples on it are true."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.compiler import compile
from nexlang.diagnostics.pages import Page, all_codes, page

COUNTS_OTHERS = {"NEX0616"}
"""Codes that only come with others."""
CODES = sorted(code for code in all_codes() if code >= "NEX0200")
RUN = [code for code in CODES if "NEX0700" <= code < "NEX0900"]
SHOWN = [code for code in CODES if code not in RUN or ((shown := page(code)) is not None and shown.fails)]
"""Codes that a program can have; most of bundles and runs are about what no page could hold."""


def found(page: Page, example: str, folder: Path) -> list[str]:
    for name, text in page.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    program = folder / "main.nex"
    program.write_text(example, encoding="utf-8")
    return [diagnostic.code for diagnostic in compile(program).diagnostics]


def of(code: str) -> Page:
    result = page(code)
    assert result is not None, f"{code} has no page"
    return result


@pytest.mark.parametrize("code", SHOWN)
def test_the_example_that_fails_has_the_code_and_no_other(code: str, tmp_path: Path) -> None:
    codes = found(of(code), of(code).fails, tmp_path)
    assert code in codes if code in COUNTS_OTHERS else codes == [code]


@pytest.mark.parametrize("code", SHOWN)
def test_the_example_that_passes_has_none(code: str, tmp_path: Path) -> None:
    assert of(code).passes
    assert found(of(code), of(code).passes, tmp_path) == []


@pytest.mark.parametrize("code", CODES)
def test_the_page_explains(code: str) -> None:
    title, _, rest = of(code).text.partition("\n")
    assert title.startswith(f"# {code}: ")
    assert len(rest.partition("```")[0].split()) >= 12
