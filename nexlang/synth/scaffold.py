"""What `nexc new` makes: a small project that checks, passes its tests and verifies."""

from __future__ import annotations

import json
import re

from nexlang.synth.plan import Unserved
from nexlang.synth.project import Project

NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")

PROGRAM = '''## A list of things to do, and an agent that keeps it.
package {name}

use std.conversation {{ has_spoken, heard_from, news_for }}
use std.models {{ endpoint }}
use std.text {{ first_matching, mentions }}

record Item {{ id: Text matching "D[0-9]{{2}}", text: Text, done: Bool = false }}
record Wish {{ id: Text, message: Text, actions: [Call], split: "train" | "test" }}

world List {{
  items: table Item by id
}}

## Look up one thing to do.
tool find(id: Text) -> Item in List {{
  let item = items[id] else fail "There is no {{{{ id }}}}"
  return item
}}

## Mark a thing as done.
tool finish(id: Text) -> Item in List {{
  let item = items[id] else fail "There is no {{{{ id }}}}"
  require not item.done else fail "{{{{ id }}}} is done already"
  item.done = true
  return item
}}

## Take a thing off the list.
tool drop_item(id: Text) -> Text in List {{
  require items[id] != none else fail "There is no {{{{ id }}}}"
  remove items[id]
  return "{{{{ id }}}} is off the list."
}}

model small = endpoint("HuggingFaceTB/SmolLM2-135M-Instruct", max_tokens: 64)

## Keeps the list as it is asked to.
agent Keeper(request: Text) -> Text {{
  model: small
  tools: [find, finish, drop_item]
  limits: {{ steps: 6 }}
  prompt: """Keep the list: call one tool, then answer in one sentence."""
}}

## The same by hand: it proves that the work can be done, and shows a model how.
agent KeeperByHand(request: Text) -> Text {{
  plays: Keeper
  let id = first_matching(request, "D[0-9]{{2}}") else return "Which one is it?"
  if mentions(request, ["off the list"]) {{ return drop_item(id) }}
  match finish(id) {{
    is Failure as failure {{ return failure.message }}
    is Item as item {{ return "{{{{ item.text }}}} is done." }}
  }}
}}

## Says what they want and leaves with the first answer.
agent Owner(wish: Wish, begun: Bool, news: Text?) -> Text {{
  when not begun => wish.message
  when news != none => "Thank you. Goodbye."
}}

environment Home {{
  world: List from "data/list.json"
  tasks: Wish from "data/wishes.jsonl"
  split: task.split
  rounds: 4
  actors {{
    owner: Owner(wish: task, begun: has_spoken("owner", messages), news: news_for("owner", messages))
    keeper: Keeper(request: heard_from("owner", messages))
  }}
  solution: task.actions
  reward {{
    state: world == replay(task.actions)
    waste: clamp(count(c for c in calls if c.failed), 0, 5) weight -0.02
  }}
  success: state
  stop when any(m.by == "owner" and mentions(m.text, ["goodbye"]) for m in messages)
}}

train Practice {{
  environment: Home
  learns: [Keeper]
  base: "HuggingFaceTB/SmolLM2-135M-Instruct"
  imitate {{ demos: KeeperByHand, epochs: 4, batch: 4, learning_rate: 3e-4 }}
}}

test "what is done is done once" in Home {{
  let item = finish("D01")
  expect item.done
  expect finish("D01") fails "D01 is done already"
}}

test "what is not there cannot be done" in Home {{
  expect finish("D99") fails "There is no D99"
  expect world unchanged
}}
'''

README = """# {name}

A list of things to do and an agent that keeps it, in one program: `{name}.nex`.

    nexc check {name}.nex
    nexc test {name}.nex
    nexc compile {name}.nex -o build
    nexc verify build
    nexc eval build --policy KeeperByHand -n 8 --seed 1
    nexc train build --steps 20 -o trained

`data/list.json` is the world that every episode begins with, `data/wishes.jsonl` the tasks, one a line: what the owner
says, and the calls that settle it.
"""

THINGS = ("water the plants", "call Ada", "mend the gate", "buy bread", "pay the rent", "wash the car", "sort the mail",
          "feed the cat", "book the train", "clean the roof", "plant the beans", "read the draft")  # fmt: skip


def scaffold(name: str) -> Project:
    """The files of a new project. Raises `Unserved` for a name that a program cannot have."""
    if not NAME.fullmatch(name):
        raise Unserved(f"`{name}` cannot be a project's name: small letters, digits and _, a letter first")
    items = [{"id": f"D{n:02}", "text": text, "done": False} for n, text in enumerate(THINGS, 1)]
    rows = ",\n    ".join(json.dumps(item) for item in items)
    wishes = [wish(n, item["id"]) for n, item in enumerate(items, 1)]
    return Project(
        f"{name}.nex",
        {
            f"{name}.nex": PROGRAM.format(name=name),
            "README.md": README.format(name=name),
            "data/list.json": '{\n  "items": [\n    ' + rows + "\n  ]\n}\n",
            "data/wishes.jsonl": "".join(json.dumps(line) + "\n" for line in wishes),
        },
    )


def wish(number: int, id: object) -> dict[str, object]:
    drops = number % 3 == 0
    return {
        "id": f"W{number:02}",
        "message": f"Take {id} off the list." if drops else f"I have done {id}.",
        "actions": [{"tool": "drop_item" if drops else "finish", "arguments": {"id": id}}],
        "split": "test" if number > 9 else "train",
    }
