"""Rewards, turns and dynamics of environments (NEX055x)."""

from nexlang.diagnostics.registry import code

REWARD_FOR = code("NEX0550", "reward-for", "a reward is `for actor`, which stands for each of them", "not `actor`")
MISPLACED_POTENTIAL = code(
    "NEX0551", "misplaced-potential", "a potential is {problem}", "not `name: potential(measure)` in `reward`"
)
UNREACHABLE_REWARD = code("NEX0552", "unreachable-reward", "`{name}` can never hold", "never true", severity="warning")
NOT_A_DISTRIBUTION = code("NEX0554", "not-a-distribution", "{what}, not {type}", "this is {type}")
BAD_NOISE = code("NEX0555", "bad-noise", "noise is on a Float that a tool or a function returns: {problem}", "no noise")
NOT_READ_HERE = code("NEX0557", "not-read-here", "`{name}` is {what}", "not known here")
BAD_JUDGE = code("NEX0558", "bad-judge", "a judge only looks, and `{name}` {problem}", "judges here")
UNUSED_DYNAMICS = code(
    "NEX0556", "unused-dynamics", "no actor of `{environment}` {does} `{name}`", "no effect", severity="warning"
)
IDLE_REWARD = code(
    "NEX0553", "idle-reward", "nothing that an actor does changes `{name}`", "reads {reads}", severity="warning"
)
