"""Checking an edited program in part: the declarations that an edit can concern, with all that they build on.

An edit inside some declarations can concern them and every declaration that mentions one of them, directly or through
others. These are checked in the program's text with everything blanked out that they do not mention. What was found
elsewhere stays. Mentioning is a matter of words: a name in a comment counts, so no mention is missed.

The answer is None, which means a whole check, wherever that argument does not hold: a declaration, a name or a
signature came or went, types changed that data files follow, a mistake in the syntax, a mistake whose help depends on
all names of the program, or a declaration that was not edited and yet looks different.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nexlang.cache.outline import Section, begin, blank, importing, section, stamp
from nexlang.cache.records import Record, moved, record, revived, spans
from nexlang.diagnostics.sources import Source
from nexlang.syntax.parse import parse

if TYPE_CHECKING:
    from nexlang.compiler import Compilation

At = tuple[str, int]
# An edit inside one of these gives other declarations no new names, types or signatures.
BODIES = {"FunctionDecl", "AgentDecl", "EnvironmentDecl", "TrainDecl", "ModelDecl", "TestDecl"}
TYPES = {"RecordDecl", "EnumDecl", "UnionDecl", "TypeDecl", "WorldDecl"}
# Beyond this part of the text a whole check costs little more.
MOST = 0.5


def recheck(
    paths: list[Path], entry: dict[str, Any], edited: list[str], texts: Mapping[str, Source]
) -> dict[str, Any] | None:
    """The entry of the edited program; `edited` are the files whose text is another, `texts` has the new ones."""
    edit = Edit.of(entry, edited, texts)
    if edit is None:
        return None
    concerned = edit.concerned()
    kept = edit.built_on(concerned)
    if not edit.worthwhile(concerned, kept, entry["held"]):
        return None
    blanked = {name: edit.blanked(name, kept) for name in edit.new}
    from nexlang.compiler import compile

    made = compile(paths, {entry["sources"][name]: text for name, text in blanked.items()})
    if not _as_expected(made, entry, edit, kept):
        return None
    found = edit.combined(entry["diagnostics"], [record(each) for each in made.diagnostics], concerned, kept)
    if found is None:
        return None
    return {**entry, "diagnostics": found, "outline": {"names": entry["outline"]["names"], "files": edit.new}}


def _as_expected(made: Compilation, entry: dict[str, Any], edit: Edit, kept: set[At]) -> bool:
    """Whether the blanked program was read as what it should be, and found with nothing but what is in it."""
    loader = made.loader
    read = {module.source.path for module in loader.modules.values()}
    if made.checked.wide or not {file for file, _ in kept} <= read <= set(edit.new):
        return False
    for module in loader.modules.values():
        name = module.source.path
        starts = [edit.starts[name][at] for at in range(1, len(edit.new[name])) if (name, at) in kept]
        if module.broken or [begin(decl) for decl in module.tree.decls] != starts:
            return False
    answers = {(what, path, more): answer for what, path, more, answer in entry["seen"]}
    return all(answers.get(question) == answer for question, answer in loader.disk.seen.items())


class Edit:
    """Two outlines of a program, section by section, and which of the sections have another text."""

    def __init__(self, names: list[str], old: dict[str, list[Section]], texts: Mapping[str, Source]) -> None:
        self.names, self.old, self.texts = names, old, texts
        self.new = dict(old)
        self.changed: set[At] = set()
        self.came_or_went: set[str] = set()
        self.starts: dict[str, list[int]] = {}
        self.before: dict[str, list[int]] = {}

    @classmethod
    def of(cls, entry: dict[str, Any], edited: list[str], texts: Mapping[str, Source]) -> Edit | None:
        outline = entry["outline"]
        old = {name: [Section(*each) for each in found] for name, found in outline["files"].items()}
        edit = cls(outline["names"], old, texts)
        if not all(edit.compare(name) for name in edited):
            return None
        for name in old:
            edit.before[name] = _starts(old[name])
            edit.starts[name] = _starts(edit.new[name])
        return edit

    def compare(self, name: str) -> bool:
        """Find the sections of a file that are others now; False where the file is no row of the same declarations."""
        text, old = self.texts[name].text, self.old[name]
        first, begun = 0, 0
        while first < len(old) and stamp(text[begun : begun + old[first].length]) == old[first].text:
            begun += old[first].length
            first += 1
        last, ended = len(old), len(text)
        while last > first and ended - old[last - 1].length >= begun:
            if stamp(text[ended - old[last - 1].length : ended]) != old[last - 1].text:
                break
            last -= 1
            ended -= old[last].length
        if first == last:
            return begun == ended
        made = self.sections(text, begun, ended)
        if first == 0 or made is None or not self.same_outside(old[first:last], made):
            return False
        self.new[name] = [*old[:first], *made, *old[last:]]
        for at in range(first, last):
            if old[at].text != self.new[name][at].text:
                self.changed.add((name, at))
                self.came_or_went |= set(old[at].names) ^ set(self.new[name][at].names)
        return True

    def sections(self, text: str, start: int, end: int) -> list[Section] | None:
        """The declarations in a part of a text, if it is a row of whole ones that end with their line."""
        part = text[start:end]
        parsed = parse(Source("", part))
        decls = parsed.module.decls
        if parsed.diagnostics or not decls or parsed.module.package or parsed.module.uses or begin(decls[0]) != 0:
            return None
        if end < len(text) and not part.rstrip(" \t").endswith("\n"):
            return None
        ends = [*(begin(decl) for decl in decls[1:]), len(part)]
        names = set(self.names)
        return [section(part, begin(decl), stop, decl, names) for decl, stop in zip(decls, ends, strict=True)]

    @staticmethod
    def same_outside(old: list[Section], new: list[Section]) -> bool:
        """Whether the same declarations, seen from outside, stand in the same order."""
        return len(old) == len(new) and all(
            a.text == b.text or (a.kind in BODIES and (a.kind, a.name, a.head) == (b.kind, b.name, b.head))
            for a, b in zip(old, new, strict=True)
        )

    # ---- which declarations

    def declarations(self) -> Iterable[tuple[At, Section]]:
        for name, found in self.new.items():
            for at, each in enumerate(found):
                if at:
                    yield (name, at), each

    def concerned(self) -> set[At]:
        """What an edit can concern: what was edited, what is now mentioned more or less, and all that mention those."""
        mentioning: dict[str, list[At]] = defaultdict(list)
        called: dict[At, str] = {}
        found = set(self.changed)
        for at, each in self.declarations():
            called[at] = each.name
            for name in each.names:
                mentioning[name].append(at)
            if each.name in self.came_or_went:
                found.add(at)
        waiting = list(found)
        while waiting:
            fresh = set(mentioning.get(called[waiting.pop()], ())) - found
            found |= fresh
            waiting += fresh
        return found

    def built_on(self, concerned: set[At]) -> set[At]:
        """These declarations and all that they mention, directly or through others."""
        declaring: dict[str, list[At]] = defaultdict(list)
        for at, each in self.declarations():
            declaring[each.name].append(at)
        found, waiting = set(concerned), list(concerned)
        while waiting:
            file, number = waiting.pop()
            for name in self.new[file][number].names:
                fresh = [each for each in declaring.get(name, ()) if each not in found]
                found.update(fresh)
                waiting += fresh
        return found

    def worthwhile(self, concerned: set[At], kept: set[At], data: bool) -> bool:
        """Whether checking a part is allowed and less work: data files are held to types wherever they are used."""
        if data and any(self.new[file][at].kind in TYPES for file, at in concerned):
            return False
        size = sum(self.new[file][at].length for file, at in kept)
        return size <= MOST * sum(len(self.texts[name].text) for name in self.new)

    def blanked(self, name: str, kept: set[At]) -> str:
        """A file with blanks for what is not checked: every place and every line stay where they are."""
        text = self.texts[name].text
        ends = [*self.starts[name][1:], len(text)]
        mentioned = {word for file, at in kept for word in self.new[file][at].names}
        parts, blank_from = [importing(text[: ends[0]], mentioned)], ends[0]
        for at in range(1, len(ends)):
            if (name, at) in kept:
                parts += [blank(text[blank_from : ends[at - 1]]), text[ends[at - 1] : ends[at]]]
                blank_from = ends[at]
        return "".join([*parts, blank(text[blank_from:])])

    # ---- what was found

    def section_of(self, file: str, offset: int, starts: dict[str, list[int]]) -> At:
        from bisect import bisect_right

        return file, max(bisect_right(starts[file], offset) - 1, 0)

    def now(self, file: str, start: int, end: int) -> tuple[str, int, int]:
        """Where a place of the old text is in the new one."""
        _, at = self.section_of(file, start, self.before)
        by = self.starts[file][at] - self.before[file][at]
        return file, start + by, end + by

    def combined(self, old: list[Record], new: list[Record], concerned: set[At], kept: set[At]) -> list[Record] | None:
        """What a whole check would find; None where the parts do not fit together."""
        if any(made[3][0] not in self.new for made in new):
            return None
        here = [made for made in new if self.section_of(made[3][0], made[3][1], self.starts) in concerned]
        if any(made[0].startswith("NEX02") for made in here):
            return None
        stay = [made for made in old if self.section_of(made[3][0], made[3][1], self.before) not in concerned]
        places = [place for made in stay for place in spans(made)]
        if any(self.section_of(file, start, self.before) in self.changed for file, start, _ in places):
            return None
        stay = [moved(made, self.now) for made in stay]
        keys = {(made[0], made[2], made[3][0]) for made in stay}
        if any((made[0], made[2], made[3][0]) in keys for made in here):
            return None
        if not self.agree(stay, [made for made in new if made not in here], kept):
            return None
        from nexlang.semantics.merging import merged

        final = [record(found) for found in merged(revived(made) for made in [*stay, *here])]
        return final if _broken(old) == _broken(new) == _broken(final) else None

    def agree(self, stay: list[Record], again: list[Record], kept: set[At]) -> bool:
        """Whether the part that was checked again without being concerned gave what it gave before."""
        return self.looked_at(stay, kept) == self.looked_at(again, kept)

    def looked_at(self, found: list[Record], kept: set[At]) -> list[Record]:
        """Those in a declaration that was checked again, and those about an import that the edited ones mention."""
        texts = [each[file][at] for file, at in self.changed for each in (self.old, self.new)]
        mentioned = {name for text in texts for name in text.names}
        result = []
        for made in found:
            file, start, end = made[3]
            at = self.section_of(file, start, self.starts)
            if at in kept or (at[1] == 0 and self.texts[file].text[start:end] in mentioned):
                result.append(made)
        return result


def _broken(found: list[Record]) -> bool:
    """Whether a program has errors: some warnings are for sound programs only."""
    return any(made[1] == "error" for made in found)


def _starts(found: list[Section]) -> list[int]:
    return [0, *accumulate(each.length for each in found)][:-1]
