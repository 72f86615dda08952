"""Did you mean: the one candidate that a misspelt name most likely stands for."""

from __future__ import annotations

from collections.abc import Iterable


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """The best candidate, or None where none is near.

    One that is equal but for case and underscores wins; a single candidate wins within half its length; otherwise the
    least edit distance wins, within a third of the name's length (at least one edit).
    """
    pool = sorted({candidate for candidate in candidates if candidate and candidate != name})
    plain = _plain(name)
    for candidate in pool:
        if _plain(candidate) == plain:
            return candidate
    limit = max(len(name) // 2, 1) if len(pool) == 1 else max((len(name) + 2) // 3, 1)
    ranked = sorted((distance(name, candidate, limit), candidate) for candidate in pool)
    if ranked and ranked[0][0] <= min(limit, max(len(name), len(ranked[0][1])) - 1):
        return ranked[0][1]
    return None


def surely(name: str, meant: str) -> bool:
    """Whether one is the other with a slip of the finger in it, and not just the nearest there is."""
    if _plain(name) == _plain(meant):
        return True
    slips = 2 if min(len(name), len(meant)) > 6 else 1
    return min(len(name), len(meant)) > 2 and distance(name, meant, slips) <= slips


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def distance(a: str, b: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours from `a` to `b`; `limit + 1` stands for more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
