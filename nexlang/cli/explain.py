"""`nexc explain`: the page of a diagnostic's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from nexlang.cli import Refused
from nexlang.cli.common import Format, colored, out, out_json

if TYPE_CHECKING:
    from nexlang.diagnostics import Code
    from nexlang.diagnostics.pages import Page


def command(
    code: str = typer.Argument("", help="A code such as NEX0203, or its name. Without one, all codes are listed."),
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Explain a diagnostic's code: what it means, an example that has it and one that has not."""
    from nexlang.diagnostics.pages import all_codes, page

    codes = all_codes()
    if not code:
        listing(codes, format)
        return 0
    entry = find(code, codes)
    found = page(entry.id)
    if found is None:
        raise RuntimeError(f"{entry.id} has no page")
    if format is Format.json:
        out_json(described(entry) | {"text": found.text, "fails": found.fails, "passes": found.passes})
    elif colored():
        pretty(found)
    else:
        out(found.text)
    return 0


def find(code: str, codes: dict[str, Code]) -> Code:
    named = {entry.name: entry for entry in codes.values()}
    entry = codes.get(code.upper()) or named.get(code.lower())
    if entry is None:
        from nexlang.diagnostics.suggest import suggest

        near = suggest(code.upper(), codes) or suggest(code.lower(), named)
        raise Refused(f"there is no code `{code}`" + (f"; did you mean {near}?" if near else ""))
    return entry


def described(entry: Code) -> dict[str, str]:
    return {"code": entry.id, "name": entry.name, "severity": entry.severity}


def listing(codes: dict[str, Code], format: Format) -> None:
    if format is Format.json:
        out_json([described(entry) for entry in codes.values()])
    else:
        out("\n".join(f"{entry.id}  {entry.name}" for entry in codes.values()))


def pretty(found: Page) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=min(100, Console().width))
    console.print(Markdown(found.text))
