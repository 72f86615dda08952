"""Values and their places: literals, parts, keys and rows (NEX0341–0359, NEX0422–0439)."""

from nexlang.diagnostics.registry import code

UNREADABLE = code("NEX0341", "unreadable-literal", '"{text}" is no {type}', 'a {type} is written like "{example}"')
PART_TWICE = code("NEX0422", "part-twice", "in `{world}`, `{part}` is {how}", "once only")
PART_ASSIGNED = code(
    "NEX0423",
    "part-assigned",
    "`{name}` is a part of the world, a `{world}`, and is not replaced",
    "assign to its slots",
)
PART_VALUE = code(
    "NEX0424", "part-value", "`{name}` is a world, which goes on changing, and no value", "cannot be held"
)
TOOL_WORLD = code(
    "NEX0425",
    "tool-of-another-world",
    "`{agent}` has `{tool}`, which runs in `{theirs}` and not in `{ours}`",
    "acts here",
)
ROW_HERE = code("NEX0426", "row-elsewhere", "only an `fn … in World` takes or gives a `row {record}`", "a place here")
NO_TABLE_OF = code("NEX0427", "no-table-of", "`{world}` has no table of `{record}`", "a row of what?")
NOT_A_ROW = code("NEX0428", "not-a-row", "{who} a row of `{table}`, this is {what}", "not a row of `{table}`")
MIXED_LITERALS = code("NEX0342", "mixed-literals", "literals of {type} and of {other} make no one type", "a {type}")
FLOAT_LITERAL = code("NEX0343", "float-literal", "a Float such as {value} is no type", "texts and whole numbers are")
