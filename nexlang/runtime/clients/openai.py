"""Any server that speaks OpenAI's chat completions, through its own SDK (the extra `[models]`)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nexlang.diagnostics.codes_run import MISSING_EXTRA, MISSING_KEY, said
from nexlang.ir.model import ModelSpec
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.messages import Message, Reply, call_from_json
from nexlang.runtime.run import Ask

KEY, BASE_URL = "OPENAI_API_KEY", "OPENAI_BASE_URL"
PARALLEL = 8


class OpenAIModels:
    """Answers each ask by the model that its agent names. The key and the server come from the environment.

    Raises `ModelFailure` at once where the extra or the key is missing.
    """

    def __init__(self, models: Mapping[str, ModelSpec], timeout: float = 120.0, retries: int = 2) -> None:
        try:
            import openai
        except ImportError:
            raise ModelFailure(said(MISSING_EXTRA, what="a model behind a server", extra="models")) from None
        key = os.environ.get(KEY, "")
        if not key.strip():
            raise ModelFailure(said(MISSING_KEY, key=KEY, server=BASE_URL))
        self._errors: type[Exception] = openai.OpenAIError
        self._client: Any = openai.OpenAI(api_key=key, timeout=timeout, max_retries=retries)
        self._models = models

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        if len(asks) == 1:
            return [self._one(asks[0])]
        with ThreadPoolExecutor(PARALLEL) as pool:
            return list(pool.map(self._one, asks))

    def _one(self, ask: Ask) -> Reply | ModelFailure:
        spec = self._models[ask.model]
        try:
            answer = self._client.chat.completions.create(**request(ask, spec))
        except self._errors as error:
            return ModelFailure(f"{spec.target}: {error}")
        return reply_of(answer.model_dump())


def request(ask: Ask, spec: ModelSpec) -> dict[str, Any]:
    """The body of the request for one ask."""
    from nexlang.ir.options import resolved
    from nexlang.ir.strict import strict

    options = {name: value for name, value in resolved("endpoint", spec.options).items() if value is not None}
    options.pop("context", None)  # for the compiler, which knows how long prompts can be
    if ask.left.tokens is not None:
        options["max_tokens"] = max(1, min(int(options["max_tokens"]), ask.left.tokens))
    body: dict[str, Any] = {"model": spec.target, "messages": [_sent(m) for m in ask.messages], **options}
    return {**body, "tools": [strict(tool) for tool in ask.tools]} if ask.tools else body


def _sent(message: Message) -> Message:
    """A tool's message without the name, which servers do not take."""
    return {key: value for key, value in message.items() if not (message["role"] == "tool" and key == "name")}


def reply_of(answer: Mapping[str, Any]) -> Reply:
    """A chat completion as a reply."""
    choice = (answer.get("choices") or [{}])[0]
    message = choice.get("message") or {}
    usage = answer.get("usage") or {}
    calls = tuple(call_from_json(call) for call in message.get("tool_calls") or () if call.get("function"))
    return Reply(
        message.get("content") or "",
        calls,
        raw=message.get("content") or "",
        prompt_tokens=usage.get("prompt_tokens") or 0,
        completion_tokens=usage.get("completion_tokens") or 0,
        cut=choice.get("finish_reason") == "length",
    )
