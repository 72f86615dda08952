from __future__ import annotations

from nexlang.ir.options import BLOCKS
from nexlang.semantics.builtins import AGGREGATES, SPECIAL
from tests.docs import library
from tests.docs.tables import PAGE, written


def test_tables_are_what_the_code_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == written(text), "run: python -m tests.docs.tables"


def test_every_table_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in ("functions", *BLOCKS) if f"<!-- {name} -->\n" not in text] == []


def test_special_functions_are_described() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in (*AGGREGATES, *SPECIAL) if f"`{name}" not in text] == []


def test_the_page_of_the_library_is_what_its_sources_say() -> None:
    assert library.PAGE.read_text(encoding="utf-8") == library.page(), "run: python -m tests.docs.library"
