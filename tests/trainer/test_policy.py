"""Batched decoding with kept keys and values gives what a plain pass over each conversation gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from nexlang.runtime.clients.local import Loaded
from nexlang.runtime.clients.threads import Policy
from nexlang.runtime.messages import Message, Reply, assistant, system, user
from nexlang.runtime.run import Ask, Left
from nexlang.runtime.transcript import Conversation
from nexlang.trainer.tiny import tiny_model
from nexlang.trainer.transcripts import samples
from tests.trainer.toy import LOOK, Toy

pytestmark = pytest.mark.torch
UNLIMITED = Left(None, None, None)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return tiny_model(Toy().texts(), seed=0)


def policy(loaded: Loaded, **changes: Any) -> Policy:
    settings = {"temperature": 1.0, "max_tokens": 12, "max_length": 400, "seed": "0", **changes}
    return Policy(loaded.model, loaded.tokenizer, **settings)


def ask(text: str, left: Left = UNLIMITED) -> Ask:
    return Ask("Sayer", "m", 0, [system("Say the word that is asked for."), user(text)], [LOOK], left)


def replies(client: Policy, asks: list[Ask]) -> list[Reply]:
    made = client.complete(asks)
    assert all(isinstance(reply, Reply) for reply in made)
    return [reply for reply in made if isinstance(reply, Reply)]


def scored(loaded: Loaded, reply: Reply) -> torch.Tensor:
    """Log probabilities of the reply's tokens, by one plain pass."""
    ids = torch.tensor([reply.prompt_ids + reply.completion_ids])
    with torch.no_grad():
        known = torch.log_softmax(loaded.model(ids).logits[0], dim=-1)
    start = len(reply.prompt_ids) - 1
    return known[torch.arange(start, start + len(reply.completion_ids)), torch.tensor(reply.completion_ids)]


def test_log_probabilities_are_those_of_a_plain_pass_over_two_turns(loaded: Loaded) -> None:
    client = policy(loaded)
    asks = [
        ask("Which word is at 1?"),
        ask("And this one, which is longer than the other?"),
        ask("Which word is at 1?"),
    ]
    first = replies(client, asks)
    for one, reply in zip(asks, first, strict=True):
        one.messages += [assistant(reply.text, reply.calls), user("Go on.")]
    for reply in [*first, *replies(client, asks)]:
        assert torch.allclose(torch.tensor(reply.logprobs), scored(loaded, reply), atol=1e-4)


def test_temperature_zero_takes_the_likeliest_token(loaded: Loaded) -> None:
    for reply in replies(policy(loaded, temperature=0.0), [ask("Which?"), ask("Which word is at 3?")]):
        ids = torch.tensor([reply.prompt_ids + reply.completion_ids])
        with torch.no_grad():
            best = loaded.model(ids).logits[0].argmax(dim=-1)
        assert tuple(best[len(reply.prompt_ids) - 1 : -1].tolist()) == reply.completion_ids


def test_the_same_seed_the_same_replies(loaded: Loaded) -> None:
    asks = [ask("Which?"), ask("Which?")]
    first, again, other = (replies(policy(loaded, seed=seed), asks) for seed in ("0", "0", "1"))
    assert first == again != other
    assert first[0].completion_ids != first[1].completion_ids, "episodes of one task draw apart"


def test_a_conversation_is_one_sample_whose_ids_are_those_it_was_sampled_from(loaded: Loaded) -> None:
    client, talk = policy(loaded), Conversation(0, "Sayer", "s", "Sayer", None, [system("Say."), user("Which?")], [])
    for _ in range(3):
        reply = replies(client, [Ask("Sayer", "m", 0, talk.messages, [], UNLIMITED)])[0]
        talk.replies.append(reply)
        talk.messages += [assistant("other words than it wrote"), user("Go on.")]
    made = samples(talk)
    assert len(made) == 1
    written = [token for token, own in zip(made[0].completion, made[0].mask, strict=True) if own]
    assert written == [token for reply in talk.replies for token in reply.completion_ids]
    assert len(made[0].completion) == len(made[0].mask) == len(made[0].logprobs)
    heard = [token for token, own in zip(made[0].completion, made[0].mask, strict=True) if not own]
    assert loaded.tokenizer.decode(heard).count("Go on.") == 2


def test_a_window_of_memory_begins_another_sample(loaded: Loaded) -> None:
    client = policy(loaded)
    messages: list[Message] = [system("Say."), user("Which?")]
    talk = Conversation(0, "Sayer", "s", "Sayer", None, messages, [])
    for seen in (messages, [messages[0], user("Something else.")]):
        talk.replies += replies(client, [Ask("Sayer", "m", 0, seen, [], UNLIMITED)])
    assert len(samples(talk)) == 2


def test_no_room_no_words(loaded: Loaded) -> None:
    none_left, some_left = replies(policy(loaded), [ask("Which?", replace(UNLIMITED, tokens=0)), ask("Which?")])
    assert (none_left.completion_ids, none_left.cut) == ((), True)
    assert some_left.completion_ids
    assert replies(policy(loaded, max_length=10), [ask("Which?")])[0].completion_tokens == 0
