"""Rewards, turns and dynamics of environments (NEX055x)."""

from nexlang.diagnostics.registry import code

REWARD_FOR = code("NEX0550", "reward-for", "a reward is `for actor`, which stands for each of them", "not `actor`")
MISPLACED_POTENTIAL = code(
    "NEX0551", "misplaced-potential", "a potential is {problem}", "not `name: potential(measure)` in `reward`"
)
UNREACHABLE_REWARD = code(
    "NEX0552", "unreachable-reward", "`{name}` can never hold", "never true", severity="warning"
)
IDLE_REWARD = code(
    "NEX0553", "idle-reward", "nothing that an actor does changes `{name}`", "reads {reads}", severity="warning"
)
