"""One check: from the cache where nothing changed, in part where little did, else anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nexlang.cache.records import Record, record, revived, spans
from nexlang.cache.store import Store
from nexlang.disk import READ, REAL, Disk, Question

if TYPE_CHECKING:
    from nexlang.compiler import Compilation
    from nexlang.diagnostics import Diagnostic, Source


class Answer(NamedTuple):
    """What a check found: diagnostics, and the sources that they point into."""

    diagnostics: list[Diagnostic]
    sources: Mapping[str, Source]


class Texts(Mapping[str, "Source"]):
    """The sources that diagnostics may point into, decoded when they are looked at."""

    def __init__(self, disk: Disk, sources: dict[str, str], data: list[str]) -> None:
        self._disk = disk
        self._paths = sources | {path: path for path in data}
        self._data = frozenset(data) - sources.keys()
        self._made: dict[str, Source] = {}

    def __getitem__(self, name: str) -> Source:
        if name not in self._made:
            self._made[name] = self._source(name, self._disk.contents[self._paths[name]])
        return self._made[name]

    def _source(self, name: str, content: bytes) -> Source:
        from nexlang.diagnostics.loading import decode
        from nexlang.diagnostics.sources import Source

        if name in self._data:
            return Source(name, content.decode())
        source = decode(content, name)
        assert isinstance(source, Source)
        return source

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def check(paths: list[Path], folder: Path | None) -> Answer:
    """What checking some files and folders finds. With a folder for the cache, as fast as it allows."""
    if folder is None:
        return _fresh(paths)[0]
    store = Store(folder, paths)
    entry = store.load()
    if entry is not None:
        disk = Disk()
        changed = list(disk.changed(_seen(entry)))
        answer = _kept(entry, disk) if not changed else _edited(paths, entry, disk, changed, store)
        if answer is not None:
            return answer
    answer, made = _fresh(paths)
    if made is not None:
        store.save(made)
    return answer


def _seen(entry: dict[str, Any]) -> dict[Question, str]:
    return {(what, path, more): answer for what, path, more, answer in entry["seen"]}


def _kept(entry: dict[str, Any], disk: Disk) -> Answer:
    found = [revived(made) for made in entry["diagnostics"]]
    return Answer(found, Texts(disk, entry["sources"], entry["data"]))


def _edited(
    paths: list[Path], entry: dict[str, Any], disk: Disk, changed: list[Question], store: Store
) -> Answer | None:
    """The answer where only a few declarations were edited; None where that cannot be proven."""
    files = {path: name for name, path in entry["sources"].items()}
    if entry["outline"] is None or any(what != READ or path not in files for what, path, _ in changed):
        return None
    from nexlang.cache.edits import recheck

    edited = [files[path] for _, path, _ in changed]
    made = recheck(paths, entry, edited, Texts(disk, entry["sources"], []))
    if made is None:
        return None
    made["seen"] = [[*question, disk.seen[question]] for question in _seen(entry)]
    store.save(made)
    return _kept(made, disk)


def _fresh(paths: list[Path]) -> tuple[Answer, dict[str, Any] | None]:
    """A whole check, and its entry where one can be made."""
    from nexlang.compiler import compile

    made = compile(paths)
    answer = Answer(made.diagnostics, made.sources)
    records = [record(found) for found in made.diagnostics]
    return answer, _entry(made, records)


def _text(content: bytes) -> str | None:
    """The text of a data file; one that is no text, such as Parquet, has none that diagnostics could point into."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _entry(made: Compilation, records: list[Record]) -> dict[str, Any] | None:
    from nexlang.cache.outline import outlined

    loader = made.loader
    seen = loader.disk.seen
    asked = {real: path for (what, path, _), real in seen.items() if what == REAL}
    sources = {module.source.path: asked[real] for real, module in loader.modules.items()}
    contents = loader.disk.contents
    files = [name for name in made.sources if name not in sources]
    data = [name for name in files if name in contents and _text(contents[name]) == made.sources[name].text]
    shown = {file for found in records for file, _, _ in spans(found)}
    if not shown <= {*sources, *data} or not contents.keys() >= set(sources.values()):
        return None
    whole = not any(module.broken for module in loader.modules.values())
    inside = all(made[3][0] in sources for made in records)
    return {
        "seen": [[*question, answer] for question, answer in seen.items()],
        "sources": sources,
        "data": data,
        "held": bool(files),
        "diagnostics": records,
        "outline": outlined(loader.modules.values()) if whole and inside else None,
    }
