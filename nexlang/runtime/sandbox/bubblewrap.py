"""One command in a sandbox: started, limited, watched, and ended with everything that it began."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from nexlang.runtime.sandbox.calls import filter_of, machine
from nexlang.runtime.sandbox.job import FOLDER, ROOM, Bounds, Job, Ran, Stopped, Unstarted
from nexlang.runtime.sandbox.root import SETTINGS, root
from nexlang.runtime.sandbox.watch import used

_NOBODY = 65534
_INSIDE = "1000"
_GRACE = 10.0
"""Seconds for the sandbox itself to stand."""
_TICK = 0.02
_LOOK = 0.05
PRLIMIT = "/usr/bin/prlimit"
_OWN = (
    "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--uid", _INSIDE, "--gid", _INSIDE, "--hostname", "sandbox", "--die-with-parent", "--new-session", "--clearenv",
    "--cap-drop", "ALL",
)  # fmt: skip


def run(job: Job) -> Ran | Stopped:
    """Run it to its end, or to the bound that it meets. Raises `Unstarted`, `NoSandbox`."""
    with ExitStack() as stack:
        status, told = _pipe(stack)
        blocked, release = _pipe(stack)
        passed = [sealed(stack, filter_of(machine()))]
        words = [*_OWN, *root(job.image), *_files(stack, job, passed)]
        words += ["--remount-ro", "/", "--seccomp", str(passed[0]), "--chdir", FOLDER]
        # It holds the other end too: without that, the death of this process would let the command go on, unlimited.
        words += ["--json-status-fd", str(told), "--block-fd", str(blocked), "--sync-fd", str(release)]
        for name, value in SETTINGS.items():
            words += ["--setenv", name, value]
        started = stack.enter_context(
            _started([*words, "--", *job.command], job, [*passed, told, blocked, release], stack)
        )
        for fd in (told, blocked, *passed):
            os.close(fd)
        watched = _Watched(started, status, release, job.bounds)
        stack.callback(watched.end)
        return watched.to_the_end()


def _pipe(stack: ExitStack) -> tuple[int, int]:
    ends = os.pipe2(os.O_CLOEXEC)
    for end in ends:
        stack.callback(_closed, end)
    return ends


def _closed(fd: int) -> None:
    with suppress(OSError):
        os.close(fd)


def sealed(stack: ExitStack, data: bytes) -> int:
    """Bytes to read from the beginning, in memory; nobody who gets them can write or grow them."""
    fd = os.memfd_create("given", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    stack.callback(_closed, fd)
    with open(fd, "wb", closefd=False) as file:
        file.write(data)
    os.lseek(fd, 0, os.SEEK_SET)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return fd


def _files(stack: ExitStack, job: Job, passed: list[int]) -> Iterator[str]:
    for path, data in job.files.items():
        passed.append(sealed(stack, data))
        yield from ("--perms", "0644", "--file", str(passed[-1]), f"{FOLDER}/{path}")


@contextmanager
def _started(words: list[str], job: Job, passed: list[int], stack: ExitStack) -> Iterator[subprocess.Popen[bytes]]:
    """Bubblewrap, as nobody where this process is root: limits do not hold root."""
    bwrap = shutil.which("bwrap")
    assert bwrap is not None
    given = sealed(stack, job.input)
    process = subprocess.Popen(
        [bwrap, *words], stdin=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=passed, env={}, cwd="/",
        start_new_session=True, **_nobody(),  # type: ignore[call-overload]
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdout, process.stderr):
            pipe.close()
        process.wait()


def _nobody() -> dict[str, object]:
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def hold(process: int, bounds: Bounds) -> None:
    """Set the limits of a process, before it goes on; what it starts inherits them."""
    limits = {
        "as": bounds.memory, "cpu": int(bounds.seconds) + 1, "nproc": bounds.processes + 1, "fsize": ROOM,
        "nofile": 256, "memlock": 0, "msgqueue": 0, "core": 0,
    }  # fmt: skip
    if os.geteuid() != 0:
        for name, value in limits.items():
            resource.prlimit(process, getattr(resource, f"RLIMIT_{name.upper()}"), (value, value))
        return
    # In a container root may not touch what is nobody's; only nobody may.
    words = [PRLIMIT, "--pid", str(process), *(f"--{name}={value}:{value}" for name, value in limits.items())]
    subprocess.run(words, check=True, capture_output=True, env={}, cwd="/", **_nobody())  # type: ignore[call-overload]


class _Watched:
    """A started sandbox: `child` is the first process inside, which takes all the others with it."""

    def __init__(self, process: subprocess.Popen[bytes], status: int, release: int, bounds: Bounds) -> None:
        self._process = process
        self._status = status
        self._release = release
        self._bounds = bounds
        self._said = {"status": bytearray(), "output": bytearray(), "errors": bytearray()}
        self._child = 0
        self._ended = False
        self._begun = time.monotonic()
        self._looked = 0.0
        assert process.stdout is not None and process.stderr is not None
        self._open = selectors.DefaultSelector()
        for fd, name in ((status, "status"), (process.stdout.fileno(), "output"), (process.stderr.fileno(), "errors")):
            os.set_blocking(fd, False)
            self._open.register(fd, selectors.EVENT_READ, name)

    def to_the_end(self) -> Ran | Stopped:
        with self._open:
            while self._open.get_map():
                for key, _ in self._open.select(_TICK):
                    self._read(key.fd, key.data)
                stopped = self._too_far()
                if stopped is not None:
                    return stopped
        self._process.wait()
        self._ended = True
        ended = self._event("exit-code")
        if ended is None:
            raise Unstarted(self._text("errors").strip()[-400:] or "bwrap ended without a word")
        return Ran(ended, self._text("output"), self._text("errors"))

    def _read(self, fd: int, name: str) -> None:
        data = os.read(fd, 1 << 16)
        self._said[name] += data
        if not data:
            self._open.unregister(fd)
        elif name == "status" and not self._child:
            self._child = self._event("child-pid") or 0
            if self._child:
                self._begin()

    def _begin(self) -> None:
        """Hold the first process to its limits, and let it go on."""
        try:
            hold(self._child, self._bounds)
            os.write(self._release, b"\n")
        except (OSError, subprocess.SubprocessError) as error:
            raise Unstarted(f"its limits cannot be set: {error}") from error
        self._begun = time.monotonic()

    def _too_far(self) -> Stopped | None:
        bounds, now = self._bounds, time.monotonic()
        if not self._child and now - self._begun > _GRACE:
            raise Unstarted(f"bwrap did not stand after {_GRACE:g} s")
        if self._child and now - self._begun > bounds.seconds:
            return Stopped("Timeout", f"The run took more than {bounds.seconds:g} s")
        if max(len(self._said["output"]), len(self._said["errors"])) > bounds.output:
            return Stopped("Output", f"The run printed more than {bounds.output >> 10} KB")
        if self._child and now - self._looked > _LOOK:
            self._looked = now
            memory, processes = used(self._child)
            if memory > bounds.memory:
                return Stopped("Memory", f"The run used more than {bounds.memory >> 20} MB")
            if processes > bounds.processes + 2:
                return Stopped("Processes", f"The run started more than {bounds.processes} processes")
        return None

    def end(self) -> None:
        """End what has not ended by itself. The first process inside does not die with bubblewrap before it goes on."""
        if self._ended:
            return
        with suppress(OSError):
            self._said["status"] += os.read(self._status, 1 << 16)
        child = self._event("child-pid")
        if child is not None:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)

    def _text(self, name: str) -> str:
        return self._said[name].decode("utf-8", "replace")

    def _event(self, name: str) -> int | None:
        for line in self._said["status"].split(b"\n"):
            with suppress(ValueError):
                value = json.loads(line).get(name)
                if isinstance(value, int):
                    return value
        return None
