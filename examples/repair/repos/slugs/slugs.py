"""Names for addresses."""

import re


def slug(title, longest=20):
    words = re.findall("[a-z0-9]+", title.lower())
    while len("-".join(words)) > longest and len(words) > 1:
        words.pop()
    return "-".join(words)[:longest] or "untitled"
