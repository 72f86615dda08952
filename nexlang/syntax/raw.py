"""The tokens of a text that has a mistake: all of them at once, with what is known of the layout.

Habits from other languages that end inside one token (`'text'`, `//`, `&&`, an open quote) are reported here and
read as what they were meant to be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import normalize

from nexlang.diagnostics import Diagnostic, Edit, Source, Span
from nexlang.diagnostics import codes_syntax as codes
from nexlang.diagnostics.slotted import dataclass, field
from nexlang.syntax.lexer import COMMENT, DOC, KEY, MARK, NAME, SCAN, STRING, TERMINALS, TEXT
from nexlang.syntax.nodes import Comment

DECLARATIONS = (
    "package use enum union record type let world fn tool extern model agent environment train test".split()  # noqa: SIM905
)
DECLARED = re.compile(rf"^(?:##|(?:{'|'.join(DECLARATIONS)}) )", re.MULTILINE)
# No program has as many; of a text that does, only the first mistake is looked for.
MOST_TOKENS = 400_000
MOST_MISTAKES = 100
SINGLE = re.compile(r"'(?:\\.|[^'\\\n])*'")
CURLY = re.compile(r"[“”]([^“”\"\n]*)[“”]")
REST_OF_LINE = re.compile(r"[^\n]*")
LONG_COMMENT = re.compile(r"/\*[\s\S]*?(?:\*/|\Z)")
WORD = re.compile(r"\w+")
OPERATORS = {"&&": "and", "||": "or", "===": "==", "!==": "!=", "<>": "!="}
NO_SUCH = {
    "%": "the remainder is `mod(a, b)`",
    ";": "statements end with their line",
    "@": "there are no decorators: a `tool`, `fn` or `agent` says what it is with its first word",
    "\\": "an expression goes on by itself, and inside `{{ }}` quotes need no backslash",
}


@dataclass(slots=True)
class Raw:
    """A token before the grammar has looked at it. `first`: it begins its line; `indent` is that line's."""

    kind: str
    start: int
    end: int
    text: str
    line: int
    indent: int
    first: bool
    virtual: bool = False

    def became(self, text: str, kind: str = "mark") -> Raw:
        return Raw(kind, self.start, self.end, text, self.line, self.indent, self.first, True)

    def before(self, text: str, kind: str = "mark") -> Raw:
        """A token that nobody wrote, in front of this one."""
        return Raw(kind, self.start, self.start, text, self.line, self.indent, self.first, True)


@dataclass(slots=True)
class Reading:
    """One pass over the text; `tokens` ends with `$END`. `unopened` are lines that close more than they open."""

    source: Source
    stop: int
    tokens: list[Raw] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unopened: set[int] = field(default_factory=set)
    damaged: list[tuple[int, int]] = field(default_factory=list)
    line: int = 0
    indent: int = 0
    cut: bool = False

    def add(self, kind: str, start: int, end: int, text: str) -> int:
        starts = self.source.starts
        first = not self.tokens
        while self.line < len(starts) and starts[self.line] <= start:
            self.line += 1
            first = True
        if first:
            begin = starts[self.line - 1] if self.line else 0
            self.indent = len(self.source.text[begin:start]) - len(self.source.text[begin:start].lstrip())
        self.tokens.append(Raw(kind, start, end, text, self.line, self.indent, first))
        return end

    def span(self, start: int, end: int) -> Span:
        return Span(self.source.path, start, end)

    def report(self, diagnostic: Diagnostic) -> Diagnostic:
        self.diagnostics.append(diagnostic)
        return diagnostic


def read(source: Source, begin: int = 0, stop: int | None = None) -> Reading:
    """The tokens of `text[begin:stop]`; never fails."""
    reading = Reading(source, len(source.text) if stop is None else stop)
    odd = source.text.count('"""') % 2 == 1
    at = begin
    while at <= reading.stop:
        if len(reading.tokens) >= MOST_TOKENS or len(reading.diagnostics) >= MOST_MISTAKES:
            reading.cut = True
            reading.add("$END", at, at, "")
            break
        token = SCAN.match(source.text, at, reading.stop)
        group = token.lastindex if token else None
        if token is None or group is None:
            at = _stray(reading, at)
            continue
        start, end = token.span(NAME if group == KEY else group)
        habit = _habit(reading, start) if group in (MARK, TEXT, NAME, KEY) else 0
        if habit:
            at = habit
        elif group == COMMENT:
            reading.comments.append(Comment(start, end, token[COMMENT].rstrip()))
            at = end
        elif group == TEXT and odd and _runs_on(source, token.start(TEXT), token[TEXT]):
            at, odd = _open_text(reading, start), False
        else:
            at = reading.add(_kind(group), start, end, source.text[start:end])
        if reading.tokens and reading.tokens[-1].kind == "$END":
            break
    if not reading.tokens or reading.tokens[-1].kind != "$END":
        reading.add("$END", reading.stop, reading.stop, "")
    return reading


def _runs_on(source: Source, start: int, text: str) -> bool:
    """Whether a long text holds a declaration, or a line no deeper than its own, so that its end is another's begin."""
    if DECLARED.search(text):
        return True
    indent = _indent(source.line(source.position(start)[0]))
    return any(line.strip(' "') and _indent(line) <= indent for line in text.split("\n")[1:])


def _kind(group: int) -> str:
    return "name" if group <= KEY else "mark" if group == MARK else TERMINALS[group]


def _habit(reading: Reading, at: int) -> int:
    """Where the text goes on after a habit that begins at `at`; 0 where there is none."""
    text = reading.source.text
    if text[at] not in "/&|=!<fr":
        return 0
    if text.startswith("//", at):
        end = REST_OF_LINE.match(text, at, reading.stop).end()  # type: ignore[union-attr]
        found = codes.OTHER_COMMENT.at(reading.span(at, at + 2), mark="//")
        reading.report(found.replace("a comment begins with `#`", "#"))
        return end
    if text.startswith("/*", at) and (long := LONG_COMMENT.match(text, at, reading.stop)):
        reading.report(codes.OTHER_COMMENT.at(reading.span(at, at + 2), mark="/* */"))
        return long.end()
    for written, meant in OPERATORS.items():
        if text.startswith(written, at):
            return _operator(reading, at, written, meant)
    if text[at : at + 1] in "fr" and text[at + 1 : at + 2] == '"':
        found = codes.PREFIXED_TEXT.at(reading.span(at, at + 1), prefix=text[at])
        reading.report(found.replace("every text takes `{{ expression }}`", ""))
        return at + 1
    return 0


def _operator(reading: Reading, at: int, written: str, meant: str) -> int:
    end = at + len(written)
    found = codes.OTHER_OPERATOR.at(reading.span(at, end), written=written, meant=meant.strip())
    reading.report(found.replace(f"write `{meant.strip()}`", meant))
    reading.add("name" if meant.isalpha() else "mark", at, end, meant)
    return end


def _stray(reading: Reading, at: int) -> int:
    """What no token begins with: an open or single-quoted text, `!`, or a character that means nothing."""
    text = reading.source.text
    while at < reading.stop and text[at].isspace():
        at += 1
    if at >= reading.stop:
        return reading.add("$END", at, at, "") + 1
    for starts, act in STRAYS:
        if text.startswith(starts, at) and (end := act(reading, at)):
            return end
    if text[at].isalpha():
        return _foreign_name(reading, at)
    found = codes.STRAY_CHARACTER.at(reading.span(at, at + 1), what=_shown(text[at]))
    if text[at] in NO_SUCH:
        found.advise(NO_SUCH[text[at]])
    if text[at] == ";":
        found.replace("leave it out", "")
    reading.report(found)
    if text[at] in "%^":
        reading.add("mark", at, at + 1, "*")
    return at + 1


def _shown(character: str) -> str:
    return f"`{character}`" if character.isprintable() else f"the character U+{ord(character):04X}"


def _foreign_name(reading: Reading, at: int) -> int:
    word = WORD.match(reading.source.text, at)
    end = word.end() if word else at + 1
    reading.damaged.append((at, end))
    written = reading.source.text[at:end]
    found = reading.report(codes.FOREIGN_NAME.at(reading.span(at, end), name=written))
    plain = normalize("NFKD", written).encode("ascii", "ignore").decode()
    if plain.isidentifier():
        found.replace("write it without accents", plain, "unsafe")
    return reading.add("name", at, end, reading.source.text[at:end])


def _not(reading: Reading, at: int) -> int:
    return _operator(reading, at, "!", "not ") and _named_not(reading)


def _named_not(reading: Reading) -> int:
    token = reading.tokens[-1]
    token.kind, token.text = "name", "not"
    return token.end


def _both(reading: Reading, at: int) -> int:
    return _operator(reading, at, "&&", "and")


def _single_quoted(reading: Reading, at: int) -> int:
    found = SINGLE.match(reading.source.text, at, reading.stop)
    if not found:
        return 0
    inside = found[0][1:-1].replace("\\'", "'")
    return _quoted(reading, at, found.end(), '"' + re.sub(r'(?<!\\)"', '\\"', inside) + '"')


def _curly_quoted(reading: Reading, at: int) -> int:
    found = CURLY.match(reading.source.text, at, reading.stop)
    return _quoted(reading, at, found.end(), f'"{found[1]}"') if found else 0


def _quoted(reading: Reading, at: int, end: int, text: str) -> int:
    wrong = codes.OTHER_QUOTES.at(reading.span(at, end), quotes=reading.source.text[at])
    reading.report(wrong.replace("use double quotes", text))
    return reading.add("STRING", at, end, text)


def _open_text(reading: Reading, at: int) -> int:
    """A triple-quoted text without an end: it is taken to end where the layout steps back."""
    source = reading.source
    end = layout_end(source, at, reading.stop)
    found = codes.OPEN_TEXT.at(reading.span(at, at + 3), quotes='"""')
    line = source.position(at)[0]
    written = source.line(line)
    indent = written[: len(written) - len(written.lstrip())]
    found.label(reading.span(end, end), "the layout says that it ends here")
    found.fix('close it with `"""`', Edit(reading.span(end, end), f'\n{indent}"""'))
    reading.report(found)
    return reading.add("TEXT", at, end, source.text[at:end] + '"""')


def layout_end(source: Source, at: int, stop: int) -> int:
    """The end of the last line, after that of `at`, that is indented deeper than it."""
    line = source.position(at)[0]
    indent = _indent(source.line(line))
    end = source.starts[line - 1] + len(source.line(line))
    for number in range(line + 1, len(source.starts) + 1):
        written = source.line(number)
        if written.strip() and _indent(written) <= indent:
            break
        if written.strip():
            end = source.starts[number - 1] + len(written)
    return min(end, stop)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _open_string(reading: Reading, at: int) -> int:
    """A quote without its partner: the text ends with the line, before brackets that close what the line opened."""
    text = reading.source.text
    line = REST_OF_LINE.match(text, at, reading.stop)
    end = line.end() if line else reading.stop
    opened = _opened(reading)
    body = text[at:end].rstrip()
    if body.endswith(",") and _inside(reading):
        body = body[:-1].rstrip()
    while opened and len(body) > 1 and body[-1] in ")]},":
        opened -= body[-1] != ","
        body = body[:-1].rstrip()
    end = at + len(body)
    found = codes.OPEN_TEXT.at(reading.span(at, end), quotes='"')
    reading.report(found.fix('close it with `"`', Edit(reading.span(end, end), '"')))
    return reading.add("STRING", at, end, body + '"')


def _inside(reading: Reading) -> bool:
    """Whether brackets are open here, so that a comma at the end of a line goes on to the next item."""
    marks = [token.text for token in reading.tokens if token.kind == "mark"]
    return any(marks.count(opener) > marks.count(closer) for opener, closer in ("()", "[]"))


def _opened(reading: Reading) -> int:
    """How many brackets the line has open so far."""
    opened = 0
    for token in reversed(reading.tokens):
        opened += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.text, 0) * (token.kind == "mark")
        if token.first:
            break
    return opened


STRAYS: list[tuple[str, Callable[[Reading, int], int]]] = [
    ('"""', _open_text),
    ('"', _open_string),
    ("'", _single_quoted),
    ("“", _curly_quoted),
    ("”", _curly_quoted),
    ("&&", _both),
    ("!", _not),
]
__all__ = ["DECLARATIONS", "DOC", "STRING", "Raw", "Reading", "layout_end", "read"]
