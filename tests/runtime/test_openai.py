"""The client for OpenAI-style servers, against a server in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from nexlang.ir.model import ModelSpec
from nexlang.runtime.clients.openai import OpenAIModels, reply_of, request
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.messages import Reply, ToolCall, assistant, tool_result, user
from nexlang.runtime.run import Ask, Left

SPEC = ModelSpec(
    name="small", maker="endpoint", target="tiny-1", options={"temperature": 0.5, "max_tokens": 64}, file="a", line=1
)
CALL = ToolCall("look", {"id": "ä"}, "call_0")


def ask(text: str = "hi", tokens: int | None = None) -> Ask:
    messages = [user(text), assistant("", (CALL,)), tool_result(CALL, "seen")]
    return Ask(
        "Clerk", "small", 0, messages, [{"type": "function", "function": {"name": "look"}}], Left(5, None, tokens)
    )


def test_a_request_has_what_the_program_says() -> None:
    body = request(ask(), SPEC)
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("tiny-1", 0.5, 64)
    assert "name" not in body["messages"][2]
    assert body["messages"][1]["tool_calls"][0]["function"]["arguments"] == '{"id": "ä"}'
    assert request(ask(tokens=10), SPEC)["max_tokens"] == 10
    assert "seed" not in body


def test_a_completion_is_a_reply() -> None:
    calls = [
        {"id": "1", "type": "function", "function": {"name": "look", "arguments": '{"id": 1}'}},
        {"id": "2", "type": "function", "function": {"name": "look", "arguments": "{"}},
    ]
    answer = {"choices": [{"message": {"content": None, "tool_calls": calls}, "finish_reason": "length"}]}
    reply = reply_of({**answer, "usage": {"prompt_tokens": 7, "completion_tokens": 3}})
    assert reply.calls[0] == ToolCall("look", {"id": 1}, "1")
    assert reply.calls[1].error.startswith("the arguments of look are not JSON")
    assert (reply.prompt_tokens, reply.completion_tokens, reply.cut) == (7, 3, True)
    assert reply_of({"choices": []}) == Reply()


def test_a_missing_extra_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ModelFailure, match=r"pip install 'nexlang\[models\]'"):
        OpenAIModels({"small": SPEC})


class Server(BaseHTTPRequestHandler):
    """Says what it was told, slowly for nobody; a message `fail` is a server's error."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = body["messages"][0]["content"]
        code = 400 if text == "fail" else 200
        answer: Any = {"error": {"message": "no such model"}}
        if code == 200:
            message = {"role": "assistant", "content": f"{text} to you"}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            answer = {"id": "1", "object": "chat.completion", "created": 0, "model": "tiny-1", "choices": [choice]}
        data = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    pytest.importorskip("openai")
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = Thread(target=running.serve_forever)
    thread.start()
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{running.server_address[1]}/v1")
    yield
    running.shutdown()
    thread.join()
    running.server_close()


def test_many_asks_are_answered_in_order(server: None) -> None:
    replies = OpenAIModels({"small": SPEC}).complete([ask(f"{i}") for i in range(10)])
    assert [reply.text for reply in replies if isinstance(reply, Reply)] == [f"{i} to you" for i in range(10)]


def test_a_servers_error_is_that_asks_failure(server: None) -> None:
    good, bad = OpenAIModels({"small": SPEC}).complete([ask("a"), ask("fail")])
    assert isinstance(good, Reply)
    assert isinstance(bad, ModelFailure)
    assert "no such model" in str(bad)


def test_a_missing_key_is_said_before_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelFailure, match="NEX0814: set OPENAI_API_KEY"):
        OpenAIModels({"small": SPEC})
