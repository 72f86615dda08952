"""Property 3: a file's code touches its world and nothing else; the rest is an extern, granted by name when it runs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nexlang
from nexlang.codegen import generate
from tests.running import invoke

ROOT = Path(__file__).parents[2]
PROGRAMS = [ROOT / "examples" / "desk" / "desk.nex", ROOT / "tests" / "codegen" / "kitchen.nex"]
OURS = {"nexlang.worlds.engine", "nexlang.runtime", "__future__", "typing", "collections.abc", "datetime", "decimal"}
FORBIDDEN = {"eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "globals", "input", "breakpoint"}


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_generated_code_reaches_the_engine_alone(path: Path) -> None:
    for name, text in generate(nexlang.compile(path).program).items():
        tree = ast.parse(text) if name.endswith(".py") else ast.Module([], [])
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= OURS, name
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert any((node.module or "").startswith(ours) for ours in OURS), f"{name} imports {node.module}"
            if isinstance(node, ast.Name):
                assert node.id not in FORBIDDEN, f"{name} calls {node.id}"


@pytest.mark.parametrize(
    "line",
    [
        'let x = open("/etc/passwd")',
        "let x = evaluate(\"__import__('os').system('id')\")",
        "let x = text.__class__",
        'let x = "{{ text.__class__.__mro__ }}"',
    ],
)
def test_what_python_or_a_template_would_reach_is_not_there(line: str) -> None:
    found = nexlang.compile("f.nex", {"f.nex": f"fn f(text: Text) -> Text {{ {line}  return text }}"})
    assert found.ok is ("evaluate" in line)
    if found.ok:
        return
    assert all(diagnostic.code.startswith("NEX0") for diagnostic in found.diagnostics)


def test_an_extern_needs_a_grant_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "outside.nex").write_text(OUTSIDE, encoding="utf-8")
    refused = invoke("run", tmp_path / "outside.nex", "Asker", "--input", '{"n": 1}')
    assert refused.exit_code != 0
    assert "--allow" in f"{refused.output}{refused.exception}"


OUTSIDE = """
extern tool root(n: Int) -> Int from python "math:isqrt" needs python
agent Asker(n: Int) -> Text {
  tools: [root]
  grants: [python]
  return "{{ root(n) }}"
}
"""
