"""Texts: escapes, indents and the expressions between `{{` and `}}`."""

from __future__ import annotations

import pytest
from trees import tree

from nexlang.diagnostics import Diagnostic, Source
from nexlang.syntax import dedent, nodes, parse, text_parts, unescape


def parts(text: str) -> tuple[list[str], list[Diagnostic], Source]:
    """The parts of the text in `let x = …`; an expression as its text in the file."""
    source = Source("test.nex", f"let x = {text}")
    module = parse(source).module
    declared = module.decls[0]
    assert isinstance(declared, nodes.ConstDecl)
    assert isinstance(declared.value.expr, nodes.Str)
    found, diagnostics = text_parts(declared.value.expr, source)
    shown = [part if isinstance(part, str) else f"<{source.text[part.start : part.end]}>" for part in found]
    return shown, diagnostics, source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"plain"', ["plain"]),
        ('""', []),
        ('"{{ a }}"', ["<a>"]),
        ('"a {{ b.c }} d {{ e(1) }}"', ["a ", "<b.c>", " d ", "<e(1)>"]),
        ('"{{ a["x"] }}"', ['<a["x"]>']),
        ('"{{ f("}}") }}!"', ['<f("}}")>', "!"]),
        ('"""{{ x with { a: { b: 1 } } }}"""', ["<x with { a: { b: 1 } }>"]),
        (r'"\{{ a }}"', ["{{ a }}"]),
        ('"{a} }}"', ["{a} }}"]),
        (r'"a\n\t\"\\é\u{1F600}"', ['a\n\t"\\é😀']),
        ('"""\n    One {{ a }}\n      two\n\n    three\n  """', ["One ", "<a>", "\n  two\n\nthree"]),
        ('"""{"a": {"b": 1}}"""', ['{"a": {"b": 1}}']),
    ],
)
def test_parts(text: str, expected: list[str]) -> None:
    shown, diagnostics, _ = parts(text)
    assert diagnostics == []
    assert shown == expected


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ('"a {{ b"', "NEX0120", "{{"),
        ('"a {{ }}"', "NEX0121", "{{ }}"),
        (r'"C:\data"', "NEX0122", r"\d"),
        (r'"""a \q {{ b }} \z"""', "NEX0122", r"\q"),
        ('"{{ a = b }}"', "NEX0108", "="),
        ('"{{ a b }}"', "NEX0107", "b"),
        ('"{{ a && b }}"', "NEX0115", "&&"),
        ('"{{ ' + "(" * 500 + ' }}"', "NEX0119", "("),
        ('"{{ ' + "[" * 150 + "]" * 150 + ' }}"', "NEX0119", "["),
    ],
)
def test_mistakes(text: str, code: str, at: str) -> None:
    _, diagnostics, source = parts(text)
    assert diagnostics[0].code == code
    assert source.text[diagnostics[0].span.start : diagnostics[0].span.end].startswith(at)


def test_a_mistake_in_an_expression_leaves_a_missing() -> None:
    source = Source("test.nex", 'let x = "{{ a + }} b"')
    declared = parse(source).module.decls[0]
    assert isinstance(declared, nodes.ConstDecl)
    assert isinstance(declared.value.expr, nodes.Str)
    found, diagnostics = text_parts(declared.value.expr, source)
    assert isinstance(found[0], nodes.Missing)
    assert found[1] == " b"
    assert len(diagnostics) == 1


def test_dedent() -> None:
    assert dedent("one line") == "one line"
    assert dedent("\n  a\n    b\n  ") == "a\n  b"
    assert dedent("\n\n  a\n") == "\na"
    assert dedent("a\n  b") == "a\n  b"


def test_unescape() -> None:
    assert unescape(r"\n\{\}\\\"\q") == '\n{}\\"\\q'
    assert unescape("a\\\nb") == "ab"


def test_literals_are_unescaped() -> None:
    module = tree('record A { kind: "a\\"b" }\nenum B { c = "d" }')
    record = module.decls[0]
    assert isinstance(record, nodes.RecordDecl)
    literal = record.fields[0].type
    assert isinstance(literal, nodes.LiteralType)
    assert literal.value == 'a"b'
