"""The typed plan between a description and a program: every choice that was made, and from which words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

Difficulty = Literal["easy", "mixed", "hard"]


class Unserved(Exception):
    """The description asks for what cannot be served; the message names it."""

    user_fault = True


def plural(noun: str) -> str:
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    if noun.endswith("lf"):
        return noun[:-1] + "ves"
    return noun + ("es" if re.search(r"(?:s|x|ch|sh)$", noun) else "s")


@dataclass(frozen=True, slots=True)
class Node:
    """An agent of the tree: it holds tools, or it has delegates."""

    name: str
    doc: str
    tools: tuple[str, ...] = ()
    delegates: tuple[Node, ...] = ()

    def nodes(self) -> list[Node]:
        """This one and all below it, parents first."""
        return [self, *(node for child in self.delegates for node in child.nodes())]

    def lines(self, named: Callable[[str], str], indent: int = 0) -> list[str]:
        holds = f": {', '.join(map(named, self.tools))}" if self.tools else ""
        own = f"{'  ' * indent}{self.name}{holds}"
        return [own, *(line for child in self.delegates for line in child.lines(named, indent + 1))]


@dataclass(frozen=True, slots=True)
class Plan:
    """`nouns` maps the kit's nouns to the description's; `rules` the kit's constants to their values; `rows` the kit's
    nouns to how many there are. `unused` are words of the description that changed nothing."""

    kit: str
    nouns: Mapping[str, str]
    tools: tuple[str, ...]
    rules: Mapping[str, int]
    rows: Mapping[str, int]
    tasks: int
    held_out: int
    difficulty: Difficulty
    tree: Node
    language: str
    seed: int
    unused: tuple[str, ...] = ()

    def named(self, tool: str) -> str:
        """A tool's or constant's name in the plan's nouns."""
        names = {**self.nouns, **{plural(old): plural(new) for old, new in self.nouns.items()}}
        return "_".join(names.get(part, part) for part in tool.split("_"))

    def explain(self) -> str:
        """The plan for a reader, one choice a line."""
        rows = ", ".join(f"{count} {self.nouns[noun]} rows" for noun, count in self.rows.items())
        renamed = ", ".join(f"{old} → {new}" for old, new in self.nouns.items() if old != new)
        rules = ", ".join(f"{self.named(name)} = {value}" for name, value in self.rules.items())
        tree = self.tree.lines(self.named)
        lines = [
            f"kit         std.kits.{self.kit}",
            f"names       {renamed or 'as in the kit'}",
            f"rows        {rows}",
            f"tools       {', '.join(map(self.named, self.tools))}, decline",
            f"rules       {rules or 'as in the kit'}",
            f"tasks       {self.tasks}, {self.held_out} of them held out, {self.difficulty}",
            f"failures    in {self.language}",
            f"seed        {self.seed}",
            f"agents      {tree[0]}",
            *(f"            {line}" for line in tree[1:]),
            "actors      a caller who asks no model, and the first agent above",
        ]
        if self.unused:
            lines.append(f"not used    {', '.join(self.unused)}")
        return "\n".join(lines)
