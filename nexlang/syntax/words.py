"""Words and marks of other languages, read as what they were meant to be. Looks only at texts that have a mistake."""

from __future__ import annotations

from collections.abc import Callable

from nexlang.diagnostics import Edit, Span
from nexlang.diagnostics import codes_syntax as codes
from nexlang.diagnostics.model import Applicability
from nexlang.diagnostics.removing import left_out
from nexlang.diagnostics.suggest import distance
from nexlang.syntax.raw import Raw, Reading

# The word, what it is here, and whether it begins a declaration (so a name follows it).
MEANT = {
    "elif": "else if",
    "elsif": "else if",
    "elseif": "else if",
    "def": "fn",
    "func": "fn",
    "function": "fn",
    "class": "record",
    "struct": "record",
    "interface": "record",
    "const": "let",
    "import": "use",
    "throw": "fail",
    "raise": "fail",
    "switch": "match",
    "case": "is",
    "namespace": "package",
    "env": "environment",
}
ELSE_IF = {"elif", "elsif", "elseif"}
# A comprehension has no more tokens than this.
NEARBY = 500
# What stands after the `else` of a `let` or a `require`.
ENDINGS = ("fail", "return")
DEEPER = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
DECLARING = {"def", "func", "function", "class", "struct", "interface", "const", "import", "namespace", "env"}
LEAVING = {
    "break": "a loop goes on to its end: filter with `for … if`, or `return`",
    "continue": "skip with `for … if`, or an `if` around the rest",
    "pass": "an empty block is `{ }`",
}
AGENT_PROPERTIES = {"model", "tools", "delegates", "memory", "limits", "prompt", "turn", "plays"}
BLOCKS = {"if", "for", "else", "elif", "while", "def", "fn", "tool", "match", "is", "agent", "class", "record"}
# What the rules below look at; all other tokens pass.
FOREIGN = {*MEANT, *LEAVING, "while", "let", "if", "+", "-", ":", "="}


class Words:
    """A pass over the tokens; `out` are the tokens as they are to be read."""

    def __init__(self, reading: Reading, tokens: list[Raw]) -> None:
        self.reading = reading
        self.tokens = tokens
        self.out: list[Raw] = []
        self.at = 0
        self.in_properties = False

    def run(self) -> list[Raw]:
        rules: list[Callable[[Raw], bool]] = [self.loop, self.leaving, self.word, self.typed_let, self.step, self.colon]
        rules += [self.property, self.choice, self.otherwise, self.early_if]
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.virtual or not (self.foreign(token) and any(rule(token) for rule in rules)):
                self.out.append(token)
                self.at += 1
        return self.out

    def foreign(self, token: Raw) -> bool:
        """Whether the rules look at this token; all but a few pass quickly."""
        return token.text in FOREIGN or (token.kind == "name" and self.peek().text in ENDINGS)

    def peek(self, distance: int = 1) -> Raw:
        return self.tokens[min(self.at + distance, len(self.tokens) - 1)]

    def begins(self, token: Raw) -> bool:
        """Whether a statement or declaration may begin with this token."""
        return token.kind == "name" and (token.first or (bool(self.out) and self.out[-1].text in ("{", "}")))

    def span(self, token: Raw, until: Raw | None = None) -> Span:
        return self.reading.span(token.start, (until or token).end)

    def loop(self, token: Raw) -> bool:
        if token.text != "while" or not self.begins(token) or self.peek().text in ("=", ".", ":", "+=", "-="):
            return False
        found = codes.NO_WHILE.at(self.span(token))
        found.replace("try so often at most", "for step in range(100) if", "unsafe")
        self.reading.report(found.advise("bound it: `for i in range(10) { … }`, with `return` to leave early"))
        self.put(token.became("if", "name"))
        return True

    def leaving(self, token: Raw) -> bool:
        after = self.peek()
        alone = after.kind == "$END" or after.first or after.text == "}"
        if token.text not in LEAVING or not self.begins(token) or not alone:
            return False
        found = codes.NO_BREAK.at(self.span(token), word=token.text, hint=LEAVING[token.text])
        applicability: Applicability = "safe" if token.text == "pass" else "unsafe"
        self.reading.report(left_out(found, self.reading.source.text, token.start, token.end, applicability))
        self.at += 1
        return True

    def word(self, token: Raw) -> bool:
        meant = MEANT.get(token.text)
        after = self.peek()
        if not meant or not self.begins(token) or (after.kind == "mark" and after.text not in ("(", "-")):
            return False
        if after.first or (token.text in DECLARING) != (after.kind == "name" and token.text in DECLARING):
            return False
        self.correct(token, meant)
        return True

    def choice(self, token: Raw) -> bool:
        """`elif` inside an expression, where no statement begins."""
        after = self.peek()
        if token.text not in ELSE_IF or token.first or (after.kind == "mark" and after.text not in ("(", "-")):
            return False
        self.correct(token, "else if")
        return True

    def otherwise(self, token: Raw) -> bool:
        """`let x = e eles fail "…"`: the slip would be read as a statement of its own."""
        slip = token.text[0] in "el" and token.text != "else" and len(token.text) > 2
        if (
            token.first
            or not slip
            or distance(token.text, "else", 2) > 2
            or self.peek().text not in ENDINGS
            or self.peek().line != token.line
        ):
            return False
        self.correct(token, "else")
        return True

    def correct(self, token: Raw, meant: str) -> None:
        found = codes.OTHER_WORD.at(self.span(token), word=token.text, meant=meant)
        self.reading.report(found.replace(f"write `{meant}`", meant))
        self.put(*(token.became(part, "name") for part in meant.split()))

    def early_if(self, token: Raw) -> bool:
        """`for x in xs if c for y in ys`, as Python has it."""
        if token.text != "if" or token.first or not self.in_clauses():
            return False
        second = self.ahead(self.at + 1, "for")
        if second is None or self.tokens[second].text != "for":
            return False
        end = self.ahead(second, "")
        if end is None:
            return False
        text = self.reading.source.text
        last, condition = self.tokens[end - 1], self.tokens[second - 1]
        found = codes.EARLY_IF.at(self.span(token, condition))
        moved = Edit(self.reading.span(last.end, last.end), f" {text[token.start : condition.end]}")
        gone = Edit(self.reading.span(token.start, self.tokens[second].start), "")
        self.reading.report(found.fix("put it after the last `for`", gone, moved))
        self.out += self.tokens[second:end] + self.tokens[self.at : second]
        self.at = end
        return True

    def in_clauses(self) -> bool:
        """Whether a `for` stands before, in the same brackets: in braces it would be a statement."""
        depth, found = 0, False
        for token in reversed(self.out[-NEARBY:]):
            depth += DEEPER.get(token.text, 0) if token.kind == "mark" else 0
            if depth > 0:
                return found and token.text != "{"
            found |= token.text == "for" and not depth
        return False

    def ahead(self, at: int, word: str) -> int | None:
        """The place of a word from here on, or of the closer of the brackets around; None where neither comes."""
        depth = 0
        for place in range(at, min(at + NEARBY, len(self.tokens))):
            token = self.tokens[place]
            depth += DEEPER.get(token.text, 0) if token.kind == "mark" else 0
            if depth < 0 or (not depth and token.text == word and token.kind == "name"):
                return place
            if token.kind == "$END" or (not depth and token.text in ("then", "if", "by", ",")):
                return None
        return None

    def typed_let(self, token: Raw) -> bool:
        """`let x: T = …`."""
        if token.text != "let" or self.peek().kind != "name" or self.peek(2).text != ":":
            return False
        equal = next((t for t in self.tokens[self.at + 3 : self.at + 20] if t.text in ("=", "let", "}")), None)
        if equal is None or equal.text != "=" or equal.line != token.line:
            return False
        name, colon = self.peek(), self.peek(2)
        last = self.tokens[self.tokens.index(equal) - 1]
        found = codes.TYPED_LET.at(self.span(colon, last))
        self.reading.report(found.replace("leave the type out", ""))
        self.out += [token, name]
        self.at = self.tokens.index(equal)
        return True

    def step(self, token: Raw) -> bool:
        """`i++` and `i--`."""
        after = self.peek()
        ends = self.peek(2).first or self.peek(2).text == "}"
        if token.kind != "mark" or token.text not in "+-" or after.text != token.text or after.start != token.end:
            return False
        if not ends or after.kind != "mark":
            return False
        meant = f" {token.text}= 1"
        found = codes.OTHER_OPERATOR.at(self.span(token, after), written=token.text * 2, meant=meant.strip())
        self.reading.report(found.replace(f"write `{meant.strip()}`", meant))
        self.put(token.became(f"{token.text}="), after.became("1", "NUMBER"), skip=2)
        return True

    def property(self, token: Raw) -> bool:
        """`model = …` where an agent begins: it would be an assignment."""
        if token.text != "=" or len(self.out) < 2 or self.out[-1].text not in AGENT_PROPERTIES:
            return False
        before = self.out[-2]
        head = next((t for t in reversed(self.out[:-1]) if t.first and t.line == before.line), before)
        begins = (before.text == "{" and head.text == "agent") or self.follows_property(before)
        if not self.out[-1].first or not (begins or self.in_properties):
            self.in_properties = False
            return False
        self.in_properties = True
        name = self.out[-1].text
        found = codes.WRONG_MARK.at(self.span(token), message=f"`{name}` is named with `:`, not `=`", right=":")
        edit = Edit(self.reading.span(self.out[-1].end, token.end), ":")
        self.reading.report(found.fix("write `:`", edit))
        self.put(token.became(":"))
        return True

    def follows_property(self, before: Raw) -> bool:
        """Whether the line before is a property of an agent, with its colon."""
        heads = [at for at, token in enumerate(self.out) if token.first and token.line == before.line]
        line = self.out[heads[0] : heads[0] + 2] if heads else []
        return len(line) == 2 and line[0].text in AGENT_PROPERTIES and line[1].text == ":"

    def colon(self, token: Raw) -> bool:
        """`if x:` with an indented block: the `}` goes where the indent ends."""
        after = self.peek()
        if token.kind != "mark" or token.text != ":" or not after.first or after.line == token.line:
            return False
        head = next((t for t in reversed(self.out) if t.first), None)
        if head is None or head.text not in BLOCKS or after.indent <= head.indent or head.line != token.line:
            return False
        end = self.dedent(head.indent)
        last = self.tokens[end - 1]
        pad = " " * head.indent
        edits = [Edit(self.span(token), " {"), Edit(self.reading.span(last.end, last.end), f"\n{pad}}}")]
        self.reading.report(codes.INDENTED_BLOCK.at(self.span(token)).fix("put the block in braces", *edits))
        closer = Raw("mark", last.end, last.end, "}", last.line, head.indent, True, True)
        self.tokens.insert(end, closer)
        self.put(token.became("{"))
        return True

    def dedent(self, indent: int) -> int:
        """The first token after here whose line is indented no deeper than `indent`."""
        at = self.at + 1
        while at < len(self.tokens) - 1 and not (self.tokens[at].first and self.tokens[at].indent <= indent):
            at += 1
        return at

    def put(self, *tokens: Raw, skip: int = 1) -> None:
        self.out += tokens
        self.at += skip


def translated(reading: Reading, tokens: list[Raw]) -> list[Raw]:
    """The tokens with foreign words and marks replaced; each is reported."""
    return Words(reading, tokens).run()
