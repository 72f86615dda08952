"""Data files: every problem at its place, none of them a traceback, and quick."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from nexlang.compiler import Compilation
from nexlang.diagnostics import Diagnostic, Span
from nexlang.semantics.data import load_tasks, load_text, load_world
from nexlang.semantics.places_in_json import first_repeated_key, locate
from nexlang.semantics.shapes import check_value
from nexlang.semantics.types import INT, JSON, List, Map, Type, World
from tests.semantics.programs import checked, type_of

HERE = Span("main.nex", 10, 20)
PROGRAM = """
enum Status { pending, returned = "return requested" }
record Card { id: Text }
record Gift { id: Text, balance: Float where it >= 0 }
union Method by source { card: Card, gift_card: Gift }
type OrderId = Text matching "#W[0-9]+"
record Item { sku: Text, price: Float, count: Int = 1 }
record Order {
  order_id: OrderId
  status: Status
  items: [Item]
  kind: "new" | "old"
  notes: {Int: Text}
  by_status: {Status: Int}
  pay: Method?
  open: Bool
  extra: Json
  wait: Duration
  first: Int
  last: Int
  require first <= last
}
record Ticket { id: Text, message: Text, actions: [Call], note: Text? }
record Tree { name: Text, below: [Tree] }
world Shop { orders: table Order by order_id, ids: [OrderId] = [], total: Float }
## Finds.
##
## id: The id.
tool find(id: Text, most: Int where it <= 5 = 3) -> Text { return "{{ id }} {{ most }}" }
"""
ORDER = {
    "order_id": "#W1",
    "status": "return requested",
    "items": [{"sku": "a", "price": 2}, {"sku": "b", "price": 2.5, "count": 3}],
    "kind": "new",
    "notes": {"3": "c"},
    "by_status": {"pending": 1},
    "pay": {"source": "gift_card", "id": "g", "balance": 0},
    "open": True,
    "extra": [None, {"any": 1}],
    "wait": 120,
    "first": 1,
    "last": 2,
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    compilation = checked(PROGRAM, tmp_path_factory.mktemp("program"))
    assert compilation.diagnostics == []
    return compilation


@pytest.fixture(scope="module")
def order(program: Compilation) -> Type:
    return type_of(program, "Order")


def found(value: object, type: Type) -> list[tuple[str, str]]:
    return [(problem.code.id, problem.path) for problem in check_value(value, type)]


def changed(path: str, value: object) -> dict[str, object]:
    """The good order with one value replaced; `path` is written as Python would below `order`."""
    copy: dict[str, object] = json.loads(json.dumps(ORDER))
    exec(f"order{path} = value", {"order": copy, "value": value})
    return copy


def test_a_good_value_has_no_problem(order: Type) -> None:
    assert found(ORDER, order) == []


WRONG = [
    ("['order_id']", 3, "NEX0607", "order_id"),
    ("['order_id']", "W1", "NEX0610", "order_id"),
    ("['status']", "returned", "NEX0611", "status"),
    ("['kind']", "newer", "NEX0611", "kind"),
    ("['items'][1]['price']", "abc", "NEX0607", "items[1].price"),
    ("['items'][1]['price']", True, "NEX0607", "items[1].price"),
    ("['items'][1]['price']", 10**400, "NEX0607", "items[1].price"),
    ("['items'][1]['count']", 1.0, "NEX0607", "items[1].count"),
    ("['items'][1]['count']", True, "NEX0607", "items[1].count"),
    ("['items'][0]", None, "NEX0607", "items[0]"),
    ("['items']", {}, "NEX0607", "items"),
    ("['items'][0]", {"sku": "a", "prize": 1}, "NEX0609", "items[0].prize"),
    ("['items'][0]", {"sku": "a"}, "NEX0608", "items[0]"),
    ("['notes']", {"x": "c"}, "NEX0607", 'notes["x"]'),
    ("['notes']", {"03": "c"}, "NEX0607", 'notes["03"]'),
    ("['by_status']", {"done": 1}, "NEX0611", 'by_status["done"]'),
    ("['pay']", {"id": "g"}, "NEX0612", "pay"),
    ("['pay']", {"source": "giftcard", "id": "g"}, "NEX0612", "pay.source"),
    ("['pay']['balance']", -1, "NEX0610", "pay.balance"),
    ("['pay']", {"source": "card", "id": "g", "balance": 1}, "NEX0609", "pay.balance"),
    ("['open']", 1, "NEX0607", "open"),
    ("['open']", None, "NEX0607", "open"),
    ("['wait']", "2 minutes", "NEX0607", "wait"),
    ("['first']", 3, "NEX0617", ""),
]


@pytest.mark.parametrize(("path", "value", "code", "where"), WRONG)
def test_one_problem_at_its_path(path: str, value: object, code: str, where: str, order: Type) -> None:
    assert found(changed(path, value), order) == [(code, where)]


def test_suggestions_are_json(order: Type) -> None:
    [case] = check_value(changed("['status']", "returned"), order)
    [field] = check_value(changed("['items'][0]", {"sku": "a", "prize": 1}), order)
    assert (case.fix, field.fix) == ('"return requested"', '"price"')


def test_a_value_below_a_path(order: Type) -> None:
    assert [p.path for p in check_value("x", List(INT), "rows")] == ["rows"]
    assert [p.path for p in check_value({"a": "x"}, Map(JSON, INT), "rows")] == ['rows["a"]']


def test_deep_values_end(program: Compilation) -> None:
    tree: dict[str, object] = {"name": "x", "below": []}
    for _ in range(100_000):
        tree = {"name": "x", "below": [tree]}
    assert [code for code, _ in found(tree, type_of(program, "Tree"))] == ["NEX0607"]
    while tree["below"]:
        tree = tree["below"].pop()  # type: ignore[attr-defined]


CALLS = [
    ({"tool": "find", "arguments": {"id": "a"}}, []),
    ({"tool": "find", "arguments": {"id": "a", "most": 2}, "by": "clerk"}, []),
    ({"tool": "fnd", "arguments": {}}, [("NEX0615", "actions[0].tool")]),
    ({"tool": "find", "arguments": {"id": 3}}, [("NEX0607", "actions[0].arguments.id")]),
    ({"tool": "find", "arguments": {"id": "a", "most": 9}}, [("NEX0610", "actions[0].arguments.most")]),
    (
        {"tool": "find", "arguments": {"name": "a"}},
        [("NEX0609", "actions[0].arguments.name"), ("NEX0608", "actions[0].arguments")],
    ),
    ({"tool": "find"}, [("NEX0608", "actions[0]")]),
    ({"name": "find", "arguments": {"id": "a"}}, [("NEX0609", "actions[0].name"), ("NEX0608", "actions[0]")]),
    ("find", [("NEX0607", "actions[0]")]),
]


@pytest.mark.parametrize(("call", "problems"), CALLS)
def test_calls_are_held_to_the_tool(call: object, problems: list[tuple[str, str]], program: Compilation) -> None:
    task = {"id": "1", "message": "m", "actions": [call]}
    tools = program.checked.tools()
    assert [(p.code.id, p.path) for p in check_value(task, type_of(program, "Ticket"), tools=tools)] == problems


# ---------------------------------------------------------------- files


def place(diagnostic: Diagnostic, text: str) -> tuple[int, int, str]:
    """Line, column and what is marked."""
    start, end = diagnostic.span.start, diagnostic.span.end
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), text[start:end]


def tasks(folder: Path, program: Compilation, text: str | bytes, name: str = "t.jsonl") -> list[Diagnostic]:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_tasks(folder, name, HERE, type_of(program, "Ticket"), program.checked.tools()).diagnostics


def row(number: int, **more: object) -> str:
    return json.dumps({"id": f"t{number}", "message": "Hello", "actions": [], **more})


def test_a_bad_line_of_many(tmp_path: Path, program: Compilation) -> None:
    lines = [row(i) for i in range(5000)]
    lines[3816] = row(3816, actions=[{"tool": "find", "arguments": {"id": 12}}])
    text = "\n".join(lines)
    [diagnostic] = tasks(tmp_path, program, text)
    line, column, marked = place(diagnostic, text)
    assert (line, marked) == (3817, "12")
    assert column == lines[3816].index("12") + 1
    assert diagnostic.span.file == (tmp_path / "t.jsonl").as_posix()
    assert diagnostic.message == "`actions[0].arguments.id` should be `Text` but is the number 12"
    assert diagnostic.labels[0].span == HERE


@pytest.mark.parametrize(
    ("line", "code", "marked"),
    [
        ('{"id": "t9", "message": "m", "actions": [}', "NEX0605", "}"),
        ('{"id": "t9", "message": "m", "actions": []', "NEX0605", ""),
        ('{"id": "t9", "message": "m", "actions": [], "id": "t8"}', "NEX0605", '"id"'),
        ('{"id": NaN, "message": "NaN", "actions": []}', "NEX0605", "NaN"),
        ('{"id": -Infinity, "message": "m", "actions": []}', "NEX0605", "-Infinity"),
        ('{"id": "t9", "message": "m", "actions": []} x', "NEX0605", "x"),
        ("[" * 100_000, "NEX0605", "["),
        ('{"id": ' + "9" * 5000 + "}", "NEX0605", "{"),
        ('["a"]', "NEX0607", "["),
        ('{"id": "t9", "mesage": "m", "actions": []}', "NEX0609", '"mesage"'),
        ('{"id": "t0", "message": "m", "actions": []}', "NEX0614", '"t0"'),
        ('{"id": "t9", "message": "m", "actions": [], "note": "\\ud83d\\ude00", "nte": 1}', "NEX0609", '"nte"'),
    ],
)
def test_bad_lines(line: str, code: str, marked: str, tmp_path: Path, program: Compilation) -> None:
    text = f"{row(0)}\n\n{line}\n{row(1)}\n"
    [diagnostic] = tasks(tmp_path, program, text)
    found_line, _, found_mark = place(diagnostic, text)
    assert (diagnostic.code, found_line) == (code, 3)
    assert found_mark == marked or not marked


def test_only_the_first_few_are_shown(tmp_path: Path, program: Compilation) -> None:
    found = tasks(tmp_path, program, "\n".join(row(i, note=3) for i in range(2000)))
    assert [d.code for d in found] == ["NEX0607"] * 5 + ["NEX0616"]
    assert found[-1].message == "`t.jsonl` has 1,995 more problems"
    assert found[-1].span == HERE


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "NEX0606"), (b"\n \n", "NEX0606"), (b"\xff\xfe{}", "NEX0604"), (b"\xef\xbb\xbf{}", "NEX0604")],
)
def test_files_without_rows(content: bytes, code: str, tmp_path: Path, program: Compilation) -> None:
    [diagnostic] = tasks(tmp_path, program, content)
    assert (diagnostic.code, diagnostic.span) == (code, HERE)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../t.jsonl", "a/../../t.jsonl", "", "C:/t.jsonl", "..\\t.jsonl", "a\0b", "link.jsonl"]
)
def test_paths_that_leave_the_folder(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "program"
    inside.mkdir()
    (tmp_path / "t.jsonl").write_text("{}")
    (inside / "link.jsonl").symlink_to(tmp_path / "t.jsonl")
    [diagnostic] = load_text(inside, name, HERE).diagnostics
    assert (diagnostic.code, diagnostic.span) == ("NEX0602", HERE)


def test_a_missing_file_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "policy.md").write_text("Be kind.")
    [diagnostic] = load_text(tmp_path, "data/polcy.md", HERE).diagnostics
    assert diagnostic.code == "NEX0601"
    assert diagnostic.fixes[0].edits[0].text == '"data/policy.md"'


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert [load_text(tmp_path, name, HERE).diagnostics[0].code for name in ("data", "pipe")] == ["NEX0603"] * 2


def test_the_bytes_go_on_unchanged(tmp_path: Path) -> None:
    (tmp_path / "policy.md").write_bytes("Be kind.\r\nÄ\n".encode())
    loaded = load_text(tmp_path, "policy.md", HERE)
    assert (loaded.value, loaded.content) == ("Be kind.\r\nÄ\n", "Be kind.\r\nÄ\n".encode())


# ---------------------------------------------------------------- worlds


def world(folder: Path, program: Compilation, value: object) -> list[tuple[str, str]]:
    text = json.dumps(value, indent=1)
    (folder / "w.json").write_text(text)
    shop = type_of(program, "Shop")
    assert isinstance(shop, World)
    loaded = load_world(folder, "w.json", HERE, shop.info)
    return [(d.code, text[d.span.start : d.span.end]) for d in loaded.diagnostics]


WORLDS: list[tuple[object, list[tuple[str, str]]]] = [
    ({"orders": {"#W1": ORDER}, "total": 1}, []),
    ({"orders": [ORDER], "total": 1, "ids": ["#W1"]}, []),
    ({"total": 1}, []),
    ({"orders": {}}, [("NEX0608", "{")]),
    ({"orders": {}, "totl": 1}, [("NEX0609", '"totl"')]),
    ({"orders": {"#W2": ORDER}, "total": 1}, [("NEX0613", '"#W1"')]),
    ({"orders": [ORDER, ORDER], "total": 1}, [("NEX0613", '"#W1"')]),
    ({"orders": {"#W1": {**ORDER, "open": "yes"}}, "total": 1}, [("NEX0607", '"yes"')]),
    ({"orders": 3, "total": 1}, [("NEX0607", "3")]),
    ({"orders": {}, "total": 1, "ids": ["x"]}, [("NEX0610", '"x"')]),
    ([], [("NEX0607", "[")]),
]


@pytest.mark.parametrize(("value", "problems"), WORLDS)
def test_worlds(value: object, problems: list[tuple[str, str]], tmp_path: Path, program: Compilation) -> None:
    assert world(tmp_path, program, value) == problems


def test_a_large_world_is_quick(tmp_path: Path, program: Compilation) -> None:
    orders = {f"#W{i}": {**ORDER, "order_id": f"#W{i}"} for i in range(8000)}
    (tmp_path / "w.json").write_text(json.dumps({"orders": orders, "total": 1}))
    shop = type_of(program, "Shop")
    assert isinstance(shop, World)
    before = time.process_time()
    assert load_world(tmp_path, "w.json", HERE, shop.info).diagnostics == []
    assert time.process_time() - before < 3


def test_places() -> None:
    text = '{"a": [1, {"b c": "x"}], "é": {"k": 2}}'
    assert text[slice(*locate(text, 0, ("a", 1, ("b c",))))] == '"x"'
    assert text[slice(*locate(text, 0, ("é", "k")))] == "2"
    assert text[slice(*locate(text, 0, ("a",), key=True))] == '"a"'
    assert locate(text, 0, ("none", "there")) == (0, 1)
    assert first_repeated_key('{"a": {"b": 1}, "b": 1, "a": 2}') == (24, 27)


def test_one_field_that_every_row_misspells_is_shown_once(tmp_path: Path, program: Compilation) -> None:
    text = "\n".join(row(i, nte=3) for i in range(100))
    found = tasks(tmp_path, program, text)
    assert [d.code for d in found] == ["NEX0609", "NEX0616"]
    assert found[-1].message == "`t.jsonl` has 99 more problems"
