"""Mending a mistake: of the small changes that could, the one with which the parser gets furthest.

Each is tried ahead on the tables, then made and reported.
"""

from __future__ import annotations

from nexlang.diagnostics import Diagnostic, Edit
from nexlang.diagnostics import codes_syntax as codes
from nexlang.diagnostics.slotted import replace
from nexlang.syntax import wording
from nexlang.syntax.candidates import candidates
from nexlang.syntax.changes import PARTNER, Change, gap, opener_of, row_of, span_of
from nexlang.syntax.nodes import Doc, Ident
from nexlang.syntax.raw import DECLARATIONS, Raw
from nexlang.syntax.recovery import ENOUGH, LOOKAHEAD, Recovering

BEFORE_EXPRESSION = ("return", "=", "(", "[", ",", "=>", ":", "fail", "{", "+=", "-=")
# A change after which the text goes on as far as this is hardly wrong.
SURE = 6


def repair(parser: Recovering) -> bool:
    """Mend the mistake at the parser's place; False where nothing small helps (it then is reported all the same)."""
    if _stray_doc(parser) or _doc_before(parser):
        return True
    if _nested(parser):
        return False
    best = max((_scored(parser, change) for change in candidates(parser)), key=lambda pair: pair[0], default=None)
    if best is None or best[0] < ENOUGH:
        parser.report(_plain(parser))
        return False
    _make(parser, best[1], best[0] >= SURE)
    return True


def _scored(parser: Recovering, change: Change) -> tuple[float, Change]:
    states = parser.states[: len(parser.states) - change.pop]
    tokens = [*change.put, *parser.ahead(parser.at + change.gone)]
    taken = parser.survives(states, tokens, LOOKAHEAD + len(change.put))
    wanted = sum(token.virtual and token.text != ":" for token in change.put)
    return taken - wanted - change.cost, change


def _make(parser: Recovering, change: Change, sure: bool) -> None:
    found = change.say()
    if not sure:
        found.fixes = [
            replace(fix, applicability="unsafe") if fix.applicability == "safe" else fix for fix in found.fixes
        ]
    parser.report(found, sure)
    token = parser.tokens[parser.at]
    parser.damaged.append((parser.tokens[max(parser.at - 1, 0)].start, token.end))
    parser.drop(change.pop)
    parser.tokens[parser.at : parser.at + change.gone] = change.put


def _plain(parser: Recovering) -> Diagnostic:
    """No change helps: say what stands there and what was expected."""
    token = parser.tokens[parser.at]
    if token.text == "?":
        return _ternary(parser, token)
    if token.text == "{" and "THEN" in row_of(parser):
        return codes.NO_TERNARY.at(span_of(parser, token), mark="{")
    if token.text in PARTNER and token.kind == "mark" and opener_of(parser, PARTNER[token.text]) is None:
        return _stray_closer(parser, token)
    span = span_of(parser, token) if token.kind != "$END" or not parser.at else gap(parser)
    found = codes.UNEXPECTED.at(span, what=wording.what(token), expected=wording.expected(parser.acceptable()))
    if token.text in ("use", "package"):
        found.advise(f"`{token.text}` stands at the top of the file, before the first declaration")
        if token.text == "use" and token.first:
            _move_up(parser, token, found)
    return found


def _move_up(parser: Recovering, use: Raw, found: Diagnostic) -> None:
    """The line of a `use` goes behind those at the top."""
    source = parser.reading.source
    tops = [token.line for token in parser.tokens if token.first and token.text in ("package", "use", "export")]
    first = next((token.line for token in parser.tokens if token.first and token.line not in tops), 1)
    above = max((line for line in tops if line < first), default=0)
    line, at = source.line(use.line), source.starts[above] if above < len(source.starts) else 0
    start = source.starts[use.line - 1]
    if line.count("{") == line.count("}"):
        gone = Edit(parser.span(start, min(start + len(line) + 1, len(source.text))), "")
        found.fix("move it there", Edit(parser.span(at, at), f"{line.strip()}\n"), gone)


def _ternary(parser: Recovering, mark: Raw) -> Diagnostic:
    """`c ? a : b`, with the fix where all of it is on one line."""
    found = codes.NO_TERNARY.at(span_of(parser, mark), mark="?")
    line = [token for token in parser.tokens if token.line == mark.line and token.kind != "$END"]
    at = line.index(mark)
    begin = next((i + 1 for i in range(at - 1, -1, -1) if line[i].text in BEFORE_EXPRESSION), None)
    colon = next((i for i in range(at, len(line)) if line[i].text == ":"), None)
    if begin is None or colon is None:
        return found
    end = next((i for i in range(colon, len(line)) if line[i].text in (")", "]", "}", ",")), len(line)) - 1
    text = parser.reading.source.text
    parts = [text[line[a].start : line[b].end] for a, b in ((begin, at - 1), (at + 1, colon - 1), (colon + 1, end))]
    edit = Edit(parser.span(line[begin].start, line[end].end), "if {} then {} else {}".format(*parts))
    return found.fix("write the choice in words", edit, applicability="unsafe")


def _stray_closer(parser: Recovering, token: Raw) -> Diagnostic:
    span = span_of(parser, token)
    brace = token.text == "}"
    found = codes.STRAY_BRACE.at(span) if brace else codes.SUPERFLUOUS.at(span, what=wording.what(token))
    return found.replace("leave it out", "", "unsafe")


def _nested(parser: Recovering) -> bool:
    """A declaration among statements: its first word was taken as a name."""
    if not parser.at or not parser.values or not isinstance(parser.values[-1], Ident):
        return False
    word, token = parser.tokens[parser.at - 1], parser.tokens[parser.at]
    if not (word.first and word.text in DECLARATIONS and token.kind == "name" and token.line == word.line):
        return False
    if "KEY" in row_of(parser, 1):  # a property without its colon
        return False
    found = codes.UNEXPECTED.at(span_of(parser, word), what=wording.what(word), expected="a statement")
    parser.report(found.advise("declarations stand beside one another, not inside"))
    parser.drop(1)
    return True


# ---------------------------------------------------------------- documentation


def _stray_doc(parser: Recovering) -> bool:
    """A `##` comment where nothing can be described is read as a plain comment."""
    token = parser.tokens[parser.at]
    if token.kind != "DOC" or parser.survives(parser.states, parser.ahead(parser.at + 1), 2) < 2:
        return False
    _report_doc(parser, token)
    del parser.tokens[parser.at]
    return True


def _doc_before(parser: Recovering) -> bool:
    """The same for one at the end of a block or of the file, or before a `use`: it was taken before that was seen."""
    token = parser.tokens[parser.at]
    ends = token.kind == "$END" or token.text in ("}", "use", "export")
    taken = bool(parser.values) and isinstance(parser.values[-1], Doc)
    if not taken or parser.tokens[parser.at - 1].kind != "DOC" or not ends:
        return False
    _report_doc(parser, parser.tokens[parser.at - 1])
    parser.drop(1)
    return True


def _report_doc(parser: Recovering, token: Raw) -> None:
    lines = token.text.split("\n")
    edits, at = [], token.start
    for line in lines:
        mark = at + len(line) - len(line.lstrip())
        edits += [Edit(parser.span(mark, mark + 2), "#")] if line.strip() else []
        at += len(line) + 1
    end = token.start + len(lines[0])
    found = codes.STRAY_DOC.at(parser.span(token.start, end))
    parser.reading.report(found.fix("make it a plain comment with `#`", *edits))
