"""The whole source of a planned program, before formatting."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nexlang.synth.agents import Writer
from nexlang.synth.data.base import Request, Row
from nexlang.synth.kits import declarations, kit_of, not_found
from nexlang.synth.plan import Plan, plural

BASE = "HuggingFaceTB/SmolLM2-135M-Instruct"
PROVED = {"cancel_order": "cancelled", "refund_order": "refunded", "cancel_booking": "cancelled"}

CALLER = """## Says what they came for, answers when asked which one it is, and leaves with the first answer.
agent Caller(task: Request, begun: Bool, news: Text?) -> Text {
  when not begun => task.message
  when contains(lower(news ?? ""), "which") => task.detail
  when news != none => "Thank you. Goodbye."
}

## Plays the recorded calls and says how it went: the proof that a request can be settled.
agent Recorded(request: Request) -> Text {
  play(request.actions)
  return answer(request)
}

## What the answer must say.
fn answer(request: Request) -> Text {
  if any(c.tool == "decline" for c in request.actions) { return "Sorry, {{ request.about }}" }
  return "Done for {{ request.about }}"
}"""

REQUEST = """## What somebody comes with, and what settles it.
record Request {
  id: Text
  message: Text
  ## What they say when asked which one it is.
  detail: Text
  asks: Bool
  ## The id of what it is about.
  about: Text
  actions: [Call]
  split: "train" | "test"
}"""


def source(plan: Plan, requests: Sequence[Request]) -> str:
    writer = Writer(plan)
    agents = writer.all()
    parts = [
        head(plan, agents),
        declarations(plan),
        REQUEST,
        f'model small = endpoint("{BASE}", max_tokens: 64)',
        agents,
        CALLER,
        environment(plan),
        training(plan),
        *tests(plan, writer, requests),
    ]
    return "\n\n".join(parts) + "\n"


def head(plan: Plan, agents: str) -> str:
    reading = [name for name in ("first_matching", "mentions", "word_after") if f"{name}(" in agents]
    return (
        f"## {kit_of(plan).summary.capitalize()}; made by `nexc synth` from std.kits.{plan.kit}, seed {plan.seed}.\n"
        f"package synth.{plan.kit}\n\n"
        "use std.conversation { has_spoken, heard_from, news_for }\n"
        "use std.models { endpoint }\n"
        f"use std.text {{ {', '.join(reading)} }}"
    )


def environment(plan: Plan) -> str:
    world = plural(plan.nouns[kit_of(plan).main]).capitalize() if plan.kit != "inventory" else "Inventory"
    return f"""environment Desk {{
  world: {world} from "data/world.json"
  tasks: Request from "data/requests.jsonl"
  split: task.split
  rounds: 6
  actors {{
    caller: Caller(task: task, begun: has_spoken("caller", messages), news: news_for("caller", messages))
    desk: {plan.tree.name}(request: heard_from("caller", messages))
  }}
  solution: Recorded(task)
  reward {{
    state: world == replay(task.actions)
    told: contains(heard_from("desk", messages), answer(task)) weight 0.2
    waste: clamp(count(c for c in calls if c.failed), 0, 5) weight -0.02
  }}
  success: state and told
  stop when any(m.by == "caller" and contains(m.text, "Goodbye") for m in messages)

  curriculum {{
    stage named {{ tasks: not task.asks }} until success >= 70%
    stage asked {{ }}
  }}
}}"""


def training(plan: Plan) -> str:
    learners = ", ".join(node.name for node in plan.tree.nodes())
    return f'''train Apprentice {{
  environment: Desk
  learns: [{learners}]
  base: "{BASE}"
  imitate {{ demos: {plan.tree.name}ByHand, epochs: 3, batch: 8, learning_rate: 4e-4, max_length: 768 }}
}}'''


# ---- tests


def tests(plan: Plan, writer: Writer, requests: Sequence[Request]) -> list[str]:
    """One for what is not there, and one for each tool that some request settles."""
    kit = kit_of(plan)
    id = f"{writer.letters[kit.main]}999"
    failing = f'expect {writer.name(kit.lookup)}("{id}") fails "{not_found(plan, kit.main, id)}"'
    lost = f'test "what is not there is not found" in Desk {{\n  {failing}\n  expect world unchanged\n}}'
    settled = [first_use(requests, writer.name(tool)) for tool in plan.tools]
    return [lost, *(proof(writer, tool, call) for tool, call in zip(plan.tools, settled, strict=True) if call)]


def first_use(requests: Sequence[Request], tool: str) -> Row | None:
    return next((action for request in requests for action in request.actions if action["tool"] == tool), None)


def proof(writer: Writer, tool: str, call: Row) -> str:
    values = ", ".join(json.dumps(value) for value in call["arguments"].values())
    last_name, last_value = list(call["arguments"].items())[-1]
    if tool in PROVED:
        shown = f"done.status == {PROVED[tool]}"
    elif last_name == "quantity":
        shown = f"done.id == {json.dumps(next(iter(call['arguments'].values())))}"
    else:
        shown = f"done.{last_name} == {json.dumps(last_value)}"
    name = writer.name(tool)
    title = f"{name.replace('_', ' ')} does it"
    return f'test "{title}" in Desk {{\n  let done = {name}({values})\n  expect {shown}\n}}'
