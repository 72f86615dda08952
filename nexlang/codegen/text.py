"""Texts as Python literals, quoted as the formatter would."""

from __future__ import annotations

from nexlang.codegen.layout import Atom, Expr, Text

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PIECE = 90
_HIDDEN = (
    range(0x20), range(0x7F, 0xA1), range(0xAD, 0xAE), range(0x200B, 0x2010), range(0x2028, 0x2030),
    range(0x2060, 0x2070), range(0xD800, 0xF900), range(0xFEFF, 0xFF00),
)  # fmt: skip


def quote_for(text: str) -> str:
    """The quote that needs the fewest escapes, double where it does not matter."""
    return "'" if text.count('"') > text.count("'") else '"'


def escaped(text: str, quote: str) -> str:
    """The text as it stands between quotes."""
    if text.isascii() and text.isprintable() and "\\" not in text and (not quote or quote not in text):
        return text
    return "".join(_escaped(character, quote) for character in text)


def _escaped(character: str, quote: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character == quote:
        return f"\\{character}"
    code = ord(character)
    if any(code in hidden for hidden in _HIDDEN):
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return character


def literal(text: str) -> str:
    quote = quote_for(text)
    return quote + escaped(text, quote) + quote


def text_expr(text: str) -> Expr:
    """A text as an expression that can be broken over several lines where it is long."""
    if len(text) <= _PIECE:
        return Atom(literal(text))
    quote = quote_for(text)
    return Text(literal(text), [quote + escaped(piece, quote) + quote for piece in pieces(text)])


def pieces(text: str) -> list[str]:
    """The text in pieces that fit on a line, cut after line ends and blanks where there are any."""
    result: list[str] = []
    for line in text.splitlines(keepends=True):
        while len(line) > _PIECE:
            at = line.rfind(" ", 1, _PIECE) + 1 or _PIECE
            result.append(line[:at])
            line = line[at:]
        result.append(line)
    return result
