"""A Pygments lexer for .nex: `pygmentize -l nex FILE`, Sphinx, MkDocs and whatever else reads its entry point.

A word of the grammar is a keyword only where the grammar takes one, so most of them are told by what follows.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

# Keywords wherever they stand, but not as a field (`x.in`) or a key (`in:`).
WORDS = (
    "add", "and", "as", "else", "expect", "fail", "for", "given", "if", "in", "is", "let", "match", "not", "or",
    "otherwise", "remove", "require", "return", "then", "until", "var", "when", "where",
)  # fmt: skip
# Words that open a declaration, told by the name that follows.
OPENERS = (
    "agent", "enum", "environment", "extern", "fn", "model", "package", "process", "stage", "tool", "use",
)  # fmt: skip
# What may be `private`.
DECLARED = (*OPENERS, "let", "record", "train", "type", "union", "world")
# The same, told by a capital that follows.
CAPITALS = ("record", "row", "table", "train", "type", "union", "world")
# Words told by a name or a literal that follows.
LINKS = ("by", "call", "every", "fault", "from", "latency", "needs", "noise", "reads", "to", "weight", "writes")
SECTIONS = ("actors", "curriculum", "dynamics", "reward", "setup")
TYPES = (
    "Bool", "Call", "Chance", "Date", "Decimal", "Distribution", "Duration", "Failure", "Float", "Int", "Json",
    "Message", "Text", "Time", "TimeOfDay",
)  # fmt: skip
CONSTANTS = ("false", "none", "true")

# Right after `let`, `var` or `for` every word is a name.
START = r"(?<![\w.])(?<!\blet )(?<!\bvar )(?<!\bfor )"
# Between two names a word like these makes the first a value: `to else …`.
NO_WORD = r"(?![ \t]+(?:and|as|by|else|for|if|in|is|not|or|then|with)\b)"
END = r"(?![\w]|[ \t]*:)"


def any_of(these: tuple[str, ...], after: str = "") -> str:
    return START + "(?:" + "|".join(these) + ")" + END + after


class NexLexer(RegexLexer):
    """Tokens of a .nex file."""

    name = "nex"
    url = ""
    aliases: ClassVar[list[str]] = ["nex", "nexlang"]
    filenames: ClassVar[list[str]] = ["*.nex"]
    mimetypes: ClassVar[list[str]] = ["text/x-nex"]

    tokens: ClassVar[dict[str, Any]] = {
        "root": [
            (r"\s+", Text.Whitespace),
            (r"##[^\n]*", String.Doc),
            (r"#[^\n]*", Comment.Single),
            include("keywords"),
            include("literals"),
            include("names"),
            (r"->|=>|==|!=|<=|>=|\+=|-=|\?\?|[=<>+\-*/?|]", Operator),
            (r"[{}()\[\],.:]", Punctuation),
        ],
        "keywords": [
            (any_of(("by",), r"(?=[ \t]+[\w(-])"), Keyword),
            (any_of(("call",), r"(?=[ \t]+[A-Za-z_])"), Keyword),
            (START + r"(before|after)(\s+)(call|effect|round)\b", bygroups(Keyword, Text.Whitespace, Keyword)),
            (START + r"(each)(\s+)(round)\b", bygroups(Keyword, Text.Whitespace, Keyword)),
            (
                START + r"(of)(\s+)(calls)(\s+)(to)\b",
                bygroups(Keyword, Text.Whitespace, Keyword, Text.Whitespace, Keyword),
            ),
            (any_of(("stop",), r"(?=\s+when\b)"), Keyword),
            (any_of(("test", "matching"), r'(?=\s*")'), Keyword),
            (any_of(("pure", "with"), r"(?=\s*\{)"), Keyword),
            (any_of(("answers", "fails", "says"), r"(?=[ \t]+[\w\"\[({-])"), Keyword),
            (any_of(("export",), r"(?=\s+use\b)"), Keyword),
            (any_of(("private",), r"(?=\s+(?:" + "|".join(DECLARED) + r")\b)"), Keyword),
            (r"(?<=\bfor )all(?=\s+\w+[ \t]*:)", Keyword),
            (any_of(("from",), r"(?=[ \t]+[\w\"])"), Keyword),
            (START + r"(?<=[\w)\]] )(?:desc)(?=\s*[)\]])", Keyword),
            (START + r"(?<=[\w)\]] )(?:unchanged)(?=\s|\}|$)", Keyword),
            (any_of(SECTIONS, r"(?=\s*[{(]|[ \t]+(?:each|for)\b)"), Keyword.Declaration),
            (any_of(CAPITALS, r"(?=[ \t]+[A-Z])"), Keyword.Declaration),
            (any_of(OPENERS, NO_WORD + r"(?=[ \t]+[A-Za-z_])"), Keyword.Declaration),
            (any_of(LINKS, NO_WORD + r"(?=[ \t]+(?:[\w(\"]|-[\w(]))"), Keyword),
            (any_of(WORDS), Keyword),
        ],
        "literals": [
            (r'"""', String, "text"),
            (r'"', String, "string"),
            (r"\d[\d_]*(?:\.\d+)?(?:ms|s|m|h|d)\b", Number),
            (r"\d[\d_]*(?:\.\d+)?%", Number),
            (r"\d[\d_]*(?:\.\d+)?[eE][+-]?\d+|\d[\d_]*\.\d+", Number.Float),
            (r"\d[\d_]*", Number.Integer),
            (words(CONSTANTS, prefix=START, suffix=END), Keyword.Constant),
        ],
        "names": [
            (r"([A-Za-z_]\w*)([ \t]*)(:)", bygroups(Name.Attribute, Text.Whitespace, Punctuation)),
            (words(TYPES, prefix=START, suffix=r"\b"), Keyword.Type),
            (r"[A-Z]\w*", Name.Class),
            (r"[a-z_]\w*(?=\()", Name.Function),
            (r"[a-z_]\w*", Name),
        ],
        "string": [
            (r'"', String, "#pop"),
            (r"\\.", String.Escape),
            (r"\{\{", String.Interpol, "hole"),
            (r'[^"\\{\n]+|\{', String),
            (r"\n", Text.Whitespace, "#pop"),
        ],
        "text": [
            (r'"""', String, "#pop"),
            (r"\\.", String.Escape),
            (r"\{\{", String.Interpol, "hole"),
            (r'[^"\\{]+|["{]', String),
        ],
        "hole": [
            (r"\}\}", String.Interpol, "#pop"),
            include("root"),
        ],
    }
