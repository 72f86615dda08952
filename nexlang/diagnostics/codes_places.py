"""Places, effects and termination: what may change, where, and that it ends (NEX04xx)."""

from nexlang.diagnostics.registry import code

ASSIGN_TO_LET = code("NEX0401", "assign-to-let", "`{name}` is {what} and keeps its value", "cannot be assigned")
ASSIGN_TO_VALUE = code("NEX0402", "assign-to-value", "`{name}` is a value, not a place in the world", "changes nothing")
NO_WORLD = code("NEX0403", "no-world", "{what} needs a world", "no world here")
STALE_PLACE = code(
    "NEX0404", "stale-place", "`{name}` is no longer a place: what held it was replaced", "used after the change"
)
KEY_ASSIGNED = code("NEX0405", "key-assigned", "`{field}` is the key of `{table}` and cannot change", "the key")
WRITE_IN_EXPRESSION = code(
    "NEX0406",
    "write-in-expression",
    "`{name}` changes the world: it stands alone or after `let … =`",
    "inside an expression",
)
OPTIONAL_PATH = code("NEX0407", "optional-path", "the path goes through a value that may be none", "may be none")
OTHER_WORLD = code("NEX0409", "other-world", "`{name}` runs in `{theirs}`, this runs in `{ours}`", "another world")
RECURSION = code("NEX0410", "recursion", "`{name}` calls itself: {path}", "closes the cycle")
UNBOUNDED_ASKING = code(
    "NEX0412", "unbounded-asking", "nothing bounds how often this loop asks `{name}`", "asked in a loop without a bound"
)
EFFECT_CLAUSE = code(
    "NEX0413", "effect-clause", "`{name}` {verb} {paths}, which its clause does not name", "{verb} {paths}"
)
NOT_ADDABLE = code("NEX0414", "not-addable", "`add` takes a table or a list, not {type}", "this is {type}")
NOT_REMOVABLE = code("NEX0415", "not-removable", "`remove` takes an entry: `remove table[key]`", "not an entry")
READ_ONLY = code("NEX0416", "read-only", "{what} may not change the world", "changes the world")
NOT_HERE = code("NEX0417", "not-here", "{what} cannot be used {where}", "not here")
HIDDEN_ACT = code(
    "NEX0419", "hidden-act", "`{name}` acts; bind it with `let` before this expression", "acts inside an expression"
)
UNKNOWN_SLOT = code("NEX0420", "unknown-slot", "`{world}` has no slot `{name}`", "unknown slot")
TARGET = code("NEX0421", "not-a-target", "this cannot be assigned", "not a name, a field or an entry")
