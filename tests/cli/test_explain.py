from __future__ import annotations

import json

import pytest

from nexlang.diagnostics.pages import all_codes
from tests.cli.conftest import Nexc


@pytest.mark.parametrize("code", all_codes())
def test_every_code_has_a_page(nexc: Nexc, code: str) -> None:
    done = nexc("explain", code)
    assert done.code == 0
    assert code in done.out


def test_by_name_and_in_any_case(nexc: Nexc) -> None:
    entry = all_codes()["NEX0101"]
    assert nexc("explain", "nex0101").out == nexc("explain", entry.name).out == nexc("explain", "NEX0101").out


def test_json(nexc: Nexc) -> None:
    found = json.loads(nexc("explain", "NEX0101", "--format", "json").out)
    assert found["code"] == "NEX0101" and found["fails"] and found["passes"] and found["text"]


def test_an_unknown_code(nexc: Nexc) -> None:
    done = nexc("explain", "NEX9101")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("nexc: there is no code `NEX9101`")


def test_all_of_them(nexc: Nexc) -> None:
    listed = nexc("explain").out.splitlines()
    assert [line.split()[0] for line in listed] == list(all_codes())
