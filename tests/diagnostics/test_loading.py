"""Files that cannot be read: one diagnostic each, no traceback, no hang."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nexlang.diagnostics import Diagnostic, Source, load
from nexlang.diagnostics.loading import MAX_BYTES


def code(path: Path) -> str:
    found = load(path, "shown.nex")
    assert isinstance(found, Diagnostic)
    assert found.span.file == "shown.nex"
    return found.code


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.nex"
    path.write_bytes(b"\xef\xbb\xbflet x = 1\r\nlet y = 2\rlet z = 3\n")
    found = load(path)
    assert isinstance(found, Source)
    assert found.text == "let x = 1\nlet y = 2\nlet z = 3\n"
    assert found.path == str(path)


def test_missing(tmp_path: Path) -> None:
    assert code(tmp_path / "none.nex") == "NEX0190"
    assert code(tmp_path / "nul\0.nex") == "NEX0190"


def test_a_directory(tmp_path: Path) -> None:
    assert code(tmp_path) == "NEX0191"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.nex")
    assert code(tmp_path / "pipe.nex") == "NEX0190"


@pytest.mark.parametrize("data", [b"let x = \xff", "let x = 1".encode("utf-16")])
def test_not_utf8(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.nex"
    path.write_bytes(b"\n\n" + data if data.startswith(b"let") else data)
    found = load(path)
    assert isinstance(found, Diagnostic)
    assert found.code == "NEX0192"
    assert "line 3 holds the byte 0xff" in found.message or "UTF-16" in found.message


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.nex"
    with open(path, "wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert code(path) == "NEX0193"
    with open(path, "wb") as file:
        file.write(b" " * MAX_BYTES)
    assert isinstance(load(path), Source)
