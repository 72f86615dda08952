"""Texts: escapes, the indent of triple-quoted ones, and the `{{ expr }}` parts of a template."""

from __future__ import annotations

import re

ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|(.)|$)", re.DOTALL)
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "{": "{", "}": "}", "\n": ""}


def unescape(raw: str) -> str:
    """The text that a literal's inside stands for; an unknown escape stays as it is written."""
    return ESCAPE.sub(_escaped, raw) if "\\" in raw else raw


def _escaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    if digits:
        return chr(number) if (number := int(digits, 16)) < 0x110000 else found[0]
    return SIMPLE.get(found[3], found[0])


def known_escape(found: re.Match[str]) -> bool:
    """Whether a match of ESCAPE stands for something."""
    digits = found[1] or found[2]
    return int(digits, 16) < 0x110000 if digits else found[3] in SIMPLE


def dedent(text: str) -> str:
    """A triple-quoted text without its first line end, its last blank line and the indent that all lines share."""
    if not text.strip(" \t").startswith(("\n", "\r\n")):
        return text
    lines = text.split("\n")[1:]
    indents = [len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()]
    common = min(indents, default=0)
    lines = [line[common:] if line.strip() else "" for line in lines]
    if lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)
