"""Random edits of programs, of the kinds that people make: small ones in bodies, and some that change everything."""

from __future__ import annotations

import random
import re
from pathlib import Path

WORD = re.compile(r"[A-Za-z_]\w*")
NUMBER = re.compile(r"\b\d+\b")
LINE = re.compile(r"[^\n]+\n")


def edited(text: str, rng: random.Random) -> str:
    act = rng.choice([misspelt, other_number, without_line, twice_a_line, commented, other_word, spaced, cut, swapped])
    return act(text, rng)


def misspelt(text: str, rng: random.Random) -> str:
    found = rng.choice(list(WORD.finditer(text)))
    at = rng.randrange(found.start(), found.end())
    return text[:at] + rng.choice(["", "x", text[at] * 2]) + text[at + 1 :]


def other_number(text: str, rng: random.Random) -> str:
    found = list(NUMBER.finditer(text))
    if not found:
        return text
    one = rng.choice(found)
    return text[: one.start()] + rng.choice(["0", "7", "true", '"x"', "1.5"]) + text[one.end() :]


def without_line(text: str, rng: random.Random) -> str:
    one = rng.choice(list(LINE.finditer(text)))
    return text[: one.start()] + text[one.end() :]


def twice_a_line(text: str, rng: random.Random) -> str:
    one = rng.choice(list(LINE.finditer(text)))
    return text[: one.end()] + one[0] + text[one.end() :]


def commented(text: str, rng: random.Random) -> str:
    one = rng.choice(list(LINE.finditer(text)))
    word = rng.choice(WORD.findall(text))
    return text[: one.end() - 1] + f"  # {word}\n" + text[one.end() :]


def other_word(text: str, rng: random.Random) -> str:
    """A word of the program where another stood."""
    found = list(WORD.finditer(text))
    one = rng.choice(found)
    return text[: one.start()] + rng.choice(found)[0] + text[one.end() :]


def spaced(text: str, rng: random.Random) -> str:
    one = rng.choice(list(LINE.finditer(text)))
    return text[: one.start()] + "\n" + text[one.start() :]


def cut(text: str, rng: random.Random) -> str:
    start = rng.randrange(len(text))
    return text[:start] + text[start + rng.randrange(1, 30) :]


def swapped(text: str, rng: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = rng.randrange(max(len(lines) - 1, 1))
    lines[at : at + 2] = reversed(lines[at : at + 2])
    return "".join(lines)


def edit(files: dict[Path, str], rng: random.Random) -> Path:
    """Edit one of the files in place, and say which."""
    path = rng.choice(sorted(files))
    files[path] = edited(files[path], rng) or "let a = 1\n"
    path.write_text(files[path], encoding="utf-8")
    return path
