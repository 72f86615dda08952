"""The cache: the same bytes as without it, whatever lies on disk, and no trust in what it finds."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nexlang.cache import Store, answers, check
from nexlang.cache.store import MOST_ENTRIES, ROOMS
from nexlang.diagnostics import render_json

ROOT = Path(__file__).parents[2]
PROGRAM = """use std.text {{ capitalized }}

record Item {{ id: Text, price: Float }}

fn cost(item: Item, count: Int) -> Float {{
  return item.{field} * count
}}

fn label(item: Item) -> Text {{
  return capitalized(item.id)
}}
"""


def shown(path: Path, cache: Path | None) -> object:
    found = check([path], cache)
    return render_json(found.diagnostics, found.sources)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.nex"
    path.write_text(PROGRAM.format(field="prise"), encoding="utf-8")
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def no_check(*arguments: object) -> object:
    raise AssertionError("a whole check")


def test_the_second_time_nothing_is_checked(file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = shown(file, cache)
    assert cold and cold == shown(file, None)
    monkeypatch.setattr(answers, "_fresh", no_check)
    assert shown(file, cache) == cold


def test_an_edited_body_is_checked_alone(file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text(PROGRAM.format(field="price"), encoding="utf-8")
    assert shown(file, cache) == []
    monkeypatch.setattr(answers, "_fresh", no_check)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("* count", "* count + 1"), encoding="utf-8")
    assert shown(file, cache) == []


def test_with_new_files_beside_it_the_answer_is_new(tmp_path: Path, cache: Path) -> None:
    """A file that was not there when it was looked for counts as an answer too."""
    file = tmp_path / "main.nex"
    file.write_text(
        'use extras { one }\n\nlet note = Text from "note.txt"\n\nfn two() -> Int {\n  return one() + 1\n}\n'
    )
    before = shown(file, cache)
    (tmp_path / "extra.nex").write_text("package extra\n\nfn one() -> Int {\n  return 1\n}\n")
    suggested = shown(file, cache)
    (tmp_path / "note.text").write_text("hello")
    near = shown(file, cache)
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "extras.nex").write_text("package extras\n\nfn one() -> Int {\n  return 1\n}\n")
    assert before != suggested != near and shown(file, cache) == shown(file, None) == []


def test_a_manifest_that_comes_later_counts(tmp_path: Path, cache: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    file = folder / "main.nex"
    file.write_text("fn one() -> Int {\n  return 1\n}\n")
    assert shown(file, cache) == []
    (folder / "nex.toml").write_text('name = "project"\nversion = "0.1.0"\nedition = "1066"\n')
    assert shown(file, cache) == shown(file, None) != []


@pytest.mark.parametrize("change", ["cut", "other", "empty", "binary", "not an entry"])
def test_what_is_not_as_it_was_written_is_passed_over(file: Path, cache: Path, change: str) -> None:
    cold = shown(file, cache)
    (entry,) = cache.iterdir()
    data = entry.read_bytes()
    texts = {
        "cut": data[: len(data) // 2],
        "other": data.replace(b"prise", b"price"),
        "empty": b"",
        "binary": bytes(range(256)),
        "not an entry": b"99914b932bd37a50b983c5e7c90ae93b\n{}",
    }
    entry.write_bytes(texts[change])
    assert shown(file, cache) == cold
    assert entry.read_bytes() == data


def test_a_folder_that_cannot_be_written_is_no_matter(file: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    assert shown(file, blocked) == shown(file, blocked / "below") == shown(file, None)


def test_another_compiler_starts_anew(file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(file, cache)
    monkeypatch.setattr("nexlang.cache.store.compiler", lambda: "another")
    assert Store(cache, [file]).load() is None


def test_old_entries_go(file: Path, cache: Path) -> None:
    cache.mkdir()
    for number in range(MOST_ENTRIES + 5):
        (cache / f"{number}.json").write_text("old")
    shown(file, cache)
    assert len(list(cache.iterdir())) <= MOST_ENTRIES
    assert Store(cache, [file]).load() is not None


def again_and_again(file: Path, cache: Path, number: int) -> None:
    for turn in range(6):
        file.write_text(PROGRAM.format(field=("price", "prise", "pric")[(number + turn) % 3]), encoding="utf-8")
        check([file], cache)


def test_several_at_once(file: Path, cache: Path) -> None:
    runs = [multiprocessing.Process(target=again_and_again, args=(file, cache, number)) for number in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0, 0, 0]
    assert shown(file, cache) == shown(file, cache) == shown(file, None)
    assert not list(cache.glob("*.tmp"))


SPY = """
import sys
opened = set()
sys.addaudithook(lambda event, given: event == "open" and isinstance(given[0], str) and opened.add(given[0]))
import nexlang
made = nexlang.compile(sys.argv[1:])
asked = {path for what, path, _ in made.loader.disk.seen if what == "read"}
package = nexlang.__path__[0]
unasked = {each for each in opened - asked if not each.endswith((".pyc", ".py")) and each.startswith(sys.argv[1])}
modules = {name.split(".")[1] for name in sys.modules if name.startswith("nexlang.")}
print(sorted(unasked), sorted(modules))
"""


@pytest.mark.parametrize("program", ["examples/desk", "examples/thermostat", "tests/semantics"])
def test_all_that_a_check_reads_and_runs_is_in_the_key(program: str) -> None:
    """A file that is opened past the `Disk`, or a room whose code is not stamped, could make an answer stale."""
    done = subprocess.run([sys.executable, "-c", SPY, ROOT / program], capture_output=True, text=True, check=True)
    unasked, modules = done.stdout.strip().split("] [")
    assert unasked == "["
    rooms = {each.strip("'") for each in modules.rstrip("]").split(", ")}
    assert rooms - {"collector", "compiler", "disk", "lower"} <= {room.split("/")[0] for room in ROOMS}


def test_the_command_line_says_the_same(file: Path, cache: Path) -> None:
    command = [sys.executable, "-m", "nexlang", "check", file]
    environment = {**os.environ, "NEXLANG_CACHE": str(cache)}

    def said(*more: str) -> tuple[int, bytes, bytes]:
        done = subprocess.run([*command, *more], capture_output=True, env=environment)
        return done.returncode, done.stdout, done.stderr

    cold = said("--no-cache")
    assert not cache.exists()
    assert said() == said() == cold and list(cache.iterdir())
    assert said("--format", "json") == said("--format", "json", "--no-cache")
    file.write_text(PROGRAM.format(field="price"), encoding="utf-8")
    assert said() == said() == said("--no-cache") != cold
