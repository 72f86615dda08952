"""Time and what happens in it: processes, clocks, waiting (NEX0530 and after)."""

from nexlang.diagnostics.registry import code

BAD_PERIOD = code(
    "NEX0530",
    "bad-period",
    "a process runs `every` so long: a Duration that is known here, such as `100ms`",
    "{caption}",
)
BAD_CLOCK = code(
    "NEX0531",
    "bad-clock",
    'a clock is `frozen("2025-01-31T12:00:00")` or `running("2025-01-31T12:00:00")`',
    "{caption}",
)
PROCESS_PARAMETER = code(
    "NEX0532", "process-parameter", "nobody calls a process: all that it can take is `dice: Chance`", "{caption}"
)
NEEDS_CLOCK = code(
    "NEX0533", "needs-clock", "`{name}` has no clock, but {teller} asks what time it is", "no `clock:` in here"
)
NO_TIME = code("NEX0534", "no-time", "`{name}()` asks what time it is, and here is no clock", "no clock here")
WAITS_HERE = code("NEX0535", "waits-here", "only a flow agent and a test can wait", "{caption}")
NO_TIME_PASSES = code(
    "NEX0536",
    "no-time-passes",
    "`{process}` runs {period}, but no time passes in `{name}`",
    "no time passes in here",
    severity="warning",
)
