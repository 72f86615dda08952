"""The one grammar drives decoders, too: what a mask from it lets through parses, and every program gets through."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import llguidance
import pytest

from nexlang.diagnostics import Source
from nexlang.syntax import format as formatted
from nexlang.syntax import parse
from nexlang.syntax.constraint import decoder_grammar

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(path for room in ("stdlib", "examples", "tests/codegen") for path in (ROOT / room).rglob("*.nex"))
NOT_PROGRAMS = [
    "import std.models",
    "tol double(x: Int) -> Int { return x }",
    "fn f(x: Int) -> Int { while x > 0 { } }",
    "fn f(x: Int) -> Int { let if = 3 }",
    "record R { id Text }",
    "fn f(x: Int) -> Int { return x && x }",
    'world W { """ }',
]


@cache
def compiled() -> tuple[Any, str]:
    return llguidance.LLTokenizer("byte"), llguidance.LLMatcher.grammar_from_lark(decoder_grammar())


def matcher() -> Any:
    return llguidance.LLMatcher(*compiled())


def taken(text: str) -> tuple[int, bool]:
    """How many bytes of a text the decoder would let through, and whether it may end there."""
    tokens = list(text.encode())
    mask = matcher()
    length = mask.validate_tokens(tokens)
    mask.consume_tokens(tokens[:length])
    return length, length == len(tokens) and mask.is_accepting()


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_formatted_program_gets_through(path: Path) -> None:
    text = formatted(Source(path.name, path.read_text(encoding="utf-8")))
    length, ended = taken(text)
    assert ended, text.encode()[max(0, length - 80) : length + 20]


@pytest.mark.parametrize("text", NOT_PROGRAMS)
def test_what_is_no_program_is_stopped(text: str) -> None:
    assert not taken(text)[1]


def test_whatever_is_written_under_the_mask_parses() -> None:
    ended = 0
    for seed in range(60):
        text, done = written(random.Random(seed))
        ended += done
        assert not done or parse(Source("made.nex", text)).diagnostics == [], text
    assert ended >= 5, "too few random texts came to an end for the test to mean anything"


def written(chance: random.Random) -> tuple[str, bool]:
    """A text written letter by letter, each one of those that the mask allows."""
    mask = matcher()
    text = bytearray()
    for length in range(600):
        allowed = [byte for byte in range(32, 127) if mask.validate_tokens([byte])]
        if not allowed or (length > 100 and mask.is_accepting()):
            break
        closing = [byte for byte in allowed if byte in b'})]" '] if length > 60 else []
        byte = chance.choice(closing or allowed)
        text.append(byte)
        mask.consume_token(byte)
    return text.decode(), mask.is_accepting()
