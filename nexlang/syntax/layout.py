"""Braces that do not add up, found by the layout: who left one out says by the indent where it belongs."""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Edit, Span
from nexlang.diagnostics import codes_syntax as codes
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.syntax.raw import DECLARATIONS, Raw, Reading, layout_end

# A line that begins with one of these and ends without a brace was meant to open one.
HEADERS = {*DECLARATIONS, "for", "if", "else", "match", "is", "actors", "setup", "reward", "dynamics", "curriculum"}
HEADERS |= {"stage", "process", "imitate", "reinforce", "while", "elif", "def"}
HEADERS -= {"package", "use", "type", "let", "model"}
# With more braces open than this no layout was meant.
MOST = 50


@dataclass(slots=True)
class Layout:
    """`tokens` are those of the reading with braces put in and taken out; each change is reported once."""

    reading: Reading
    tokens: list[Raw] = field(default_factory=list)
    open: list[Raw] = field(default_factory=list)
    excess: bool = False
    stray_end: int = -1

    def report(self, diagnostic: Diagnostic) -> Diagnostic:
        return self.reading.report(diagnostic)

    def span(self, start: int, end: int) -> Span:
        return self.reading.span(start, end)


def balanced(tokens: list[Raw]) -> int:
    """0 where the braces add up; else how many more open than close, or a negative number where one closes nothing."""
    depth = 0
    for token in tokens:
        if token.kind == "mark" and token.text == "{":
            depth += 1
        elif token.kind == "mark" and token.text == "}":
            depth -= 1
            if depth < 0:
                return -1
    return depth


def repaired(reading: Reading) -> list[Raw]:
    """The tokens with their braces made to add up."""
    excess = balanced(reading.tokens)
    if not excess or excess > MOST:
        return reading.tokens
    layout = Layout(reading, excess=excess < 0)
    for at, token in enumerate(reading.tokens):
        if token.kind == "$END" or _begins_declaration(reading.tokens, at):
            _close_all(layout, token)
        elif token.kind == "mark" and token.text == "}":
            _close(layout, token)
            continue
        layout.tokens.append(token)
        if token.kind == "mark" and token.text == "{":
            layout.open.append(token)
    return layout.tokens


def _begins_declaration(tokens: list[Raw], at: int) -> bool:
    """A declaration's first word in the first column, with a name after it."""
    token = tokens[at]
    if not (token.first and token.indent == 0):
        return False
    if token.kind == "DOC":
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else token
    return token.text in DECLARATIONS and token.kind == "name" and following.kind in ("name", "STRING")


def _close_all(layout: Layout, before: Raw) -> None:
    """Nothing is open where a declaration begins, nor at the end."""
    while layout.open:
        _unclosed(layout, layout.open.pop(), before)


def _close(layout: Layout, closer: Raw) -> None:
    while layout.open and _belongs_deeper(layout, closer):
        _unclosed(layout, layout.open.pop(), closer)
    if layout.excess and _lacks_opener(layout, closer):
        layout.tokens.append(closer)
        layout.reading.unopened.add(closer.line)
        return
    if not layout.open or _too_deep(layout.open[-1], closer):
        header = _header(layout, closer)
        if header is not None:
            _unopened(layout, header)
            layout.tokens.append(closer)
        else:
            _stray(layout, closer)
        return
    layout.open.pop()
    layout.tokens.append(closer)


def _stray(layout: Layout, closer: Raw) -> None:
    """Several in a row are one mistake."""
    if layout.stray_end != closer.start:
        found = codes.STRAY_BRACE.at(layout.span(closer.start, closer.end))
        layout.report(found.replace("leave it out", "", "unsafe"))
    layout.stray_end = closer.end


def _belongs_deeper(layout: Layout, closer: Raw) -> bool:
    """Whether a `}` that begins its line is for an opener further out than the last."""
    opener = layout.open[-1]
    if not closer.first or closer.indent >= opener.indent or closer.line == opener.line:
        return False
    return any(outer.indent == closer.indent for outer in layout.open[:-1])


def _too_deep(opener: Raw, closer: Raw) -> bool:
    """Whether a `}` stands deeper than the line of its opener, so it can hardly be its partner."""
    return closer.first and closer.line != opener.line and closer.indent > opener.indent


def _lacks_opener(layout: Layout, closer: Raw) -> bool:
    """Whether nothing on the line of a `}` opens it, though there is more; the parser finds its place."""
    if closer.first or any(opener.line == closer.line for opener in layout.open):
        return False
    before = (token for token in reversed(layout.tokens) if token.line == closer.line)
    return any(token.kind != "mark" for token in before)


def _header(layout: Layout, closer: Raw) -> int | None:
    """Where the line ends that a `}` could close, if only it had an opening brace."""
    if not closer.first:
        return None
    for at in range(len(layout.tokens) - 1, -1, -1):
        token = layout.tokens[at]
        if token.first and token.indent <= closer.indent:
            if token.indent < closer.indent or token.text not in HEADERS | {")", "}"}:
                return None
            return _line_end(layout.tokens, at)
    return None


def _line_end(tokens: list[Raw], at: int) -> int | None:
    line = tokens[at].line
    while at + 1 < len(tokens) and tokens[at + 1].line == line:
        at += 1
    return None if tokens[at].kind == "mark" and tokens[at].text in "{}" else at


def _unopened(layout: Layout, at: int) -> None:
    last = layout.tokens[at]
    colon = last.kind == "mark" and last.text == ":"
    span = layout.span(last.start if colon else last.end, last.end)
    layout.report(codes.MISSING_OPENER.at(span).replace("put `{` there", " {", "safe"))
    if colon:
        layout.tokens[at] = last.became("{")
    else:
        brace = Raw("mark", last.end, last.end, "{", last.line, last.indent, False, True)
        layout.tokens.insert(at + 1, brace)


def _unclosed(layout: Layout, opener: Raw, before: Raw) -> None:
    """Report an opener without its closer, and put one in where the layout steps back."""
    source = layout.reading.source
    end = _place(layout, opener, before)
    at = next((i for i, token in enumerate(layout.tokens) if token.start >= end and token is not opener), None)
    at = len(layout.tokens) if at is None else at
    previous = layout.tokens[at - 1]
    own_line = previous.line > opener.line
    pad = source.line(opener.line)[: opener.indent]
    found = codes.UNCLOSED_BRACE.at(layout.span(opener.start, opener.end))
    found.label(layout.span(previous.end, previous.end), "the layout says that `}` belongs after this")
    edit = Edit(layout.span(previous.end, previous.end), f"\n{pad}}}" if own_line else " }")
    if opener.line not in _guessed_lines(layout):
        layout.report(found.fix("close it", edit))
        layout.reading.damaged.append((opener.start, opener.end))
    closer = Raw("mark", previous.end, previous.end, "}", previous.line, opener.indent, False, True)
    layout.tokens.insert(at, closer)


def _guessed_lines(layout: Layout) -> set[int]:
    """Lines with a text that has no end: it may have swallowed the brace."""
    open_texts = [d for d in layout.reading.diagnostics if d.code == codes.OPEN_TEXT.id]
    return {layout.reading.source.position(d.span.start)[0] for d in open_texts}


def _place(layout: Layout, opener: Raw, before: Raw) -> int:
    """Where the missing `}` goes: after the lines deeper than the opener's, or at the end of its own line."""
    source = layout.reading.source
    start = source.starts[opener.line - 1]
    written = source.line(opener.line)
    rest = source.text[opener.end : start + len(written)].split("#")[0].strip()
    end = start + len(written) if rest else layout_end(source, opener.start, layout.reading.stop)
    return min(end, before.start)
