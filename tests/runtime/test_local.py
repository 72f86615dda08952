"""A model in this process: loading it, its limits, and what cannot be loaded."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from nexlang.runtime import chat
from nexlang.runtime.clients.local import Loaded, LocalModel, load_model
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.messages import Reply, system, user
from nexlang.runtime.run import Ask, Left


def ask(text: str, tokens: int | None = None) -> Ask:
    return Ask("Clerk", "small", 0, [system("Be brief."), user(text)], [], Left(5, None, tokens))


def test_a_missing_extra_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelFailure, match=r"pip install 'nexlang\[train\]'"):
        load_model("anything")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random model, saved."""
    pytest.importorskip("trl")
    from nexlang.trainer.tiny import tiny_model

    made = tiny_model(["Be brief.", "Cancel order #W1 please.", "It is done."], 0)
    folder = tmp_path_factory.mktemp("tiny")
    made.model.save_pretrained(folder)
    made.tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.torch
def test_replies_keep_their_limits_and_say_when_they_are_cut(tiny: Path) -> None:
    client = LocalModel(load_model(str(tiny)), limits={"small": 6}, max_length=64)
    first, second, none, long = client.complete([ask("a"), ask("a", 3), ask("a", 0), ask("please " * 200)])
    assert (
        isinstance(first, Reply) and isinstance(second, Reply) and isinstance(none, Reply) and isinstance(long, Reply)
    )
    assert 0 < first.completion_tokens <= 6
    assert second.completion_ids == first.completion_ids[:3]
    assert (none.completion_tokens, none.cut) == (0, True)
    assert (long.text, long.cut) == ("", True)
    assert first.prompt_ids == tuple(chat.render_ids(client.tokenizer, ask("a").messages, open=True)[0])


@pytest.mark.torch
def test_draws_are_seeded(tiny: Path) -> None:
    loaded = load_model(str(tiny))

    def drawn(seed: int) -> list[Any]:
        client = LocalModel(loaded, max_tokens=8, temperature=1.0, seed=seed)
        return [reply.completion_ids for reply in client.complete([ask("a"), ask("b")]) if isinstance(reply, Reply)]

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.torch
def test_what_is_no_model_is_refused_by_name(tiny: Path, tmp_path: Path) -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    (tmp_path / "broken.gguf").write_bytes(b"GGUF but not really")
    for name in (str(tmp_path), str(tmp_path / "broken.gguf")):
        with pytest.raises(ModelFailure, match=r"NEX0815: the model .* cannot be loaded"):
            load_model(name)


@pytest.mark.torch
def test_a_tokenizer_without_the_marks_is_refused(tiny: Path) -> None:
    class Plain:
        def get_vocab(self) -> dict[str, int]:
            return {"a": 0}

    with pytest.raises(ModelFailure, match="NEX0817"):
        LocalModel(Loaded("plain", None, Plain()))
