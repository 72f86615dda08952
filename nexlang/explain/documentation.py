"""A program's documentation: its declarations in the order that one reads them, as plain data and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nexlang.explain import text
from nexlang.explain.drawing import mermaid
from nexlang.explain.graph import Graph, graph
from nexlang.explain.index import Index
from nexlang.explain.subject import Data, explain

SECTIONS = (
    ("Environments", ("environment",)), ("Agents", ("agent",)), ("Tools", ("tool",)), ("State", ("world",)),
    ("Types", ("record", "enum", "union", "type")), ("Functions", ("fn",)), ("Constants", ("let",)),
    ("Models", ("model",)), ("Training", ("train",)),
)  # fmt: skip


def documentation(index: Index) -> Data:
    """Everything that the program declares itself. `facts` of an item are what it does and may use, in lines."""
    items = [explain(index, name) for name in index.own]
    for item in items:
        item["facts"] = list(facts(item))
        item["prompt_source"] = _prompt(index, item["name"]) if item["kind"] == "agent" else ""
    sections = [
        {"title": title, "items": [item for item in items if item["kind"] in kinds]} for title, kinds in SECTIONS
    ]
    tests = [test.title for test in index.program.tests]
    name = index.program.package or index.program.name
    return {"name": name, "sections": [each for each in sections if each["items"]], "tests": tests}


def drawn(index: Index) -> Graph:
    """The tree of agents with what it touches, or the state alone where there are no agents."""
    return graph(index, "all" if index.agents else "state")


def _prompt(index: Index, name: str) -> str:
    from nexlang.syntax import dedent

    template = index.agents[name].prompt
    return dedent(template.source).strip("\n") if template else ""


def facts(item: Data) -> Iterator[tuple[str, str]]:
    """What an item does, holds and may use, a label and a line each; parameters, fields and rewards have tables."""
    if "agent_kind" in item:
        for label, value in text.agent_rows(item):
            yield label, value if isinstance(value, str) else "; ".join(value)
    if item.get("extern"):
        yield from text.extern_rows(item["extern"])
    if "effects" in item:
        yield from text.effect_rows(item["effects"])
    for each in item.get("around") or ():
        yield each["trigger"], each["name"]
    if item.get("budget"):
        yield "at most", "; ".join(text.budget_lines(item["budget"]))
    if "actors" in item:
        yield from text.course_rows(item)
        if item["judges"]:
            yield "judges", "; ".join(item["judges"])
        if item["stages"]:
            yield "stages", " → ".join(text.stage_line(each) for each in item["stages"])
    for key, label in (("type", "type"), ("target", "stands for"), ("environment", "environment"), ("base", "base")):
        if isinstance(item.get(key), str) and item[key]:
            yield label, item[key]
    if item.get("learns"):
        yield "learns", ", ".join(item["learns"])
    if item.get("cases"):
        yield "cases", ", ".join(str(case) for case in item["cases"])
    if item.get("typed_by"):
        yield "typed by", ", ".join(item["typed_by"])
    users = [use["by"] for use in item.get("used_by") or () if use["kind"] != "test"]
    if users:
        yield "used by", ", ".join(dict.fromkeys(users))


# ---------------------------------------------------------------- Markdown


def markdown(index: Index) -> str:
    """The documentation as Markdown. Texts of the program are escaped, so that none of them is markup."""
    data = documentation(index)
    picture = drawn(index)
    lines = [f"# {plain(data['name'])}", ""]
    lines += ["```mermaid", mermaid(picture).rstrip(), "```", ""] if picture.nodes else []
    for section in data["sections"]:
        lines += [f"## {section['title']}", ""]
        for item in section["items"]:
            lines += _item(item)
    if data["tests"]:
        lines += ["## Tests", "", *(f"- {plain(title)}" for title in data["tests"]), ""]
    return "\n".join(lines).rstrip() + "\n"


def _item(item: Data) -> list[str]:
    lines = [f"### {item['name']}", "", *_fenced(item.get("signature") or headline(item), "nex")]
    lines += [plain(item["doc"]), ""] if item["doc"] else []
    lines += [f"- **{label}** {plain(value)}" for label, value in item["facts"]]
    lines += [""] if item["facts"] else []
    for head, rows in tables(item):
        lines += [*_table(head, rows), ""]
    if item["prompt_source"]:
        lines += ["The prompt:", "", *_fenced(item["prompt_source"], "jinja")]
    return lines


def _fenced(said: str, language: str) -> list[str]:
    """A block of code that nothing in it can end."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", said)), default=0))
    return [f"{fence}{language}", said, fence, ""]


def headline(item: Data) -> str:
    return f"{item['kind']} {item['name']}"


def tables(item: Data) -> Iterator[tuple[Sequence[str], list[list[str]]]]:
    """The tables of an item: a head and rows of texts each."""
    if item.get("params"):
        rows = [[p["name"], p["type"], p["default"] or "", p["doc"]] for p in item["params"]]
        yield ("parameter", "type", "default", ""), rows
    if item.get("actors"):
        rows = [[a["role"], a["agent"], ", ".join(f"{k}: {v}" for k, v in a["args"].items())] for a in item["actors"]]
        yield ("role", "agent", "sees"), rows
    if item.get("components"):
        rows = [
            [c["name"], c["measure"], text.interval(c["low"], c["high"]), f"{c['weight']:g}",
             text.interval(*c["adds"]) + text.when(c)]
            for c in item["components"]
        ]  # fmt: skip
        yield ("reward", "measure", "range", "weight", "adds"), rows
    if item.get("dynamics"):
        yield ("dynamics",), [[line] for line in item["dynamics"]]
    for key, label in (("fields", "field"), ("slots", "slot")):
        if item.get(key):
            yield (label, "type", ""), [[each["name"], each["type"], each["doc"]] for each in item[key]]
    if item.get("processes"):
        said = [
            [each["name"], each["when"], "; ".join(" ".join(row) for row in text.effect_rows(each["effects"]))]
            for each in item["processes"]
        ]
        yield ("process", "when", "does"), said
    if item.get("failures"):
        yield (
            ("fails with", "line"),
            [
                [f"{each['code']}: {each['message']}" if each["code"] else each["message"], str(each["line"])]
                for each in item["failures"]
            ],
        )


def _table(head: Sequence[str], rows: list[list[str]]) -> list[str]:
    body = [f"| {' | '.join(plain(cell).replace(chr(10), ' ') for cell in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'|'.join(' --- ' for _ in head)}|", *body]


def plain(said: str) -> str:
    """A text of a program in Markdown, so that it stands there as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", said).replace("&", "&amp;")
