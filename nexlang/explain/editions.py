"""From edition to edition: what a new edition asks of programs that the one before did not, and who mends it.

A migration is the codes of the diagnostics that an edition brought along and whose fixes keep a program's meaning.
Making those fixes, and no others, is the whole of it: a program that has none of them is of that edition already.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from nexlang.compiler import Compilation, compile
from nexlang.diagnostics.fixing import applied, choose


@dataclass(frozen=True, slots=True)
class Migration:
    """`codes` are those whose fixes bring a program to the edition; `brings` says what the edition asks."""

    edition: str
    codes: frozenset[str]
    brings: tuple[str, ...]


MIGRATIONS = {
    "2026": Migration(
        "2026",
        frozenset(("NEX0529", "NEX0852")),
        (
            "a prompt that prints a record says that JSON is meant: `{{ order | json }}`",
            "a `reads` or `writes` clause names only what is there",
        ),
    )
}
"""By edition, oldest first. The programs before 2026 had no edition, and need what 2026 brings."""
NEWEST = next(reversed(MIGRATIONS))
ROUNDS = 10
_EDITION = re.compile(r'^(\s*edition\s*=\s*)"([^"]*)"', re.MULTILINE)


@dataclass(slots=True)
class Migrated:
    """`before` and `texts` by path, the latter only where something changed; `made` counts the fixes."""

    before: dict[str, str]
    texts: dict[str, str]
    made: int
    left: Compilation


def migrated(paths: Sequence[Path], files: Collection[str], to: str = NEWEST) -> Migrated:
    """Programs brought to an edition; nothing is written. `files` are those that may change."""
    wanted = frozenset().union(*(each.codes for edition, each in MIGRATIONS.items() if edition <= to))
    checked = compile(list(paths))
    before = {name: source.text for name, source in checked.sources.items() if name in files}
    texts, made = dict(before), 0
    for _ in range(ROUNDS):
        chosen = choose([found for found in checked.diagnostics if found.code in wanted], files)
        if not chosen:
            break
        texts |= applied(chosen, texts)
        made += len(chosen)
        checked = compile(list(paths), texts)
    changed = {name: text for name, text in texts.items() if text != before[name]}
    return Migrated(before, changed, made, checked)


def manifest(text: str, to: str = NEWEST) -> str:
    """A `nex.toml` that names the edition."""
    return _EDITION.sub(lambda match: f'{match[1]}"{to}"', text, count=1)
