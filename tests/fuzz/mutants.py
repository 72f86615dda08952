"""Texts that nobody would write: programs with pieces cut out, doubled, moved, or put in from elsewhere."""

from __future__ import annotations

import random
from pathlib import Path

from nexlang.syntax.lexer import SCAN

ROOT = Path(__file__).parents[2]
ODD = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    '"',
    '"""',
    "{{",
    "}}",
    "#",
    "##",
    "\n",
    "\t",
    "\0",
    "é",
    "\u2028",
    "😀",
    "\\",
    "%}",
]
ODD += [" = ", ": ", "->", "=>", "99999999999999999999999", "1e999", " in ", " if ", "tool ", "agent ", "private ", "-"]
ODD += ["{% for x in y %}", "{{ a.b.c }}", "'", "//", "&&", "not not ", "(((((((", "[[[[[[[["]


def corpus() -> list[str]:
    folders = ("stdlib", "examples", "tests")
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.nex"))
    return [path.read_text(encoding="utf-8") for path in paths]


def mutant(text: str, others: list[str], rng: random.Random) -> str:
    for _ in range(rng.choice([1, 1, 1, 2, 3, 6])):
        text = rng.choice([without, doubled, inserted, swapped, spliced, token_gone, token_other, cut_off])(
            text, others, rng
        )
    return text


def piece(text: str, rng: random.Random, most: int) -> tuple[int, int]:
    start = rng.randrange(len(text) + 1)
    return start, min(len(text), start + rng.randrange(1, most))


def without(text: str, others: list[str], rng: random.Random) -> str:
    start, end = piece(text, rng, rng.choice([2, 20, 200]))
    return text[:start] + text[end:]


def doubled(text: str, others: list[str], rng: random.Random) -> str:
    start, end = piece(text, rng, rng.choice([5, 50, 300]))
    return text[:end] + text[start:end] * rng.choice([1, 1, 3]) + text[end:]


def inserted(text: str, others: list[str], rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(ODD) + text[at:]


def swapped(text: str, others: list[str], rng: random.Random) -> str:
    (a, b), (c, d) = sorted([piece(text, rng, 40), piece(text, rng, 40)])
    return text if c < b else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def spliced(text: str, others: list[str], rng: random.Random) -> str:
    other = rng.choice(others)
    start, end = piece(other, rng, 120)
    at = rng.randrange(len(text) + 1)
    return text[:at] + other[start:end] + text[at:]


def token_gone(text: str, others: list[str], rng: random.Random) -> str:
    found = [match.span() for match in SCAN.finditer(text)]
    start, end = rng.choice(found) if found else (0, 0)
    return text[:start] + text[end:]


def token_other(text: str, others: list[str], rng: random.Random) -> str:
    found = [match.span() for match in SCAN.finditer(text)]
    if len(found) < 2:
        return text
    (start, end), (a, b) = rng.choice(found), rng.choice(found)
    return text[:start] + text[a:b] + text[end:]


def cut_off(text: str, others: list[str], rng: random.Random) -> str:
    return text[: rng.randrange(len(text) + 1)]
