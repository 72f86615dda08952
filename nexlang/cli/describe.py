"""`nexc describe`: what a name of the language, of the standard library or of a program is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from nexlang.cli import Refused
from nexlang.cli.common import Format, out, out_json

if TYPE_CHECKING:
    from nexlang.explain.subject import Data


def command(
    name: str = typer.Argument(
        "", metavar="[NAME | FILE[:NAME]]", help="`contains`, `Duration`, `std.text.words`, `limits.steps`, FILE:NAME."
    ),
    format: Format = typer.Option(Format.text, help="How to answer."),
) -> int:
    """Describe a name: a built-in, an option, what the standard library or a program declares. Nothing lists them."""
    from nexlang.cli.explain import located

    place = located(name) if name else None
    if place is not None:
        found: Any = of_program(*place)
    elif name:
        found = of_language(name)
    else:
        return listing(format)
    if format is Format.json:
        out_json(found)
    else:
        out("\n\n".join(said(each) for each in found))
    return 0


def of_program(path: Path, name: str) -> list[Data]:
    """One declaration of a program, or all of its own."""
    from nexlang.cli.explain import unknown_name
    from nexlang.cli.opening import program_at
    from nexlang.explain.index import Index
    from nexlang.explain.subject import Unknown, explain

    index = Index(program_at(path))
    try:
        found = [explain(index, each) for each in ([name] if name else index.own)]
    except Unknown as unknown:
        raise unknown_name(path, unknown.name, unknown.known) from None
    return [brief(each) for each in found]


def brief(data: Data) -> Data:
    """Of an explanation what is declared, without what is inferred."""
    from nexlang.explain.text import declared_lines

    uses = [data.get("signature") or f"{data['kind']} {data['name']}", *declared_lines(data)]
    place = {"file": data["file"], "line": data["line"]}
    return {"kind": data["kind"], "name": data["name"], "uses": uses, "doc": data.get("doc", ""), **place}


def of_language(name: str) -> list[Data]:
    from nexlang.explain.description import descriptions, everything

    found = descriptions(name)
    if not found:
        from nexlang.diagnostics.suggest import suggest

        near = suggest(name.rpartition(".")[2], {each for _, names in everything() for each in names})
        hint = f"; did you mean `{near}`?" if near else ". `nexc describe` lists what there is."
        raise Refused(f"nothing is called `{name}`{hint}")
    return found


def said(each: Data) -> str:
    where = f" of {each['module']}" if each.get("module") else ""
    place = f" ({each['file']}:{each['line']})" if each.get("file") else ""
    lines = [f"{each['name']}: {each['kind']}{where}{place}", ""]
    lines += [f"  {line}" for use in each["uses"] for line in use.splitlines()]
    if each["doc"]:
        lines += [""] * bool(each["uses"]) + [f"  {line}".rstrip() for line in each["doc"].splitlines()]
    return "\n".join(lines)


def listing(format: Format) -> int:
    from textwrap import fill

    from nexlang.explain.description import everything

    groups = dict(everything())
    if format is Format.json:
        out_json(groups)
        return 0
    for group, names in groups.items():
        out(f"{group}\n{fill(', '.join(names), 98, initial_indent='  ', subsequent_indent='  ')}")
    return 0
