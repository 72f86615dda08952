"""The page of a code: what it means, with an example that fails and one that passes."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from nexlang.diagnostics.model import Code
from nexlang.diagnostics.registry import CODES
from nexlang.diagnostics.slotted import dataclass, field

FOLDER = Path(__file__).parent / "pages"
FILE = re.compile(r"^```file (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXAMPLE = re.compile(r"^```nex (fails|passes)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """`text` is the whole page in Markdown; `fails` and `passes` are its examples, empty where it has none.

    `files` are those that stand beside the examples, by path.
    """

    code: str
    text: str
    fails: str
    passes: str
    files: dict[str, str] = field(default_factory=dict)


def page(code: str) -> Page | None:
    """The page of a code such as `NEX0101`, in any case; None where there is no such code."""
    path = FOLDER / f"{code.upper()}.md"
    if not re.fullmatch(r"NEX\d{4}", code.upper()) or not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    examples: dict[str, str] = dict(EXAMPLE.findall(text))
    return Page(code.upper(), text, examples.get("fails", ""), examples.get("passes", ""), dict(FILE.findall(text)))


def all_codes() -> dict[str, Code]:
    """Every code there is, by number; loads all of the `codes_…` modules."""
    for module in iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("codes_"):
            import_module(f"nexlang.diagnostics.{module.name}")
    return dict(sorted(CODES.items()))
