"""Types: what does not fit where it stands (NEX03xx)."""

from nexlang.diagnostics.registry import code

TYPE_MISMATCH = code("NEX0301", "type-mismatch", "expected {expected}, got {actual}", "this is {actual}")
BAD_OPERANDS = code("NEX0302", "bad-operands", "`{op}` does not take {left} and {right}", "{hint}")
OPTIONAL_VALUE = code("NEX0303", "optional-value", "the value may be none: its type is `{type}`", "may be none")
UNKNOWN_CASE = code("NEX0304", "unknown-case", "`{type}` has no case `{name}`", "unknown case")
UNKNOWN_LITERAL = code("NEX0305", "unknown-literal", "{value} is not one of {allowed}", "not allowed here")
MISSING_ARGUMENT = code("NEX0306", "missing-argument", "`{name}` needs {missing}", "{missing} missing")
TOO_MANY_ARGUMENTS = code("NEX0307", "too-many-arguments", "`{name}` takes {count}, {given} given", "one too many")
UNKNOWN_ARGUMENT = code("NEX0308", "unknown-argument", "`{name}` has no parameter `{argument}`", "unknown parameter")
DUPLICATE_ARGUMENT = code("NEX0309", "duplicate-argument", "`{argument}` is given twice", "given again")
NOT_CALLABLE = code("NEX0310", "not-callable", "{what} cannot be called", "not a function")
MISSING_FIELDS = code("NEX0311", "missing-fields", "`{record}` needs {missing}", "{missing} missing")
UNKNOWN_FIELD = code("NEX0312", "unknown-field", "`{type}` has no field `{name}`", "unknown field")
MISSING_CASES = code("NEX0313", "missing-cases", "the match leaves out {missing}", "{missing} not handled")
DUPLICATE_CASE = code("NEX0314", "duplicate-case", "the case `{name}` was handled above", "never reached")
WRONG_CASE = code("NEX0315", "wrong-case", "`{name}` is no case of {type}", "no such case")
NOT_A_UNION = code(
    "NEX0316", "not-a-union", "`{what}` needs a union, an enum or literals, not {type}", "this is {type}"
)
CANNOT_INFER = code("NEX0317", "cannot-infer", "the type of {what} cannot be told from here", "which type?")
NOT_ITERABLE = code("NEX0319", "not-iterable", "a `for` walks a list, a map or a table, not {type}", "this is {type}")
LOOP_NAMES = code("NEX0320", "loop-names", "{what} gives {count}, not {given}", "{count} needed")
UNRELATED = code("NEX0321", "unrelated-comparison", "{left} and {right} are never equal", "compares unrelated types")
REFINEMENT_BROKEN = code("NEX0322", "refinement-broken", "the value breaks `{rule}`", "not allowed by `{rule}`")
NO_RESULT = code("NEX0323", "no-result", "`{name}` gives nothing back", "there is no value here")
BAD_KEY = code(
    "NEX0324", "bad-key", "a map's keys are Text, Int, Date, enums or literals, not {type}", "cannot be a key"
)
NOT_INDEXABLE = code("NEX0325", "not-indexable", "{type} has no entries to pick by key", "this is {type}")
MISSING_RETURN = code("NEX0326", "missing-return", "`{name}` can end without giving its {result}", "may end here")
UNREACHABLE = code("NEX0327", "unreachable", "this is never reached", "never reached", severity="warning")
NOT_OPTIONAL = code(
    "NEX0328", "not-optional", "`{what}` needs a value that may be none, and {type} never is", "never none"
)
TWO_UNIONS = code(
    "NEX0329", "two-unions", "`{record}` is told in `{first}` by `{told}` already", "another tag for the same record"
)
UNKNOWN_KEY_FIELD = code(
    "NEX0330", "unknown-key-field", "`{record}` has no field `{name}` to be its key", "unknown field"
)
AGGREGATE = code("NEX0331", "aggregate", "{message}", "{caption}")
UNUSED_VALUE = code(
    "NEX0332",
    "unused-value",
    "the value of this call is not used, and it does nothing else",
    "no effect",
    severity="warning",
)
CASE_NOT_RECORD = code("NEX0333", "case-not-record", "a union's case is a record, not {type}", "not a record")
POSITIONAL_FIELDS = code("NEX0334", "positional-fields", "the fields of `{record}` are given by name", "which field?")
NO_METHODS = code("NEX0335", "no-methods", "values have no methods", "write `{right}`")
RECURSIVE_RECORD = code("NEX0336", "recursive-record", "a `{name}` would always hold another `{name}`", "without end")
RECURSIVE_TYPE = code("NEX0338", "recursive-type", "the type `{name}` stands for itself", "stands for itself")
CONSTANT_CYCLE = code("NEX0339", "constant-cycle", "the value of `{name}` depends on itself", "depends on itself")
TAG_IS_FIELD = code("NEX0340", "tag-is-field", "`{record}` has a field `{tag}` of its own", "the tag of `{union}`")
PLAIN_TEXT = code("NEX0840", "plain-text", "nothing can be computed in this text", "has `{{{{ }}}}` in it")
BAD_PATTERN = code("NEX0337", "bad-pattern", "the pattern is no regular expression: {reason}", "{reason}")
