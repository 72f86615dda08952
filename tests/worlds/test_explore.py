"""Exploring: all that can happen where that is little, and a reason where it is not."""

from __future__ import annotations

import pytest

import nexlang
from nexlang.bundle import bundle_of
from nexlang.worlds.explore import Finding, NotExplorable, found
from nexlang.worlds.setting import Setting
from nexlang.worlds.verify import verify

PROGRAM = """
record Task {{ id: Text, goal: Int }}
record Note {{ id: Text, text: Text }}
world Stairs {{ floor: Int = 0, stuck: Bool = false, notes: table Note by id }}
tool climb(steps: Int where 1 <= it <= 2) -> Text in Stairs {{
  require not stuck else fail "You are stuck"
  require floor < 6 else fail "This is the top"
  floor += steps
  if floor == 3 {{ stuck = true }}
  return "ok"
}}
{more}
agent Climber(floor: Int) -> Text {{ tools: [{tools}]  when floor < 5 => climb({step}) }}
fn tasks() -> [Task] {{ return [Task(id: "t", goal: {goal})] }}
environment E {{
  world: Stairs
  tasks: tasks()
  rounds: 10
  actors {{ climber: Climber(floor: world.floor) }}
  solution: Climber(floor: world.floor)
  reward {{
    there: world.floor == task.goal
    high: {high}
  }}
  {rounds}
  success: there
  stop when world.floor >= task.goal{stop}
}}
"""


def setting(
    goal: int = 4, high: str = "clamp(world.floor / 10.0, 0, 1) weight 0.5", rounds: str = "", stop: str = "",
    step: int = 2, tools: str = "climb", more: str = "",
) -> Setting:  # fmt: skip
    text = PROGRAM.format(goal=goal, high=high, rounds=rounds, stop=stop, step=step, tools=tools, more=more)
    compilation = nexlang.compile("e.nex", {"e.nex": text})
    assert compilation.ok, compilation.diagnostics
    return Setting.of(bundle_of(compilation.program, compilation.data))


def finding(setting: Setting, most: int = 1000) -> Finding:
    return found(setting, setting.tasks[0], most)


def test_states_dead_ends_and_the_greatest_reward() -> None:
    """Floors 0, 1, 2, the stuck 3 and the goals 4: from floor 3 nothing goes on."""
    seen = finding(setting())
    assert (seen.states, seen.dead_ends, seen.solvable, seen.certain) == (5, 1, True, True)
    assert seen.best == pytest.approx(1.0 + 0.5 * 0.4)


def test_what_rounds_pay_counts() -> None:
    paid = "reward each round { tired: 1.0 weight -0.25 }"
    assert finding(setting(rounds=paid)).best == pytest.approx(1.2 - 2 * 0.25)


def test_shaping_changes_nothing_but_a_constant() -> None:
    plain = finding(setting())
    potential = "reward { nearer: potential(clamp(world.floor / 2.0 + 1.0, 0, 9)) weight 3 }"
    shaped = finding(setting(rounds=potential))
    assert shaped.best == pytest.approx(plain.best - 3.0)


def test_a_goal_out_of_reach_is_a_problem() -> None:
    unreachable = verify(setting(goal=40), states=1000)
    assert "no sequence of calls reaches success" in unreachable.tasks[0].problems


def test_a_solution_below_the_greatest_reward_is_a_problem() -> None:
    paid = "reward each round { tired: 1.0 weight -0.25 }"
    (task,) = verify(setting(goal=2, rounds=paid, step=1), states=1000).tasks
    assert "the solution is rewarded 0.6, other calls 0.85" in task.problems
    assert not any("other calls" in problem for problem in verify(setting(), states=1000).tasks[0].problems)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda: setting(high="clamp(count(calls), 0, 5) weight -0.1"), "its rewards look at `calls`"),
        (lambda: setting(), "more than 3 states can be reached"),
        (lambda: setting(more=WIDE, tools="climb, jump"), "`far` of `jump` has too many values"),
    ],
)  # fmt: skip
def test_what_cannot_be_explored_says_why(made: object, reason: str) -> None:
    with pytest.raises(NotExplorable, match=reason):
        finding(made(), 3)  # type: ignore[operator]


WIDE = 'tool jump(far: Int) -> Text in Stairs { floor += far  return "ok" }'


def test_arguments_of_any_text_are_named() -> None:
    more = 'tool note(text: Text) -> Text in Stairs { require notes[text] != none else fail "no"  return "ok" }'
    assert finding(setting(more=more, tools="climb, note")).free == ("note.text",)
