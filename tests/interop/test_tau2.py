"""Importing tau2-bench's tasks: what is there comes over, what is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nexlang.interop.tau2 import Unreadable, read_tasks, write_tasks


def raw_task(id: str = "0", **changes: Any) -> dict[str, Any]:
    scenario = {"instructions": {"reason_for_call": "Cancel it.", "known_info": "You are Ann.", "unknown_info": None}}
    action = {"action_id": "0_0", "name": "cancel", "arguments": {"id": "A1"}, "info": None}
    criteria = {"actions": [action], "communicate_info": ["12"]}
    return {"id": id, "user_scenario": scenario, "initial_state": None, "evaluation_criteria": criteria, **changes}


def folder(tmp_path: Path, tasks: Any, splits: Any = None) -> Path:
    (tmp_path / "tasks.json").write_text(tasks if isinstance(tasks, str) else json.dumps(tasks), encoding="utf-8")
    if splits is not None:
        (tmp_path / "split_tasks.json").write_text(json.dumps(splits), encoding="utf-8")
    return tmp_path


def test_a_task_comes_over(tmp_path: Path) -> None:
    [task] = read_tasks(folder(tmp_path, [raw_task()], {"train": [], "test": ["0"], "base": ["0"]}))
    assert task == {
        "id": "0",
        "instructions": "Cancel it.\nYou are Ann.",
        "actions": [{"tool": "cancel", "arguments": {"id": "A1"}}],
        "facts": ["12"],
        "split": "test",
    }


def test_without_a_split_file_everything_is_for_training(tmp_path: Path) -> None:
    tasks = read_tasks(folder(tmp_path, [raw_task("a"), raw_task("b", evaluation_criteria=None)]))
    assert [(t["id"], t["split"], len(t["actions"])) for t in tasks] == [("a", "train", 1), ("b", "train", 0)]


def test_the_users_own_actions_keep_their_actor(tmp_path: Path) -> None:
    task = raw_task()
    task["evaluation_criteria"]["actions"][0]["requestor"] = "user"
    assert read_tasks(folder(tmp_path, [task]))[0]["actions"][0]["by"] == "user"


BAD = [
    ("[{", None, "tasks.json: line 1: not JSON"),
    ({}, None, "tasks.json: expected a list, found {}"),
    ([raw_task(), 3], None, "tasks.json: [1]: expected an object, found 3"),
    ([{"id": "0"}], None, "tasks.json: [0]: `user_scenario` is missing"),
    ([raw_task(id=True)], None, "tasks.json: [0].id: expected a text, found true"),
    ([raw_task(), raw_task()], None, "tasks.json: [1].id: a second task has the id '0'"),
    ([raw_task(initial_state={})], None, "tasks.json: [0].initial_state: a task's own initial state"),
    (
        [raw_task(evaluation_criteria={"actions": [{"name": "x", "arguments": []}]})],
        None,
        "tasks.json: [0].evaluation_criteria.actions[0].arguments: expected an object, found []",
    ),
    ([raw_task()], {"train": []}, "split_tasks.json: `test` is missing"),
    ([raw_task()], {"train": ["0"], "test": ["7"]}, "split_tasks.json: test[0]: tasks.json has no task '7'"),
    ([raw_task()], {"train": ["0"], "test": ["0"]}, "split_tasks.json: test[0]: task '0' is in `train` too"),
    ([raw_task()], {"train": [], "test": []}, "split_tasks.json: task '0' is in neither `train` nor `test`"),
]


@pytest.mark.parametrize(("tasks", "splits", "message"), BAD)
def test_bad_input_is_one_line_that_names_file_and_field(tmp_path: Path, tasks: Any, splits: Any, message: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_tasks(folder(tmp_path, tasks, splits))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"tasks\.json: No such file"):
        read_tasks(tmp_path)
    (tmp_path / "tasks.json").write_bytes(b"[\xff]")
    with pytest.raises(Unreadable, match="not UTF-8 at byte 1"):
        read_tasks(tmp_path)


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text("before", encoding="utf-8")
    with pytest.raises(TypeError):
        write_tasks([{"id": object()}], path)
    assert path.read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["tasks.jsonl"]


def test_one_line_a_task(tmp_path: Path) -> None:
    write_tasks([{"id": "ä"}, {"id": "b"}], tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == '{"id": "ä"}\n{"id": "b"}\n'
