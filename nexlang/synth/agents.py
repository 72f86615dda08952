"""The plan's tree as `.nex`: for each node an agent that asks a model, and one by hand that goes by keywords."""

from __future__ import annotations

from collections.abc import Iterator

from nexlang.synth.kits import kit_of, letters, renamed
from nexlang.synth.lexicon import Tool
from nexlang.synth.plan import Node, Plan

READERS = {
    "city": 'word_after(request, "to")',
    "day": 'to_int(word_after(request, "day") ?? "")',
    "quantity": 'to_int(first_matching(request, "[0-9]+") ?? "")',
}
CODES = {"too_late": "TooLate", "too_much": "TooMuch", "too_little": "TooLittle", "taken": "Taken"}


class Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.kit = kit_of(plan)
        self.letters = letters(plan)
        self.specs = {tool.name: tool for tool in self.kit.tools}

    # ---- names

    def name(self, tool: str) -> str:
        return self.plan.named(tool)

    def pattern(self, noun: str) -> str:
        return f"{self.letters[noun]}[0-9]{{3}}"

    def tools_below(self, node: Node) -> list[Tool]:
        return [self.specs[name] for below in node.nodes() for name in below.tools]

    # ---- agents

    def all(self) -> str:
        nodes = self.plan.tree.nodes()
        parts = [self.model_agent(node) for node in nodes]
        return "\n\n".join([*parts, self.reasons(), *(self.by_hand(node) for node in nodes)])

    def model_agent(self, node: Node) -> str:
        held = [self.name(self.kit.lookup), *map(self.name, node.tools), "decline"]
        holds = (
            f"delegates: [{', '.join(n.name for n in node.delegates)}]"
            if node.delegates
            else f"tools: [{', '.join(held)}]"
        )
        prompt = "\n".join(f"    {line}" for line in self.prompt(node))
        return (
            f"## {node.doc}\nagent {node.name}(request: Text) -> Text {{\n  model: small\n  {holds}\n"
            f'  limits: {{ steps: 8, tokens: 500 }}\n  prompt: """\n{prompt}\n  """\n}}'
        )

    def prompt(self, node: Node) -> Iterator[str]:
        top = node is self.plan.tree
        if node.delegates:
            yield "Hand the request to one delegate and repeat its answer."
        else:
            yield "Do what is asked with one tool, then answer 'Done for' and its id."
            yield "Where a rule forbids it, decline with the reason and answer 'Sorry,', its id and why."
            yield from self.rules(node)
        yield "Ask which one it is if they do not say." if top else "Request: {{ request }}"

    def rules(self, node: Node) -> Iterator[str]:
        """The rules that the node's tools read, as prompts say them."""
        for rule in self.kit.rules:
            if rule.tool in node.tools:
                yield renamed(rule.prompt, self.plan)

    def by_hand(self, node: Node) -> str:
        branches = [self.branch(node, tool) for tool in self.tools_below(node)]
        body = "\n".join([*branches, '  return "What can I do for you?"'])
        return f"agent {node.name}ByHand(request: Text) -> Text {{\n  plays: {node.name}\n{body}\n}}"

    def branch(self, node: Node, tool: Tool) -> str:
        noun = self.plan.nouns[tool.subject]
        which = f'"Which {noun} is it?"'
        head = f'  if mentions(request, ["{tool.keyword}"]) {{\n'
        if node.delegates:
            below = next(child for child in node.delegates if tool in self.tools_below(child))
            known = f'first_matching(request, "{self.pattern(tool.subject)}") == none'
            return f"{head}    if {known} {{ return {which} }}\n    return {below.name}(request)\n  }}"
        reads = "\n".join(self.read(tool, name, kind) for name, kind in tool.arguments)
        return f"{head}{reads}\n{self.act(tool)}\n  }}"

    def read(self, tool: Tool, name: str, kind: str) -> str:
        """An argument out of the request."""
        name = self.plan.nouns.get(name, name)
        reader = READERS.get(kind) or f'first_matching(request, "{self.pattern(kind)}")'
        return f'    let {name} = {reader} else return "Which {name} is it?"'

    def act(self, tool: Tool) -> str:
        names = [self.plan.nouns.get(name, name) for name, _ in tool.arguments]
        main = self.plan.nouns[self.kit.main]
        return (
            f"    match {self.name(tool.name)}({', '.join(names)}) {{\n"
            f"      is Failure as failure {{\n        decline({names[0]}, reason_for(failure.code))\n"
            f'        return "Sorry, {{{{ {names[0]} }}}}: {{{{ failure.message }}}}."\n      }}\n'
            f'      is {main.capitalize()} {{ return "Done for {{{{ {names[0]} }}}}." }}\n    }}'
        )

    def reasons(self) -> str:
        """What a failure's code means as a reason."""
        used = {reason for tool in self.kit.tools for reason in tool.fails if reason in CODES}
        lines = [f'  if code == "{code}" {{ return {reason} }}' for reason, code in CODES.items() if reason in used]
        return "fn reason_for(code: Text) -> Reason {\n" + "\n".join(lines) + "\n  return wrong_state\n}"
