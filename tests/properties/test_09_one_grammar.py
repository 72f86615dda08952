"""Property 9: one grammar. It drives the parser, the decoder's mask, and the tests of every editor grammar."""

from __future__ import annotations

import json
import re
from pathlib import Path

import llguidance

from nexlang.highlight import NexLexer
from nexlang.syntax.constraint import decoder_grammar
from nexlang.syntax.tables import grammar_hash, grammar_path, tables

ROOT = Path(__file__).parents[2]


def grammar() -> str:
    return grammar_path().read_text(encoding="utf-8")


def test_there_is_one_grammar_file() -> None:
    found = [path for path in ROOT.rglob("*.lark") if ".venv" not in str(path) and "node_modules" not in path.parts]
    assert {path.resolve() for path in found} == {(ROOT / "grammar" / "nex.lark").resolve()}


def test_the_parser_is_made_from_it() -> None:
    assert tables().hash == grammar_hash(grammar())


def test_the_decoder_is_made_from_it() -> None:
    mask = llguidance.LLMatcher.grammar_from_lark(decoder_grammar())
    assert llguidance.LLMatcher.validate_grammar(mask) == ""
    assert all(f'"{word}"' in decoder_grammar() or f"/{word}\\s+/" in decoder_grammar() for word in tables().words)


def test_the_editors_know_its_words() -> None:
    words = set(re.findall(r'"([a-z]+)"', re.sub(r"^.*//.*$", "", grammar(), flags=re.M))) & set(tables().words)
    textmate = json.dumps(json.loads((ROOT / "editors" / "textmate" / "nex.tmLanguage.json").read_text("utf-8")))
    assert words == set(tables().words)
    for word in words:
        assert re.search(rf"\b{word}\b", textmate), word
        assert any(word in str(rules) for rules in NexLexer.tokens.values()), word
