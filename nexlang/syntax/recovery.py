"""Parsing a text that has a mistake: each mistake is reported once, mended where a small change does, else skipped.

The stack is never reduced for a token that cannot be taken, so at a mistake it is as the text before it left it.
"""

from __future__ import annotations

from typing import Any

from nexlang.diagnostics import Diagnostic, Source, Span
from nexlang.diagnostics import codes_syntax as codes
from nexlang.syntax import layout, words
from nexlang.syntax.depth import MAX_DEPTH
from nexlang.syntax.lexer import TOKENS
from nexlang.syntax.nodes import Module
from nexlang.syntax.parser import MAX_STACK
from nexlang.syntax.raw import Raw, Reading, read
from nexlang.syntax.reducers import reducers
from nexlang.syntax.tables import tables

LOOKAHEAD = 12
FAR = 30
ENOUGH = 3
MOST = 100
# Tokens looked at while skipping, in all.
PATIENCE = 500_000


class Recovering:
    """A parser that goes on. `damaged` are the parts of the text that it left out or made up."""

    def __init__(self, reading: Reading, tokens: list[Raw], start: str) -> None:
        found = tables()
        self.reading = reading
        self.tokens = tokens
        self.table, self.rules, self.words, self.marks = found.states, found.rules, found.words, found.marks
        self.reserved = found.reserved
        self.reducers = reducers()
        self.goal = found.ends[start]
        self.states = [found.starts[start]]
        self.values: list[Any] = []
        self.starts: list[int] = []
        self.end = 0
        self.at = 0
        self.damaged: list[tuple[int, int]] = []
        self.mended_at = -LOOKAHEAD
        self.sure = False
        self.mended = self.passed = 0
        self.repeated: dict[tuple[str, object], Diagnostic] = {}
        self.named: dict[str, list[tuple[Raw, Raw]]] = {}
        self.result: Any = None

    # ------------------------------------------------------------ taking tokens

    def terminal(self, state: int, at: int, tokens: list[Raw]) -> tuple[str, int]:
        """What the token at `at` is for the grammar in this state, and how many tokens it takes."""
        token = tokens[at]
        if token.kind == "mark":
            return self.marks[token.text], 1
        if token.kind != "name":
            return token.kind, 1
        row = self.table[state]
        if "KEY" in row and at + 1 < len(tokens) and _is_key(token, tokens[at + 1], self.reading.source.text):
            return "KEY", 2
        word = self.words.get(token.text)
        if word and word in row:
            return word, 1
        return ("VARIABLE" if "VARIABLE" in row and token.text not in self.reserved else "NAME"), 1

    def feed(self, states: list[int], terminal: str) -> bool:
        """Whether the terminal can be taken; `states` then is the stack after it."""
        while True:
            action = self.table[states[-1]].get(terminal)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                return True
            rule = self.rules[-action - 1]
            if rule.size:
                del states[-rule.size :]
            states.append(self.table[states[-1]][rule.origin])
            if terminal == "$END" and states[-1] == self.goal:
                return True

    def acceptable(self) -> set[str]:
        """The terminals that can be taken now; a row of the table holds more than those."""
        return {terminal for terminal in self.table[self.states[-1]] if self.feed(list(self.states), terminal)}

    def survives(self, states: list[int], tokens: list[Raw], limit: int = LOOKAHEAD) -> int:
        """How many of the tokens can be taken from this stack on; all of them counts as the limit."""
        states = list(states)
        at = taken = 0
        while at < len(tokens) and taken < limit:
            terminal, size = self.terminal(states[-1], at, tokens)
            if not self.feed(states, terminal):
                return taken
            at += size
            taken += 1
            if terminal == "$END":
                return limit
        return taken

    def ahead(self, at: int) -> list[Raw]:
        return self.tokens[at : at + FAR]

    def take(self) -> bool:
        """Take the next token for real; False where it cannot be taken."""
        token = self.tokens[self.at]
        terminal, size = self.terminal(self.states[-1], self.at, self.tokens)
        if not self.feed(list(self.states), terminal):
            return False
        while (action := self.table[self.states[-1]][terminal]) < 0:
            self.reduce(-action - 1, token)
            if terminal == "$END" and self.states[-1] == self.goal:
                self.result = self.values[-1]
                return True
        self.end = self.tokens[self.at + size - 1].end
        make = TOKENS.get(terminal)
        self.states.append(action)
        self.starts.append(token.start)
        written = f"{token.text}:" if terminal == "KEY" else token.text
        self.values.append(make(token.start, token.end, written) if make else token.text)
        self.at += size
        return True

    def reduce(self, number: int, token: Raw) -> None:
        rule = self.rules[number]
        size = rule.size
        if size == 1 and rule.through == 0:
            self.states[-1] = self.table[self.states[-2]][rule.origin]
            return
        start = self.starts[-size] if size else token.start
        values = self.values[-size:] if size else []
        value = self.reducers[number](start, self.end if size else start, values)
        if size:
            del self.states[-size:], self.values[-size:], self.starts[-size:]
        self.states.append(self.table[self.states[-1]][rule.origin])
        self.values.append(value)
        self.starts.append(start)

    # ------------------------------------------------------------ the whole text

    def run(self) -> Any:
        """The tree of what could be read."""
        from nexlang.syntax.repairs import repair

        while self.result is None:
            if len(self.states) > MAX_STACK:
                self.too_deep()
            elif not self.take():
                self.mended += 1
                if len(self.reading.diagnostics) >= MOST or self.mended >= 3 * MOST:
                    self.give_up()
                elif not repair(self):
                    self.skip()
        return self.result

    def report(self, diagnostic: Diagnostic, sure: bool = False) -> None:
        """Keep a diagnostic, unless it is an echo of the one before; `sure`: the text goes on well after this one."""
        echo = self.same_line(self.mended_at) and (not self.sure or self.at - self.mended_at < ENOUGH)
        if not echo and not self.guessed() and diagnostic not in self.reading.diagnostics:
            self.reading.report(diagnostic)
        self.mended_at, self.sure = self.at, sure

    def guessed(self) -> bool:
        """Whether something on this line has no end or is unknown, so what the line means is a guess."""
        position = self.reading.source.position
        line = self.tokens[self.at].line
        unclear = (codes.OPEN_TEXT.id, codes.STRAY_CHARACTER.id)
        spans = [d.span for d in self.reading.diagnostics if d.code in unclear]
        spans += [d.span for d in self.reading.diagnostics if d.code == codes.MISSING_OPENER.id]
        for found in self.reading.diagnostics:
            if found.code == codes.UNCLOSED_BRACE.id and position(found.labels[0].span.start)[0] == line:
                spans.append(found.span)
        return any(position(span.start)[0] <= line <= position(span.end)[0] for span in spans)

    def same_line(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].line == self.tokens[self.at].line

    def span(self, start: int, end: int) -> Span:
        return self.reading.span(start, end)

    def too_deep(self) -> None:
        token = self.tokens[self.at]
        self.reading.report(codes.TOO_DEEP.at(self.span(token.start, token.end), limit=MAX_DEPTH))
        self.skip(top=True)

    def give_up(self) -> None:
        """After very many mistakes: keep the declarations so far and end here."""
        self.at = len(self.tokens) - 1
        while len(self.states) > 1 and not self.feed(list(self.states), "$END"):
            self.drop(1)
        if not self.feed(list(self.states), "$END"):
            self.result = Module(0, 0, None, None, [], [], [])

    # ------------------------------------------------------------ skipping

    def skip(self, top: bool = False) -> None:
        """Go on at the next token from which the text makes sense again, dropping what was begun."""
        first = self.tokens[self.at]
        open: list[str] = []
        outer = 0
        for at in range(self.at, len(self.tokens)):
            token = self.tokens[at]
            self.passed += 1
            if self.passed > PATIENCE:
                break
            if token.first and token.indent <= first.indent:
                while open and open[-1] != "{":
                    open.pop()
            closes = token.kind == "mark" and token.text in ")]}"
            wanted = top or not open or token.kind == "$END"
            if wanted and self.may_resume(token, at, closes, top) and self.resume(at, outer, top):
                return
            if token.kind == "mark" and token.text in "([{":
                open.append(token.text)
            elif closes and open:
                open.pop()
            elif closes and token.text == "}":
                outer += 1
        self.give_up()

    def may_resume(self, token: Raw, at: int, closes: bool, top: bool) -> bool:
        if token.kind == "$END":
            return True
        if top:
            return token.first and token.indent == 0 and token.kind in ("name", "DOC")
        return closes or (token.first and at > self.at) or token.text == ","

    def resume(self, at: int, outer: int, top: bool) -> bool:
        """Drop what must go so that the tokens from `at` on are taken furthest; blocks that are still open stay."""
        tokens = self.ahead(at)
        last = tokens[0].kind == "$END"
        hole = tokens[0].before("", "name")
        best, chosen = (2 if tokens[0].text == "}" else min(ENOUGH, len(tokens))) - 0.5, None
        blocks = 0
        for size in range(len(self.states)):
            if size and self.values[-size] == "{":
                blocks += 1
            if blocks > outer and not top and not last:
                break
            states = self.states[: len(self.states) - size]
            if top and self.table[states[-1]].get("RECORD", -1) < 0:
                continue
            for put in ([], [hole]) if size else ([],):
                taken = self.survives(states, [*put, *tokens], FAR) - 1.5 * len(put)
                if taken > best:
                    best, chosen = taken, (size, put)
        if chosen is None:
            return False
        begun = self.tokens[self.at].start
        self.damaged.append((min(begun, self.starts[-chosen[0]]) if chosen[0] else begun, tokens[0].start))
        self.drop(chosen[0])
        self.tokens[at:at] = chosen[1]
        self.at = at
        return True

    def drop(self, size: int) -> None:
        if size:
            del self.states[-size:], self.values[-size:], self.starts[-size:]


def _is_key(name: Raw, mark: Raw, text: str) -> bool:
    if mark.kind != "mark" or mark.text != ":":
        return False
    return mark.virtual or not text[name.end : mark.start].strip(" \t")


def recover(source: Source) -> tuple[Module, list[Diagnostic], list[tuple[int, int]]]:
    """The module of a text with mistakes, the mistakes and the damaged parts."""
    reading = read(source)
    found = list(reading.diagnostics)
    parser = Recovering(reading, words.translated(reading, layout.repaired(reading)), "start")
    module = parser.run()
    if not reading.cut:
        found = reading.diagnostics
    module.start, module.end, module.comments = 0, len(source.text), reading.comments
    found = sorted(found or reading.diagnostics[:1], key=lambda diagnostic: diagnostic.span.start)[:MOST]
    return module, found, parser.damaged + reading.damaged


def expression_mistake(source: Source, begin: int, end: int, at: int) -> Diagnostic:
    """What is wrong with `text[begin:end]`, which is no expression."""
    reading = read(source, begin, end)
    tokens = words.translated(reading, reading.tokens)
    parser = Recovering(reading, tokens, "expr")
    parser.run()
    if reading.diagnostics:
        return reading.diagnostics[0]
    return codes.UNEXPECTED.at(Span(source.path, at, at + 1), what="this", expected="an expression")
