"""The tables of docs/language.md that are data in the code. `python -m tests.docs.tables` writes them anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from nexlang.ir.options import BLOCKS, Option
from nexlang.semantics.builtins import BUILTINS, Signature

PAGE = Path(__file__).parent.parent.parent / "docs" / "language.md"


def functions() -> str:
    rows = [f"| `{shown(name, sig)}` | {sig.doc} |" for name, sigs in BUILTINS.items() for sig in sigs]
    return "\n".join(["| function | gives |", "| --- | --- |", *rows])


def shown(name: str, sig: Signature) -> str:
    return f"{name}({', '.join(map(str, sig.params))}) -> {sig.result}".replace("|", "\\|")


def options(block: str) -> str:
    table: Mapping[str, Option] = BLOCKS[block]
    rows = [f"| `{name}` | {option.type} | {default(option)} | {option.doc} |" for name, option in table.items()]
    return "\n".join(["| option | type | default | |", "| --- | --- | --- | --- |", *rows])


def default(option: Option) -> str:
    return "" if option.default is None else f"`{option.default}`"


def written(text: str) -> str:
    """The page with each table between its two comments as the code says it."""
    tables = {"functions": functions(), **{block: options(block) for block in BLOCKS}}
    for name, table in tables.items():
        pattern = re.compile(rf"(<!-- {name} -->\n)(?:(?!<!--).)*(<!-- end -->)", re.DOTALL)
        text = pattern.sub(lambda found, table=table: f"{found[1]}{table}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
