"""What is said about seeded mistakes: single edits of programs that are right, made by a fixed seed.

`python -m benchmarks mistakes` measures; `python -m benchmarks.bench_mistakes` lists what was not answered well.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.mistakes import habits, marks, meanings, names
from benchmarks.mistakes.ground import KINDS, ROOT, Ground, Seed, Verdict, judge, seeds
from benchmarks.table import Row
from nexlang.compiler import compile

MODULES = (names, marks, habits, meanings)
PROGRAMS = ("examples/*/*.nex", "stdlib/kits/*.nex", "tests/semantics/desk.nex", "tests/runtime/house.nex")
PROGRAMS += ("tests/semantics/language.nex", "tests/samples/*/*.nex", "tests/values/programs/*.nex")
PROGRAMS += ("tests/codegen/outside.nex", "tests/episodes/*.nex", "tests/conformance/gym/*.nex")
EACH = 12
SEED = 20


@cache
def corpus() -> list[Seed]:
    """At most `EACH` mistakes of a kind, spread over the programs."""
    files = [file for pattern in PROGRAMS for file in sorted(ROOT.glob(pattern))]
    grounds = [Ground.at(file) for file in files if not compile(file).diagnostics]
    chosen: list[Seed] = []
    for kind in KINDS:
        rng = random.Random(f"{SEED} {kind.name}")
        found = [seed for ground in grounds for seed in seeds(ground, kind, rng)]
        rng.shuffle(found)
        chosen += found[:EACH]
    return chosen


def verdict(seed: Seed) -> Verdict:
    return judge(seed, compile(seed.file, {str(seed.file): seed.text}).diagnostics)


def rows() -> Iterator[Row]:
    verdicts = [verdict(seed) for seed in corpus()]
    total = len(verdicts)
    with_way_out = [found.suggested for found in verdicts if found.suggested is not None]
    yield Row("seeded mistakes", total, "edits", 500, most=False)
    yield Row("first diagnostic right", 100 * sum(found.right for found in verdicts) / total, "%", 95, most=False)
    yield Row("exact place", 100 * sum(found.exact for found in verdicts) / total, "%", 95, most=False)
    right = 100 * sum(with_way_out) / len(with_way_out)
    yield Row("first suggestion right, where one exists", right, "%", 80, most=False)
    yield Row("further diagnostics each", sum(found.extra for found in verdicts) / total, "", 0.1)


def main() -> None:
    """Each mistake that was not answered as it should be, and the kinds by how often that was."""
    missed: Counter[str] = Counter()
    for seed in corpus():
        found = compile(seed.file, {str(seed.file): seed.text}).diagnostics
        said = judge(seed, found)
        wrong = [("code", not said.right), ("place", not said.exact), ("fix", said.suggested is False)]
        faults = [name for name, is_wrong in wrong if is_wrong] + [f"+{said.extra}"] * (said.extra > 0)
        if faults and (len(sys.argv) < 2 or sys.argv[1] in seed.kind):
            missed[seed.kind] += 1
            print(f"== {seed.kind}: {', '.join(faults)}  ({Path(seed.file).name})")
            print(show(seed, found))
    for kind, count in missed.most_common():
        print(f"{count:4} {kind}")


def show(seed: Seed, found: list) -> str:  # type: ignore[type-arg]
    start, end = seed.spans[0]
    line = seed.text.count("\n", 0, start) + 1
    context = seed.text.splitlines()[max(line - 2, 0) : line + 1]
    lines = [
        f"   {line}: wanted {seed.text[start:end]!r} {sorted(seed.codes)}",
        *(f"      | {text}" for text in context),
    ]
    for each in found[:3]:
        marked = seed.text[each.span.start : each.span.end]
        at = seed.text.count("\n", 0, each.span.start) + 1
        fix = [edit.text for fix in each.fixes[:1] for edit in fix.edits]
        lines.append(f"   {at}: {each.code} {each.message} {marked!r} -> {fix}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
