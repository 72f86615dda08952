"""Property 5: the same seed gives the same episodes, byte for byte, in any process and in any order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
record Task { id: Text, goal: Int }
record Cell { id: Text, n: Int }
world Grid { cells: table Cell by id, moves: Int = 0 }
tool add_to(cell: Text, n: Int where 0 <= it <= 9) -> Text in Grid {
  let found = cells[cell] else fail "no cell"
  found.n += n
  moves += 1
  return "{{ found.n }}"
}
fn drawn(dice: Chance) -> Task {
  return Task(id: "t{{ uniform_int(dice, 0, 999999) }}", goal: uniform_int(dice, 1, 20))
}
agent Player(goal: Int) -> Text { tools: [add_to]  when goal > 0 => add_to("a", 1) }
environment Draw {
  world: Grid
  tasks: generate(drawn, count: 12)
  rounds: 5
  actors { player: Player(goal: task.goal) }
  setup(dice: Chance) {
    for name in shuffle(dice, ["a", "b", "c"]) { add Cell(id: name, n: uniform_int(dice, 0, 5)) to cells }
  }
  reward { near: clamp(sum(c.n for c in world.cells) / 30.0, 0, 1) }
  success: near >= 0.3
}
"""


def played(folder: Path, hash_seed: str, *more: str) -> bytes:
    """The transcripts of an evaluation in a process of its own."""
    transcripts = folder / f"{hash_seed}{''.join(more)}.jsonl"
    words = ["eval", folder / "draw.nex", "-p", "random", "--transcripts", transcripts, *more]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(
        [sys.executable, "-m", "nexlang", *words], env=environment, cwd=ROOT, check=True, capture_output=True
    )
    return transcripts.read_bytes()


def test_same_seed_same_bytes_whatever_the_process(tmp_path: Path) -> None:
    (tmp_path / "draw.nex").write_text(PROGRAM, encoding="utf-8")
    first = played(tmp_path, "0", "--seed", "5")
    assert played(tmp_path, "4242", "--seed", "5") == first
    assert len(first.splitlines()) == 12
    assert played(tmp_path, "0", "--seed", "6") != first


def test_an_episode_does_not_depend_on_those_before_it(tmp_path: Path) -> None:
    (tmp_path / "draw.nex").write_text(PROGRAM, encoding="utf-8")
    everything = played(tmp_path, "0", "--seed", "5").splitlines()
    twice = played(tmp_path, "0", "--seed", "5", "--samples", "2").splitlines()
    assert set(everything) <= set(twice)
