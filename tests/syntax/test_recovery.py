"""Mistakes: each file of the corpus with what is said about it, and promises that hold for any text.

`UPDATE=1 pytest tests/syntax/test_recovery.py` writes what is said anew.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import CORPUS, programs, source

from nexlang.diagnostics import Diagnostic, Source, render_json, render_text
from nexlang.syntax import Damage, parse, walk
from nexlang.syntax import nodes as n
from nexlang.syntax.lexer import MARK, SCAN

MISTAKES = sorted((CORPUS / "mistakes").glob("*.nex"))
PROGRAMS = programs()


def found(text: str) -> list[Diagnostic]:
    return parse(Source("test.nex", text)).diagnostics


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_what_is_said(path: Path) -> None:
    file = Source(path.name, path.read_text(encoding="utf-8"))
    said = render_text(parse(file).diagnostics, {file.path: file})
    expected = path.with_suffix(".txt")
    if os.environ.get("UPDATE"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_safe_fixes_mend(path: Path) -> None:
    """With all safe fixes made, no mistake that had one is left."""
    text = path.read_text(encoding="utf-8")
    for _ in range(6):
        edits = {
            (edit.span.start, edit.span.end, edit.text)
            for diagnostic in found(text)
            for fix in diagnostic.fixes[:1]
            for edit in fix.edits
            if fix.applicability == "safe"
        }
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
    assert [d.code for d in found(text) if any(fix.applicability == "safe" for fix in d.fixes)] == []


def test_five_mistakes_are_five_diagnostics() -> None:
    path = CORPUS / "mistakes" / "five_mistakes.nex"
    parsed = parse(source(path))
    assert len(parsed.diagnostics) == 5
    assert [d.name.name for d in parsed.module.decls] == ["Order", "Shop", "big", "label", "close", "wait"]  # type: ignore[attr-defined]


def test_the_good_part_is_kept() -> None:
    text = "fn f(x: Int) -> Int {\n  let a = 1\n  let b = ) ) (\n  let c = 3\n  return c\n}\n"
    parsed = parse(Source("test.nex", text))
    function = parsed.module.decls[0]
    assert isinstance(function, n.FunctionDecl)
    kinds = [type(statement).__name__ for statement in function.block.body]
    assert kinds.count("Let") >= 2
    assert kinds[-1] == "Return"
    assert len(parsed.diagnostics) == 1


def test_an_unclosed_brace_shows_both_places() -> None:
    text = "tool f() -> Int {\n  for x in xs {\n    add x to ys\n  return 1\n}\n"
    (diagnostic,) = found(text)
    assert text[diagnostic.span.start] == "{"
    assert text.count("\n", 0, diagnostic.span.start) == 1
    assert text[: diagnostic.labels[0].span.start].endswith("add x to ys")
    (edit,) = diagnostic.fixes[0].edits
    mended = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert mended == "tool f() -> Int {\n  for x in xs {\n    add x to ys\n  }\n  return 1\n}\n"


@pytest.mark.parametrize("name", ["arm", "repair", "warehouse"])
def test_any_brace_left_out_is_one_diagnostic_at_its_opener(name: str) -> None:
    """For every `}` that has a line of its own."""
    text = (CORPUS / "programs" / f"{name}.nex").read_text(encoding="utf-8")
    for opener, closer in own_line_pairs(text):
        line = text.rindex("\n", 0, closer)
        diagnostics = found(text[:line] + text[closer + 1 :])
        assert [(d.code, d.span.start) for d in diagnostics] == [("NEX0102", opener)]


def own_line_pairs(text: str) -> list[tuple[int, int]]:
    open_braces: list[int] = []
    pairs = []
    for token in SCAN.finditer(text):
        at = token.end() - 1
        if token[MARK] == "{":
            open_braces.append(at)
        elif token[MARK] == "}":
            pairs.append((open_braces.pop(), at))
    return [(a, b) for a, b in pairs if not text[text.rindex("\n", 0, b) : b].strip() and text[b + 1] == "\n"]


def test_a_rename_covers_every_use() -> None:
    (diagnostic,) = found("fn f(x: Int) -> Int {\n  let match = x\n  let y = match + 1\n  return match\n}\n")
    assert diagnostic.code == "NEX0105"
    assert len(diagnostic.fixes[0].edits) == 3


def test_messages_name_no_terminals() -> None:
    for path in MISTAKES:
        for diagnostic in found(path.read_text(encoding="utf-8")):
            said = f"{diagnostic.message} {diagnostic.caption}"
            assert not any(word in said for word in ("RSQB", "LBRACE", "VARIABLE", "KEY", "$END"))


DEEP = 10_000
NESTED = {
    "parentheses": f"let x = {'(' * DEEP}1{')' * DEEP}\n",
    "brackets": f"let x = {'[' * DEEP}1{']' * DEEP}\n",
    "mappings": f"let x = {'{a: ' * DEEP}1{'}' * DEEP}\n",
    "calls": f"let x = {'f(' * DEEP}1{')' * DEEP}\n",
    "open": f"let x = {'[' * DEEP}\n",
    "openers": "{" * DEEP,
    "closers": "}" * DEEP,
    "minus": f"let x = {'- ' * DEEP}1\n",
    "not": f"let x = {'not ' * DEEP}true\n",
    "sum": f"let x = {'1 + ' * DEEP}1\n",
    "fields": f"let x = a{'.b' * DEEP}\n",
    "defaults": f"let x = {'a ?? ' * DEEP}1\n",
    "blocks": f"fn f(x: Int) -> Int {{{'if x == 1 {' * DEEP}{'}' * DEEP}return 1 }}\n",
    "types": f"record A {{ a: {'[' * DEEP}Text{']' * DEEP} }}\n",
}


@pytest.mark.parametrize("name", NESTED)
def test_deep_nesting_is_one_diagnostic(name: str) -> None:
    parsed = parse(Source("test.nex", NESTED[name]))
    assert len(parsed.diagnostics) == 1
    assert len(list(walk(parsed.module))) < 10_000


def test_deep_nesting_spares_the_rest() -> None:
    parsed = parse(Source("test.nex", f"let a = 1\n\n{NESTED['brackets']}\nlet b = 2\n"))
    assert [d.code for d in parsed.diagnostics] == ["NEX0119"]
    assert [decl.name.name for decl in parsed.module.decls] == ["a", "b"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"[:0] + "\n"])
def test_an_empty_file_is_one_diagnostic(text: str) -> None:
    assert [d.code for d in found(text)] == ["NEX0194"]


def test_many_mistakes_end() -> None:
    started = time.monotonic()
    assert 0 < len(found("let = = =\n)\n" * 3000)) <= 100
    assert time.monotonic() - started < 30


def check(text: str) -> None:
    """Nothing raises, whatever the text; a mistake has a place in the file."""
    file = Source("test.nex", text)
    parsed = parse(file)
    for diagnostic in parsed.diagnostics:
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
    for node in walk(parsed.module):
        assert 0 <= node.start <= node.end <= len(text)
    render_text(parsed.diagnostics, {"test.nex": file}, color=True)
    render_json(parsed.diagnostics, {"test.nex": file})


PIECES = [
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    "x",
    '"',
    '"""',
    "let",
    "if",
    ",",
    ";",
    "=",
    "%",
    "##",
    "'",
    "else",
    ":",
    "\n",
    "é",
]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_a_broken_program_does_not_raise(seed: int) -> None:
    rng = random.Random(seed)
    text = source(rng.choice(PROGRAMS)).text
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(text))
        text = (
            text[:at] + rng.choice(["", rng.choice(PIECES), f" {rng.choice(PIECES)} "]) + text[at + rng.randrange(8) :]
        )
    check(text)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("{}()[]\"'#=:,.+-*/<>?!&|%;@\\ \n\tabAZ09_é\u201c\x00")), max_size=80))
def test_any_text_does_not_raise(text: str) -> None:
    check(text)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from([*PIECES, "tool", "fn", "record", "agent", "for", "in", "match", "is", "1", "f", "->"]),
        max_size=40,
    )
)
def test_any_words_do_not_raise(words: list[str]) -> None:
    check(" ".join(words))


def test_what_later_passes_say_about_damage_is_an_echo() -> None:
    text = "fn f(x: Int) -> Int {\n  let y = ) (\n  return y\n}\nfn g() -> Int { return 1 }\n"
    file = Source("test.nex", text)
    damage = Damage()
    parsed = parse(file)
    damage.add(file, parsed.damaged, parsed.module)
    line = text.index("let y")
    here = Diagnostic("NEX0205", "error", "there is no `y` here", _span(line))
    there = Diagnostic("NEX0205", "error", "there is no `z` here", _span(text.index("fn g")))
    assert damage.echoes(here)
    assert not damage.echoes(there)


def _span(at: int):  # type: ignore[no-untyped-def]
    from nexlang.diagnostics import Span

    return Span("test.nex", at, at + 1)


@pytest.mark.parametrize(
    "text", ["\x00" * 10**6, "'a' " * 10**5, "fn f() {\n" * 10**5, "[1 2 " * 10**5, "x = = 1\n" * 10**5]
)
def test_a_megabyte_of_mistakes_ends(text: str) -> None:
    started = time.monotonic()
    assert 0 < len(found(text)) <= 100
    assert time.monotonic() - started < 60
