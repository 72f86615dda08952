"""Data files: not there, not readable, or not what the program's types say (NEX06xx)."""

from nexlang.diagnostics.registry import code

DATA_MISSING = code("NEX0601", "data-missing", "there is no file `{path}`", "no such file")
DATA_OUTSIDE = code("NEX0602", "data-outside", "`{path}` leaves the program's folder", "outside of the folder")
DATA_UNREADABLE = code("NEX0603", "data-unreadable", "`{path}` cannot be read: {reason}", "cannot be read")
DATA_ENCODING = code("NEX0604", "data-encoding", "`{path}` is not UTF-8: {reason}", "read here")
DATA_SYNTAX = code("NEX0605", "data-syntax", "this is not JSON: {reason}", "not JSON")
DATA_EMPTY = code("NEX0606", "data-empty", "`{path}` holds no tasks", "no tasks in it")
DATA_TYPE = code("NEX0607", "data-type", "{where} should be {expected} but is {actual}", "this is {actual}")
DATA_FIELD_MISSING = code(
    "NEX0608", "data-field-missing", "{where} has no `{name}`, which `{record}` needs", "`{name}` missing"
)
DATA_FIELD_UNKNOWN = code(
    "NEX0609", "data-field-unknown", "{where} has a field `{name}` that `{record}` does not have", "unknown field"
)
DATA_REFINEMENT = code(
    "NEX0610", "data-refinement", "{where} breaks `{rule}`: it is {actual}", "not allowed by `{rule}`"
)
DATA_CASE = code("NEX0611", "data-case", "{where} is {actual}, which is not one of {allowed}", "not one of the cases")
DATA_TAG = code("NEX0612", "data-tag", "{where} does not say which case of `{union}` it is: {reason}", "{reason}")
DATA_KEY = code("NEX0613", "data-key", "{where}: {reason}", "{caption}")
DATA_TASK_TWICE = code("NEX0614", "data-task-twice", "two tasks have the id {actual}", "the same id again")
DATA_CALL = code("NEX0615", "data-call", "{where} calls `{name}`, which is no tool of the program", "no such tool")
DATA_MORE = code("NEX0616", "data-more", "`{path}` has {count}", "read here")
DATA_EXTRA = code(
    "NEX0825", "data-extra", "reading `{path}` needs the extra `{extra}`: pip install 'nexlang[{extra}]'", "Parquet"
)
DATA_INVARIANT = code("NEX0617", "data-invariant", "{where} breaks `require {rule}` of `{record}`", "breaks `{rule}`")
DATA_LEAK = code(
    "NEX0870",
    "task-in-two-splits",
    "task{first} of the split `{split}` is task{second} of `{other}` but for its id",
    "in the split `{split}`",
)
