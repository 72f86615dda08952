"""Colours only on a terminal whose owner has not said no."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from nexlang.cli.common import colored, show
from nexlang.compiler import compile


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_a_terminal_has_colours_and_a_pipe_has_none() -> None:
    assert colored(Terminal())
    assert not colored(io.StringIO())


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_says_no_gets_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert not colored(Terminal())


def test_an_empty_value_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert colored(Terminal())


def test_the_text_is_the_same_but_for_colours(tmp_path: Path) -> None:
    path = tmp_path / "a.nex"
    path.write_text("fn f() -> Int {\n  return x\n}\n")
    checked = compile(path)
    texts = []
    for stream in (Terminal(), io.StringIO()):
        show(checked.diagnostics, checked.sources, stream)
        texts.append(stream.getvalue())
    assert "\x1b[1;31m" in texts[0] and "\x1b" not in texts[1]
    codes = [part.split("m", 1) for part in texts[0].split("\x1b[")[1:]]
    assert texts[0].split("\x1b[")[0] + "".join(part[1] for part in codes) == texts[1]
