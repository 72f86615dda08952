"""Modules: what is private, what is passed on, circles, and names that nothing uses or that hide others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.semantics.programs import checked, codes, marked


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.nex").write_text(text, encoding="utf-8")


def test_names_are_passed_on_over_several_modules(tmp_path: Path) -> None:
    write(
        tmp_path,
        a="package a\nexport use b { twice }\n",
        b="package b\nexport use c { twice }\n",
        c="package c\nfn twice(n: Int) -> Int { return 2 * n }\n",
    )
    assert codes("use a { twice }\nfn f() -> Int { return twice(1) }\n", tmp_path) == []


def test_what_is_only_used_is_not_passed_on(tmp_path: Path) -> None:
    write(
        tmp_path,
        b="package b\nuse c { twice }\nfn four() -> Int { return twice(2) }\n",
        c="package c\nfn twice(n: Int) -> Int { return 2 * n }\n",
    )
    assert codes("use b { twice }\nfn f() -> Int { return twice(1) }\n", tmp_path) == ["NEX0209"]


def test_a_module_that_is_lost_on_the_way_is_said_once(tmp_path: Path) -> None:
    write(tmp_path, b="package b\nexport use gone { twice }\n")
    assert codes("use b { twice }\nfn f() -> Int { return twice(1) }\n", tmp_path) == ["NEX0208"]


def test_a_private_name_cannot_be_passed_on_either(tmp_path: Path) -> None:
    write(
        tmp_path,
        b="package b\nexport use c { twice }\n",
        c="package c\nfn four() -> Int { return twice(2) }\nprivate fn twice(n: Int) -> Int { return 2 * n }\n",
    )
    found = checked("use b { twice }\nfn f() -> Int { return twice(1) }\n", tmp_path).diagnostics
    assert {each.code for each in found} == {"NEX0228"}


def test_the_fix_makes_the_name_public(tmp_path: Path) -> None:
    text = "package c\nfn four() -> Int { return twice(2) }\n## Two.\nprivate fn twice(n: Int) -> Int { return n }\n"
    write(tmp_path, c=text)
    (found,) = checked("use c { twice }\nfn f() -> Int { return twice(1) }\n", tmp_path).diagnostics
    (edit,) = found.fixes[0].edits
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == text.replace("private ", "")


def test_a_circle_is_shown_with_its_path(tmp_path: Path) -> None:
    write(tmp_path, a="package a\nuse b { g }\nfn f() -> Int { return g() }\n")
    write(tmp_path, b="package b\nuse c { h }\nfn g() -> Int { return h() }\n")
    write(tmp_path, c="package c\nuse a { f }\nfn h() -> Int { return 1 }\nfn i() -> Int { return f() }\n")
    (found,) = checked("use a { f }\nfn m() -> Int { return f() }\n", tmp_path).diagnostics
    assert (found.code, found.message) == ("NEX0229", "`a` uses itself: a → b → c → a")
    assert [label.text for label in found.labels] == ["`a` uses `b`", "`b` uses `c`"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fn f() -> Int {\n  let a = 1\n  return 2\n}\n", [("NEX0230", "a")]),
        ("fn f(n: Int) -> Int {\n  var a = n\n  return n\n}\n", [("NEX0230", "a")]),
        ('fn f(xs: [Int]) -> Int {\n  let a = first(xs) else fail "none"\n  return 2\n}\n', []),
        ("fn f(n: Int) -> Int { return 2 }\n", [("NEX0231", "n")]),
        ("fn f(n: Int where it > 1) -> Int { return n }\n", []),
        ('fn f(n: Int) -> Text { return "{{ n }}" }\n', []),
        ("private fn f() -> Int { return 2 }\n", [("NEX0232", "f")]),
        ("private let a = 1\nfn f() -> Int { return a }\n", []),
        ("let a = 1\nfn f(a: Int) -> Int { return a }\n", [("NEX0233", "a")]),
        ("fn f(xs: [Int]) -> Int {\n  for x in xs { let x = 1  require x > 0 else fail \"no\" }\n  return 1\n}\n",
         [("NEX0233", "x")]),
        ("world W { n: Int = 0 }\ntool t(n: Int) -> Int in W { return n }\n", [("NEX0233", "n")]),
        ("fn f(n: Int) -> Int { return [n for n in [1, 2]][0] + n }\n", [("NEX0233", "n")]),
    ],
)  # fmt: skip
def test_unused_and_hidden_names(text: str, found: list[tuple[str, str]], tmp_path: Path) -> None:
    assert marked(text, tmp_path) == found


def test_nothing_is_called_unused_where_something_is_wrong(tmp_path: Path) -> None:
    assert codes("fn f(n: Int) -> Int {\n  let a = 1\n  return m\n}\n", tmp_path) == ["NEX0205"]
