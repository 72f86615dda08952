"""NEX01xx: text that is not .nex, and files that cannot be read."""

from __future__ import annotations

from nexlang.diagnostics.registry import code

UNEXPECTED = code("NEX0101", "unexpected", "{what} cannot stand here", "expected {expected}")
UNCLOSED_BRACE = code("NEX0102", "unclosed-brace", "this `{{` is never closed", "opened here")
STRAY_BRACE = code("NEX0103", "stray-brace", "this `}}` closes nothing", "nothing is open here")
MISSING_OPENER = code("NEX0104", "missing-opener", "a `{{` is missing here", "`{{` belongs here")
RESERVED_WORD = code("NEX0105", "reserved-word", "`{word}` is a word of the language, not a name", "not a name")
MISSING_MARK = code("NEX0106", "missing-mark", "`{mark}` is missing {where}", "`{mark}` belongs here")
SUPERFLUOUS = code("NEX0107", "superfluous", "{what} is one too many", "leave it out")
WRONG_MARK = code("NEX0108", "wrong-mark", "{message}", "`{right}` belongs here")
MISSING_PART = code("NEX0109", "missing-part", "{what} is missing {where}", "{what} belongs here")
UNCLOSED = code("NEX0110", "unclosed", "this `{mark}` is never closed", "opened here")
STRAY_DOC = code("NEX0111", "stray-doc", "this `##` comment describes nothing", "no declaration, field or slot follows")
OPEN_TEXT = code("NEX0112", "open-text", "this text has no closing `{quotes}`", "the text begins here")
OTHER_QUOTES = code("NEX0113", "other-quotes", "texts stand in double quotes", "not {quotes}")
OTHER_COMMENT = code("NEX0114", "other-comment", "`{mark}` does not begin a comment", "a comment begins with `#`")
OTHER_OPERATOR = code("NEX0115", "other-operator", "there is no `{written}`: it is `{meant}`", "write `{meant}`")
STRAY_CHARACTER = code("NEX0116", "stray-character", "{what} means nothing here", "unknown character")
FOREIGN_NAME = code("NEX0117", "foreign-name", "`{name}` is not a name: names begin with a-z, A-Z or `_`", "not a name")
PREFIXED_TEXT = code("NEX0118", "prefixed-text", "texts have no prefix: `{prefix}` is one too many", "no prefix")
TOO_DEEP = code("NEX0119", "too-deep", "this is nested too deeply", "more than {limit} levels")
OPEN_TEMPLATE = code(
    "NEX0120", "open-template", "this `{{{{` has no `}}}}`", "`\\{{{{` stands for the braces themselves"
)
EMPTY_TEMPLATE = code(
    "NEX0121", "empty-template", "no expression stands between `{{{{` and `}}}}`", "nothing to put here"
)
UNKNOWN_ESCAPE = code("NEX0122", "unknown-escape", "`{escape}` is not an escape", "unknown escape")
NO_WHILE = code("NEX0123", "no-while", "there is no `while`: every loop must end", "a loop that might not end")
NO_BREAK = code("NEX0124", "no-break", "there is no `{word}`", "{hint}")
OTHER_WORD = code("NEX0125", "other-word", "there is no `{word}`: it is `{meant}`", "write `{meant}`")
INDENTED_BLOCK = code("NEX0126", "indented-block", "a block stands in braces, not after `:`", "`{{` belongs here")
TYPED_LET = code("NEX0127", "typed-let", "`let` takes no type", "leave it out, or use `var`")
NO_TERNARY = code("NEX0128", "no-ternary", "a choice is written `if c then a else b`", "not with `{mark}`")
REQUIRE_ELSE = code("NEX0129", "require-else", "`require` says what happens otherwise", '`else fail "…"` belongs here')
EARLY_IF = code("NEX0130", "early-if", "the `if` of a comprehension stands after its last `for`", "comes last")

UNREADABLE = code("NEX0190", "unreadable-file", "`{path}` cannot be read: {reason}")
IS_DIRECTORY = code("NEX0191", "directory", "`{path}` is a directory, not a .nex file")
NOT_UTF8 = code("NEX0192", "not-utf8", "`{path}` is not UTF-8 text: {guess}")
TOO_LARGE = code("NEX0193", "too-large", "`{path}` is larger than {limit} MB, the most that a .nex file may have")
EMPTY_FILE = code("NEX0194", "empty-file", "this file is empty", "no declaration in it")
