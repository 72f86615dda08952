"""Agents, environments, runs and tests (NEX05xx; templates have NEX051x)."""

from nexlang.diagnostics.registry import code

UNKNOWN_PROPERTY = code("NEX0501", "unknown-property", "{owner} has no property `{name}`", "unknown property")
DUPLICATE_PROPERTY = code("NEX0502", "duplicate-property", "`{name}` is given twice", "given again")
MISSING_PROPERTY = code("NEX0503", "missing-property", "{owner} needs {missing}", "{missing} missing")
BAD_PROPERTY = code("NEX0504", "bad-property", "`{name}` {problem}", "{problem}")
DELEGATION_CYCLE = code("NEX0505", "delegation-cycle", "`{name}` delegates to itself: {path}", "closes the cycle")
BAD_STAND_IN = code("NEX0506", "bad-stand-in", "`{name}` cannot play `{played}`: {problem}", "{problem}")
NOT_HELD = code("NEX0507", "not-held", "`{played}`, which is played here, does not hold `{name}`", "not held")
HELD_TWICE = code("NEX0508", "held-twice", "`{name}` is held twice", "held again")
UNUSABLE_KIND = code("NEX0509", "unusable-property", "a {kind} agent has no use for `{name}`", "no effect")
BAD_MEMORY = code("NEX0545", "bad-memory", "`{name}` cannot keep a memory: {problem}", "{problem}")
UNKNOWN_COMPONENT = code("NEX0520", "not-a-measure", "a measure is a Bool or a number, not {type}", "this is {type}")
UNBOUNDED_REWARD = code(
    "NEX0521", "unbounded-reward", "nothing bounds `{name}`: it can be {range}", "has no bounds", severity="warning"
)
CONSTANT_REWARD = code("NEX0522", "constant-reward", "`{name}` is always {value}", "never changes", severity="warning")
NO_LEARNER = code("NEX0523", "no-learner", "`{environment}` has no agent `{name}` to learn", "not in its tree")
BAD_UNTIL = code("NEX0524", "bad-until", "a stage ends at a success rate: `until success >= 70%`", "not a success rate")
BAD_TASKS = code(
    "NEX0525",
    "bad-tasks",
    'tasks are `Type from "file"`, a list of records, a call that gives one, or `generate(f, count: n)`',
    "not a source of tasks",
)
BAD_SOLUTION = code(
    "NEX0526", "bad-solution", "a solution is a list of calls or a flow agent, not {type}", "this is {type}"
)
NO_VALUE = code("NEX0528", "slot-without-value", "nothing gives {slots} of `{world}` a value", "a world without data")
BAD_GENERATOR = code(
    "NEX0527", "bad-generator", "`{name}` makes no tasks: it takes one `Chance` and gives a record", "not a generator"
)
