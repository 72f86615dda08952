"""An environment of its own for the trainer's tests: say the task's word, which a tool gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nexlang.runtime.code import Flow
from nexlang.runtime.messages import ToolCall, ToolSchema, assistant, system, tool_result, user
from nexlang.runtime.run import Ask, Left
from nexlang.runtime.transcript import Conversation
from nexlang.trainer.course import Played, Stage

WORDS = ("apple", "pear", "plum", "fig", "lime", "kiwi")
LOOK: ToolSchema = {
    "type": "function",
    "function": {
        "name": "look",
        "description": "Look up a word.",
        "parameters": {"type": "object", "properties": {"at": {"type": "integer"}}, "required": ["at"]},
    },
}
TURNS = 3


class Toy:
    """The reward is 1 for the word, else the share of its letters that were written. Task 5 breaks."""

    digest = "toy"
    tasks: Sequence[int] = range(4)
    stages = (Stage("short", (0, 1), 0.0), Stage("all", (0, 1, 2, 3)))

    def __init__(self, broken: Sequence[int] = ()) -> None:
        self.broken = broken
        self.played: list[int] = []

    def episode(self, task: int, seed: int, cast: Mapping[str, str], stage: Stage | None = None) -> Flow[Played]:
        self.played.append(task)
        talk = Conversation(0, "Sayer", "sayer", cast.get("Sayer", "Sayer"), None, [system("Say the word.")], [LOOK])
        talk.hear(f"Which word is at {task}?")
        if cast:
            talk.say("", (ToolCall("look", {"at": task}, "call_0"),))
            talk.result(ToolCall("look", {"at": task}, "call_0"), WORDS[task])
            talk.say(WORDS[task])
            return Played(task, 1.0, True, "solved", [talk])
        yield from self._turns(talk, task)
        if task in self.broken:
            return Played(task, None, False, "environment_error", [talk])
        said = talk.messages[-1]["content"]
        reward = 1.0 if said == WORDS[task] else sum(letter in said for letter in WORDS[task]) / 10
        return Played(task, reward, reward == 1.0, "solved" if reward == 1.0 else "failed", [talk])

    def _turns(self, talk: Conversation, task: int) -> Flow[None]:
        for _ in range(TURNS):
            reply = yield Ask(talk.agent, "m", 0, talk.messages, talk.tools, Left(None, None, None))
            talk.replies.append(reply)
            talk.messages.append(assistant(reply.text, reply.calls))
            for call in reply.calls:
                talk.messages.append(tool_result(call, WORDS[task]))
            if not reply.calls:
                talk.messages.append(user("Go on."))
        talk.messages.pop()

    def stand_in_cast(self, stand_in: str) -> Mapping[str, str]:
        return {"Sayer": stand_in}

    def texts(self) -> Sequence[str]:
        return [f"Which word is at {place}? {word} look Say the word." for place, word in enumerate(WORDS)]

    def demonstrations(self, name: str) -> bytes:
        raise AssertionError(name)
