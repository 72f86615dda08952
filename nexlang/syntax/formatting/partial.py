"""Formatting part of a file: what can be read of one with mistakes, and only some of its lines.

A file is cut into sections at its declarations. Each is laid out as in the whole file, or by itself where the file has
mistakes; a section with a mistake stays as it is.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from nexlang.diagnostics import Diagnostic, Source
from nexlang.diagnostics.slotted import dataclass
from nexlang.syntax import nodes as n
from nexlang.syntax.formatting.declarations import format_module
from nexlang.syntax.formatting.homes import begin
from nexlang.syntax.parse import Parsed, parse
from nexlang.syntax.raw import DECLARATIONS, read

TRIPLE = '"""'


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text that begins on `line`, as it is and as it should be."""

    line: int
    before: str
    after: str


def format_readable(source: Source) -> tuple[str, list[Diagnostic]]:
    """The text with every declaration laid out that can be read, and the mistakes that keep the others as they are."""
    parsed = parse(source)
    mistakes = _mistakes(parsed)
    if not mistakes:
        return format_module(source.text, parsed.module), []
    return "".join(after for _, after in _alone(source)), mistakes


def format_lines(source: Source, first: int, last: int) -> tuple[str, list[Diagnostic]]:
    """The text with only the changes that touch these lines, counted from 1, both inclusive; and its mistakes."""
    parsed = parse(source)
    mistakes = _mistakes(parsed)
    sections = _sections(_alone(source) if mistakes else _matched(source.text, parsed.module))
    return "".join(_within(section, first, last) for section in sections), mistakes


def _mistakes(parsed: Parsed) -> list[Diagnostic]:
    return [found for found in parsed.diagnostics if found.severity == "error"]


def _sections(pairs: list[tuple[str, str]]) -> list[Section]:
    made, line = [], 1
    for before, after in pairs:
        made.append(Section(line, before, after))
        line += before.count("\n")
    return made


# ---------------------------------------------------------------- cutting


def _matched(text: str, module: n.Module) -> list[tuple[str, str]]:
    """Both texts of a file without mistakes, cut at the same declarations where no comment crosses the cut."""
    after = format_module(text, module)
    again = parse(Source("", after)).module
    pairs: list[tuple[str, str]] = []
    old, new = _starts(text, module), _starts(after, again)
    a = c = 0
    for b, d in zip(old[1:], new[1:], strict=True):
        if _comments(module, a, b) == _comments(again, c, d):
            pairs.append((text[a:b], after[c:d]))
            a, c = b, d
    return pairs


def _comments(module: n.Module, start: int, end: int) -> list[str]:
    first = bisect_left(module.comments, start, key=lambda comment: comment.start)
    last = bisect_left(module.comments, end, key=lambda comment: comment.start)
    return sorted(comment.text for comment in module.comments[first:last])


def _starts(text: str, module: n.Module) -> list[int]:
    return [0, *(begin(decl) for decl in module.decls[1:]), len(text)]


def _alone(source: Source) -> list[tuple[str, str]]:
    """The parts of a file with mistakes, each laid out by itself if it can be read by itself."""
    text = source.text
    starts = [0, *_first_words(source), len(text)]
    parts = [text[a:b] for a, b in pairwise(starts)]
    return [(part, _by_itself(part)) for part in parts if part]


def _first_words(source: Source) -> list[int]:
    """Where a line at the left margin begins a declaration, docs included; none where a long text has no end."""
    if source.text.count(TRIPLE) % 2:
        return []
    found: list[int] = []
    after_doc = False
    for token in read(source).tokens:
        begins = token.kind == "DOC" or (token.kind == "name" and token.text in (*DECLARATIONS, "private", "export"))
        if begins and token.first and token.indent == 0 and token.start and not after_doc:
            found.append(token.start)
        after_doc = token.kind == "DOC"
    return found


def _by_itself(part: str) -> str:
    parsed = parse(Source("", part))
    if parsed.diagnostics or not (parsed.module.decls or parsed.module.uses or parsed.module.package):
        return part
    return format_module(part, parsed.module).rstrip("\n") + part[len(part.rstrip()) :]


# ---------------------------------------------------------------- some lines


def _within(section: Section, first: int, last: int) -> str:
    """A section with the changes that touch the lines; all its changes where these alone would lose something."""
    lines = section.before.splitlines(keepends=True)
    first, last = first - section.line, last - section.line
    if section.before == section.after or last < 0 or first >= len(lines):
        return section.before
    text = _changed(lines, section.after.splitlines(keepends=True), first, last)
    return text if _same(text, section.after) else section.after


def _changed(before: list[str], after: list[str], first: int, last: int) -> str:
    from difflib import SequenceMatcher

    out: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        touched = kind != "equal" and a <= last and max(b, a + 1) > first
        out += after[c:d] if touched else before[a:b]
    return "".join(out)


def _same(text: str, wanted: str) -> bool:
    """Whether two texts are the same program with the same comments: laid out, they are one."""
    left, right = parse(Source("", text)), parse(Source("", wanted))
    return not left.diagnostics and _laid_out(text, left) == _laid_out(wanted, right)


def _laid_out(text: str, parsed: Parsed) -> str:
    return format_module(text, parsed.module)
