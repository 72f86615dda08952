"""The standard library: its modules check on their own, are formatted, and do what the programs beside say."""

from __future__ import annotations

from pathlib import Path

import pytest

import nexlang
from nexlang.diagnostics import Source
from nexlang.syntax import format as formatted
from tests.running import run

STDLIB = Path(__file__).parents[2] / "stdlib"
MODULES = sorted(STDLIB.rglob("*.nex"))
PROGRAMS = sorted(Path(__file__).parent.rglob("*.nex"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_checks_and_is_formatted(module: Path) -> None:
    assert nexlang.compile(module).diagnostics == []
    text = module.read_text(encoding="utf-8")
    assert formatted(Source(module.name, text)) == text


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_what_a_module_does(program: Path) -> None:
    run("test", program)


def test_the_measures_of_rewards_and_conversations(tmp_path: Path) -> None:
    """Measures read calls and messages, which only an episode has: one is played."""
    (tmp_path / "tasks.jsonl").write_text('{"facts": ["Blue", "green"]}\n', encoding="utf-8")
    (tmp_path / "measures.nex").write_text(MEASURES, encoding="utf-8")
    bundle = tmp_path / "bundle"
    run("compile", tmp_path / "measures.nex", "-o", bundle)
    run("verify", bundle)


MEASURES = """
package tests.measures
use std.conversation { has_spoken, heard_from, news_for }
use std.faults { blind_repeats, recovered, remote }
use std.rewards { brevity, calls_made, failed_share, mentioned, said_by, tools_used }

record Task { facts: [Text] }
world W { n: Int = 0 }
tool step() -> Text in W { n += 1  return "ok" }
tool stop_here() -> Text in W { fail "no" }

agent Speaker(begun: Bool) -> Text { when not begun => "I like blue." }

fn expected() -> [Call] { return [call step(), call stop_here()] }

environment E {
  world: W
  tasks: Task from "tasks.jsonl"
  rounds: 3
  actors { speaker: Speaker(begun: has_spoken("speaker", messages)) }
  solution: expected()
  dynamics { latency: remote }
  reward {
    none_said: mentioned(messages, []) == 1.0
    nobody: len(said_by("nobody", messages)) == 0 and heard_from("nobody", messages) == ""
    quiet: news_for("speaker", messages) == none
    half: failed_share(calls) == 0.5
    used: tools_used(calls, expected()) == 1.0
    made: calls_made(calls, expected()) == 1.0 and calls_made(calls, [call step()]) == 1.0
    short: brevity(calls, expected()) == 1.0
    met: recovered(calls, "") == 0.0 and recovered(calls, "Timeout") == 1.0 and blind_repeats(calls) == 0
  }
  success: none_said and nobody and quiet and half and used and made and short and met
}
"""
