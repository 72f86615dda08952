"""Roman numerals up to 3999."""

from parts import PARTS


def written(number):
    if not 0 < number < 4000:
        raise ValueError(f"no numeral for {number}")
    text = ""
    for value, part in PARTS:
        text += part * (number // value)
        number %= value
    return text


def read(text):
    found, rest = 0, text
    for value, part in PARTS:
        while rest.startswith(part):
            found += value
            rest = rest[len(part) :]
    if rest or written(found) != text:
        raise ValueError(f"no numeral: {text}")
    return found
