"""The grammar for decoders: `grammar/nex.lark` in the form that llguidance masks a language model's tokens with.

A decoder's lexer goes forward only: it has no priorities, no look-ahead and never takes a character back. So a doc
comment is a rule of one token a line, a key ends at its colon, and a word of the language takes the white space behind
it where another word may follow. What such a decoder lets through parses; every formatted program gets through.
"""

from __future__ import annotations

import re

from nexlang.syntax.tables import Tables, grammar_path, tables

_LINE = re.compile(r"^[?!]?(?P<name>[A-Za-z_]+)(?:\.\d+)?:|^\s+\|")
_ALIAS = re.compile(r"\s+->\s*\w+")
_WORD = re.compile(r'"([a-z]+)"')
_FORWARD = {
    "DOC": r"DOC_LINE: /##[^\n]*/",
    "COMMENT": r"COMMENT: /#([^#\n][^\n]*)?/",
    "TEXT": r'TEXT: /"""([^"]|"[^"]|""[^"])*"""/',
    "KEY": r"KEY: /[A-Za-z_]\w*:/",
}
"""Terminals in other words: without look-ahead, without white space at the end that might belong to what follows."""


def decoder_grammar() -> str:
    """The text that `llguidance.LLMatcher.grammar_from_lark` takes."""
    source = grammar_path().read_text(encoding="utf-8").splitlines()
    spaced = _before_words(tables())
    lines = [_rewritten(line, spaced) for line in source if not line.lstrip().startswith("//")]
    words = [f"{word.upper()}_WORD: /{word}\\s+/" for word in sorted(spaced)]
    return "\n".join(['%llguidance {"allow_initial_skip": true}', *lines, "doc: DOC_LINE+", *words, ""])


def _before_words(parser: Tables) -> set[str]:
    """The words of the language behind which the grammar takes another word, a name or a number."""
    words = {terminal: word for word, terminal in parser.words.items()}
    wordlike = {*words, "NAME", "VARIABLE", "KEY", "NUMBER", "DURATION", "PERCENT"}
    reached = {(symbol, state) for row in parser.states for symbol, state in row.items() if symbol in words}
    return {words[symbol] for symbol, state in reached if state >= 0 and wordlike & parser.states[state].keys()}


def _rewritten(line: str, spaced: set[str]) -> str:
    found = _LINE.match(line)
    name = found["name"] if found and found["name"] else ""
    if name.isupper():
        return _FORWARD.get(name) or _terminal(name, line)
    if found and name:
        line = line.lstrip("?!")
    line = re.sub(r"\bDOC\b", "doc", _ALIAS.sub("", line))
    return _WORD.sub(lambda word: f"{word[1].upper()}_WORD" if word[1] in spaced else word[0], line)


def _terminal(name: str, line: str) -> str:
    pattern = line.split(":", 1)[1].strip()
    reserved = re.fullmatch(r"/\(\?!\(\?:(.*)\)\\b\)(.*)/", pattern)
    if reserved:
        return f"{name}: /{reserved[2]}/ & ~/({reserved[1]})/"
    plain = pattern.replace('(?!"")', "").replace("*+", "*").replace(r"\b/", "/")
    return f"{name}: {plain}"
