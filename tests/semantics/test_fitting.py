"""Limits that cannot be used up, prompts that cannot fit, and how long a text is."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.semantics.tokens import estimate, of_template
from tests.semantics.programs import checked, codes, marked

HEAD = 'use std.models {{ endpoint }}\nmodel small = endpoint("small-model", max_tokens: 10{context})\n'


def agent(name: str, limits: str = "", delegates: str = "", prompt: str = "Do {{ q }}") -> str:
    lines = [f"  delegates: [{delegates}]"] if delegates else []
    lines += [f"  limits: {{ {limits} }}"] if limits else []
    body = "\n".join(["  model: small", *lines, f'  prompt: "{prompt}"'])
    return f"## {name}.\nagent {name}(q: Text) -> Text {{\n{body}\n}}\n"


def program(*agents: str, context: int | None = None) -> str:
    return HEAD.format(context=f", context: {context}" if context else "") + "".join(agents)


@pytest.mark.parametrize(
    ("lead", "other", "helper", "found"),
    [
        ("tokens: 500", "", "tokens: 400", []),
        ("tokens: 500", "", "tokens: 500", []),
        ("tokens: 500", "", "tokens: 501", [("NEX0851", "501")]),
        ("time: 1m", "", "time: 61s", [("NEX0851", "61s")]),
        ("time: 1m", "", "time: 60s", []),
        ("tokens: 500", "tokens: 900", "tokens: 600", []),
        ("tokens: 500", "tokens: 550", "tokens: 600", [("NEX0851", "600")]),
        ("steps: 2", "", "steps: 50", []),
        ("steps: 2", "", "tokens: 10_000", []),
    ],
)
def test_limits_within_limits(lead: str, other: str, helper: str, found: list[tuple[str, str]], tmp_path: Path) -> None:
    above = [agent("Lead", lead, "Helper"), *([agent("Other", other, "Helper")] if other else [])]
    assert marked(program(*above, agent("Helper", helper)), tmp_path) == found


def test_the_fix_takes_the_limit_above(tmp_path: Path) -> None:
    text = program(agent("Lead", "tokens: 1_500", "Helper"), agent("Helper", "tokens: 20_000"))
    (found,) = checked(text, tmp_path).diagnostics
    assert found.message == "`Helper` may use 20,000 tokens, and `Lead`, which runs it, only 1,500 tokens"
    (edit,) = found.fixes[0].edits
    assert (edit.text, found.fixes[0].applicability) == ("1_500", "unsafe")
    assert codes(text.replace("20_000", edit.text), tmp_path) == []


def test_prompts_that_cannot_fit(tmp_path: Path) -> None:
    long = "Say only what the rules of the shop say. " * 20
    assert codes(program(agent("Clerk", prompt=long + "{{ q }}"), context=400), tmp_path) == []
    (found,) = checked(program(agent("Clerk", prompt=long + "{{ q }}"), context=100), tmp_path).diagnostics
    assert (found.code, found.severity, found.caption) == ("NEX0850", "warning", "too long")
    (found,) = checked(program(agent("Clerk", prompt=long + "{{ q }}"), context=205), tmp_path).diagnostics
    assert found.caption == "a reply may take 10 more"


def test_constants_in_a_prompt_count(tmp_path: Path) -> None:
    rules = 'let rules = "' + "Be kind to everybody. " * 30 + '"\n'
    text = program(rules, agent("Clerk", prompt="{{ rules }} {{ q }}"), context=100)
    (found,) = checked(text, tmp_path).diagnostics
    assert found.code == "NEX0850" and found.help.startswith("`rules` alone is about")


def test_without_a_context_nothing_is_said(tmp_path: Path) -> None:
    assert codes(program(agent("Clerk", prompt="Be kind. " * 5000 + "{{ q }}")), tmp_path) == []


# What the tokenizer of SmolLM2 (49,152 entries) makes of these texts.
COUNTED = [
    ("You are the help desk of Wheels. Hand the request to one delegate, then tell the customer the answer.\n"
     "Ask which ride, bike or rider it is if they do not say.", 39),
    ('{"id": "R10", "name": "Ada", "plan": "month", "credit": 250}', 29),
    ("let found = rides[id] else fail \"There is no ride {{ id }}\"", 18),
    ("", 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tokens"), COUNTED)
def test_estimates_are_near(text: str, tokens: int) -> None:
    assert abs(estimate(text) - tokens) <= max(2, 0.3 * tokens)


def test_marks_of_a_template_are_not_counted() -> None:
    source = "Hello {{ name }}{% if polite %} and welcome{% endif %}{# a remark #}"
    assert of_template(source, {}) == estimate("Hello   and welcome  ")
    assert of_template("{{ rules }}", {"rules": "one two three"}) == 3
