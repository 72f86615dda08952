"""An actor that the policy does not answer for and that fails ends the episode as the user's error."""

from __future__ import annotations

from pathlib import Path

import nexlang
from nexlang.bundle import bundle_of
from nexlang.runtime.drive import NoModel, drive
from nexlang.worlds.episodes import Episode
from nexlang.worlds.policies import NOOP
from nexlang.worlds.setting import Setting

PROGRAM = """
use std.models { endpoint }
record Wish { id: Text }
world Room { count: Int = 0 }
model small = endpoint("m")
fn wishes() -> [Wish] { return [Wish(id: "a")] }

## Counts.
tool bump() -> Text in Room {
  count += 1
  return "Done."
}

## Comes, and cannot say what for.
agent Visitor(wish: Wish) -> Text {
  if wish.id == "a" { fail "lost for words" }
  return "Hello."
}

## Listens.
agent Clerk(wish: Wish) -> Text {
  model: small
  tools: [bump]
  prompt: "Listen."
}

environment Desk {
  world: Room
  tasks: wishes()
  actors {
    visitor: Visitor(wish: task)
    clerk: Clerk(wish: task)
  }
  solution: [call bump()]
  success: world.count > 0
}
"""


def test_a_user_that_fails_is_told_from_the_environment_and_counts_for_nobody(tmp_path: Path) -> None:
    file = tmp_path / "desk.nex"
    file.write_text(PROGRAM, encoding="utf-8")
    compiled = nexlang.compile([file])
    setting = Setting.of(bundle_of(compiled.program, compiled.data))
    outcome = drive(Episode(setting, setting.tasks[0], 0, NOOP).play(), NoModel())
    assert (outcome.result, outcome.reward, outcome.success) == ("user_error", None, False)
    assert outcome.error == "visitor: lost for words"
