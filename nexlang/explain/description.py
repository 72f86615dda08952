"""What a name means: of the language, of the standard library, of a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nexlang.explain.subject import Data
from nexlang.ir.options import BLOCKS, Option
from nexlang.semantics.modules import STDLIB

TYPES = {
    "Bool": "true or false.",
    "Int": "A whole number of any size.",
    "Float": "A number as IEEE doubles have it.",
    "Decimal": 'An exact decimal number: `decimal("1.50")`. In data a text.',
    "Text": "A text; `{{ … }}` in it shows a value.",
    "Date": 'A day: `date("2025-01-31")`.',
    "Time": 'A moment, in UTC: `time("2025-01-31T12:00:00")`.',
    "TimeOfDay": 'What a clock shows: `time_of_day("08:30")`.',
    "Duration": "A length of time: `120ms`, `2m`, `1h`.",
    "Json": "Any JSON value.",
    "Call": "A checked tool call as data: tool, arguments, by, failed, code, result, at.",
    "Message": "What an actor said: by, text. Made by `Message(by: …, text: …)`, changed by `m with { text: … }`.",
    "Chance": "A stream of chance with a seed of its own: `dice: Chance`.",
    "Failure": "Why a call failed: code, message.",
    "Distribution": "How numbers spread: what a latency or a noise is drawn from.",
}


Library = Mapping[str, Mapping[str, Data]]
"""The declarations of each module, by name."""


def descriptions(name: str, modules: Library | None = None) -> list[Data]:
    """Everything of the language and its library that a name means, most likely first."""
    modules = library() if modules is None else modules
    return [*_builtins(name), *_types(name), *_library(name, modules), *_options(name)]


def everything() -> Iterator[tuple[str, list[str]]]:
    """The groups of what can be described, with their names."""
    from nexlang.semantics.builtins import NAMES

    yield "types", list(TYPES)
    yield "functions", sorted(NAMES)
    for module, declared in library().items():
        yield module, [name for name in declared if name != module]
    for block, options in BLOCKS.items():
        yield f"options of {block}", [str(name) for name in options]


# ---------------------------------------------------------------- the language


def _builtins(name: str) -> Iterator[Data]:
    from nexlang.semantics.builtins import AGGREGATES, BUILTINS, SPECIAL

    signatures = BUILTINS.get(name, ())
    if signatures:
        uses = [f"{name}({_params(each)}) -> {each.result}" for each in signatures]
        docs = list(dict.fromkeys(each.doc for each in signatures if each.doc))
        chance = any(each.chance for each in signatures)
        yield {"kind": "function", "name": name, "uses": uses, "doc": " ".join(docs), "chance": chance}
    if name in AGGREGATES:
        yield {"kind": "function", "name": name, "uses": [_AGGREGATES[name][0]], "doc": _AGGREGATES[name][1]}
    if name in SPECIAL:
        use, _, doc = SPECIAL[name].partition(": ")
        yield {"kind": "function", "name": name, "uses": [use], "doc": doc[:1].upper() + doc[1:]}


_AGGREGATES = {
    "count": ("count(x for x in xs if condition) -> Int", "How many there are, of a list, a table or a comprehension."),
    "sum": ("sum(x.price for x in xs) -> number", "The sum; 0 of nothing."),
    "any": ("any(condition for x in xs) -> Bool", "Whether it holds for one of them."),
    "all": ("all(condition for x in xs) -> Bool", "Whether it holds for each of them; it does for none."),
    "first": ("first(x for x in xs if condition) -> T?", "The first that there is; over a table it is a place."),
    "min": ("min(x for x in xs by x.price) -> T?", "The least, by what follows `by`; of two numbers the smaller."),
    "max": ("max(x for x in xs by x.price) -> T?", "The greatest, by what follows `by`; of two numbers the greater."),
    "sorted": ("sorted(x for x in xs by x.id desc) -> [T]", "In order of what follows `by`; equal ones as they came."),
    "group": ("group(x for x in xs by x.kind) -> {K: [T]}", "A map from what follows `by` to the list of its items."),
    "index": ("index(x for x in xs by x.id) -> {K: T}", "A map from what follows `by` to the item."),
}  # fmt: skip


def _params(signature: Any) -> str:
    params = [str(param) for param in signature.params]
    least = len(params) - signature.optional
    return ", ".join([*params[:least], *(f"{param} if given" for param in params[least:])])


def _types(name: str) -> Iterator[Data]:
    if name in TYPES:
        yield {"kind": "type", "name": name, "uses": [], "doc": TYPES[name]}


def _options(name: str) -> Iterator[Data]:
    """An option by its name, `limits.steps` or `steps` alone; a block by its own."""
    block, _, option = name.rpartition(".")
    for owner, options in BLOCKS.items():
        if owner == name and not block:
            lines = [_option(key, each) for key, each in options.items()]
            yield {"kind": "block", "name": owner, "uses": lines, "doc": ""}
        elif option in options and block in ("", owner):
            yield {"kind": "option", "name": f"{owner}.{option}", "uses": [_option(option, options[option])],
                   "doc": options[option].doc}  # fmt: skip


def _option(name: str, option: Option) -> str:
    bounds = [f"at least {option.low:g}"] if option.low is not None else []
    bounds += [f"more than {option.above:g}"] if option.above is not None else []
    bounds += [f"at most {option.high:g}"] if option.high is not None else []
    bounds += [f"one of {', '.join(option.choices)}"] if option.choices else []
    default = f", {option.default} where it is left out" if option.default is not None else ""
    return f"{name}: {option.type}{f' ({chr(44).join(bounds)})' if bounds else ''}{default}"


# ---------------------------------------------------------------- the library


def library() -> Library:
    """The declarations of each module of the standard library, read without checking it."""
    found: dict[str, dict[str, Data]] = {}
    for path in sorted(STDLIB.rglob("*.nex")):
        module = ".".join(["std", *path.relative_to(STDLIB).with_suffix("").parts])
        found[module] = _declared(path, module)
    return found


def _declared(path: Path, module: str) -> dict[str, Data]:
    from nexlang.diagnostics import Source
    from nexlang.syntax import parse

    text = path.read_text(encoding="utf-8")
    tree = parse(Source(path.name, text)).module
    found: dict[str, Data] = {}
    if tree.package is not None:
        found[module] = {"kind": "module", "name": module, "uses": [], "doc": _module_doc(text)}
    for decl in tree.decls:
        at = getattr(decl, "name", None)
        if at is not None and not getattr(decl, "private", False):
            name = at.name
            found[name] = {
                "kind": _kind(decl), "name": name, "module": module, "doc": decl.doc.text.strip() if decl.doc else "",
                "uses": [_head(text, decl)], "line": text.count("\n", 0, at.start) + 1,
            }  # fmt: skip
    return found


def _module_doc(text: str) -> str:
    """The `##` comment that a file begins with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("##"):
            break
        lines.append(line[2:].strip())
    return "\n".join(lines).strip()


def _kind(decl: Any) -> str:
    return str(getattr(decl, "kind", "") or type(decl).__name__.removesuffix("Decl").lower())


def _head(text: str, decl: Any) -> str:
    """A declaration up to its body; a short one whole."""
    begin = decl.start if decl.doc is None else text.index("\n", decl.doc.end) + 1
    whole = text[begin : decl.end].strip()
    body = getattr(getattr(decl, "block", None), "start", None)
    if body is not None:
        return text[begin:body].strip()
    return whole if whole.count("\n") < 12 else whole.partition("{")[0].strip()


def _library(name: str, modules: Library) -> Iterator[Data]:
    module, _, last = name.rpartition(".")
    for owner, declared in modules.items():
        if owner == name:
            yield declared[owner] | {"uses": [each["uses"][0] for key, each in declared.items() if key != owner]}
        elif last in declared and module in ("", owner):
            yield declared[last] | {"name": f"{owner}.{last}"}
