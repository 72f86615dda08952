"""`nexc explain`: the page of a diagnostic's code, or what a declaration of a program is, does and may use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nexlang.cli import Refused
from nexlang.cli.common import Format, colored, out, out_json

if TYPE_CHECKING:
    from nexlang.diagnostics import Code
    from nexlang.diagnostics.pages import Page


def command(
    code: str = typer.Argument(
        "",
        metavar="[CODE | FILE[:NAME]]",
        help="A code such as NEX0203, or its name; or a program, with one of its names. Nothing lists all codes.",
    ),
    budget: bool = typer.Option(False, "--budget", help="Of a program: the most that its agents may use."),
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Explain a diagnostic's code, or a declaration of a program: what it does, who uses it, what it may cost."""
    from nexlang.diagnostics.pages import all_codes, page

    if place := located(code):
        return declared(*place, budget, format)
    if budget:
        raise Refused("--budget wants a program: nexc explain FILE --budget")
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


def located(text: str) -> tuple[Path, str] | None:
    """The program and the name that `FILE:NAME` means; None where it means a code."""
    path, colon, name = text.rpartition(":")
    if colon and (path.endswith(".nex") or Path(path).exists()):
        return Path(path), name
    return (Path(text), "") if text.endswith(".nex") or (("/" in text or Path(text).is_dir()) and text) else None


def declared(path: Path, name: str, budget: bool, format: Format) -> int:
    from nexlang.cli.opening import program_at
    from nexlang.explain import budget as budgets
    from nexlang.explain import subject, text
    from nexlang.explain.index import Index

    index = Index(program_at(path))
    try:
        if budget:
            data: Any = budgets.budgets(index, name)
            said = budgets.table(data)
        elif name:
            data = subject.explain(index, name)
            said = text.explanation(data)
        else:
            data = [subject.explain(index, each) for each in index.own]
            said = "\n".join(text.explanation(each) for each in data if each["kind"] in text.ACTIVE)
    except subject.Unknown as unknown:
        raise unknown_name(path, unknown.name, unknown.known) from None
    if format is Format.json:
        out_json(data)
    else:
        out(said)
    return 0


def unknown_name(path: Path, name: str, known: list[str]) -> Refused:
    from nexlang.diagnostics.suggest import suggest

    near = suggest(name, known)
    return Refused(f"{path} declares no `{name}`" + (f"; did you mean `{near}`?" if near else ""))


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
