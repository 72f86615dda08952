"""What may stand in `memory`, what is marked where it may not, and that programs make messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.semantics.programs import checked, codes, marked

HEAD = """use std.models { endpoint }

model small = endpoint("small-model")

world Shop { orders: Int = 0 }

tool order() -> Int in Shop { orders += 1  return orders }
fn cut(messages: [Message], most: Int) -> [Message] { return take(messages, most) }
fn only(messages: [Message]) -> [Message] { return messages }
fn latest(messages: [Message]) -> Message? { return last(messages) }
fn worded(text: Text) -> [Message] { return [Message(by: "user", text: text)] }
fn lucky(messages: [Message], dice: Chance) -> [Message] { return if happens(dice, 0.5) then messages else [] }
fn seen(messages: [Message]) -> [Message] in Shop { return take(messages, orders) }
agent Short(messages: [Message]) -> Text { return "{{ len(messages) }}" }
agent Two(messages: [Message], n: Int) -> Text { return "{{ len(messages) + n }}" }
agent Counts(messages: [Message]) -> Int { return len(messages) }
agent Buys(messages: [Message]) -> Text { return "{{ order() + len(messages) }}" }
"""


def with_memory(memory: str) -> str:
    return HEAD + f'agent A(n: Int) -> Text {{ model: small  memory: {memory}  prompt: "{{{{ n }}}}" }}\n'


@pytest.mark.parametrize(
    "memory",
    [
        "[window(turns: 3)]",
        "[cut(n), only(), cut(most: n + 1)]",
        "[summary(by: Short, above: 100, keep: 2), cut(9)]",
        "[summary(Short, 100), window(3)]",
    ],
)
def test_what_memory_may_hold(memory: str, tmp_path: Path) -> None:
    assert checked(with_memory(memory), tmp_path).diagnostics == []


def test_the_same_in_the_program(tmp_path: Path) -> None:
    program = checked(with_memory("[cut(n), window(turns: 3), summary(by: Short, above: 9)]"), tmp_path).program
    memory = program.agents[-1].model_dump()["memory"]
    assert [one["kind"] for one in memory] == ["policy", "builtin", "summary"]
    assert memory[2] == {"kind": "summary", "agent": "Short", "above": 9, "keep": 4}
    assert type(program).model_validate_json(program.model_dump_json()) == program


@pytest.mark.parametrize(
    ("memory", "code", "mark"),
    [
        ("[order()]", "NEX0545", "order"),
        ("[latest()]", "NEX0545", "latest"),
        ("[worded()]", "NEX0545", "worded"),
        ("[lucky()]", "NEX0545", "lucky"),
        ("[seen()]", "NEX0545", "seen"),
        ("[Short()]", "NEX0545", "Short"),
        ("[only]", "NEX0545", "only"),
        ("[cut]", "NEX0545", "cut"),
        ("[onyl()]", "NEX0206", "onyl"),
        ("[cut()]", "NEX0306", "cut"),
        ('[cut("x")]', "NEX0301", '"x"'),
        ("[only(messages: [])]", "NEX0308", "messages"),
        ("[cut(m)]", "NEX0205", "m"),
        ("[3]", "NEX0504", "3"),
        ("[summary(by: Two, above: 9)]", "NEX0545", "Two"),
        ("[summary(by: Counts, above: 9)]", "NEX0545", "Counts"),
        ("[summary(by: Buys, above: 9)]", "NEX0545", "Buys"),
        ("[summary(by: Shortt, above: 9)]", "NEX0218", "Shortt"),
        ("[summary(by: Short)]", "NEX0306", "summary"),
        ("[window()]", "NEX0306", "window"),
        ("[window(3, 4)]", "NEX0502", "4"),
        ("[summary(by: Short, above: 9, by: Counts)]", "NEX0309", "by: Counts"),
        ("[summary(by: Short, above: 0)]", "NEX0504", "0"),
        ("[summary(by: Short, abov: 9, above: 9)]", "NEX0501", "abov"),
    ],
)
def test_what_memory_may_not_hold(memory: str, code: str, mark: str, tmp_path: Path) -> None:
    text = with_memory(memory)
    found = checked(text, tmp_path).diagnostics
    assert [one.code for one in found] == [code], found
    assert text[found[0].span.start : found[0].span.end] == mark


def test_an_agent_that_sums_up_for_itself_needs_a_depth(tmp_path: Path) -> None:
    text = HEAD + (
        "agent A(messages: [Message]) -> Text { model: small  memory: [summary(by: A, above: 9)]  "
        'prompt: "{{ messages | length }}" }\n'
    )
    assert codes(text, tmp_path) == ["NEX0505"]


def test_a_derived_agent_may_have_another_memory(tmp_path: Path) -> None:
    text = with_memory("[summary(by: Short, above: 9)]") + "agent B = A with { memory: [cut(1)] }\n"
    program = checked(text, tmp_path).program
    assert [one.kind for one in program.agents[-1].memory] == ["policy"]


# ---- messages


def test_a_program_makes_messages(tmp_path: Path) -> None:
    text = """fn f(m: Message) -> [Message] {
  return [Message(by: "user", text: m.text), m with { text: "x" }, m with { by: "user", text: "y" }]
}
"""
    assert checked(text, tmp_path).diagnostics == []


@pytest.mark.parametrize(
    ("value", "code", "mark"),
    [
        ('Message(by: "user")', "NEX0311", "Message"),
        ('Message("user", "x")', "NEX0334", '"user"'),
        ('Message(by: "user", txt: "x", text: "y")', "NEX0312", "txt"),
        ('Message(by: "user", text: 3)', "NEX0301", "3"),
        ("m with { txt: m.text }", "NEX0312", "txt"),
        ("m with { text: 3 }", "NEX0301", "3"),
    ],
)
def test_what_a_message_is_not(value: str, code: str, mark: str, tmp_path: Path) -> None:
    text = f"fn f(m: Message) -> [Message] {{ return [m, {value}] }}\n"
    assert marked(text, tmp_path) == [(code, mark)]
