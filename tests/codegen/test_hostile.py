"""A program as data may come from anyone: nothing in it becomes Python but identifiers and quoted texts."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from pydantic import ValidationError

from nexlang.codegen import generate
from nexlang.ir.model import Program

EVIL = 'x"""\nimport os\nos.system("true")\r\x0c\x85\u2028#'


def program(**more: Any) -> dict[str, Any]:
    return {
        "ir": 1, "name": "p", "package": "p", "edition": "1", "files": [],
        "records": [{"name": "R", "doc": "", "file": "a.nex", "line": 1, "fields": [
            {"name": "a", "type": {"kind": "text"}}]}],
        **more,
    }  # fmt: skip


def function(body: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "kind": "fn", "name": "f", "file": "a.nex", "line": 1, "params": [], "result": {"kind": "text"},
        "world": None, "effects": {}, "body": body, **more,
    }  # fmt: skip


def returning(value: Any) -> list[Any]:
    return [{"kind": "return", "line": 1, "value": value}]


def imported(text: str) -> set[str]:
    tree = ast.parse(text)
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize(
    "made",
    [
        program(functions=[function(returning({"kind": "lit", "value": EVIL}), doc=EVIL, file=EVIL)]),
        program(functions=[function(returning({"kind": "interp", "parts": [EVIL, "{", EVIL]}))]),
        program(package=EVIL),
        program(enums=[{"name": "E", "file": EVIL, "line": 1, "doc": EVIL, "cases": {"a": EVIL}}]),
        program(tests=[{"title": EVIL, "environment": None, "file": EVIL, "line": 1, "body": [
            {"kind": "expect", "line": 1, "test": "true", "text": EVIL, "subject": {"kind": "lit", "value": True}}]}]),
    ],
)  # fmt: skip
def test_texts_stay_texts(made: dict[str, Any]) -> None:
    for text in generate(Program.model_validate(made)).values():
        assert "os" not in imported(text)
        compile(text, "generated", "exec")


@pytest.mark.parametrize(
    "value",
    [
        {"kind": "local", "name": "__builtins__"},
        {"kind": "field", "of": {"kind": "lit", "value": "a"}, "name": "__class__"},
        {"kind": "is_case", "of": {"kind": "lit", "value": "a"}, "test": "record", "name": "R) or exec('1'"},
        {"kind": "as_case", "of": {"kind": "lit", "value": "a"}, "record": "__import__"},
        {"kind": "call_fn", "name": "exec", "args": []},
        {"kind": "const", "name": "missing"},
        {"kind": "builtin", "name": "eval", "args": [], "type": {"kind": "text"}},
    ],
)
def test_what_no_checker_lets_through_is_refused(value: dict[str, Any]) -> None:
    made = Program.model_validate(program(functions=[function(returning(value))]))
    with pytest.raises(ValueError):
        generate(made)


@pytest.mark.parametrize("name", ["a b", "a\n", "1a", "a;b", "ä", ""])
def test_names_are_identifiers(name: str) -> None:
    with pytest.raises(ValidationError):
        Program.model_validate(program(functions=[function([], name=name)]))
