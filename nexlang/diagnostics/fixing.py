"""Making the fixes that diagnostics carry: which of them go together, and what the texts are afterwards."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Iterator, Mapping

from nexlang.diagnostics.model import Diagnostic, Edit, Fix
from nexlang.diagnostics.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """A fix that is made, and the diagnostic it answers."""

    diagnostic: Diagnostic
    fix: Fix


def offered(diagnostic: Diagnostic, unsafe: bool = False) -> Fix | None:
    """The fix that may be made without asking: the first one, where it is safe (or `unsafe` ones are wanted too)."""
    fix = diagnostic.fixes[0] if diagnostic.fixes else None
    allowed = ("safe", "unsafe") if unsafe else ("safe",)
    return fix if fix is not None and fix.edits and fix.applicability in allowed else None


def choose(diagnostics: Iterable[Diagnostic], files: Collection[str], unsafe: bool = False) -> list[Chosen]:
    """The fixes that can be made together: all their edits are in `files`, and no two touch the same place.

    Of two that overlap the first in the text stays; the other is looked at again when the first has been made.
    """
    taken: dict[str, list[tuple[int, int]]] = {}
    chosen: list[Chosen] = []
    made: set[tuple[Edit, ...]] = set()
    for diagnostic in sorted(diagnostics, key=lambda found: (found.span.file, found.span.start, found.span.end)):
        fix = offered(diagnostic, unsafe)
        if fix is None or any(edit.span.file not in files for edit in fix.edits):
            continue
        if fix.edits not in made and any(_clash(edit, taken) for edit in fix.edits):
            continue
        chosen.append(Chosen(diagnostic, fix))
        if fix.edits not in made:
            made.add(fix.edits)
            for edit in fix.edits:
                insort(taken.setdefault(edit.span.file, []), (edit.span.start, edit.span.end))
    return chosen


def _clash(edit: Edit, taken: Mapping[str, list[tuple[int, int]]]) -> bool:
    """Whether an edit touches one of those before, which are in order: what is put in at an end touches it too."""
    places = taken.get(edit.span.file, [])
    at = bisect_right(places, (edit.span.end + 1,))
    return at > 0 and places[at - 1][1] >= edit.span.start


def applied(chosen: Iterable[Chosen], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts, by path, with the fixes made; only those that change."""
    edits: dict[str, set[Edit]] = {}
    for each in chosen:
        for edit in each.fix.edits:
            edits.setdefault(edit.span.file, set()).add(edit)
    return {file: edited(texts[file], found) for file, found in edits.items()}


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits made that do not overlap."""
    return "".join(_pieces(text, edits))


def _pieces(text: str, edits: Iterable[Edit]) -> Iterator[str]:
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        yield text[at : edit.span.start]
        yield edit.text
        at = max(edit.span.end, at)
    yield text[at:]
