"""Programs from descriptions always check, pass their tests and verify; the same seed gives the same bytes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import nexlang
from nexlang.synth import Unserved, build, read, write
from nexlang.synth.scaffold import scaffold
from tests.running import run

TEXTS = [
    "A shop where customers cancel orders and get refunds within 14 days, 30 tasks, planner with two delegates",
    "A clinic with 30 patients and 8 doctors: appointments can be booked, moved and cancelled at least 3 days before. "
    "At most 2 appointments per patient. Three levels, hard.",
    "warehouse stock of parts: receive, ship and transfer, never below 10, at most 30 at once. Failures in German",
    "webshop with members and purchases; refunds up to 200 euros; easy; three delegates",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_program_checks_passes_its_tests_and_verifies(text: str, tmp_path: Path) -> None:
    project = build(read(text, seed=3))
    write(project, tmp_path / "made")
    program = tmp_path / "made" / project.program
    assert nexlang.compile(program).diagnostics == []
    run("test", program)
    run("compile", program, "-o", tmp_path / "bundle")
    run("verify", tmp_path / "bundle")
    by_hand = read(text).tree.name + "ByHand"
    assert success(tmp_path / "bundle", by_hand) == 1.0


def success(bundle: Path, policy: str) -> float:
    shown = run("eval", bundle, "--policy", policy, "-n", 40, "--format", "json")
    return float(json.loads(shown)["success"]["value"])


def described(seed: int) -> str:
    """A description put together from what can be said."""
    dice = random.Random(seed)
    kits = [
        ("a shop for {}", ["customers", "members", "readers"], ["refunds within {} days", "refunds up to {} euros"]),
        ("a hotel for {}", ["guests", "visitors", "students"], ["cancel {} days before", "at most {} bookings"]),
        ("a warehouse of {}", ["parts", "items", "medicines"], ["never below {}", "ships at most {}"]),
    ]
    place, nouns, rules = dice.choice(kits)
    parts = [place.format(dice.choice(nouns)), dice.choice(["easy", "hard", "mixed"])]
    parts += [rule.format(dice.randint(12, 20)) for rule in rules if dice.random() < 0.5]
    parts += [f"{dice.randint(4, 40)} tasks", dice.choice(["one agent", "a planner", "two delegates", "three levels"])]
    return "; ".join([*parts, dice.choice(["in English", "in French", "in Spanish"])])


@pytest.mark.parametrize("seed", range(12))
def test_whatever_can_be_said_checks(seed: int, tmp_path: Path) -> None:
    project = build(read(described(seed), seed))
    write(project, tmp_path / "made")
    assert nexlang.compile(tmp_path / "made" / project.program).diagnostics == []


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    text = TEXTS[1]
    assert build(read(text, 4)) == build(read(text, 4))
    assert build(read(text, 4)).files["data/world.json"] != build(read(text, 5)).files["data/world.json"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Unserved, match="is not an empty folder"):
        write(scaffold("list_keeper"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_project_checks_passes_its_tests_and_verifies(tmp_path: Path) -> None:
    write(scaffold("chores"), tmp_path / "chores")
    program = tmp_path / "chores" / "chores.nex"
    assert nexlang.compile(program).diagnostics == []
    run("test", program)
    run("compile", program, "-o", tmp_path / "bundle")
    run("verify", tmp_path / "bundle")
    assert success(tmp_path / "bundle", "KeeperByHand") == 1.0


@pytest.mark.parametrize("name", ["Chores", "9lives", "a-b", "", "../up"])
def test_names_that_a_program_cannot_have(name: str) -> None:
    with pytest.raises(Unserved, match="cannot be a project's name"):
        scaffold(name)
