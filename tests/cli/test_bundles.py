"""The commands that make a bundle and work from one, on one small program."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Nexc

PROGRAM = """
record Book { title: Text, copies: Int where it >= 0 }
record Wish { id: Text, title: Text, actions: [Call], split: "train" | "test" }

world Library { books: table Book by title }

## Lend a book.
##
## title: The book's title.
tool lend(title: Text) -> Book in Library {
  let book = books[title] else fail "We do not have it"
  require book.copies > 0 else fail "All copies are out"
  book.copies -= 1
  return book
}

## Lends what is asked for.
agent Librarian(title: Text) -> Text {
  tools: [lend]
  when title != "" => lend(title)
}

## Lends a book and says so.
agent Counter(title: Text, thanks: Text = "Enjoy it.") -> Text {
  let book = lend(title)
  return "{{ book.title }}: {{ book.copies }} left. {{ thanks }}"
}

environment Desk {
  world: Library from "books.json"
  tasks: Wish from "wishes.jsonl"
  split: task.split
  rounds: 1
  actors { librarian: Librarian(title: task.title) }
  solution: task.actions
  reward { lent: world == replay(task.actions) }
  success: lent
}

test "the last copy" in Desk {
  given books["Emma"].copies = 0
  expect lend("Emma") fails "All copies are out"
}

test "two from three" in Desk {
  given books["Emma"].copies = 3
  lend("Emma")
  expect books["Emma"] == Book(title: "Emma", copies: LEFT)
}
"""
TITLES = ["Emma", "Ulysses", *(f"Volume {n}" for n in range(100))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the program and its data."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "library.nex").write_text(PROGRAM.replace("LEFT", "2"))
    (tmp_path / "books.json").write_text(json.dumps({"books": [{"title": t, "copies": 5} for t in TITLES]}))
    splits = {"Emma": "train", "Ulysses": "test"}
    calls = {t: [{"tool": "lend", "arguments": {"title": t}}] * 3 for t in splits}
    wishes = [{"id": t.lower(), "title": t, "actions": calls[t], "split": s} for t, s in splits.items()]
    (tmp_path / "wishes.jsonl").write_text("".join(json.dumps(wish) + "\n" for wish in wishes))
    return tmp_path


@pytest.fixture
def bundle(folder: Path, nexc: Nexc) -> Path:
    assert nexc("compile", "library.nex", "-o", "build").code == 0
    return folder / "build"


# ---------------------------------------------------------------- compile


def test_a_bundle_as_folder_and_as_file(nexc: Nexc, bundle: Path) -> None:
    assert nexc("compile", "library.nex", "-o", "library.nexb").code == 0
    assert nexc("compile", "library.nex", "-o", "other", "--zip").err.startswith("other.nexb: 2 agents, 1 tool")
    assert Path("library.nexb").read_bytes() == Path("other.nexb").read_bytes()
    assert nexc("test", "build", "other.nexb").err == "4 of 4 tests passed\n"


def test_mistakes_stop_it_and_nothing_is_written(nexc: Nexc, folder: Path) -> None:
    (folder / "library.nex").write_text(PROGRAM.replace("LEFT", "two"))
    done = nexc("compile", "library.nex", "-o", "build")
    assert (done.code, done.out) == (1, "")
    assert "error[NEX0205]" in done.err and "1 error" in done.err
    assert not (folder / "build").exists()


def test_a_folder_is_not_a_program(nexc: Nexc, folder: Path) -> None:
    assert (
        nexc("compile", folder, "-o", "build").err
        == f"nexc: {folder} is a folder: name the file whose program is meant\n"
    )


def test_what_is_no_bundle_is_not_replaced(nexc: Nexc, folder: Path) -> None:
    (folder / "build").mkdir()
    (folder / "build" / "mine.txt").write_text("mine")
    done = nexc("compile", "library.nex", "-o", "build")
    assert done.code == 1 and "NEX0711" in done.err
    assert (folder / "build" / "mine.txt").read_text() == "mine"


# ---------------------------------------------------------------- test, verify


def test_tests_pass_and_fail(nexc: Nexc, folder: Path) -> None:
    assert nexc("test", folder).code == 0
    (folder / "library.nex").write_text(PROGRAM.replace("LEFT", "7"))
    done = nexc("test", "library.nex")
    assert (done.code, done.err) == (1, "1 of 2 tests passed\n")
    assert "FAIL two from three  (library.nex:" in done.out
    found = json.loads(nexc("test", "library.nex", "--format", "json").out)
    assert [(one["title"], one["passed"]) for one in found] == [("the last copy", True), ("two from three", False)]
    assert nexc("test", "library.nex", "-k", "last").code == 0


def test_no_test_is_said(nexc: Nexc, folder: Path) -> None:
    assert nexc("test", folder, "-k", "nothing like it").err == "nexc: no test whose title holds `nothing like it`\n"


def test_verify(nexc: Nexc, bundle: Path) -> None:
    done = nexc("verify", "build")
    assert done.code == 0 and "2 of 2 tasks solved" in done.out and done.out.endswith("verified\n")
    found = json.loads(nexc("verify", "library.nex", "--format", "json").out)
    assert [(one["ok"], one["repeatable"]) for one in found["environments"]] == [(True, True)]


def test_a_changed_byte_is_refused_by_name(nexc: Nexc, bundle: Path) -> None:
    (bundle / "data" / "books.json").write_text("{}")
    for words in (["verify", "build"], ["eval", "build", "-p", "noop"], ["test", "build"], ["replay", "build", "-"]):
        done = nexc(*words)
        assert (done.code, done.out) == (1, "")
        assert "NEX0702" in done.err and "data/books.json" in done.err and done.err.count("\n") == 1


# ---------------------------------------------------------------- run, eval


def test_run(nexc: Nexc, bundle: Path) -> None:
    done = nexc("run", "build", "Counter", "--input", '{"title": "Emma"}')
    assert (done.code, done.out) == (0, "Emma: 4 left. Enjoy it.\n")
    assert done.err == 'Counter: lend("title": "Emma")\n'
    (bundle.parent / "input.json").write_text('{"title": "Emma", "thanks": "Bye."}')
    found = json.loads(nexc("run", "library.nex", "Counter", "-i", "@input.json", "--format", "json").out)
    assert found["result"] == "Emma: 4 left. Bye."
    assert found["changes"] == [{"path": ["books", "Emma", "copies"], "value": 4}]


@pytest.mark.parametrize(
    ("agent", "given", "said"),
    [
        ("Counter", '{"title": "Emmma"}', "We do not have it"),
        ("Counter", '{"title": 3}', "Counter, title: expected Text"),
        ("Counter", "{}", "Counter needs the argument title"),
        ("Counter", '{"titel": "x"}', "Counter has no parameter titel; it has title, thanks"),
        ("Counter", "[]", "--input wants a JSON object"),
        ("Counter", "{", "--input is no JSON"),
        ("Nobody", "{}", "there is no agent Nobody"),
    ],
)
def test_run_refuses(nexc: Nexc, bundle: Path, agent: str, given: str, said: str) -> None:
    done = nexc("run", "build", agent, "--input", given)
    assert (done.code, done.out) == (1, "")
    assert said in done.err and done.err.count("\n") == 1


def test_eval(nexc: Nexc, bundle: Path) -> None:
    done = nexc("eval", "build", "--policy", "solution", "-n", "4", "--seed", "3")
    assert done.code == 0 and "100%" in done.out and re.search(r"^lent +1$", done.out, re.M)
    found = json.loads(nexc("eval", "build", "-p", "noop", "--split", "test", "--format", "json").out)
    assert (found["episodes"], found["success"]["value"], found["rows"][0]["task"]) == (1, 0.0, "ulysses")


def test_eval_compares_two_policies(nexc: Nexc, bundle: Path) -> None:
    words = ("eval", "build", "--policy", "solution", "--against", "noop", "--samples", "2")
    done = nexc(*words, "-o", "report.html")
    assert done.code == 0 and "recorded solution against do nothing, paired over 2 tasks: success +100%" in done.out
    assert "By success 2 won, 0 tied, 0 lost" in done.out and "pass^2" in done.out
    page = Path("report.html").read_text()
    assert page.startswith("<!doctype html>") and "task by task" in page
    found = json.loads(nexc(*words, "--format", "json").out)
    assert found["comparison"]["by_reward"] == {"wins": 2, "ties": 0, "losses": 0}
    assert (found["policy"]["policy"], found["against"]["policy"]) == ("solution", "noop")
    assert "\n| solved |" not in nexc(*words, "--format", "markdown", "-o", "scores.md").out
    assert Path("scores.md").read_text().startswith("# ")


def test_eval_by_band(nexc: Nexc, bundle: Path) -> None:
    rows = [{"task": "ulysses", "band": "hard"}, {"task": "emma", "band": "easy"}, {"task": "gone", "band": "easy"}]
    Path("bands.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    found = json.loads(nexc("eval", "build", "-p", "solution", "--bands", "bands.jsonl", "--format", "json").out)
    assert {name: part["episodes"] for name, part in found["groups"]["band"].items()} == {"hard": 1, "easy": 1}
    text = nexc("eval", "build", "-p", "solution", "--bands", "bands.jsonl").out
    assert re.search(r"^band hard +recorded solution +100% ", text, re.M)


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ('{"task": "ulysses"}', "bands.jsonl:1: a line looks like"),
        ("\n[", "bands.jsonl:2: this line is no JSON"),
        ('{"task": "x", "band": "y"}', "it names none of the tasks that were played"),
    ],
)
def test_eval_refuses_bands(nexc: Nexc, bundle: Path, bands: str, said: str) -> None:
    Path("bands.jsonl").write_text(bands)
    done = nexc("eval", "build", "-p", "noop", "--bands", "bands.jsonl")
    assert (done.code, done.out) == (1, "") and said in done.err


def test_eval_refuses_a_report_of_no_known_form(nexc: Nexc, bundle: Path) -> None:
    done = nexc("eval", "build", "-p", "noop", "-o", "report.pdf")
    assert done.code == 1 and "ends in .html, .md, .json" in done.err


def test_eval_writes_transcripts(nexc: Nexc, bundle: Path) -> None:
    assert nexc("eval", "build", "-p", "solution", "--transcripts", "all.jsonl").code == 0
    lines = Path("all.jsonl").read_text().splitlines()
    assert [json.loads(line)["result"] for line in lines] == ["solved", "solved"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-p", "nobody"], "NEX0808"),
        (["-p", "noop", "--split", "dev"], "NEX0807"),
        (["-p", "noop", "-e", "Dask"], "NEX0803"),
        (["-p", "./no/such/model"], "NEX08"),
    ],
)
def test_eval_refuses(nexc: Nexc, bundle: Path, words: list[str], said: str) -> None:
    done = nexc("eval", "build", *words)
    assert (done.code, done.out) == (1, "")
    assert said in done.err and done.err.count("\n") == 1


# ---------------------------------------------------------------- replay


def replay(nexc: Nexc, monkeypatch: pytest.MonkeyPatch, *lines: Any) -> list[Any]:
    text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return [json.loads(line) for line in nexc("replay", "build", "-").out.splitlines()]


def test_replay_begins_each_line_anew(nexc: Nexc, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lend = {"tool": "lend", "arguments": {"title": "Emma"}}
    wrong = {"tool": "lend", "arguments": {"title": "Emmma"}}
    twice, none = replay(nexc, monkeypatch, {"calls": [lend, lend]}, "\n", {"calls": [wrong]})
    assert twice["calls"][1] == {**lend, "error": False, "result": '{"title": "Emma", "copies": 3}'}
    assert twice["changes"] == [{"path": ["books", "Emma", "copies"], "value": 3}]
    assert none == {"calls": [{**wrong, "error": True, "result": "Error: We do not have it"}], "changes": []}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense\n", "line 2: this is no JSON"),
        ("[]\n", "line 2: expected"),
        ('{"calls": [{"tool": 3}]}\n', "line 2: call 1 is no"),
        ('{"calls": [{"tool": "lend", "arguments": []}]}\n', "line 2: call 1 is no"),
    ],
)
def test_replay_names_the_bad_line(nexc: Nexc, bundle: Path, line: str, said: str) -> None:
    Path("calls.jsonl").write_text('{"calls": []}\n' + line)
    done = nexc("replay", "build", "calls.jsonl")
    assert done.code == 1
    assert json.loads(done.out) == {"calls": [], "changes": []}
    assert f"calls.jsonl, {said}" in done.err


def test_replay_of_an_unknown_tool_is_an_answer(nexc: Nexc, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = replay(nexc, monkeypatch, {"calls": [{"tool": "lent", "arguments": {}}]})
    assert found["calls"][0]["result"] == "Error: There is no tool `lent`; did you mean `lend`?"
