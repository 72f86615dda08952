"""Several actors that learn: each from its own reward, at the noise of the stage."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of, write_bundle
from nexlang.runtime.drive import NoModel, drive
from nexlang.trainer.bundled import BundledCourse
from nexlang.trainer.course import Played, Stage
from nexlang.trainer.run import train
from nexlang.worlds.setting import Setting

CREW = Path(__file__).with_name("crew.nex")


@cache
def bundle() -> Bundle:
    compiled = nexlang.compile([CREW])
    assert compiled.diagnostics == []
    return bundle_of(compiled.program, compiled.data)


def played(stage: Stage | None, seed: int) -> Played:
    course = BundledCourse(bundle(), Setting.of(bundle()))
    return drive(course.episode(0, seed, course.stand_in_cast("ByHand"), stage), NoModel())


def test_stages_have_their_noise() -> None:
    stages = BundledCourse(bundle(), Setting.of(bundle())).stages
    assert [(stage.name, stage.noise) for stage in stages] == [("exact", 0.0), ("real", 1.0)]
    calls = [[played(stage, seed).conversations[0].counts.failed for seed in range(10)] for stage in stages]
    assert sum(calls[0]) == 0
    assert sum(calls[1]) > 0


def test_each_conversation_is_worth_what_its_actor_got() -> None:
    found = [played(None, seed) for seed in range(20)]
    uneven = next(one for one in found if len(set(one.rewards.values())) == 2)
    assert {talk.by for talk in uneven.conversations} == {"ada", "bob"}
    assert uneven.reward == pytest.approx(sum(uneven.reward_of(role) or 0 for role in ("ada", "bob")) / 2)


@pytest.mark.torch
def test_it_trains(tmp_path: Path) -> None:
    compilation = nexlang.compile([CREW])
    assert compilation.program is not None
    path = write_bundle(compilation.program, compilation.data, tmp_path / "crew.nexb", True)
    train(path, tmp_path / "run")
    rows = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [row["phase"] for row in rows] == ["imitate", "imitate", "reinforce", "reinforce"]
    assert {row["stage"] for row in rows[2:]} == {"exact"}
