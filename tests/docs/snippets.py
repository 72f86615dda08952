"""The code in Markdown files. Blocks are fenced; what stands after ```` ```nex ```` says what a block is:

```nex                     a whole program: it checks
```nex shop                the same, and others may build on it by its name
```nex in shop             declarations after those of `shop` (`nex agents in shop` names the whole again)
```nex lines in shop       statements of a tool after those of `shop`
```nex fails NEX0312       a whole program that gets exactly this diagnostic (also with `in shop`, `lines in shop`)
```json data/shop.json     a file that the programs of the page may read (also `jsonl`, `text`)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(nex|json|jsonl|text)( [^\n]*)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINES = "tool example(id: Text) -> Text in {world} {{\n{body}\n  return id\n}}\n"


@dataclass(frozen=True)
class Snippet:
    """`text` is the whole program; `code` is what it must get, nothing where it is right."""

    page: str
    line: int
    text: str
    code: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Page:
    snippets: list[Snippet]
    files: dict[str, str]


def page(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    programs: dict[str, str] = {}
    snippets: list[Snippet] = []
    files: dict[str, str] = {}
    for block in FENCE.finditer(text):
        kind, words, body = block[1], (block[2] or "").split(), block[3]
        if kind != "nex":
            files |= {words[0]: body} if words else {}
            continue
        line = text.count("\n", 0, block.start()) + 1
        code = words.pop(words.index("fails") + 1) if "fails" in words else ""
        whole = program(words, body, programs)
        if words and words[0] not in ("in", "lines", "fails"):
            programs[words[0]] = whole
        snippets.append(Snippet(path.name, line, whole, code))
    return Page(snippets, files)


def program(words: list[str], body: str, programs: dict[str, str]) -> str:
    if "in" not in words:
        return body
    before = programs[words[words.index("in") + 1]]
    if "lines" in words:
        world = re.findall(r"^world (\w+)", before, re.MULTILINE)[0]
        body = LINES.format(world=world, body=body)
    return f"{before}\n{body}"
