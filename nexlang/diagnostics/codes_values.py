"""Values and their places: literals, parts, keys and rows (NEX0341–0359, NEX0422–0439)."""

from nexlang.diagnostics.registry import code

UNREADABLE = code("NEX0341", "unreadable-literal", '"{text}" is no {type}', 'a {type} is written like "{example}"')
