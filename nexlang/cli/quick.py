"""A short way for the commands that people and editors run all day: their plain forms need no Typer.

Typer with its validation takes longer to import than checking a thousand lines. What is not a plain form (help, an
unknown option, a missing path) is left to Typer, which knows how to say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from nexlang.cli.common import Report
from nexlang.collector import collector_paused

# The options of each quick command: the values that one takes, or none for a flag.
FLAG: dict[str, Any] = {}
TEXT: dict[str, Any] = {}
REPORTS: dict[str, Any] = {report.value: report for report in Report}
QUICK: dict[str, dict[str, dict[str, Any]]] = {
    "check": {
        "--format": REPORTS,
        "--fix": FLAG,
        "--unsafe-fixes": FLAG,
        "--diff": FLAG,
        "--rewards": FLAG,
        "--no-cache": FLAG,
    },
    "fmt": {"--check": FLAG, "--diff": FLAG, "--lines": TEXT},
}


def quick(words: Sequence[str]) -> int | None:
    """The exit code of a plain form of a quick command; None where Typer has to look at it."""
    found = read(words)
    if found is None:
        return None
    name, paths, options = found
    with collector_paused():
        code: int = import_module(f"nexlang.cli.{name}").command(paths, **options)
    return code


def read(words: Sequence[str]) -> tuple[str, list[Path], dict[str, Any]] | None:
    """The command, its paths and its options; None for anything that is not plain."""
    if not words or words[0] not in QUICK:
        return None
    known = QUICK[words[0]]
    paths: list[Path] = []
    options: dict[str, Any] = {}
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-") or word == "-":
            paths.append(Path(word))
        elif known.get(word) is FLAG:
            options[word[2:].replace("-", "_")] = True
        elif known.get(word) is TEXT and (value := next(rest, "")):
            options[word[2:]] = value
        elif word in known and (value := next(rest, "")) in known[word]:
            options[word[2:]] = known[word][value]
        else:
            return None
    return (words[0], paths, options) if paths else None
