"""Numbers, operators and parentheses."""

import re

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|(\*\*|[-+*/()]))")


def lexed(text):
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise SyntaxError(f"at {at}")
        number, operator = match.groups()
        found.append(float(number) if number else operator)
        at = match.end()
    return found
