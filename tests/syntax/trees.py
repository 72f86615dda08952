"""What the syntax tests share: the programs of the repository, and comparing trees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nexlang.diagnostics import Source
from nexlang.syntax import parse
from nexlang.syntax.nodes import Module, Node

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "syntax"
FOLDERS = ("stdlib", "examples", "tests")


def programs() -> list[Path]:
    """Every .nex file of the repository that has no syntax mistake."""
    found = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.nex"))
    return [path for path in found if "mistakes" not in path.parts and not parse(source(path)).diagnostics]


def source(path: Path) -> Source:
    return Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))


def tree(text: str) -> Module:
    """The module of a text that must have no mistake."""
    parsed = parse(Source("test.nex", text))
    assert not parsed.diagnostics, parsed.diagnostics
    return parsed.module


def differences(a: object, b: object, places: bool = True, path: str = "") -> Iterator[str]:
    """Where two trees differ; `places` compares offsets too."""
    if type(a) is not type(b):
        yield f"{path}: {a!r} is not {b!r}"
    elif isinstance(a, Node):
        for name in type(a).__match_args__:
            if name != "comments" and (places or name not in ("start", "end")):
                yield from differences(getattr(a, name), getattr(b, name), places, f"{path}.{type(a).__name__}.{name}")
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield f"{path}: {len(a)} entries are not {len(b)}"
        for at, (left, right) in enumerate(zip(a, b, strict=False)):
            yield from differences(left, right, places, f"{path}[{at}]")
    elif a != b:
        yield f"{path}: {a!r} is not {b!r}"
