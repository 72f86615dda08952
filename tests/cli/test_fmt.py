from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Nexc

UGLY = "record  A{x:Int}  # kept\n"


@pytest.fixture
def ugly(tmp_path: Path) -> Path:
    path = tmp_path / "ugly.nex"
    path.write_text(UGLY)
    return path


def test_in_place_and_only_once(nexc: Nexc, ugly: Path) -> None:
    assert nexc("fmt", ugly).code == 0
    after = ugly.read_text()
    assert after != UGLY and "# kept" in after
    stamp = ugly.stat().st_mtime_ns
    done = nexc("fmt", ugly)
    assert (done.code, ugly.read_text(), ugly.stat().st_mtime_ns) == (0, after, stamp)
    assert list(ugly.parent.iterdir()) == [ugly]


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_dry_runs_write_nothing(nexc: Nexc, ugly: Path, option: str) -> None:
    done = nexc("fmt", ugly, option)
    assert (done.code, ugly.read_text()) == (1, UGLY)
    assert str(ugly) in done.out
    nexc("fmt", ugly)
    assert nexc("fmt", ugly, option).code == 0


def test_diff_shows_both(nexc: Nexc, ugly: Path) -> None:
    lines = nexc("fmt", ugly, "--diff").out.splitlines()
    assert "-record  A{x:Int}  # kept" in lines
    assert any(line.startswith("+record A {") for line in lines)


def test_what_cannot_be_read_is_left_and_reported(nexc: Nexc, ugly: Path) -> None:
    broken = ugly.with_name("broken.nex")
    broken.write_text("record A {\n  x Int\n")
    done = nexc("fmt", ugly.parent)
    assert done.code == 1
    assert broken.read_text() == "record A {\n  x Int\n"
    assert ugly.read_text() != UGLY
    assert "broken.nex" in done.err and "1 file not formatted where the mistakes are" in done.err


def test_a_mistake_keeps_only_its_declaration(nexc: Nexc, ugly: Path) -> None:
    ugly.write_text(UGLY + "\nfn f() -> Int {\n  return 1 +\n}\n")
    done = nexc("fmt", ugly)
    assert (done.code, "NEX0109" in done.err) == (1, True)
    assert ugly.read_text() == "record A { x: Int }  # kept\n\nfn f() -> Int {\n  return 1 +\n}\n"
    again = nexc("fmt", ugly, "--check")
    assert (again.code, again.out) == (1, "")


def test_lines(nexc: Nexc, ugly: Path) -> None:
    ugly.write_text(UGLY + "enum  B{x}\n")
    assert nexc("fmt", ugly, "--lines", "2-2").code == 0
    assert ugly.read_text() == UGLY + "enum B { x }\n"
    assert nexc("fmt", ugly, "--lines=1").code == 0
    assert ugly.read_text().startswith("record A { x: Int }")


@pytest.mark.parametrize("lines", ["0-1", "3-2", "x", "1-", "-1"])
def test_lines_that_are_none(nexc: Nexc, ugly: Path, lines: str) -> None:
    done = nexc("fmt", ugly, f"--lines={lines}")
    assert (done.code, ugly.read_text()) == (1, UGLY) and "--lines" in done.err
    assert nexc("fmt", ugly.parent, "--lines", "1-2").code == 1


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Sets what standard input holds."""

    def put(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put


def test_standard_input(nexc: Nexc, typed: Callable[[bytes], None]) -> None:
    typed(UGLY.encode())
    done = nexc("fmt", "-")
    assert (done.code, done.out, done.err) == (0, "record A { x: Int }  # kept\n", "")
    typed(UGLY.encode())
    assert nexc("fmt", "-", "--check").code == 1
    typed(UGLY.encode())
    assert "+record A { x: Int }  # kept" in nexc("fmt", "-", "--diff").out


def test_standard_input_with_a_mistake_comes_out_as_far_as_it_can_be_read(
    nexc: Nexc, typed: Callable[[bytes], None]
) -> None:
    typed(f"{UGLY}fn f( {{".encode())
    done = nexc("fmt", "-")
    assert done.code == 1 and "<stdin>:2" in done.err
    assert done.out == "record A { x: Int }  # kept\nfn f( {"
    typed(b"\xff")
    assert nexc("fmt", "-").code == 1


def test_a_link_stays_a_link_and_the_mode_stays(nexc: Nexc, ugly: Path) -> None:
    link = ugly.with_name("link.nex")
    link.symlink_to(ugly)
    ugly.chmod(0o640)
    assert nexc("fmt", link).code == 0
    assert link.is_symlink() and ugly.read_text() != UGLY
    assert ugly.stat().st_mode & 0o777 == 0o640


def test_line_ends_become_one_kind(nexc: Nexc, tmp_path: Path) -> None:
    path = tmp_path / "a.nex"
    path.write_bytes(b"\xef\xbb\xbfenum A { x }\r\n")
    assert nexc("fmt", path).code == 0
    assert b"\r" not in path.read_bytes() and path.read_bytes().startswith(b"enum")
