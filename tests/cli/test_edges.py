"""What every command has in common: versions, usage, interrupts, closed pipes, refusals, our own mistakes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import nexlang
from nexlang.cli import Refused
from nexlang.cli.app import COMMANDS
from nexlang.cli.quick import QUICK, read
from tests.cli.conftest import Nexc

FAULTY = "fn f() -> Int { return nothing_here }\n"


def start(*words: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "nexlang", *words], text=True, **options)  # type: ignore[call-overload, no-any-return]


def loaded_by(*words: str) -> set[str]:
    """The packages that a command line imports."""
    code = (
        "import sys\nfrom nexlang.cli import main\n"
        f"try:\n    main({list(words)!r})\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write('LOADED ' + ' '.join({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], text=True, capture_output=True, check=True)
    return set(done.stderr.rpartition("LOADED ")[2].split())


def test_version_loads_nothing() -> None:
    assert not loaded_by("--version") & {"typer", "rich", "pydantic", "lark", "dataclasses"}


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_quick_commands_load_little(command: str, tmp_path: Path) -> None:
    (tmp_path / "a.nex").write_text("fn f() -> Int {\n  return 1\n}\n")
    heavy = {"typer", "rich", "pydantic", "lark", "jinja2", "torch", "transformers"}
    assert not loaded_by(command, str(tmp_path / "a.nex")) & heavy


def test_version(nexc: Nexc) -> None:
    assert nexc("--version").out == nexc("--version", "check").out == f"nexc {nexlang.__version__}\n"


def test_help_names_every_command(nexc: Nexc) -> None:
    done = nexc("--help")
    assert done.code == 0
    assert all(f"\n  {name} " in done.out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(nexc: Nexc, command: str) -> None:
    done = nexc(command, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: nexc {command}")


@pytest.mark.parametrize("words", [["check"], ["check", "--no-such", "x"], ["explain", "a", "b"], ["fmt", "--format"]])
def test_wrong_usage(nexc: Nexc, words: list[str]) -> None:
    done = nexc(*words)
    assert (done.code, done.out) == (2, "")
    assert "Usage" in done.err


def test_unknown_command(nexc: Nexc) -> None:
    done = nexc("chek")
    assert (done.code, done.err) == (2, "nexc: there is no command `chek`; did you mean `nexc check`?\n")


def test_quick_options_are_the_commands_own(nexc: Nexc) -> None:
    for name, options in QUICK.items():
        written = nexc(name, "--help").out
        assert set(re.findall(r"--[a-z][\w-]*", written)) == {*options, "--help"}


def test_quick_leaves_the_rest_to_typer() -> None:
    assert read(["check", "a.nex", "--format", "json"]) is not None
    for words in (
        ["check"],
        ["check", "--help"],
        ["check", "a", "--format", "xml"],
        ["check", "a", "--format"],
        ["eval"],
    ):
        assert read(words) is None


def test_an_internal_error_is_one_line(nexc: Nexc, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("deep\ninside")

    monkeypatch.setattr("nexlang.compiler.compile", broken)
    monkeypatch.delenv("NEXC_DEBUG", raising=False)
    done = nexc("check", "a.nex")
    assert done.code == 70
    assert done.err.startswith("nexc: internal error (ZeroDivisionError: deep)") and done.err.count("\n") == 1
    monkeypatch.setenv("NEXC_DEBUG", "1")
    assert "Traceback" in nexc("check", "a.nex").err


@pytest.mark.parametrize(
    "error", [Refused("no such thing"), FileNotFoundError(2, "No such file or directory", "x.nex")]
)
def test_the_users_fault_is_one_line(nexc: Nexc, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("nexlang.compiler.compile", refuse)
    done = nexc("check", "a.nex")
    assert done.code == 1
    assert done.err in ("nexc: no such thing\n", "nexc: x.nex: No such file or directory\n")


def test_an_interrupt_is_one_line(nexc: Nexc, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nexlang.compiler.compile", interrupted)
    assert nexc("check", "a.nex") == nexc("check", "--format=text", "a.nex")
    done = nexc("check", "a.nex")
    assert (done.code, done.err) == (130, "nexc: interrupted\n")


def test_ctrl_c_while_it_waits(tmp_path: Path) -> None:
    """A real signal to a real process, which reads from a pipe that never answers."""
    code = "import nexlang.compiler as c, time; c.compile = lambda paths: (print('up', flush=True), time.sleep(60))\n"
    code += "from nexlang.cli import main; main(['check', 'a.nex'])"
    running = subprocess.Popen([sys.executable, "-c", code], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None and running.stdout.readline() == "up\n"
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert (running.returncode, err) == (130, "nexc: interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="pipes close in another way there")
def test_a_closed_pipe_is_quiet() -> None:
    running = start("explain", "--format", "json", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None and running.stderr is not None
    running.stdout.close()
    err = running.stderr.read()
    assert err == ""
    assert running.wait(timeout=30) in (0, 141)


def test_no_colour_but_on_a_terminal(nexc: Nexc, tmp_path: Path) -> None:
    (tmp_path / "a.nex").write_text(FAULTY)
    assert "\x1b[" not in nexc("check", tmp_path).out
