"""Many mistakes, and mistakes without sense: how many diagnostics they give.

Five seeded mistakes in one program, each in another declaration, should give five. A random change of one token
(left out, doubled, swapped with the next, replaced by another of the file) is one mistake and should give one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

from benchmarks.bench_mistakes import PROGRAMS, corpus
from benchmarks.mistakes.ground import ROOT, Ground, Seed
from benchmarks.table import Row
from nexlang.compiler import compile
from nexlang.syntax.raw import Raw

GROUPS = 150
FIVE = 5
MUTATIONS = 1_000


def rows() -> Iterator[Row]:
    given = [len(compile(seeds[0].file, {str(seeds[0].file): text}).diagnostics) for seeds, text in fives()]
    yield Row("five mistakes at once", len(given), "programs", 100, most=False)
    yield Row("give exactly five", 100 * sum(count == FIVE for count in given) / len(given), "%", 80, most=False)
    yield Row("diagnostics of five, on average", sum(given) / len(given), "", 5.5)
    counts = [count for _, _, count in mutated() if count]
    yield Row("random changes of a token that are mistakes", len(counts), "edits", 500, most=False)
    share = 100 * sum(count == 1 for count in counts) / len(counts)
    yield Row("give exactly one diagnostic", share, "%", 85, most=False)
    yield Row("diagnostics of one, on average", sum(counts) / len(counts), "", 1.3)


# ---------------------------------------------------------------- five at once


def fives() -> Iterator[tuple[list[Seed], str]]:
    """Five seeds of one file, each of another kind and in another declaration, and the text with all of them."""
    rng = random.Random(5)
    by_file: dict[str, list[Seed]] = {}
    for seed in corpus():
        by_file.setdefault(str(seed.file), []).append(seed)
    grounds = {file: Ground.at(seeds[0].file) for file, seeds in by_file.items()}
    for _ in range(GROUPS):
        file = rng.choice(sorted(by_file))
        chosen = five(grounds[file], rng.sample(by_file[file], len(by_file[file])))
        if chosen:
            yield chosen, together(grounds[file].text, chosen)


def five(ground: Ground, seeds: list[Seed]) -> list[Seed]:
    """Five that have nothing to do with one another: they neither share a declaration nor touch a name in common."""
    chosen: list[Seed] = []
    taken: set[int] = set()
    for seed in seeds:
        at = declaration(ground, seed.edit.start)
        if at is None or at != declaration(ground, seed.edit.end) or at in taken or declares(seed):
            continue
        taken.add(at)
        chosen.append(seed)
        if len(chosen) == FIVE:
            return chosen
    return []


def declares(seed: Seed) -> bool:
    """Whether other declarations may stand or fall with this one: warnings wait until there is no error."""
    return seed.kind in (
        "a declaration that is there twice",
        "a value that nobody uses",
        "a statement after the return",
    )


def declaration(ground: Ground, at: int) -> int | None:
    return next((i for i, decl in enumerate(ground.module.decls) if decl.start <= at <= decl.end), None)


def together(text: str, seeds: list[Seed]) -> str:
    for seed in sorted(seeds, key=lambda seed: -seed.edit.start):
        text = text[: seed.edit.start] + seed.edit.new + text[seed.edit.end :]
    return text


# ---------------------------------------------------------------- random changes


@cache
def mutated() -> list[tuple[str, str, int]]:
    """(file, text, number of diagnostics) of each random change."""
    rng = random.Random(7)
    files = [file for pattern in PROGRAMS for file in sorted(ROOT.glob(pattern))]
    grounds = [Ground.at(file) for file in files if not compile(file).diagnostics]
    found = []
    for _ in range(MUTATIONS):
        ground = rng.choice(grounds)
        text = changed(ground, rng)
        found.append((str(ground.file), text, len(compile(ground.file, {str(ground.file): text}).diagnostics)))
    return found


def changed(ground: Ground, rng: random.Random) -> str:
    tokens = [token for token in ground.tokens if token.kind not in ("$END", "DOC")]
    at = rng.randrange(len(tokens) - 1)
    token, after, other = tokens[at], tokens[at + 1], rng.choice(tokens)
    text = ground.text
    way = rng.randrange(4)
    if way == 0:
        return text[: token.start] + text[token.end :]
    if way == 1:
        return text[: token.end] + " " + _text(text, token) + text[token.end :]
    if way == 2:
        between = text[token.end : after.start]
        return text[: token.start] + _text(text, after) + between + _text(text, token) + text[after.end :]
    return text[: token.start] + _text(text, other) + text[token.end :]


def _text(text: str, token: Raw) -> str:
    return text[token.start : token.end]


def main() -> None:
    """The random changes that give more than one diagnostic."""
    for file, text, count in mutated():
        if count > 1:
            found = compile(file, {file: text}).diagnostics
            print(f"== {file.rpartition('/')[2]}: {count}")
            for each in found[:4]:
                line = text.count("\n", 0, each.span.start) + 1
                print(f"   {line}: {each.code} {each.message} | {text.splitlines()[line - 1].strip()[:100]}")


if __name__ == "__main__":
    main()
