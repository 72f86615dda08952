"""Who answers externs in a run: a recording, Python functions or commands in a sandbox; and the recording of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, TextIO

from nexlang.diagnostics.codes_externs import (
    BAD_ALLOWANCE,
    BAD_ANSWER,
    BAD_PROVIDER,
    BAD_RECORDING,
    NO_SANDBOX,
    NOT_ALLOWED,
    NOT_ANSWERED,
    NOT_RECORDED,
)
from nexlang.diagnostics.codes_run import said
from nexlang.ir.capabilities import CAPABILITIES, scope_of
from nexlang.ir.model import ExternSpec, Program
from nexlang.runtime.messages import Json
from nexlang.worlds.engine.codecs import Codec
from nexlang.worlds.engine.failures import ExternRefused, Mismatch, ToolFailure

Key = tuple[str, str]
ANY = "*"
LIVE = ("python", "sandbox")
"""The sources that a run asks itself."""
PASSING = frozenset({"Timeout", "Memory", "Processes"})
"""Failures of a command that may come of how busy the machine is: they are not kept."""
MOST_KNOWN = 10_000
"""Answers of commands that a run keeps."""


class NotReady(ValueError):
    """A run that cannot begin: an extern that nobody answers, a capability that is not allowed, a bad recording."""

    user_fault = True


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of an extern: a JSON value, or a failure's text and code."""

    answer: Json = None
    failure: str | None = None
    code: str = ""

    def give(self) -> Json:
        if self.failure is not None:
            raise ToolFailure(self.failure, self.code)
        return self.answer

    def to_json(self) -> dict[str, Json]:
        if self.failure is None:
            return {"answer": self.answer}
        return {"failure": self.failure, **({"code": self.code} if self.code else {})}


# ---------------------------------------------------------------- what a run allows


@dataclass(frozen=True)
class Allowed:
    """Capabilities by name, each with the scopes it is narrowed to; none: everywhere."""

    scopes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Allowed:
        """From the values of `--allow`: `network`, `network:api.example.com`, `python:package.module`."""
        found: dict[str, frozenset[str]] = {}
        for text in texts:
            name, colon, scope = text.partition(":")
            problem = None
            if name not in CAPABILITIES:
                problem = f"there is no capability {name}; there are {', '.join(CAPABILITIES)}"
            elif name == "python" and not scope:
                problem = "name the module: --allow python:package.module"
            elif colon and not scope:
                problem = "nothing stands after the colon"
            if problem is not None:
                raise NotReady(said(BAD_ALLOWANCE, text=text, problem=problem))
            everywhere = not scope or found.get(name) == frozenset()
            found[name] = frozenset() if everywhere else found.get(name, frozenset()) | {scope}
        return cls(found)

    def missing(self, spec: ExternSpec) -> list[str]:
        """What an extern needs and this does not allow, as `--allow` would name it."""
        scope = scope_of(spec.source, spec.address)
        needed = dict.fromkeys([*spec.needs, *(["python"] if spec.source == "python" else [])])
        lacking = [name for name in needed if not self.covers(name, scope)]
        return [f"python:{scope}" if name == "python" else name for name in lacking]

    def covers(self, name: str, scope: str) -> bool:
        scopes = self.scopes.get(name)
        return scopes is not None and (not scopes or scope in scopes)


# ---------------------------------------------------------------- recordings


@dataclass
class Recording:
    """Answers by extern and arguments, in the order they came; those of one episode apart, and all together."""

    path: str = ""
    said: dict[str, dict[Key, list[Said]]] = field(default_factory=dict)

    @property
    def externs(self) -> set[str]:
        return {extern for answers in self.said.values() for extern, _ in answers}

    def add(self, episode: str, extern: str, key: str, answer: Said) -> None:
        for label in {episode, ANY}:
            self.said.setdefault(label, {}).setdefault((extern, key), []).append(answer)

    def find(self, episode: str, extern: str, key: str) -> Sequence[Said]:
        """What the extern said in that episode, else in any; else what it says to whatever is asked."""
        for label, at in ((episode, key), (ANY, key), (episode, ANY), (ANY, ANY)):
            found = self.said.get(label, {}).get((extern, at))
            if found:
                return found
        return ()

    @classmethod
    def load(cls, path: Path, results: Mapping[str, Codec[Any] | None]) -> Recording:
        """A file of JSON Lines; `results` are the types of the program's externs. Raises `NotReady`, `OSError`."""
        made = cls(str(path))
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if line.strip():
                problem = made._line(line, results)
                if problem is not None:
                    raise NotReady(said(BAD_RECORDING, path=path, line=number, problem=problem))
        return made

    def _line(self, line: str, results: Mapping[str, Codec[Any] | None]) -> str | None:
        """Take in one line; what is wrong with it, if anything."""
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            return f"this is no JSON ({error})"
        if not isinstance(row, dict) or not isinstance(row.get("extern"), str):
            return 'expected {"extern": "…", "arguments": {…}, "answer": …}'
        unknown = sorted(row.keys() - {"extern", "arguments", "answer", "failure", "code", "episode"})
        extern = row["extern"]
        if unknown:
            return f'a recorded answer has no field "{unknown[0]}"'
        if extern not in results:
            return f"the program has no extern {extern}; it has {', '.join(results) or 'none'}"
        if ("answer" in row) == ("failure" in row):
            return 'it holds either an "answer" or a "failure"'
        if "failure" in row and not isinstance(row["failure"], str):
            return '"failure" is a text'
        codec = results[extern]
        if "answer" in row and codec is not None:
            try:
                codec.decode(row["answer"])
            except Mismatch as mismatch:
                return f"the answer of {extern}: {mismatch}"
        key = canonical(row["arguments"]) if "arguments" in row else ANY
        answer = Said(row.get("answer"), row.get("failure"), str(row.get("code", "")))
        self.add(str(row.get("episode", ANY)), extern, key, answer)
        return None


def canonical(arguments: Json) -> str:
    """Arguments as one text: equal for equal arguments in whatever order."""
    return json.dumps(arguments, sort_keys=True, ensure_ascii=False)


# ---------------------------------------------------------------- answering


@dataclass
class Answers:
    """Who answers the externs of a program in one run. `log` gets a line for each answer that is given."""

    specs: Mapping[str, ExternSpec] = field(default_factory=dict)
    recording: Recording = field(default_factory=Recording)
    allowed: Allowed = field(default_factory=Allowed)
    results: Mapping[str, Any] = field(default_factory=dict)
    log: TextIO | None = None
    _functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    _known: dict[tuple[str, str, int], Said] = field(default_factory=dict)

    def begin(self, episode: str = "") -> Answering:
        """Who answers in one episode."""
        return Answering(self, episode)

    def ready(self, who: str, externs: Iterable[str]) -> None:
        """Raises `NotReady` where one of them could not be answered: nothing runs half."""
        waiting = [name for name in dict.fromkeys(externs) if name not in self.recording.externs]
        for name in waiting:
            spec = self.specs[name]
            if spec.source not in LIVE:
                way = f"{spec.source} is not started here; play it from a recording with --externs FILE"
                raise NotReady(said(NOT_ANSWERED, who=who, names=name, way=way))
            self.permitted(name)
            if spec.source == "sandbox":
                self.isolated(name)

    def isolated(self, name: str) -> None:
        from nexlang.runtime.sandbox.available import ready
        from nexlang.runtime.sandbox.job import NoSandbox

        try:
            ready()
        except NoSandbox as reason:
            raise NotReady(said(NO_SANDBOX, name=name, reason=reason)) from None

    def permitted(self, name: str) -> None:
        missing = self.allowed.missing(self.specs[name])
        if missing:
            allow = " ".join(f"--allow {each}" for each in missing)
            raise NotReady(said(NOT_ALLOWED, name=name, missing=" and ".join(missing), allow=allow))

    def live(self, name: str, arguments: Mapping[str, Json], count: int = 1) -> Said:
        """Ask a Python function or a command. What it raises, or how it fails, is the extern's failure. An episode asks
        a command so for the `count`th time; what it answered another episode then, it answers this one."""
        if self.specs[name].source == "sandbox":
            key = (name, canonical(arguments), count)
            if key not in self._known:
                given = self._in_sandbox(name, arguments)
                if given.code in PASSING:
                    return given
                if len(self._known) >= MOST_KNOWN:
                    self._known.pop(next(iter(self._known)), None)
                self._known[key] = given
            return self._known[key]
        function = self._function(name)
        try:
            return Said(_as_json(name, _finished(function(**arguments))))
        except (ToolFailure, ExternRefused):
            raise
        except Exception as error:
            return Said(failure=str(error) or type(error).__name__, code=type(error).__name__)

    def _in_sandbox(self, name: str, arguments: Mapping[str, Json]) -> Said:
        from nexlang.runtime.sandbox import asked

        self.ready("a tool", [name])
        try:
            return Said(asked(name, self.specs[name], self.results.get(name), arguments))
        except ToolFailure as failure:
            return Said(failure=failure.message, code=failure.code)

    def _function(self, name: str) -> Callable[..., Any]:
        if name not in self._functions:
            self.ready("a tool", [name])
            self._functions[name] = _imported(name, self.specs[name].address)
        return self._functions[name]


class Answering:
    """Answers within one episode: the same question gets the answers that it got, in order, then the last one again."""

    __slots__ = ("_asked", "_counts", "_episode", "_own")

    def __init__(
        self, asked: Answers, episode: str, own: dict[Key, list[Said]] | None = None,
        counts: dict[Key, int] | None = None,
    ) -> None:  # fmt: skip
        self._asked = asked
        self._episode = episode
        self._own: dict[Key, list[Said]] = {} if own is None else own
        self._counts: dict[Key, int] = counts or {}

    def fork(self) -> Answering:
        """From here on, the same answers to the same questions."""
        return Answering(self._asked, self._episode, self._own, {**self._counts})

    def answer(self, extern: str, arguments: Mapping[str, Json]) -> Json:
        key = (extern, canonical(arguments))
        count = self._counts[key] = self._counts.get(key, 0) + 1
        given = self._said(key, count, arguments)
        if self._asked.log is not None:
            line = {"extern": extern, "arguments": arguments, **given.to_json()}
            line |= {"episode": self._episode} if self._episode else {}
            self._asked.log.write(json.dumps(line, ensure_ascii=False) + "\n")
        return given.give()

    def _said(self, key: Key, count: int, arguments: Mapping[str, Json]) -> Said:
        recorded = self._asked.recording.find(self._episode, *key)
        if recorded:
            return recorded[min(count, len(recorded)) - 1]
        if key[0] in self._asked.recording.externs:
            raise ExternRefused(key[0], said(NOT_RECORDED, name=key[0], arguments=_brief(key[1])))
        own = self._own.setdefault(key, [])
        if count > len(own):
            try:
                own.append(self._asked.live(key[0], arguments, count))
            except NotReady as error:
                raise ExternRefused(key[0], str(error)) from error
        return own[count - 1]


def answered(
    program: Program, tools: Mapping[str, Any], recording: Path | None = None, allow: Iterable[str] = ()
) -> Answers:
    """Who answers the externs of a program, by a recording and by what is allowed. Raises `NotReady`, `OSError`."""
    results = results_of(program, tools)
    said_before = Recording.load(recording, results) if recording is not None else Recording()
    return Answers(externs_of(program), said_before, Allowed.of(allow), results)


def results_of(program: Program, tools: Mapping[str, Any]) -> dict[str, Codec[Any] | None]:
    """The types of the answers of a program's externs; `tools` are those of its package."""
    return {name: tools[name].result for name in externs_of(program)}


def externs_of(program: Program) -> dict[str, ExternSpec]:
    return {function.name: function.extern for function in program.functions if function.extern is not None}


# ---------------------------------------------------------------- Python functions


def _imported(name: str, address: str) -> Callable[..., Any]:
    """The function at `package.module:function`, from where Python finds modules or from the current folder."""
    import importlib
    import sys

    module, _, function = address.partition(":")
    here = str(Path.cwd())
    added = here not in sys.path
    if added:
        sys.path.append(here)
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise ExternRefused(name, said(BAD_PROVIDER, name=name, reason=error)) from error
    finally:
        if added:
            sys.path.remove(here)
    if not callable(found):
        raise ExternRefused(name, said(BAD_PROVIDER, name=name, reason=f"{address} is no function"))
    made: Callable[..., Any] = found
    return made


def _finished(value: Any) -> Any:
    """The result of a function, `async` ones included."""
    import asyncio
    import inspect

    return asyncio.run(_awaited(value)) if inspect.isawaitable(value) else value


async def _awaited(value: Any) -> Any:
    return await value


def _as_json(name: str, value: Any) -> Json:
    try:
        return json.loads(json.dumps(value, default=_plain, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ExternRefused(name, said(BAD_ANSWER, name=name, problem=error)) from error


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    for method in ("model_dump", "isoformat"):
        if hasattr(value, method):
            return getattr(value, method)()
    raise TypeError(f"{type(value).__name__} is no JSON")


def _brief(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
