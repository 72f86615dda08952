"""The committed tables, the hand-written lexer and the grammar say the same."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest
from lark import Lark
from lark.lexer import TerminalDef

from nexlang.syntax import lexer
from nexlang.syntax._tables import TABLES
from nexlang.syntax.build import BUILD
from nexlang.syntax.tables import STARTS, grammar_hash, grammar_path, make, tables

GRAMMAR = grammar_path().read_text(encoding="utf-8")
WRITE = "run `python -m nexlang.syntax.tables`"


@pytest.fixture(scope="module")
def lark() -> Lark:
    return Lark(GRAMMAR, parser="lalr", start=list(STARTS))


def test_the_tables_are_those_of_the_grammar() -> None:
    assert tables().hash == grammar_hash(GRAMMAR), WRITE
    assert json.loads(TABLES) == json.loads(json.dumps(make(GRAMMAR, strict=False))), WRITE


def test_every_process_makes_the_same_tables() -> None:
    code = (
        "from nexlang.syntax.tables import *; import json; print(json.dumps(make(grammar_path().read_text(), False)))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert made[0] == made[1] == made[2]
    assert json.loads(made[0]) == json.loads(TABLES)


@pytest.mark.skipif(find_spec("interegular") is None, reason="Lark's strict mode needs interegular")
def test_the_grammar_has_no_conflict() -> None:
    make(GRAMMAR, strict=True)


def test_no_state_takes_both_a_name_and_a_variable() -> None:
    assert not [state for state in tables().states if "NAME" in state and "VARIABLE" in state]


def test_every_builder_belongs_to_a_rule() -> None:
    assert set(BUILD) <= {rule.build for rule in tables().rules}


def test_rules_without_a_builder_give_lists() -> None:
    listed = {rule.build for rule in tables().rules if not rule.inlined and rule.build not in BUILD}
    transparent = {rule.origin for rule in tables().rules if rule.through >= 0 or rule.collapse}
    assert listed - transparent <= {
        "use_names", "params", "effects", "needs", "names", "case_names", "args", "clauses", "props"
    }  # fmt: skip


TOKENS = [
    ("name", "NAME", lexer.NAME), ("_x1", "NAME", lexer.NAME), ("größe", "NAME", lexer.NAME),
    ("key:", "KEY", lexer.KEY), ("key \t:", "KEY", lexer.KEY),
    ("12", "NUMBER", lexer.NUMBER), ("1_000.5e-3", "NUMBER", lexer.NUMBER), ("3e4", "NUMBER", lexer.NUMBER),
    ("70%", "PERCENT", lexer.PERCENT), ("1.5%", "PERCENT", lexer.PERCENT),
    ("100ms", "DURATION", lexer.DURATION), ("2.5h", "DURATION", lexer.DURATION), ("3d", "DURATION", lexer.DURATION),
    ('""', "STRING", lexer.STRING), (r'"a \" b"', "STRING", lexer.STRING),
    ('"{{ a["x"] }} b"', "STRING", lexer.STRING), ('"{{"', "STRING", lexer.STRING),
    ('"""a "b" c\n"""', "TEXT", lexer.TEXT), ('""""""', "TEXT", lexer.TEXT),
    ("## doc", "DOC", lexer.DOC), ("## a\n\n  ## b", "DOC", lexer.DOC),
    ("# note", "COMMENT", lexer.COMMENT), ("#", "COMMENT", lexer.COMMENT),
]  # fmt: skip


@pytest.mark.parametrize(("text", "terminal", "group"), TOKENS)
def test_both_lexers_know_the_token(lark: Lark, text: str, terminal: str, group: int) -> None:
    definition: TerminalDef = lark.get_terminal(terminal)
    import re

    pattern = re.compile(definition.pattern.to_regexp())
    found = pattern.match(text)
    assert found is not None
    assert found[0] == text
    mine = lexer.SCAN.match(text)
    assert mine is not None
    assert mine.lastindex == group
    assert mine.end() == len(text)


@pytest.mark.parametrize("text", ["'a'", "!", '"open', "$", '"""open'])
def test_no_lexer_knows_it(text: str) -> None:
    assert lexer.SCAN.match(text) is None


def test_parsing_imports_no_lark() -> None:
    code = (
        "import sys; from nexlang.syntax import parse; from nexlang.diagnostics import Source;"
        "parse(Source('a.nex', 'let x = 1')); assert 'lark' not in sys.modules and 'rich' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
