"""Diagnostics for people: the line, the marks under it, and the way out. Plain text, or with ANSI colours."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from nexlang.diagnostics.model import Diagnostic, Edit, Fix, Label, Span
from nexlang.diagnostics.slotted import dataclass
from nexlang.diagnostics.sources import Source

WIDEST = 140
NEAR = 4
SHOWN_CHANGES = 4


@dataclass(frozen=True, slots=True)
class Paint:
    """The escape codes of a terminal, or nothing."""

    on: bool

    def __call__(self, style: str, text: str) -> str:
        codes = {"error": "1;31", "warning": "1;33", "bold": "1", "gutter": "1;34", "minus": "31", "plus": "32"}
        return f"\x1b[{codes[style]}m{text}\x1b[0m" if self.on and text else text


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands under a line: `sign` is ^ for the mistake and - for what it has to do with."""

    start: int
    end: int
    sign: str
    text: str


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], color: bool = False) -> str:
    """All diagnostics, a blank line between two; `sources` by the path that spans name."""
    paint = Paint(color)
    return "\n".join(_diagnostic(diagnostic, sources, paint) for diagnostic in diagnostics)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`, or nothing."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    counts = [(severities.count("error"), "error"), (severities.count("warning"), "warning")]
    return ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for count, name in counts if count)


def _diagnostic(diagnostic: Diagnostic, sources: Mapping[str, Source], paint: Paint) -> str:
    width = _gutter(diagnostic, sources)
    head = paint(diagnostic.severity, f"{diagnostic.severity}[{diagnostic.code}]")
    lines = [head + paint("bold", f": {diagnostic.message}")]
    lines += _places(diagnostic, sources, width, paint)
    if diagnostic.help:
        lines.append(paint("bold", "help") + f": {diagnostic.help}")
    for fix in diagnostic.fixes:
        lines += _fix(fix, diagnostic.span.file, sources, width, paint)
    lines.append(f"{' ' * width} {paint('gutter', '=')} explain: nexc explain {diagnostic.code}")
    return "\n".join(lines) + "\n"


def _gutter(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> int:
    """The width of the greatest line number that will be shown."""
    spans = [diagnostic.span, *(label.span for label in diagnostic.labels)]
    spans += [edit.span for fix in diagnostic.fixes for edit in fix.edits]
    numbers = [sources[span.file].position(span.end)[0] for span in spans if span.file in sources]
    return len(str(max(numbers, default=1)))


# ---------------------------------------------------------------- places


def _places(diagnostic: Diagnostic, sources: Mapping[str, Source], width: int, paint: Paint) -> list[str]:
    """The primary place with the labels near it, then each label that is elsewhere."""
    source = sources.get(diagnostic.span.file)
    arrow = paint("gutter", "-->")
    if source is None:
        return [f"{' ' * width}{arrow} {diagnostic.span.file}"]
    line = source.position(diagnostic.span.start)[0]
    near = [label for label in diagnostic.labels if _is_near(label, diagnostic.span.file, source, line)]
    far = [label for label in diagnostic.labels if label not in near]
    marks = [Mark(diagnostic.span.start, diagnostic.span.end, "^", diagnostic.caption)]
    marks += [Mark(label.span.start, label.span.end, "-", label.text) for label in near]
    lines = [_where(arrow, diagnostic.span, source, width)]
    lines += _snippet(source, marks, diagnostic.severity, width, paint)
    for label in far:
        other = sources.get(label.span.file)
        if other is None:
            lines.append(f"{' ' * width}{paint('gutter', ':::')} {label.span.file}: {label.text}")
            continue
        lines.append(_where(paint("gutter", ":::"), label.span, other, width))
        mark = Mark(label.span.start, label.span.end, "-", label.text)
        lines += _snippet(other, [mark], diagnostic.severity, width, paint)
    return lines


def _is_near(label: Label, file: str, source: Source, line: int) -> bool:
    return label.span.file == file and abs(source.position(label.span.start)[0] - line) < NEAR


def _where(arrow: str, span: Span, source: Source, width: int) -> str:
    line, column = source.position(span.start)
    return f"{' ' * width}{arrow} {span.file}:{line}:{column}"


def _snippet(source: Source, marks: list[Mark], severity: str, width: int, paint: Paint) -> list[str]:
    bar = paint("gutter", "|")
    lines = [f"{' ' * width} {bar}"]
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(source.position(mark.start)[0], []).append(mark)
    previous = 0
    for number in sorted(by_line):
        if previous and number > previous + 1:
            lines.append(paint("gutter", "..."))
        first = min(mark.start for mark in by_line[number]) - source.starts[number - 1]
        shown, cut = window(source.line(number), first)
        lines.append(f"{paint('gutter', str(number).rjust(width))} {bar} {_visible(shown)}".rstrip())
        for mark in sorted(by_line[number], key=lambda mark: -mark.start):
            style = severity if mark.sign == "^" else "gutter"
            under = _underline(mark, shown, source.starts[number - 1] + cut)
            lines.append(f"{' ' * width} {bar} {paint(style, under)}".rstrip())
        previous = number
    return [*lines, f"{' ' * width} {bar}"]


def _underline(mark: Mark, shown: str, begin: int) -> str:
    """The marks under a line; those of a longer piece end with its first line."""
    start = min(max(mark.start - begin, 0), len(shown))
    end = min(max(mark.end - begin, start), len(shown))
    indent = _width(_visible(shown[:start]))
    return f"{' ' * indent}{mark.sign * max(_width(_visible(shown[start:end])), 1)} {mark.text}".rstrip()


def window(line: str, column: int) -> tuple[str, int]:
    """What of a long line is shown around a column, and the number of characters that it leaves out at the left."""
    if len(line) <= WIDEST:
        return line, 0
    cut = max(0, min(column - WIDEST // 3, len(line) - WIDEST))
    return line[cut : cut + WIDEST], cut


def _visible(text: str) -> str:
    """Tabs as four blanks, and nothing that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "    " if c == "\t" else "�" for c in text)


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)


# ---------------------------------------------------------------- fixes


def _fix(fix: Fix, file: str, sources: Mapping[str, Source], width: int, paint: Paint) -> list[str]:
    bar = paint("gutter", "|")
    lines = [paint("bold", "help") + f": {fix.message}"]
    groups = change_groups(fix, sources)
    if not groups:
        return lines
    for source, edits in groups[:SHOWN_CHANGES]:
        if source.path != file:
            lines.append(_where(paint("gutter", "-->"), edits[0].span, source, width))
        lines.append(f"{' ' * width} {bar}")
        lines += _changes(source, edits, width, paint)
    if len(groups) > SHOWN_CHANGES:
        lines.append(f"{' ' * width} {bar} … and {len(groups) - SHOWN_CHANGES} more")
    return [*lines, f"{' ' * width} {bar}"]


def change_groups(fix: Fix, sources: Mapping[str, Source]) -> list[tuple[Source, list[Edit]]]:
    """The edits of a fix, those that touch the same line together."""
    groups: list[tuple[Source, list[Edit]]] = []
    last = 0
    for edit in sorted(fix.edits, key=lambda edit: (edit.span.file, edit.span.start)):
        source = sources.get(edit.span.file)
        if source is None:
            continue
        line = source.position(edit.span.start)[0]
        if groups and groups[-1][0] is source and line == last:
            groups[-1][1].append(edit)
        else:
            groups.append((source, [edit]))
        last = source.position(edit.span.end)[0]
    return groups


def _changes(source: Source, edits: list[Edit], width: int, paint: Paint) -> list[str]:
    first = source.position(edits[0].span.start)[0]
    last = source.position(edits[-1].span.end)[0]
    before = [source.line(number) for number in range(first, last + 1)]
    after = _applied(source, edits, first, last).split("\n")
    while before and after and before[0] == after[0]:
        before.pop(0)
        after.pop(0)
        first += 1
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    long = len(before) == len(after) == 1 and max(len(before[0]), len(after[0])) > WIDEST
    tails = _tails(before[0], after[0]) if len(before) == len(after) == 1 and not long else None
    column = source.position(edits[0].span.start)[1] if long else 0
    return [
        *(_change(first + at, "-", window(line, column)[0], tails, width, paint) for at, line in enumerate(before)),
        *(_change(first + at, "+", window(line, column)[0], tails, width, paint) for at, line in enumerate(after)),
    ]


def _applied(source: Source, edits: list[Edit], first: int, last: int) -> str:
    begin = source.starts[first - 1]
    text = "\n".join(source.line(number) for number in range(first, last + 1))
    for edit in reversed(edits):
        text = text[: edit.span.start - begin] + edit.text + text[edit.span.end - begin :]
    return text


def _tails(before: str, after: str) -> int | None:
    """How much two versions of a line share at their ends, where that is worth cutting."""
    shared = 0
    while shared < min(len(before), len(after), WIDEST) and before[-shared - 1] == after[-shared - 1]:
        shared += 1
    blank = before.find(" ", len(before) - shared + 10) if shared else -1
    rest = len(before) - blank
    return rest if blank > 0 and rest > 12 else None


def _change(number: int, sign: str, line: str, tail: int | None, width: int, paint: Paint) -> str:
    shown = f"{line[:-tail]} …" if tail else line
    style = "minus" if sign == "-" else "plus"
    return f"{paint('gutter', str(number).rjust(width))} {paint(style, f'{sign} {_visible(shown)}')}".rstrip()
