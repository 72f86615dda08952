"""A small interpreter of TextMate grammars: enough for ours, so that the test needs nothing but Python.

`scopes(grammar, text)` gives for each character the names of the rules that cover it, as an editor would.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Rule = dict[str, Any]


@cache
def pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


@dataclass
class Open:
    """A begin/end rule that has begun."""

    rule: Rule
    names: tuple[str, ...]


class Grammar:
    def __init__(self, path: Path) -> None:
        self.data: Rule = json.loads(path.read_text(encoding="utf-8"))

    def flat(self, patterns: list[Rule]) -> Iterator[Rule]:
        for rule in patterns:
            include = rule.get("include")
            if include == "$self":
                yield from self.flat(self.data["patterns"])
            elif include:
                inner = self.data["repository"][include[1:]]
                yield from self.flat(inner["patterns"] if "patterns" in inner and "begin" not in inner else [inner])
            else:
                yield rule

    def rules(self) -> Iterator[Rule]:
        """Every rule that has a pattern."""
        yield from self.flat(self.data["patterns"])
        yield from self.flat([{"include": f"#{name}"} for name in self.data["repository"]])


def scopes(grammar: Grammar, text: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    stack: list[Open] = []
    for line in text.splitlines(keepends=True):
        found += line_scopes(grammar, line, stack)
    return found


def line_scopes(grammar: Grammar, line: str, stack: list[Open]) -> list[tuple[str, ...]]:
    out: list[tuple[str, ...]] = [()] * len(line)
    at = 0
    while at < len(line):
        names = stack[-1].names if stack else ()
        hit, rule = next_hit(grammar, line, at, stack)
        stop = hit.start() if hit else len(line)
        out[at:stop] = [names] * (stop - at)
        if hit is None or rule is None:
            break
        at = step(out, hit, rule, stack, at)
    if stack and "$" in stack[-1].rule["end"]:
        stack.pop()
    return out


def next_hit(grammar: Grammar, line: str, at: int, stack: list[Open]) -> tuple[re.Match[str] | None, Rule | None]:
    """The earliest match, the first rule winning among equals; an open rule's end is the first of its rules."""
    best: re.Match[str] | None = None
    chosen: Rule | None = None
    candidates: list[tuple[str, Rule]] = []
    if stack:
        candidates.append((stack[-1].rule["end"], {"ends": True}))
    patterns = stack[-1].rule.get("patterns", []) if stack else grammar.data["patterns"]
    candidates += [(rule.get("match") or rule["begin"], rule) for rule in grammar.flat(patterns)]
    for source, rule in candidates:
        hit = pattern(source).search(line, at)
        if hit and (best is None or hit.start() < best.start()) and (hit.end() > hit.start() or "ends" in rule):
            best, chosen = hit, rule
    return best, chosen


def step(out: list[tuple[str, ...]], hit: re.Match[str], rule: Rule, stack: list[Open], at: int) -> int:
    outer = stack[-1].names if stack else ()
    if "ends" in rule:
        closing = stack.pop()
        paint(out, hit, outer, {"endCaptures": closing.rule.get("endCaptures", {})}, "endCaptures")
        return max(hit.end(), at)
    if "begin" in rule:
        paint(out, hit, outer, rule, "beginCaptures")
        stack.append(Open(rule, (*outer, *[n for n in (rule.get("name"), rule.get("contentName")) if n])))
        return hit.end()
    paint(out, hit, outer, rule, "captures")
    return hit.end()


def paint(out: list[tuple[str, ...]], hit: re.Match[str], outer: tuple[str, ...], rule: Rule, captures: str) -> None:
    base = (*outer, rule["name"]) if "name" in rule else outer
    out[hit.start() : hit.end()] = [base] * (hit.end() - hit.start())
    for number, capture in rule.get(captures, {}).items():
        start, end = hit.span(int(number))
        out[start:end] = [(*base, capture["name"])] * (end - start)
