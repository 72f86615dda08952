"""Random programs and random texts, for as long as NEXLANG_FUZZ_SECONDS says (`make fuzz`), else some seconds.

What breaks a promise is written to a file and named with its seed.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from mutants import corpus, mutant
from oracle import Broken, hold, kept
from programs import program
from sentences import sentence

SECONDS = float(os.environ.get("NEXLANG_FUZZ_SECONDS", "12"))
SEED = int(os.environ.get("NEXLANG_FUZZ_SEED", "1"))
FOUND = os.environ.get("NEXLANG_FUZZ_FOUND")


def texts(make: Callable[[random.Random], str], share: float, folder: Path) -> tuple[int, int]:
    """How many texts were made and how many of them are programs without errors."""
    end = time.monotonic() + SECONDS * share
    made = sound = 0
    broken: list[str] = []
    while time.monotonic() < end or made < 10:
        rng = random.Random(f"{SEED} {made}")
        text = make(rng)
        try:
            sound += hold(text, rng).ok
        except Broken as error:
            path = kept(text, Path(FOUND) if FOUND else folder)
            broken.append(f"seed {SEED}, number {made}, {path}: {error}")
            if not FOUND:
                break
        made += 1
    assert not broken, "\n\n".join(broken[:5])
    return made, sound


def test_programs_that_mean_something(tmp_path: Path) -> None:
    made, sound = texts(program, 0.3, tmp_path)
    assert sound >= made / 2


def test_any_sentence_of_the_grammar(tmp_path: Path) -> None:
    texts(sentence, 0.3, tmp_path)


def test_mutants(tmp_path: Path) -> None:
    others = corpus()

    def make(rng: random.Random) -> str:
        whole = rng.choice(others) if rng.random() < 0.7 else program(rng)
        return mutant(whole, others, rng)

    texts(make, 0.4, tmp_path)


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "found").glob("*.txt")), ids=lambda path: path.stem)
def test_what_was_found_before(path: Path) -> None:
    """Texts that broke a promise once."""
    for number in range(5):
        hold(path.read_text(encoding="utf-8"), random.Random(number))


@pytest.mark.parametrize("number", range(20))
def test_sentences_parse(number: int) -> None:
    """The generator of sentences agrees with the parser about what the grammar is."""
    from nexlang.diagnostics import Source
    from nexlang.syntax import parse

    text = sentence(random.Random(number))
    assert [each for each in parse(Source("x.nex", text)).diagnostics if each.severity == "error"] in ([],), text
