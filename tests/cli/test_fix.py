"""`nexc check --fix`: what is made, what is left, what the file looks like afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nexlang.cli.fixes import encoded
from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics.fixing import choose, edited
from nexlang.diagnostics.model import Diagnostic
from tests.cli.conftest import Nexc

MISSPELT = "record Order { status: Text }\n\nfn status(order: Order) -> Text {\n  return order.staus\n}\n"
MENDED = MISSPELT.replace("staus", "status")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def test_a_safe_fix_is_made(nexc: Nexc, tmp_path: Path) -> None:
    path = written(tmp_path, "a.nex", MISSPELT)
    done = nexc("check", "--fix", path)
    assert (done.code, done.out, path.read_text()) == (0, "", MENDED)
    assert done.err == "1 fix made in 1 file, nothing wrong now\n"


def test_a_second_time_changes_nothing(nexc: Nexc, tmp_path: Path) -> None:
    path = written(tmp_path, "a.nex", MISSPELT)
    nexc("check", "--fix", path)
    stamp = path.stat().st_mtime_ns
    assert nexc("check", "--fix", path).code == 0
    assert path.stat().st_mtime_ns == stamp


def test_a_difference_is_shown_and_nothing_written(nexc: Nexc, tmp_path: Path) -> None:
    path = written(tmp_path, "a.nex", MISSPELT)
    done = nexc("check", "--diff", path)
    assert done.code == 1 and path.read_text() == MISSPELT
    assert "-  return order.staus\n+  return order.status\n" in done.out
    assert "1 fix would be made" in done.err


def test_what_cannot_be_mended_is_reported(nexc: Nexc, tmp_path: Path) -> None:
    path = written(tmp_path, "a.nex", MISSPELT + "\nfn odd() -> Int {\n  return whatever\n}\n")
    done = nexc("check", "--fix", path, "--format", "json")
    (left,) = json.loads(done.out)
    assert done.code == 1 and left["code"] == "NEX0205"
    assert "order.status" in path.read_text()


def test_an_unsafe_fix_waits_to_be_asked_for(nexc: Nexc, tmp_path: Path) -> None:
    text = "fn one() -> Int {\n  return 1))\n}\n"
    path = written(tmp_path, "a.nex", text)
    done = nexc("check", "--fix", path)
    assert done.code == 1 and path.read_text() == text and "--unsafe-fixes" in done.err
    assert nexc("check", "--fix", "--unsafe-fixes", path).code == 0
    assert nexc("check", path).code == 0


def test_unsafe_fixes_alone_mean_nothing(nexc: Nexc, tmp_path: Path) -> None:
    assert nexc("check", "--unsafe-fixes", written(tmp_path, "a.nex", MISSPELT)).code == 1


def test_line_ends_and_the_mark_at_the_beginning_stay(nexc: Nexc, tmp_path: Path) -> None:
    path = tmp_path / "a.nex"
    path.write_bytes(b"\xef\xbb\xbf" + MISSPELT.replace("\n", "\r\n").encode())
    assert nexc("check", "--fix", path).code == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + MENDED.replace("\n", "\r\n").encode()


def test_each_unchanged_line_keeps_its_own_end() -> None:
    assert encoded("a\nB\nc\n", b"a\r\nb\nc\n") == b"a\r\nB\nc\n"


def test_a_file_that_is_only_used_is_left_alone(nexc: Nexc, tmp_path: Path) -> None:
    used = written(tmp_path, "types.nex", MISSPELT)
    path = written(
        tmp_path, "main.nex", "use types { Order }\n\nfn get(order: Order) -> Text {\n  return order.stats\n}\n"
    )
    nexc("check", "--fix", path)
    assert used.read_text() == MISSPELT and "order.status" in path.read_text()
    nexc("check", "--fix", tmp_path)
    assert used.read_text() == MENDED


def test_a_file_that_is_used_before_it_is_named_is_mended_too(nexc: Nexc, tmp_path: Path) -> None:
    written(tmp_path, "a.nex", "use b { Order }\n\nfn get(order: Order) -> Text {\n  return order.status\n}\n")
    used = written(tmp_path, "b.nex", MISSPELT)
    assert nexc("check", "--fix", tmp_path).code == 0
    assert used.read_text() == MENDED


def found(*edits: tuple[int, int, str]) -> Diagnostic:
    diagnostic = Diagnostic("NEX0205", "error", "message", Span("a", edits[0][0], edits[0][1]))
    return diagnostic.fix("fix", *(Edit(Span("a", start, end), text) for start, end, text in edits))


@pytest.mark.parametrize(
    ("diagnostics", "made"),
    [
        ([found((0, 2, "x")), found((3, 5, "y"))], 2),
        ([found((0, 2, "x")), found((1, 3, "y"))], 1),
        ([found((0, 2, "x")), found((2, 2, "y"))], 1),
        ([found((2, 2, "x")), found((2, 2, "y"))], 1),
        ([found((2, 2, "x")), found((2, 2, "x"))], 2),
        ([found((0, 1, "x"), (4, 5, "x")), found((4, 5, "z"))], 1),
    ],
)
def test_of_fixes_that_touch_the_first_is_made(diagnostics: list[Diagnostic], made: int) -> None:
    assert len(choose(diagnostics, {"a"})) == made


def test_edits_are_made_from_the_left() -> None:
    edits = [Edit(Span("a", 4, 5), "E"), Edit(Span("a", 0, 1), ""), Edit(Span("a", 2, 2), "-")]
    assert edited("abcdef", edits) == "b-cdEf"
