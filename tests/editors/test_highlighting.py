"""The editor grammars against grammar/nex.lark: each word and token of real programs is what the parser says it is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lark import Lark, Token
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, Keyword, Number, String

from nexlang.highlight import NexLexer
from tests.editors.textmate import Grammar, pattern, scopes

ROOT = Path(__file__).parent.parent.parent
TEXTMATE = ROOT / "editors" / "textmate" / "nex.tmLanguage.json"
LITERALS = {
    "NUMBER": (Number, "constant.numeric"),
    "PERCENT": (Number, "constant.numeric"),
    "DURATION": (Number, "constant.numeric"),
    "STRING": (String, "string"),
    "TEXT": (String, "string"),
    "DOC": (String.Doc, "comment.block.documentation"),
    "COMMENT": (Comment, "comment"),
}


@cache
def lark() -> Lark:
    grammar = (ROOT / "grammar" / "nex.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=True)


@cache
def keywords() -> dict[str, str]:
    """The grammar's words, by terminal."""
    terminals = {t.name: t.pattern.value for t in lark().terminals if t.pattern.type == "str"}
    return {name: word for name, word in terminals.items() if word[0].isalpha()}


def programs() -> list[Path]:
    places = ("examples", "stdlib", "tests/conformance", "tests/editors")
    return sorted(path for place in places for path in (ROOT / place).rglob("*.nex"))


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a program as the grammar takes them where they stand, comments aside."""
    return (step for step in lark().parse_interactive(text).iter_parse())


@pytest.fixture(params=programs(), ids=lambda path: str(path.relative_to(ROOT)))
def program(request: pytest.FixtureRequest) -> str:
    text: str = request.param.read_text(encoding="utf-8")
    return text


def test_every_word_of_the_grammar_stands_in_the_programs() -> None:
    seen = {token.type for path in programs() for token in tokens(path.read_text(encoding="utf-8"))}
    assert not {word for name, word in keywords().items() if name not in seen}


def test_textmate_words(program: str) -> None:
    found = scopes(Grammar(TEXTMATE), program)
    wrong = []
    for token in tokens(program):
        scope = found[token.start_pos or 0]
        is_word = any(name.startswith("keyword.") for name in scope)
        if is_word != (token.type in keywords()) and token.type in (*keywords(), "NAME", "KEY"):
            wrong.append((token.line, str(token), token.type, scope))
    assert not wrong


def test_pygments_words(program: str) -> None:
    kinds = {at: kind for at, kind, _ in NexLexer().get_tokens_unprocessed(program)}
    wrong = []
    for token in tokens(program):
        kind = kinds[token.start_pos or 0]
        is_word = kind in Keyword and kind not in (Keyword.Type, Keyword.Constant)
        if is_word != (token.type in keywords()) and token.type in (*keywords(), "NAME", "KEY"):
            wrong.append((token.line, str(token), token.type, kind))
    assert not wrong


def test_literals(program: str) -> None:
    found = scopes(Grammar(TEXTMATE), program)
    kinds = {at: kind for at, kind, _ in NexLexer().get_tokens_unprocessed(program)}
    for token in tokens(program):
        if token.type in LITERALS:
            kind, scope = LITERALS[token.type]
            at = token.start_pos or 0
            assert kinds[at] in kind, (token.line, str(token))
            assert any(name.startswith(scope) for name in found[at]), (token.line, str(token), found[at])


def test_pygments_reads_everything(program: str) -> None:
    made = list(NexLexer(ensurenl=False, stripnl=False).get_tokens(program))
    assert "".join(text for _, text in made) == program
    assert not [text for kind, text in made if kind is Error]


def test_every_rule_compiles() -> None:
    for rule in Grammar(TEXTMATE).rules():
        for key in ("match", "begin", "end"):
            if key in rule:
                pattern(rule[key])


def test_pygments_finds_the_lexer_by_name() -> None:
    assert isinstance(get_lexer_by_name("nex"), NexLexer)


def test_vscode_ships_the_same_grammar() -> None:
    inside = ROOT / "editors" / "vscode" / "syntaxes" / "nex.tmLanguage.json"
    assert inside.read_bytes() == TEXTMATE.read_bytes()
