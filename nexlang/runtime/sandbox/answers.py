"""How a call's arguments reach a command in a sandbox, and how what it leaves becomes the extern's answer."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from nexlang.diagnostics.codes_externs import BROKEN_SANDBOX, NO_SANDBOX
from nexlang.diagnostics.codes_run import said
from nexlang.ir.capabilities import DIRECT, RUN_FIELDS
from nexlang.ir.model import ExternSpec
from nexlang.runtime.messages import Json
from nexlang.runtime.sandbox.available import ready
from nexlang.runtime.sandbox.job import FILES, ROOM, Bounds, Job, NoSandbox, Ran, Stopped, Unstarted, size_of
from nexlang.worlds.engine.codecs import Refined, as_codec
from nexlang.worlds.engine.failures import ExternRefused, Mismatch, ToolFailure
from nexlang.worlds.engine.records import RecordCodec

_PATH = re.compile(r"[^/\0]+(/[^/\0]+)*\Z")


def asked(name: str, spec: ExternSpec, result: Any, arguments: Mapping[str, Json]) -> Json:
    """Run an extern's command once. What the command does wrong is a `ToolFailure`, what the sandbox does wrong an
    `ExternRefused`; `result` is the codec of the answer, a record class or `None`."""
    try:
        ready()
        from nexlang.runtime.sandbox.bubblewrap import run

        done = run(job_of(spec, arguments))
    except NoSandbox as reason:
        raise ExternRefused(name, said(NO_SANDBOX, name=name, reason=reason)) from None
    except (Unstarted, OSError) as reason:
        raise ExternRefused(name, said(BROKEN_SANDBOX, name=name, reason=reason)) from reason
    if isinstance(done, Stopped):
        raise ToolFailure(done.message, done.code)
    return answer_of(result, done)


def job_of(spec: ExternSpec, arguments: Mapping[str, Json]) -> Job:
    """The command of a call: `files`, `arguments` and `input` mean what they say, all others are JSON to read."""
    files = arguments.get("files", {})
    others = {key: value for key, value in arguments.items() if key not in DIRECT}
    told = arguments["input"] if "input" in arguments else json.dumps(others, ensure_ascii=False) if others else ""
    words = [*shlex.split(str(spec.options["command"])), *arguments.get("arguments", [])]
    if any("\0" in word for word in words):
        raise ToolFailure("An argument of a command holds no null character", "BadArgument")
    given = {path: _bytes(text) for path, text in files.items()}
    _check_files(given)
    return Job(tuple(words), spec.address, given, _bytes(told), bounds_of(spec))


def bounds_of(spec: ExternSpec) -> Bounds:
    usual, options = Bounds(), spec.options
    return Bounds(
        seconds=float(options["time"]) / 1000 if "time" in options else usual.seconds,
        memory=size_of(str(options["memory"])) if "memory" in options else usual.memory,
        processes=int(options.get("processes", usual.processes)),
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _check_files(files: Mapping[str, bytes]) -> None:
    """A path stays in the folder, and no file is also a folder of another."""
    for path in files:
        above = path.split("/")[:-1]
        inside = any("/".join(above[: count + 1]) in files for count in range(len(above)))
        if not _PATH.match(path) or {".", ".."} & set(path.split("/")) or inside or len(_bytes(path)) > 1000:
            raise ToolFailure(f"{path!r} is no path of a file in the folder", "BadPath")
    if len(files) > FILES:
        raise ToolFailure(f"A command is given {FILES} files at most", "TooManyFiles")
    if sum(map(len, files.values())) > ROOM // 2:
        raise ToolFailure(f"A command is given files of {ROOM >> 21} MB at most", "TooManyFiles")


def answer_of(result: Any, ran: Ran) -> Json:
    """What a run left as the declared type: the run itself, what it printed, or JSON that it printed."""
    codec = as_codec(result) if result is not None else None
    bare = codec
    while isinstance(bare, Refined):
        bare = bare.base
    if isinstance(bare, RecordCodec) and bare.fields.keys() <= RUN_FIELDS:
        left = {"exit_code": ran.exit_code, "output": ran.output, "errors": ran.errors}
        return _held(codec, {name: left[name] for name in bare.fields})
    if ran.exit_code != 0:
        why = ran.errors.strip()[-400:] or ran.output.strip()[-400:]
        raise ToolFailure(f"The command ended with {ran.exit_code}{': ' if why else ''}{why}", "Exit")
    if bare is None or bare.kind == "text":
        return None if bare is None else _held(codec, ran.output)
    try:
        return _held(codec, json.loads(ran.output))
    except (ValueError, RecursionError) as error:
        raise ToolFailure(f"The command printed no JSON ({error})", "BadAnswer") from None


def _held(codec: Any, value: Json) -> Json:
    """The value, where it is of the declared type. What a command prints may be a policy's doing."""
    try:
        codec.decode(value)
    except Mismatch as mismatch:
        raise ToolFailure(f"The command left something else than {codec.name}: {mismatch}", "BadAnswer") from None
    return value
