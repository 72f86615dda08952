"""Property 10: source → tree → source → the same tree, comments included; program → IR → program."""

from __future__ import annotations

from pathlib import Path

import pytest

import nexlang
from nexlang.diagnostics import Source
from nexlang.ir.model import Program
from nexlang.syntax import format as formatted
from tests.syntax.trees import ROOT, differences, programs, source, tree

PROGRAMS = programs()
WHOLE = [path for path in PROGRAMS if nexlang.compile(path).ok]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: str(path.relative_to(ROOT)))
def test_source_survives(path: Path) -> None:
    before = source(path)
    once = formatted(before)
    assert formatted(Source(before.path, once)) == once
    assert not list(differences(tree(before.text), tree(once), places=False))
    assert comments(once) == comments(before.text)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: str(path.relative_to(ROOT)))
def test_programs_survive(path: Path) -> None:
    program = nexlang.compile(path).program
    text = program.model_dump_json(exclude_defaults=True)
    again = Program.model_validate_json(text)
    assert again == program
    assert again.model_dump_json(exclude_defaults=True) == text


def test_most_programs_of_the_repository_are_whole() -> None:
    assert len(WHOLE) >= 20


def comments(text: str) -> list[str]:
    module = tree(text)
    return [text[comment.start : comment.end].rstrip() for comment in module.comments]
