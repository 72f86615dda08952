from __future__ import annotations

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
    assert "broken.nex" in done.err and "1 file not formatted" in done.err


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
