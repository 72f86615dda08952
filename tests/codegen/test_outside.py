"""Compiled externs, outcomes, derived declarations and acting for others, as they run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from nexlang import compile
from nexlang.bundle import Bundle, bundle_of
from nexlang.ir.model import Program
from nexlang.runtime.externs import Answers, Recording, Said, externs_of
from nexlang.worlds.setting import Setting
from nexlang.worlds.testing import run_tests
from nexlang.worlds.verify import verify


@cache
def bundle() -> Bundle:
    compiled = compile(Path(__file__).with_name("outside.nex"))
    assert compiled.diagnostics == []
    return bundle_of(compiled.program, compiled.data)


def answers() -> Answers:
    recording = Recording()
    for extern, answer in (("search", []), ("ping", None), ("rate", 1.5)):
        recording.add("*", extern, "*", Said(answer))
    return Answers(externs_of(bundle().program), recording)


def test_its_tests_hold() -> None:
    results = run_tests(bundle())
    assert len(results) == 2
    assert [line for result in results if not result.passed for line in result.lines()] == []


def test_both_environments_are_solved() -> None:
    for name in ("Help", "Hurry"):
        proof = verify(Setting.of(bundle(), name, answers=answers()))
        assert (proof.problems, proof.solved, proof.caught) == ([], 1, (3, 3)), name


def test_the_program_survives_its_round_trip() -> None:
    program = bundle().program
    assert Program.model_validate_json(program.model_dump_json()) == program


def test_what_an_agent_fixes_is_not_in_the_schemas_of_externs_either() -> None:
    setting = Setting.of(bundle(), "Help", answers=answers())
    clerk = setting.library.agents["Clerk"]
    shown = {tool["function"]["name"]: tool["function"]["parameters"] for tool in setting.library.held_schemas(clerk)}
    assert list(shown["search"]["properties"]) == ["query", "like"]
    assert shown["set_plan"]["properties"] == {}


def test_capabilities_stand_in_the_manifest() -> None:
    assert bundle().manifest.capabilities == ["network", "python:outside_world"]
