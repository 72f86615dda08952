"""Data files of a program, read and checked against its types: tasks, worlds and texts.

A path is relative to the program's folder and stays in it. Nothing here raises for what a file holds; a problem is
reported in the data file itself, with the line and the value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics import codes_data as codes
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.diagnostics.suggest import suggest
from nexlang.disk import Disk
from nexlang.semantics import types as t
from nexlang.semantics.places_in_json import first_repeated_key, locate, words
from nexlang.semantics.shapes import Problem, Shapes, shown
from nexlang.semantics.symbols import FunctionInfo, WorldInfo

SHOWN = 5
"""Problems shown one by one, a file; a field or a tool that is unknown or missing in many rows is shown once."""
GREATEST = 256 * 1024 * 1024
PARQUET = ".parquet"


@dataclass(slots=True)
class Loaded:
    """What a file gave: `value` (rows, an object, or a text), and its bytes as they go into a bundle; `raw` are those
    of the file itself, where a bundle holds it in another form.

    `source` is there once the file was decoded, so that diagnostics in it can be shown; `starts` is where each task's
    row begins in it.
    """

    path: str
    value: Any = None
    content: bytes = b""
    raw: bytes = b""
    source: Source | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)


def load_text(folder: Path, name: str, span: Span, disk: Disk | None = None) -> Loaded:
    """The text of `Text from "name"`; `span` is the path's place in the program."""
    loaded = _read(folder, name, span, disk or Disk())
    if loaded.source is not None:
        loaded.value = loaded.source.text
    return loaded


def load_tasks(
    folder: Path,
    name: str,
    span: Span,
    task: t.Type,
    tools: Mapping[str, FunctionInfo] | None = None,
    disk: Disk | None = None,
) -> Loaded:
    """The rows of a JSON Lines or Parquet file, each of type `task`; blank lines are passed over."""
    loaded = _read(folder, name, span, disk or Disk(), task if name.endswith(PARQUET) else None)
    if loaded.source is not None:
        report = _Report(loaded, span)
        loaded.value = _rows(loaded.source, task, tools, report, loaded.starts)
        if not loaded.value and not report.count:
            loaded.diagnostics.append(codes.DATA_EMPTY.at(span, path=name))
        report.close()
    return loaded


def load_world(
    folder: Path,
    name: str,
    span: Span,
    world: WorldInfo,
    tools: Mapping[str, FunctionInfo] | None = None,
    disk: Disk | None = None,
) -> Loaded:
    """A world's slots from one JSON object: tables as objects by key or as lists, other slots as values."""
    loaded = _read(folder, name, span, disk or Disk())
    if loaded.source is not None:
        report = _Report(loaded, span)
        value = _parsed(loaded.source.text, 0, report)
        if value is not _FAILED:
            loaded.value = value
            report.problems(0, Shapes(tools).of_world(value, world))
        report.close()
    return loaded


# ---------------------------------------------------------------- reading


def _read(folder: Path, name: str, span: Span, disk: Disk, row: t.Type | None = None) -> Loaded:
    loaded = Loaded(name)
    path = _inside(folder, name, disk)
    if path is None:
        loaded.diagnostics.append(
            codes.DATA_OUTSIDE.at(span, path=name).advise("data lies beside the program or below it")
        )
    elif disk.kind(path) == "none":
        loaded.diagnostics.append(_missing(folder, name, span, disk))
    else:
        _fill(loaded, path, span, disk, row)
    return loaded


def _inside(folder: Path, name: str, disk: Disk) -> Path | None:
    """The file's path, or None where it leaves the folder."""
    parts = PurePosixPath(name).parts
    if not name or "\0" in name or "\\" in name or ":" in name or name.startswith("/") or ".." in parts:
        return None
    path = folder / name
    try:
        inside = disk.real(path).is_relative_to(disk.real(folder))
    except (OSError, RuntimeError):
        return None
    return path if inside else None


def _missing(folder: Path, name: str, span: Span, disk: Disk) -> Diagnostic:
    diagnostic = codes.DATA_MISSING.at(span, path=name)
    near = suggest(name, _files(folder, disk))
    if near is not None:
        diagnostic.replace("a file with a similar name is there", json.dumps(near, ensure_ascii=False))
    return diagnostic


def _files(folder: Path, disk: Disk) -> list[str]:
    """The data files near a program, by relative path."""
    found: list[str] = []
    for pattern in ("*", "*/*", "*/*/*"):
        for path in disk.names(folder, pattern):
            if len(found) >= 2000:
                return found
            if path.suffix != ".nex" and disk.kind(path) == "file":
                found.append(path.relative_to(folder).as_posix())
    return found


def _fill(loaded: Loaded, path: Path, span: Span, disk: Disk, row: t.Type | None) -> None:
    reason = _refused(disk.kind(path))
    try:
        content = disk.read(path, GREATEST + 1) if reason is None else b""
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    if reason is None and len(content) > GREATEST:
        reason = f"it is larger than {GREATEST // (1024 * 1024)} MB"
    if reason is not None:
        loaded.diagnostics.append(codes.DATA_UNREADABLE.at(span, path=loaded.path, reason=reason))
        return
    if row is not None:
        loaded.raw = content
        converted = _converted(loaded, content, span, row)
        if converted is None:
            return
        content = converted
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"byte {error.start + 1} (line {line:,}) is 0x{content[error.start]:02x}"
        loaded.diagnostics.append(codes.DATA_ENCODING.at(span, path=loaded.path, reason=reason))
        return
    if text.startswith("\ufeff"):
        reason = "it begins with a byte order mark"
        loaded.diagnostics.append(codes.DATA_ENCODING.at(span, path=loaded.path, reason=reason))
        return
    loaded.content, loaded.source = content, Source(path.as_posix(), text)


def _converted(loaded: Loaded, content: bytes, span: Span, row: t.Type) -> bytes | None:
    """A Parquet file as JSON Lines; None where it was reported."""
    from nexlang.semantics.parquet import EXTRA, NoParquet, json_lines

    try:
        return json_lines(content, row)
    except NoParquet:
        loaded.diagnostics.append(codes.DATA_EXTRA.at(span, path=loaded.path, extra=EXTRA))
    except ValueError as error:
        loaded.diagnostics.append(codes.DATA_UNREADABLE.at(span, path=loaded.path, reason=error))
    return None


def _refused(kind: str) -> str | None:
    return {"folder": "it is a folder", "file": None}.get(kind, "it is no ordinary file")


# ---------------------------------------------------------------- reporting


class _Report:
    """Turns problems into diagnostics in the data file: the first few, then how many more there are."""

    def __init__(self, loaded: Loaded, span: Span) -> None:
        assert loaded.source is not None
        self.loaded, self.source, self.span = loaded, loaded.source, span
        self.count = self.shown = 0
        self.names: set[tuple[str, object]] = set()

    def problems(self, start: int, found: Iterable[Problem]) -> None:
        for problem in found:
            if self._counted() and not self._repeated(problem):
                self.shown += 1
                self._show(start, problem)

    def _counted(self) -> bool:
        """Count one more; whether there is still room to show it."""
        self.count += 1
        return self.shown < SHOWN

    def _repeated(self, problem: Problem) -> bool:
        """Whether the same field, tool or case is unknown or missing again: one mistake, made in every row."""
        what = problem.values.get("actual" if problem.code is codes.DATA_CASE else "name")
        if what is None:
            return False
        key = (problem.code.id, what)
        again = key in self.names
        self.names.add(key)
        return again

    def _show(self, start: int, problem: Problem) -> None:
        at = locate(self.source.text, start, problem.steps, problem.at_key)
        diagnostic = problem.code.at(self._span(at), where=problem.where, **problem.values)
        if problem.fix is not None:
            diagnostic.replace("a name like it exists", problem.fix, "unsafe")
        if problem.declared is not None:
            diagnostic.label(problem.declared, "declared here")
        self.loaded.diagnostics.append(diagnostic.label(self.span, "read here"))

    def syntax(self, at: tuple[int, int], reason: str) -> None:
        if self._counted():
            self.shown += 1
            diagnostic = codes.DATA_SYNTAX.at(self._span(at), reason=reason)
            self.loaded.diagnostics.append(diagnostic.label(self.span, "read here"))

    def twice(self, start: int, value: object, first: int) -> None:
        if self._counted():
            self.shown += 1
            at, earlier = locate(self.source.text, start, ("id",)), locate(self.source.text, first, ("id",))
            diagnostic = codes.DATA_TASK_TWICE.at(self._span(at), actual=shown(value))
            self.loaded.diagnostics.append(diagnostic.label(self._span(earlier), "the id is taken here"))

    def close(self) -> None:
        more = self.count - self.shown
        if more > 0:
            count = "1 more problem" if more == 1 else f"{more:,} more problems"
            self.loaded.diagnostics.append(codes.DATA_MORE.at(self.span, path=self.loaded.path, count=count))

    def _span(self, at: tuple[int, int]) -> Span:
        return Span(self.source.path, *at)


# ---------------------------------------------------------------- JSON


class _Refused(ValueError):
    """A key that is there twice, or a number that JSON does not have."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Refused("key")
    return made


def _constant(word: str) -> Any:
    raise _Refused(word)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
_FAILED = object()


def _parsed(text: str, start: int, report: _Report) -> Any:
    """The value of a JSON text that begins at `start` of the file, or `_FAILED`."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        at = start + error.pos
        report.syntax((at, at + 1), _plain(error))
    except _Refused as error:
        report.syntax(*_refusal(text, start, str(error)))
    except ValueError:
        report.syntax((start, start + 1), "a number in it is too long")
    except RecursionError:
        report.syntax((start, start + 1), "it is nested too deeply")
    return _FAILED


def _plain(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc):
        return "it ends too early"
    return error.msg[0].lower() + error.msg[1:]


def _refusal(text: str, start: int, what: str) -> tuple[tuple[int, int], str]:
    if what == "key":
        first, last = first_repeated_key(text) or (0, 1)
        return (start + first, start + last), f"the key {text[first:last]} is in the object twice"
    first, last = next((at for word, at in words(text) if word == what), (0, 1))
    return (start + first, start + last), f"{what} is no number of JSON"


def _rows(
    source: Source, task: t.Type, tools: Mapping[str, FunctionInfo] | None, report: _Report, starts: list[int]
) -> list[Any]:
    shapes, rows = Shapes(tools), []
    has_id = isinstance(t.base(task), t.Record) and "id" in t.base(task).info.fields  # type: ignore[attr-defined]
    seen: dict[object, int] = {}
    start = 0
    for line in source.text.split("\n"):
        if line.strip():
            row = _parsed(line, start, report)
            if row is not _FAILED:
                rows.append(row)
                starts.append(start)
                found = shapes.problems(row, task)
                report.problems(start, found)
                if has_id and not found:
                    _once(row.get("id"), start, seen, report)
        start += len(line) + 1
    return rows


def _once(value: object, start: int, seen: dict[object, int], report: _Report) -> None:
    if isinstance(value, (str, int)) and seen.setdefault(value, start) != start:
        report.twice(start, value, seen[value])
