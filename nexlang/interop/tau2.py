"""Tasks of tau2-bench: a domain's `tasks.json` and `split_tasks.json` as JSON Lines.

One task a line: `{"id", "instructions", "actions": [{"tool", "arguments"}], "facts", "split"}`. What the format says
and this one cannot is refused by name, never dropped.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TASKS, SPLITS = "tasks.json", "split_tasks.json"
SPLIT_NAMES = ("train", "test")
TOLD = ("reason_for_call", "known_info", "unknown_info", "task_instructions")

Task = dict[str, Any]


class Unreadable(Exception):
    """A file that cannot be read or written as asked; the message names the file and the field."""

    user_fault = True

    def __init__(self, file: Path, field: str, problem: str) -> None:
        where = f"{file}: {field}" if field else f"{file}"
        super().__init__(f"{where}: {problem}")


class Field:
    """A value of the input together with where it stands, for messages."""

    __slots__ = ("file", "path", "value")

    def __init__(self, file: Path, path: str, value: Any) -> None:
        self.file, self.path, self.value = file, path, value

    def wrong(self, problem: str) -> Unreadable:
        return Unreadable(self.file, self.path, problem)

    def at(self, key: str | int) -> Field:
        path = f"[{key}]" if isinstance(key, int) else f".{key}"
        return Field(self.file, f"{self.path}{path}".lstrip("."), self.value[key])

    def get(self, key: str) -> Field:
        """A key that must be there."""
        if key not in self.object():
            raise self.wrong(f"`{key}` is missing")
        return self.at(key)

    def object(self) -> dict[str, Any]:
        return _expect(self, dict, "an object")  # type: ignore[no-any-return]

    def items(self) -> list[Field]:
        return [self.at(i) for i in range(len(_expect(self, list, "a list")))]

    def text(self) -> str:
        return _expect(self, str, "a text")  # type: ignore[no-any-return]

    def default(self, key: str, default: Any) -> Field:
        """A key that may be absent or null."""
        if self.object().get(key) is None:
            return Field(self.file, f"{self.path}.{key}".lstrip("."), default)
        return self.at(key)


def _expect(field: Field, kind: type, name: str) -> Any:
    if not isinstance(field.value, kind):
        raise field.wrong(f"expected {name}, found {json.dumps(field.value, ensure_ascii=False)[:40]}")
    return field.value


def read_tasks(folder: Path) -> list[Task]:
    """The tasks of a domain's folder in the file's order, each with its split. Without a split file all are `train`.

    Raises `Unreadable` where the input is wrong.
    """
    tasks = [_task(field) for field in _load(folder / TASKS).items()]
    _unique(tasks, folder / TASKS)
    splits = _splits(folder / SPLITS, [task["id"] for task in tasks])
    for task in tasks:
        task["split"] = splits[task["id"]] if splits is not None else "train"
    return tasks


def write_tasks(tasks: Sequence[Mapping[str, Any]], path: Path) -> None:
    """JSON Lines, all or nothing: the file appears under its name when it is complete."""
    if not path.parent.is_dir():
        raise Unreadable(path, "", "its folder does not exist")
    text = "".join(json.dumps(task, ensure_ascii=False) + "\n" for task in tasks)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _load(path: Path) -> Field:
    try:
        return Field(path, "", json.loads(path.read_bytes().decode("utf-8")))
    except OSError as error:
        raise Unreadable(path, "", error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise Unreadable(path, "", f"not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise Unreadable(path, f"line {error.lineno}", f"not JSON: {error.msg}") from error
    except RecursionError as error:
        raise Unreadable(path, "", "nested too deeply") from error


def _task(field: Field) -> Task:
    if field.default("initial_state", None).value is not None:
        raise field.at("initial_state").wrong("a task's own initial state cannot be imported yet")
    criteria = field.default("evaluation_criteria", {})
    return {
        "id": _identity(field.get("id")),
        "instructions": _instructions(field.get("user_scenario").get("instructions")),
        "actions": [_action(action) for action in criteria.default("actions", []).items()],
        "facts": [fact.text() for fact in criteria.default("communicate_info", []).items()],
    }


def _identity(field: Field) -> str:
    if isinstance(field.value, int) and not isinstance(field.value, bool):
        return str(field.value)
    return field.text()


def _instructions(field: Field) -> str:
    """What the customer knows and wants, as one text."""
    if isinstance(field.value, str):
        return field.value
    told = [field.default(key, "").text().strip() for key in TOLD]
    return "\n".join(part for part in told if part)


def _action(field: Field) -> Task:
    call: Task = {"tool": field.get("name").text(), "arguments": field.get("arguments").object()}
    requestor = field.default("requestor", "assistant").text()
    return call if requestor == "assistant" else {**call, "by": requestor}


def _unique(tasks: Sequence[Task], file: Path) -> None:
    seen: set[str] = set()
    for place, task in enumerate(tasks):
        if task["id"] in seen:
            raise Unreadable(file, f"[{place}].id", f"a second task has the id {task['id']!r}")
        seen.add(task["id"])


def _splits(path: Path, ids: Sequence[str]) -> dict[str, str] | None:
    """Task id → `train` or `test`, for every id."""
    if not path.exists():
        return None
    file, known = _load(path), set(ids)
    found: dict[str, str] = {}
    for name in SPLIT_NAMES:
        for field in file.get(name).items():
            _place(field, name, known, found)
    left = next((id for id in ids if id not in found), None)
    if left is not None:
        raise file.wrong(f"task {left!r} is in neither `train` nor `test`")
    return found


def _place(field: Field, split: str, known: set[str], found: dict[str, str]) -> None:
    id = _identity(field)
    if id not in known:
        raise field.wrong(f"{TASKS} has no task {id!r}")
    if found.setdefault(id, split) != split:
        raise field.wrong(f"task {id!r} is in `train` too")
