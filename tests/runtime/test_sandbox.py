"""Commands in a sandbox: what reaches them, what they leave, and that nothing gets out or goes on too far."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.cli.guard import guarded
from nexlang.runtime.drive import NoModel
from nexlang.runtime.externs import Allowed, Answers, NotReady, externs_of, results_of
from nexlang.runtime.sandbox import available
from nexlang.runtime.sandbox.calls import MACHINES, filter_of
from nexlang.runtime.sandbox.job import FILES, Bounds, Job, Ran, Stopped, Unstarted, size_of
from nexlang.worlds.engine.failures import ExternRefused, ToolFailure
from nexlang.worlds.solo import Solo
from tests.sandboxes import missing

boxed = pytest.mark.skipif(bool(missing()), reason=f"no sandbox here: {missing()}")


def done(code: str, **bounds: Any) -> Ran | Stopped:
    from nexlang.runtime.sandbox.bubblewrap import run

    return run(Job(("python", "-c", code), "python", {"a.txt": b"mine"}, b"told", Bounds(**bounds)))


def printed(code: str, **bounds: Any) -> str:
    ran = done(code, **bounds)
    assert isinstance(ran, Ran), ran
    assert ran.exit_code == 0, ran.errors
    return ran.output.strip()


TRY = """
def tried(what):
    try:
        return what()
    except BaseException as error:
        return type(error).__name__
"""

# ---------------------------------------------------------------- what it can see


@boxed
def test_a_command_gets_its_files_and_its_input_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEXLANG_SECRET", "s3cret")
    seen = json.loads(
        printed(
            "import json, os, sys\n"
            "print(json.dumps([os.listdir(), sys.stdin.read(), dict(os.environ), os.getuid(), os.uname().nodename,\n"
            "    len(os.listdir('/proc/self/fd')), os.getcwd()]))"
        )
    )
    files, told, environment, user, host, handles, folder = seen
    assert (files, told, user, host, folder) == (["a.txt"], "told", 1000, "sandbox", "/work")
    assert "NEXLANG_SECRET" not in environment and environment["HOME"] == "/work"
    assert handles == 4


@boxed
@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/passwd", "/root", "/home", "/var", "/sys", "/run"])
def test_the_machine_is_not_there(path: str) -> None:
    shown = printed(
        f"{TRY}import os\nlook = os.listdir if os.path.isdir({path!r}) else open\nprint(tried(lambda: look({path!r})))"
    )
    assert shown in ("FileNotFoundError", "PermissionError")


@boxed
def test_the_home_and_the_folder_of_who_runs_it_are_not_there() -> None:
    places = [str(Path.home()), str(Path.cwd()), str(Path(__file__))]
    assert printed(f"import os\nprint([os.path.exists(p) for p in {places!r}])") == "[False, False, False]"


@boxed
def test_it_sees_no_process_but_its_own() -> None:
    assert int(printed("import os\nprint(max(int(p) for p in os.listdir('/proc') if p.isdigit()))")) < 20


# ---------------------------------------------------------------- what it cannot do


@boxed
@pytest.mark.parametrize(
    "path", ["/x", "/usr/x", "/etc/x", "/opt/bin/x", "/dev/x", "/proc/sys/kernel/hostname", "/lib/x", "../x"]
)
def test_nothing_is_written_outside_of_its_folder(path: str) -> None:
    shown = printed(f"{TRY}print(tried(lambda: open({path!r}, 'w').write('x')))")
    assert shown in ("OSError", "PermissionError", "FileNotFoundError")


@boxed
def test_a_link_out_leads_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    code = f"{TRY}import os\nos.symlink({str(secret)!r}, 'link')\nprint(tried(lambda: open('link').read()))"
    assert printed(code) == "FileNotFoundError"


@boxed
def test_there_is_no_network_and_no_way_around_it(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            f"{TRY}import socket\n"
            f"print(tried(lambda: socket.create_connection(('127.0.0.1', {port}), 2)))\n"
            "print(tried(lambda: socket.create_connection(('1.1.1.1', 53), 2)))\n"
            "print(tried(lambda: socket.getaddrinfo('example.com', 80)))\n"
            "print(tried(lambda: socket.socket(40, socket.SOCK_STREAM)))"
        )
        assert printed(code).split() == ["ConnectionRefusedError", "OSError", "gaierror", "PermissionError"]


@boxed
def test_it_cannot_signal_what_is_outside() -> None:
    code = f"{TRY}import os\nprint(tried(lambda: os.kill({os.getpid()}, 9)))\nos.kill(1, 9)\nprint('on')"
    assert printed(code).split() == ["ProcessLookupError", "on"]
    everybody = done("import os\nos.kill(-1, 9)\nprint('on')")
    assert isinstance(everybody, Ran)


@boxed
def test_it_gets_no_new_privileges_and_makes_no_namespaces() -> None:
    status = printed("print(open('/proc/self/status').read())")
    assert "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status and "CapEff:\t0000000000000000" in status
    code = (
        f"{TRY}import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
        "print([c.unshare(0x10000000), ctypes.get_errno()], tried(lambda: os.memfd_create('x')))\n"
        "print(c.ptrace(16, 1, 0, 0), c.mount(b'none', b'/tmp', b'tmpfs', 0, None))"
    )
    assert printed(code).split("\n") == ["[-1, 1] PermissionError", "-1 -1"]


# ---------------------------------------------------------------- how far it may go


@boxed
@pytest.mark.parametrize(
    ("code", "stop"),
    [
        ("import time; time.sleep(60)", "Timeout"),
        ("while True: pass", "Timeout"),
        ("import signal\nfor s in (15, 2, 1): signal.signal(s, signal.SIG_IGN)\nwhile True: pass", "Timeout"),
        ("import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass\nwhile True: pass", "Timeout"),
        ("import sys\nwhile True: print('x' * 999)", "Output"),
        ("import sys\nwhile True: sys.stderr.write('x' * 999)", "Output"),
    ],
)
def test_what_goes_too_far_is_ended(code: str, stop: str) -> None:
    begun = time.monotonic()
    ended = done(code, seconds=1.0)
    assert isinstance(ended, Stopped) and ended.code == stop
    assert time.monotonic() - begun < 6


@boxed
def test_a_process_gets_no_more_memory_than_it_may() -> None:
    ended = done("x = bytearray(300 << 20)", memory=128 << 20)
    assert isinstance(ended, Ran) and "MemoryError" in ended.errors


@boxed
def test_processes_together_get_no_more_memory_than_one_may() -> None:
    code = (
        "import os, time\nfor i in range(4):\n    if os.fork() == 0:\n        break\n"
        "x = bytearray(b'x') * (90 << 20)\ntime.sleep(9)"
    )
    ended = done(code, memory=200 << 20, seconds=8.0)
    assert isinstance(ended, Stopped) and ended.code == "Memory"


@boxed
def test_a_fork_bomb_meets_the_limit_of_processes() -> None:
    code = (
        "import os, time\ncount = 0\nfor i in range(200):\n    try:\n        if os.fork() == 0:\n"
        "            time.sleep(9)\n            os._exit(0)\n        count += 1\n    except OSError:\n        break\n"
        "print(count)"
    )
    assert 5 <= int(printed(code, processes=16, memory=1 << 30)) <= 16
    bomb = done("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass", seconds=2.0)
    assert isinstance(bomb, Stopped)


@boxed
def test_its_folder_has_a_bound() -> None:
    code = (
        f"{TRY}\ndef fill():\n    for i in range(9):\n        with open(f'./{{i}}', 'wb') as f:\n"
        "            f.write(bytes(20 << 20))\nprint(tried(fill))"
    )
    assert printed(code) == "OSError"


@boxed
def test_nothing_goes_on_after_it() -> None:
    code = "import os, sys, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(77.7)\nprint('done')"
    begun = time.monotonic()
    assert printed(code) == "done"
    assert time.monotonic() - begun < 10


@boxed
def test_it_dies_with_who_runs_it(tmp_path: Path) -> None:
    mark = f"9{time.time_ns() % 10**8:08}"
    code = (
        "from nexlang.runtime.sandbox.bubblewrap import run\nfrom nexlang.runtime.sandbox.job import Job\n"
        f"run(Job(('sleep', '{mark}')))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    try:
        wait_for(lambda: alive(mark))
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        wait_for(lambda: not alive(mark))
    finally:
        parent.kill()


@boxed
def test_it_does_not_begin_where_its_limits_cannot_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    from nexlang.runtime.sandbox import bubblewrap

    begun: list[int] = []

    def refused(process: int, bounds: Bounds) -> None:
        begun.append(process)
        raise OSError("not here")

    monkeypatch.setattr(bubblewrap, "hold", refused)
    with pytest.raises(Unstarted, match="not here"):
        bubblewrap.run(Job(("sleep", "91827364")))
    wait_for(lambda: not Path(f"/proc/{begun[0]}").exists())
    assert not alive("91827364")


@boxed
def test_an_interrupt_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from nexlang.runtime.sandbox import bubblewrap

    def interrupted(first: int) -> tuple[int, int]:
        raise KeyboardInterrupt

    monkeypatch.setattr(bubblewrap, "used", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bubblewrap.run(Job(("sleep", "81726354")))
    wait_for(lambda: not alive("81726354"))


def alive(mark: str) -> bool:
    """Whether the command itself runs."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes() == f"sleep\0{mark}\0".encode():
                return True
        except OSError:
            continue
    return False


def wait_for(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@boxed
def test_a_signal_is_an_exit_code() -> None:
    assert done("import os\nos.kill(os.getpid(), 11)") == Ran(139, "", "")
    with pytest.raises(Unstarted, match="nosuch"):
        from nexlang.runtime.sandbox.bubblewrap import run

        run(Job(("nosuch",)))


# ---------------------------------------------------------------- as an extern

PROGRAM = """
record Run {{ exit_code: Int, output: Text, errors: Text }}
record Sum {{ total: Int, of: [Int] }}
world Desk {{ done: Int = 0 }}

extern tool ask({parameters}) -> {result}
  from sandbox "{image}" needs process
  with {{ command: "{command}", time: 5s, repeatable: true }}

agent Asker() -> Text {{
  let answer = ask({arguments}) else return "it failed"
  return "it answered"
}}
"""


def asked(folder: Path, command: str, result: str, parameters: str, arguments: str, image: str = "python") -> str:
    """What an agent sees that asks the extern once."""
    text = PROGRAM.format(command=command, result=result, parameters=parameters, arguments=arguments, image=image)
    (folder / "asker.nex").write_text(text, encoding="utf-8")
    made = nexlang.compile([folder / "asker.nex"])
    assert [d.code for d in made.diagnostics if d.severity == "error"] == []
    bundle = bundle_of(made.program, made.data)
    results = results_of(bundle.program, bundle.package.tools)
    answers = Answers(externs_of(bundle.program), allowed=Allowed.of(["process"]), results=results)
    solo = Solo.of(bundle, "Asker", answers=answers)
    solo.run({}, NoModel())
    call = solo.calls[0]
    return f"{call.code}: {call.result}" if call.failed else str(call.result)


OTHER = "BadAnswer: The command left something else than"


@boxed
@pytest.mark.parametrize(
    ("command", "result", "parameters", "arguments", "said"),
    [
        ("cat", "Text", "input: Text", '"hello"', "hello"),
        ("cat", "Sum", "total: Int, of: [Int]", "3, [1, 2]", '{"total": 3, "of": [1, 2]}'),
        ("cat a/b.txt", "Text", "files: {Text: Text}", '{"a/b.txt": "x"}', "x"),
        ("echo -n", "Text", "arguments: [Text]", '["a b", "$HOME", "*"]', "a b $HOME *"),
        (
            "sh -c 'echo out; echo err >&2; exit 3'",
            "Run",
            "",
            "",
            '{"exit_code": 3, "output": "out\\n", "errors": "err\\n"}',
        ),
        ("sh -c 'echo why >&2; exit 3'", "Text", "", "", "Exit: The command ended with 3: why"),
        (
            "echo no",
            "Sum",
            "",
            "",
            "BadAnswer: The command printed no JSON (Expecting value: line 1 column 1 (char 0))",
        ),
        ("echo 7", "[Int]", "", "", f"{OTHER} [Int]: expected [Int], got number 7"),
        ("sleep 60", "Text", "", "", "Timeout: The run took more than 5 s"),
        ("cat", "Text", "files: {Text: Text}", '{"../x": ""}', "BadPath: '../x' is no path of a file in the folder"),
        ("cat", "Text", "files: {Text: Text}", '{"/x": ""}', "BadPath: '/x' is no path of a file in the folder"),
        (
            "cat",
            "Text",
            "files: {Text: Text}",
            '{"a": "", "a/b": ""}',
            "BadPath: 'a/b' is no path of a file in the folder",
        ),
    ],
)
def test_arguments_reach_the_command_and_what_it_leaves_is_the_answer(
    command: str, result: str, parameters: str, arguments: str, said: str, tmp_path: Path
) -> None:
    assert asked(tmp_path, command, result, parameters, arguments) == said


def test_another_episode_is_answered_what_one_was(monkeypatch: pytest.MonkeyPatch) -> None:
    from nexlang.runtime import sandbox

    made = nexlang.compile("a.nex", {"a.nex": TICKET})
    asked_for: list[str] = []

    def ran(name: str, *_: Any) -> str:
        asked_for.append(name)
        if len(asked_for) == 3:
            raise ToolFailure("The run took more than 1 s", "Timeout")
        return f"{len(asked_for)}"

    monkeypatch.setattr(sandbox, "asked", ran)
    monkeypatch.setattr(available, "_problem", lambda: None)
    answers = Answers(externs_of(made.program), allowed=Allowed.of(["process"]))
    first, second = answers.begin("a"), answers.begin("b")
    assert [first.answer("draw", {}), first.answer("draw", {}), second.answer("draw", {})] == ["1", "2", "1"]
    with pytest.raises(ToolFailure, match="more than 1 s"):
        first.answer("draw", {})
    assert [second.answer("draw", {}), second.answer("draw", {})] == ["2", "4"]


TICKET = 'extern tool draw() -> Text from sandbox "system" needs process with { command: "date", repeatable: true }'


@boxed
def test_a_program_that_is_not_there_is_nobodys_failure(tmp_path: Path) -> None:
    with pytest.raises(ExternRefused, match=r"NEX0892: .*nosuch"):
        asked(tmp_path, "nosuch", "Text", "", "")
    with pytest.raises(ExternRefused, match=r"NEX0891: .*there is no Python 2\.1 on this machine"):
        asked(tmp_path, "python", "Text", "", "", "python:2.1")


def test_a_machine_without_bubblewrap_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(available, "_problem", lambda: "bwrap is not there")
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("it was run bare"))
    with pytest.raises(NotReady, match="NEX0891: extern ask cannot be run in a sandbox here: bwrap is not there"):
        asked(tmp_path, "echo", "Text", "", "")


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = available._problem.__wrapped__
    if sys.platform == "linux":
        monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
        assert "bwrap" in problem() or "Linux" in problem()
        monkeypatch.setattr(available, "machine", lambda: "mips")
        assert "mips" in problem()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "darwin" in problem()


@pytest.mark.skipif(sys.platform != "linux", reason="user namespaces are Linux's")
def test_refused_namespaces_are_said_and_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name, path=None: str(fake) if name == "bwrap" else None)
    problem = available._problem.__wrapped__()
    assert problem is not None
    assert "bwrap cannot make one here" in problem or "Linux" in problem or "prlimit" in problem


def test_the_command_line_allows_processes_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PROGRAM.format(command="cat", result="Text", parameters="input: Text", arguments='"hi"', image="system")
    (tmp_path / "asker.nex").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = ["run", "asker.nex", "Asker", "-i", "{}"]
    assert guarded(words) == 1
    assert "--allow process" in capsys.readouterr().err
    assert guarded([*words, "--allow", "process:python"]) == 1
    capsys.readouterr()
    if not missing():
        assert guarded([*words, "--allow", "process:system", "--record", "said.jsonl"]) == 0
        assert capsys.readouterr().out == "it answered\n"
    else:
        Path("said.jsonl").write_text('{"extern": "ask", "arguments": {"input": "hi"}, "answer": "hi"}\n')
    assert guarded([*words, "--externs", "said.jsonl"]) == 0
    assert capsys.readouterr().out == "it answered\n"


# ---------------------------------------------------------------- small things


@pytest.mark.parametrize("machine", MACHINES)
def test_every_jump_of_the_filter_stays_inside(machine: str) -> None:
    import struct

    code = [struct.unpack("<HBBI", filter_of(machine)[at : at + 8]) for at in range(0, len(filter_of(machine)), 8)]
    for place, (kind, yes, no, _) in enumerate(code):
        if kind in (0x15, 0x35, 0x45):
            assert place + 1 + max(yes, no) < len(code)
    assert code[-1][0] == 0x06


def test_sizes_and_too_many_files() -> None:
    from nexlang.runtime.sandbox.answers import job_of

    assert [size_of(text) for text in ("1KB", "512MB", "2GB")] == [1 << 10, 512 << 20, 2 << 30]
    made = nexlang.compile(
        "a.nex",
        {
            "a.nex": "extern tool a(files: {Text: Text}) -> Text\n"
            '  from sandbox "system" needs process with { command: "ls" }'
        },
    )
    spec = externs_of(made.program)["a"]
    with pytest.raises(ToolFailure, match=f"{FILES} files at most"):
        job_of(spec, {"files": {f"f{i}": "" for i in range(FILES + 1)}})
    with pytest.raises(ToolFailure, match="32 MB at most"):
        job_of(spec, {"files": {"f": "x" * (33 << 20)}})
