"""Externs in a run: capabilities, recordings, Python functions, failures; depth of delegation; acting for others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nexlang
from nexlang.bundle import Bundle, bundle_of
from nexlang.cli.guard import guarded
from nexlang.runtime.clients.scripted import Scripted
from nexlang.runtime.drive import NoModel, drive
from nexlang.runtime.externs import Allowed, Answers, NotReady, Recording, externs_of, results_of
from nexlang.worlds.engine.failures import ExternRefused
from nexlang.worlds.episodes import Episode
from nexlang.worlds.policies import SOLUTION, model_policy
from nexlang.worlds.setting import Setting
from nexlang.worlds.solo import Solo

DOCS = """
record Hit {{ path: Text, line: Int where it > 0 }}
world Desk {{ hits: [Hit] = [], count: Int = 0 }}

extern tool search(query: Text, top: Int = 3) -> [Hit] from {source}

tool find(query: Text) -> Int in Desk {{
  let found = search(query)
  hits = found
  count += 1
  return count(found)
}}

agent Finder(query: Text) -> Text {{
  let found = find(query) else return "nothing"
  return "{{{{ found }}}} found"
}}

agent Careful(query: Text) -> Text {{
  match search(query, top: 1) {{
    is Failure as failure {{ return "{{{{ failure.code }}}}: {{{{ failure.message }}}}" }}
    else {{ return "found" }}
  }}
}}
"""
PYTHON = """
calls = []


def find(query, top):
    calls.append(query)
    if query == "boom":
        raise LookupError("no index")
    if query == "odd":
        return [{"path": "a", "line": 0}]
    if query == "wrong":
        return {query}
    return [{"path": f"{query}{place}", "line": place + 1} for place in range(top)]


async def later(query, top):
    return find(query, top)
"""


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Bundle]:
    """The program with an extern from some source, beside a Python module."""
    name = f"finding_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(PYTHON, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def make(source: str) -> Bundle:
        file = tmp_path / "docs.nex"
        file.write_text(DOCS.format(source=source.replace("MODULE", name)), encoding="utf-8")
        done = nexlang.compile([file])
        assert done.diagnostics == []
        return bundle_of(done.program, done.data)

    return make


def answers(
    bundle: Bundle, *allow: str, lines: list[dict[str, Any]] | None = None, folder: Path | None = None
) -> Answers:
    recording = Recording()
    if lines is not None and folder is not None:
        (folder / "recording.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
        recording = Recording.load(folder / "recording.jsonl", results_of(bundle.program, bundle.package.tools))
    return Answers(externs_of(bundle.program), recording, Allowed.of(allow))


def run(bundle: Bundle, agent: str, query: str, given: Answers) -> tuple[Any, Solo]:
    solo = Solo.of(bundle, agent, answers=given)
    return solo.run({"query": query}, NoModel()), solo


def module_of(bundle: Bundle) -> str:
    return externs_of(bundle.program)["search"].address.partition(":")[0]


def test_python_is_asked_where_module_and_needs_are_allowed(compiled: Callable[[str], Bundle]) -> None:
    bundle = compiled('python "MODULE:find" needs network')
    module = module_of(bundle)
    for allow in ([], ["network"], [f"python:{module}"], ["network", "python:other"]):
        with pytest.raises(NotReady, match="NEX0819"):
            run(bundle, "Finder", "x", answers(bundle, *allow))
    value, solo = run(bundle, "Finder", "x", answers(bundle, "network", f"python:{module}"))
    assert value == "3 found"
    assert [change["path"] for change in solo.changes] == [["hits"], ["count"]]


def test_a_failing_function_fails_the_tool_and_leaves_the_world(compiled: Callable[[str], Bundle]) -> None:
    bundle = compiled('python "MODULE:find" needs network')
    allowed = answers(bundle, "network", f"python:{module_of(bundle)}")
    value, solo = run(bundle, "Finder", "boom", allowed)
    assert (value, solo.changes, solo.calls[0].code) == ("nothing", [], "LookupError")
    assert run(bundle, "Careful", "boom", allowed)[0] == "LookupError: no index"


@pytest.mark.parametrize(("query", "problem"), [("odd", r"\[0\]\.line"), ("wrong", "set is no JSON")])
def test_an_answer_of_another_type_ends_the_run(query: str, problem: str, compiled: Callable[[str], Bundle]) -> None:
    bundle = compiled('python "MODULE:find" needs network')
    with pytest.raises(ExternRefused, match=f"NEX0824: .*{problem}"):
        run(bundle, "Finder", query, answers(bundle, "network", f"python:{module_of(bundle)}"))


def test_an_async_function_is_awaited_and_a_missing_one_is_named(compiled: Callable[[str], Bundle]) -> None:
    bundle = compiled('python "MODULE:later" needs network')
    assert run(bundle, "Finder", "x", answers(bundle, "network", f"python:{module_of(bundle)}"))[0] == "3 found"
    bundle = compiled('python "MODULE:never" needs network')
    with pytest.raises(ExternRefused, match=r"NEX0822: .*never"):
        run(bundle, "Finder", "x", answers(bundle, "network", f"python:{module_of(bundle)}"))


def test_other_sources_are_played_from_recordings_without_any_capability(
    compiled: Callable[[str], Bundle], tmp_path: Path
) -> None:
    bundle = compiled('mcp "docs" needs network')
    with pytest.raises(NotReady, match="NEX0818: Finder asks search"):
        run(bundle, "Finder", "x", answers(bundle, "network"))
    hit = {"path": "a", "line": 1}
    lines = [
        {"extern": "search", "arguments": {"query": "x", "top": 3}, "answer": [hit]},
        {"extern": "search", "arguments": {"query": "y", "top": 1}, "failure": "down", "code": "Gone"},
        {"extern": "search", "answer": []},
    ]
    played = answers(bundle, lines=lines, folder=tmp_path)
    assert run(bundle, "Finder", "x", played)[0] == "1 found"
    assert run(bundle, "Careful", "y", played)[0] == "Gone: down"
    assert run(bundle, "Finder", "z", played)[0] == "0 found"


def test_the_same_question_gets_its_answers_in_order_and_then_the_last_one(
    compiled: Callable[[str], Bundle], tmp_path: Path
) -> None:
    bundle = compiled('mcp "docs" needs network')
    asked = {"query": "x", "top": 3}
    lines = [{"extern": "search", "arguments": asked, "answer": [{"path": "a", "line": n}]} for n in (1, 2)]
    given = answers(bundle, lines=lines, folder=tmp_path).begin()
    forked = given.fork()
    assert [given.answer("search", asked)[0]["line"] for _ in range(3)] == [1, 2, 2]
    assert forked.answer("search", {"top": 3, "query": "x"})[0]["line"] == 1
    with pytest.raises(ExternRefused, match="NEX0821"):
        given.answer("search", {"query": "other", "top": 3})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "this is no JSON"),
        ("[]", "expected"),
        ('{"extern": "serch", "answer": []}', "no extern serch"),
        ('{"extern": "search"}', 'either an "answer" or a "failure"'),
        ('{"extern": "search", "answer": [], "anwser": 1}', 'no field "anwser"'),
        ('{"extern": "search", "answer": [{"path": "a"}]}', "line"),
        ('{"extern": "search", "failure": 7}', '"failure" is a text'),
    ],
)
def test_a_bad_recording_says_where(line: str, problem: str, compiled: Callable[[str], Bundle], tmp_path: Path) -> None:
    bundle = compiled('mcp "docs" needs network')
    path = tmp_path / "bad.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(NotReady) as error:
        Recording.load(path, results_of(bundle.program, bundle.package.tools))
    assert "NEX0820" in str(error.value) and "line 2" in str(error.value) and problem in str(error.value)


@pytest.mark.parametrize("text", ["nettwork", "python", "network:", ""])
def test_a_bad_allowance_is_refused(text: str) -> None:
    with pytest.raises(NotReady, match="NEX0823"):
        Allowed.of([text])


def test_a_capability_may_be_narrowed_to_a_host(compiled: Callable[[str], Bundle]) -> None:
    bundle = compiled('http "https://api.example.com/openapi.json#find" needs network')
    spec = externs_of(bundle.program)["search"]
    assert Allowed.of(["network:api.example.com"]).missing(spec) == []
    assert Allowed.of(["network:other.example.com"]).missing(spec) == ["network"]
    assert Allowed.of(["network:other.example.com", "network"]).missing(spec) == []


def test_the_command_line_records_and_plays(
    compiled: Callable[[str], Bundle], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = module_of(compiled('python "MODULE:find" needs network'))
    words = ["run", "docs.nex", "Finder", "-i", '{"query": "x"}']
    assert guarded(words) == 1
    assert "--allow network --allow python:" in capsys.readouterr().err
    assert guarded([*words, "--allow", "network", "--allow", f"python:{module}", "--record", "said.jsonl"]) == 0
    assert capsys.readouterr().out == "3 found\n"
    assert guarded([*words, "--externs", "said.jsonl"]) == 0
    assert capsys.readouterr().out == "3 found\n"
    assert json.loads(Path("said.jsonl").read_text())["arguments"] == {"query": "x", "top": 3}


# ---- depth, and acting for others

DUAL = """
use std.models { endpoint }

model small = endpoint("small-model")

world Phone { airplane: Bool = true, plan: Text = "basic" }
record Wish { id: Text, plan: Text }

tool toggle() -> Bool in Phone { airplane = not airplane  return airplane }
tool set_plan(to: Text) -> Text in Phone { plan = to  return to }

agent User(wish: Wish) -> Text { model: small  tools: [toggle]  prompt: "Want {{ wish.plan }}." }
agent Clerk(wish: Wish) -> Text {
  model: small
  tools: [set_plan]
  delegates: [Clerk]
  limits: { depth: 2 }
  prompt: "Help with {{ wish.plan }}."
}
agent Helped(wish: Wish) -> Text {
  by user { toggle() }
  by clerk { set_plan(wish.plan) }
  return "done"
}

fn wishes() -> [Wish] { return [Wish(id: "a", plan: "gold")] }

environment Help {
  world: Phone
  tasks: wishes()
  actors { clerk: Clerk(wish: task)  user: User(wish: task) }
  solution: Helped(task)
  reward {
    done: world.plan == task.plan and not world.airplane
    own: any(c.by == "user" for c in calls) weight 0
  }
  success: done and own
}
"""


@pytest.fixture
def dual(tmp_path: Path) -> Setting:
    (tmp_path / "dual.nex").write_text(DUAL, encoding="utf-8")
    done = nexlang.compile([tmp_path / "dual.nex"])
    assert [d.code for d in done.diagnostics if d.severity == "error"] == []
    return Setting.of(bundle_of(done.program, done.data))


def test_a_solution_acts_for_each_actor(dual: Setting) -> None:
    outcome = drive(Episode(dual, dual.tasks[0], 0, SOLUTION).play(), NoModel())
    assert [(call.tool, call.by) for call in outcome.calls] == [("toggle", "user"), ("set_plan", "clerk")]
    assert outcome.success


def test_delegation_comes_back_as_deep_as_its_limit(dual: Setting) -> None:
    deeper = '<tool_call>{"name": "Clerk", "arguments": {"wish": {"id": "a", "plan": "gold"}}}</tool_call>'
    outcome = drive(
        Episode(dual, dual.tasks[0], 0, model_policy()).play(), Scripted([deeper, deeper, "inner", "outer"])
    )
    first, second = outcome.conversations[:2]
    assert [one.agent for one in (first, second)] == ["Clerk", "Clerk"] and len(outcome.conversations) >= 2
    assert "has used its limit of depth: 2" in second.messages[-2]["content"]
    assert first.messages[-2]["content"] == "inner"
