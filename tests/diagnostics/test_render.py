"""How diagnostics look, for people and for programs."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Edit, Source, Span, render_json, render_text, summary

DESK = (
    "\n" * 21
    + "record Order {\n"
    + "\n" * 18
    + '  require order.staus == pending else fail "Non-pending order cannot be cancelled"\n'
)
PATH = "examples/desk/desk.nex"
EXPECTED = """error[NEX0312]: `Order` has no field `staus`
  --> examples/desk/desk.nex:41:17
   |
41 |   require order.staus == pending else fail "Non-pending order cannot be cancelled"
   |                 ^^^^^ unknown field
   |
  ::: examples/desk/desk.nex:22:8
   |
22 | record Order {
   |        ----- `Order` is declared here
   |
help: a field with a similar name exists
   |
41 -   require order.staus == pending …
41 +   require order.status == pending …
   |
   = explain: nexc explain NEX0312
"""


def span(text: str, part: str, path: str = PATH) -> Span:
    start = text.index(part)
    return Span(path, start, start + len(part))


def misspelt() -> Diagnostic:
    found = Diagnostic("NEX0312", "error", "`Order` has no field `staus`", span(DESK, "staus"), "unknown field")
    found.label(span(DESK, "Order"), "`Order` is declared here")
    return found.replace("a field with a similar name exists", "status")


def test_the_layout_of_the_style_guide() -> None:
    assert render_text([misspelt()], {PATH: Source(PATH, DESK)}) == EXPECTED


def test_labels_near_and_in_other_files() -> None:
    here, there = "let a = 1\nlet b = 2\n", "record A { }\n"
    found = Diagnostic("NEX0201", "warning", "message", span(here, "b", "h.nex"), "primary")
    found.label(span(here, "a", "h.nex"), "near").label(span(there, "A", "t.nex"), "far").advise("do it")
    assert render_text([found], {"h.nex": Source("h.nex", here), "t.nex": Source("t.nex", there)}) == (
        "warning[NEX0201]: message\n"
        " --> h.nex:2:5\n"
        "  |\n"
        "1 | let a = 1\n"
        "  |     - near\n"
        "2 | let b = 2\n"
        "  |     ^ primary\n"
        "  |\n"
        " ::: t.nex:1:8\n"
        "  |\n"
        "1 | record A { }\n"
        "  |        - far\n"
        "  |\n"
        "help: do it\n"
        "  = explain: nexc explain NEX0201\n"
    )


def test_a_fix_that_adds_a_line() -> None:
    text = "a {\n  b\n"
    found = Diagnostic("NEX0102", "error", "open", span(text, "{", "x.nex"))
    found.fix("close it", Edit(Span("x.nex", 7, 7), "\n}"))
    shown = render_text([found], {"x.nex": Source("x.nex", text)})
    assert "help: close it\n  |\n3 + }\n  |\n" in shown


def test_colour_is_only_escape_codes() -> None:
    sources = {PATH: Source(PATH, DESK)}
    import re

    coloured = render_text([misspelt()], sources, color=True)
    assert "\x1b[1;31merror[NEX0312]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == EXPECTED


def test_a_file_that_is_not_there() -> None:
    found = Diagnostic("NEX0190", "error", "`x` cannot be read", Span("x", 0, 0))
    assert render_text([found], {}) == (
        "error[NEX0190]: `x` cannot be read\n --> x\n  = explain: nexc explain NEX0190\n"
    )


def test_wide_and_unprintable_characters() -> None:
    text = "\tlet 日本 = x\x1b[31m\n"
    found = Diagnostic("NEX0205", "error", "m", span(text, "x", "w.nex"), "here")
    line, under = render_text([found], {"w.nex": Source("w.nex", text)}).split("\n")[3:5]
    assert "\x1b" not in line
    assert line.startswith("1 |     let 日本 = x")
    assert under == "  |                ^ here"


def test_long_lines_are_cut() -> None:
    text = "x" * 5000 + "!" + "y" * 5000
    found = Diagnostic("NEX0116", "error", "m", span(text, "!", "l.nex"), "here")
    shown = render_text([found], {"l.nex": Source("l.nex", text)})
    assert max(map(len, shown.split("\n"))) < 200
    line, under = shown.split("\n")[3:5]
    assert line[under.index("^")] == "!"


def test_json() -> None:
    (found,) = render_json([misspelt()], {PATH: Source(PATH, DESK)})
    place = {"file": PATH, "line": 41, "column": 17, "end_line": 41, "end_column": 22}
    assert found.items() >= {"code": "NEX0312", "severity": "error", **place}.items()
    assert found["labels"] == [
        {"file": PATH, "line": 22, "column": 8, "end_line": 22, "end_column": 13, "text": "`Order` is declared here"}
    ]
    assert found["fixes"] == [
        {
            "applicability": "safe",
            "message": "a field with a similar name exists",
            "edits": [{**place, "text": "status"}],
        }
    ]


def test_summary() -> None:
    warning = Diagnostic("NEX0213", "warning", "m", Span("x", 0, 0))
    assert summary([misspelt(), misspelt(), warning]) == "2 errors, 1 warning"
    assert summary([]) == ""
