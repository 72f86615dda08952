"""docs/library.md: what the standard library declares. `python -m tests.docs.library` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nexlang.explain.description import library

PAGE = Path(__file__).parent.parent.parent / "docs" / "library.md"
DOING = ("fn", "tool", "agent", "const")
INTRODUCTION = """# The standard library

Written in `.nex` like any program, in `stdlib/`: nothing in it could not be in a file of yours.
`use std.rewards { mentioned }` brings a name in; `nexc describe std.rewards.mentioned` shows it. This page is made from
the sources.

A kit is a world with its tools. It can be an environment's world as it is, or a part of a larger one:
`world Office { calendar: Calendar, files: Files }`.
"""


def page() -> str:
    return "\n".join([INTRODUCTION, *(line for name, declared in library().items() for line in module(name, declared))])


def module(name: str, declared: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A module: what it is for, its types at a glance, a line for each thing that it does."""
    yield f"## {name}\n\n{declared[name]['doc']}\n" if name in declared else f"## {name}\n"
    done = [one for one in declared.values() if one["kind"] in DOING]
    named = [f"`{one['name']}`" for one in declared.values() if one["kind"] not in (*DOING, "module")]
    if named:
        yield f"Declares {', '.join(named)}.\n"
    if done:
        yield "| | |\n| --- | --- |"
        for one in done:
            doc = str(one["doc"]).partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
            yield f"| `{head(one)}` | {doc} |"
        yield ""


def head(one: Mapping[str, Any]) -> str:
    """A signature in one line; of a constant, its name."""
    if one["kind"] == "const":
        return f"let {one['name']}"
    return " ".join(str(one["uses"][0]).partition("{\n")[0].split()).replace("|", "\\|").rstrip(" {")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
