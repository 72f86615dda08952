"""The registry, and the pages of the codes for text that is not .nex."""

from __future__ import annotations

from pathlib import Path

import pytest

import nexlang
from nexlang.diagnostics import all_codes, page
from nexlang.diagnostics.registry import code as register

SYNTAX = sorted(code for code in all_codes() if code < "NEX0190")
FILES = sorted(code for code in all_codes() if "NEX0190" <= code < "NEX0200")


def test_every_code_has_a_page() -> None:
    assert [code for code in all_codes() if page(code) is None] == []


def test_every_page_has_a_code() -> None:
    folder = Path(nexlang.__file__).parent / "diagnostics" / "pages"
    assert sorted(path.stem for path in folder.glob("*.md")) == sorted(all_codes())


def test_numbers_and_names_are_unique() -> None:
    names = [code.name for code in all_codes().values()]
    assert len(names) == len(set(names))
    with pytest.raises(ValueError, match="twice"):
        register("NEX0101", "some-other-name", "message")
    with pytest.raises(ValueError, match="twice"):
        register("NEX9999", "unexpected", "message")


@pytest.mark.parametrize("code", SYNTAX)
def test_the_examples_are_true(code: str, tmp_path: Path) -> None:
    found = page(code)
    assert found is not None
    for text, expected in ((found.fails, [code]), (found.passes, [])):
        assert text
        path = tmp_path / "example.nex"
        path.write_text(text, encoding="utf-8")
        assert [d.code for d in nexlang.compile(path).diagnostics] == expected


@pytest.mark.parametrize("code", [*SYNTAX, *FILES])
def test_the_page_begins_with_its_code(code: str) -> None:
    found = page(code.lower())
    assert found is not None
    assert found.text.startswith(f"# {code}: {all_codes()[code].name}\n")


def test_no_such_page() -> None:
    assert page("NEX9998") is None
    assert page("../../secrets") is None
