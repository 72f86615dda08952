"""Writes `floods.jsonl`: the same bytes for the same seed.

    python examples/rescue/data/make.py [--seed 7]

Each flood has three or four callers, at most two of them trapped. Those kept are the ones that crews who see the whole
town can master, as `nexc verify` proves; every fourth is held out.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SIZE = 6
COUNT = 8
CANDIDATES = 24


def flood(dice: random.Random, number: int) -> dict[str, Any]:
    """One flood: callers away from the shelter at 0 0, the breach in a far corner."""
    breach = dice.choice([(5, 5), (0, 5), (5, 0)])
    cells = [(x, y) for x in range(SIZE) for y in range(SIZE) if x + y >= 2 and (x, y) != breach]
    callers = dice.sample(cells, dice.choice([3, 4]))
    trapped = dice.choice([0, 1, 1, 2])
    high = [(0, 0), *dice.sample([cell for cell in cells if cell not in callers], 5)]
    return {
        "id": f"flood-{number:03d}",
        "split": "train",
        "callers": [
            {"person": f"p{i + 1}", "at": at(place), "trapped": i < trapped} for i, place in enumerate(callers)
        ],
        "breach": at(breach),
        "high": [at(cell) for cell in high],
        "pace": dice.choice([3, 4, 5]),
    }


def at(cell: tuple[int, int]) -> dict[str, int]:
    return {"x": cell[0], "y": cell[1]}


def text(floods: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(one) + "\n" for one in floods)


def mastered(floods: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose solution succeeds, and is rewarded no less than those who play by what they see."""
    import nexlang
    from nexlang.bundle import bundle_of
    from nexlang.worlds.policies import SOLUTION, stand_in_policy
    from nexlang.worlds.setting import Setting
    from nexlang.worlds.trials import played

    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "rescue.nex"
        program.write_text((FOLDER.parent / "rescue.nex").read_text(encoding="utf-8"), encoding="utf-8")
        (Path(folder) / "data").mkdir()
        (Path(folder) / "data" / "floods.jsonl").write_text(text(floods), encoding="utf-8")
        compiled = nexlang.compile([program])
        setting = Setting.of(bundle_of(compiled.program, compiled.data))
        by_hand = stand_in_policy(setting, "DispatcherByHand")
        kept = []
        for one, task in zip(floods, setting.tasks, strict=True):
            best, _ = played(setting, task, 0, SOLUTION)
            other, _ = played(setting, task, 0, by_hand)
            if best.success and (best.reward or 0.0) >= (other.reward or 0.0):
                kept.append(one)
        return kept


def make(seed: int) -> dict[str, str]:
    """The files by name."""
    dice = random.Random(seed)
    kept = mastered([flood(dice, number) for number in range(CANDIDATES)])[:COUNT]
    for place, one in enumerate(kept):
        one["split"] = "test" if place % 4 == 3 else "train"
    return {"floods.jsonl": text(kept)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    for name, content in make(parser.parse_args().seed).items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
