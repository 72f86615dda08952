"""A kit's source, cut to the tools of a plan, with its constants set and its nouns renamed."""

from __future__ import annotations

import re
from importlib.resources import files

from nexlang.diagnostics.sources import Source
from nexlang.syntax import parse
from nexlang.syntax.nodes import ConstDecl, Decl, FunctionDecl
from nexlang.synth.lexicon import KITS, PHRASES, Kit
from nexlang.synth.plan import Plan, plural

FAIL = re.compile(r'fail (?P<code>\w+)\("(?P<text>(?:\\.|[^"\\])*)"\)')
SHOWN = re.compile(r"\{\{ .+? \}\}")


def kit_of(plan: Plan) -> Kit:
    return next(kit for kit in KITS if kit.name == plan.kit)


def kit_source(name: str) -> str:
    return (files("nexlang") / "stdlib" / "kits" / f"{name}.nex").read_text(encoding="utf-8")


def declarations(plan: Plan) -> str:
    """The kit's declarations for the plan, in the plan's nouns."""
    kit = kit_of(plan)
    source = Source(f"std/kits/{kit.name}.nex", kit_source(kit.name))
    chosen = [decl for decl in parse(source).module.decls if wanted(decl, kit, plan)]
    text = "\n\n".join(used(source, chosen))
    for name, value in plan.rules.items():
        text = re.sub(rf"(let {name} = )[\d_]+", rf"\g<1>{grouped(value)}", text)
    return renamed(in_language(text, plan.language), plan)


def wanted(decl: Decl, kit: Kit, plan: Plan) -> bool:
    """All but the tools that the plan leaves out."""
    if not isinstance(decl, FunctionDecl) or decl.kind != "tool":
        return True
    return decl.name.name in (kit.lookup, "decline", *plan.tools)


def used(source: Source, decls: list[Decl]) -> list[str]:
    """The declarations' texts without the constants and functions that no other one names."""
    texts = [text_of(source, decl) for decl in decls]
    return [text for decl, text in zip(decls, texts, strict=True) if not spare(decl, texts)]


def spare(decl: Decl, texts: list[str]) -> bool:
    if not isinstance(decl, ConstDecl) and not (isinstance(decl, FunctionDecl) and decl.kind == "fn"):
        return False
    return len(re.findall(rf"\b{decl.name.name}\b", "\n".join(texts))) == 1


def text_of(source: Source, decl: Decl) -> str:
    start = decl.doc.start if decl.doc else decl.start
    return source.text[start : decl.end].strip()


def grouped(value: int) -> str:
    """As the formatter writes a whole number of five digits or more."""
    return f"{value:_}" if value >= 10_000 else str(value)


# ---- names


def renamed(text: str, plan: Plan) -> str:
    """The text with the plan's nouns for the kit's, inside identifiers too, and the ids' letters with them."""
    changed = {old: new for old, new in plan.nouns.items() if old != new}
    for old, letter in letters(plan).items():
        text = text.replace(f'"{old[0].upper()}[0-9]{{3}}"', f'"{letter}\0[0-9]{{3}}"')
    text = text.replace("\0", "")
    if not changed:
        return text
    names = {form: put for old, new in changed.items() for form, put in forms(old, new)}
    pattern = re.compile("|".join(rf"(?<![a-z]){name}(?![a-z])" for name in sorted(names, key=len, reverse=True)))
    text = pattern.sub(lambda match: names[match[0]], text)
    return articles(text, set(changed.values()))


def forms(old: str, new: str) -> list[tuple[str, str]]:
    """Singular and plural, small and capital."""
    pairs = [(plural(old), plural(new)), (old, new)]
    return pairs + [(a.capitalize(), b.capitalize()) for a, b in pairs]


def articles(text: str, nouns: set[str]) -> str:
    """`a appointment` → `an appointment`, `an part` → `a part`."""
    for noun in nouns:
        article = "an" if noun[0] in "aeio" else "a"
        text = re.sub(rf"\b([Aa])n? (?={noun}\b)", lambda m, rest=article[1:]: f"{m[1]}{rest} ", text)  # type: ignore[misc]
    return text


def letters(plan: Plan) -> dict[str, str]:
    """The kit's noun → the letter that its ids begin with: the first letters of the plan's nouns, made different."""
    found: dict[str, str] = {}
    for old, new in plan.nouns.items():
        spare = [c for c in new.upper() + "XYZ" if c not in found.values()]
        found[old] = spare[0]
    return found


# ---- failures


def in_language(text: str, language: str) -> str:
    """Failures in another language name what they are about and then say the code's phrase."""
    phrases = PHRASES[language]
    if not phrases:
        return text
    return FAIL.sub(lambda m: f'fail {m["code"]}("{subject(m["text"])}: {phrases[m["code"]]}")', text)


def subject(text: str) -> str:
    shown = SHOWN.search(text)
    return shown[0] if shown else "-"


def not_found(plan: Plan, noun: str, id: str) -> str:
    """What the kit says of an id that does not exist."""
    phrases = PHRASES[plan.language]
    return f"{id}: {phrases['NotFound']}" if phrases else f"There is no {plan.nouns[noun]} {id}"
