"""Texts as Python literals, quoted as the formatter would."""

from __future__ import annotations

from collections.abc import Sequence

from nexlang.codegen.layout import Atom, Call, Display, Expr, Text

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


def constant(value: str | int) -> Atom:
    """A literal text, whole number or truth value."""
    return Atom(literal(value) if isinstance(value, str) else repr(value))


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


# ---------------------------------------------------------------- texts with values in them


def f_string(values: Sequence[str | Expr]) -> Expr:
    """An f-string, in pieces where it is long; a join where a value's own quotes forbid one."""
    flats = [value if isinstance(value, str) else value.flat() for value in values]
    inner = [flat for flat, value in zip(flats, values, strict=True) if isinstance(value, Expr)]
    if any(character in flat for flat in inner for character in "\"'\\{}\n"):
        items = [text_expr(value) if isinstance(value, str) else value for value in values]
        return Call(Atom('"".join'), [Display("[", items, "]")])
    quote = quote_for("".join(value for value in values if isinstance(value, str)))
    marked = [
        _braces(escaped(v, quote)) if isinstance(v, str) else f"{{{f}}}" for f, v in zip(flats, values, strict=True)
    ]
    pieces, current = [], ""
    for part in _short(marked):
        if current and len(current) + len(part) > 90:
            pieces.append(current)
            current = ""
        current += part
    pieces.append(current)
    whole = f"f{quote}{''.join(marked)}{quote}"
    return Text(whole, [f"{_prefix(piece)}{quote}{_plain(piece)}{quote}" for piece in pieces])


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _prefix(piece: str) -> str:
    return "f" if "{" in piece.replace("{{", "") else ""


def _plain(piece: str) -> str:
    """A piece without values needs no doubled braces."""
    return piece if _prefix(piece) else piece.replace("{{", "{").replace("}}", "}")


def _short(parts: Sequence[str]) -> list[str]:
    """Long stretches of text in words, values whole."""
    result: list[str] = []
    for part in parts:
        if part.startswith("{") and not part.startswith("{{"):
            result.append(part)
        else:
            result += [word for word in part.replace(" ", " \0").split("\0") if word]
    return result
