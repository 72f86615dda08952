"""A small random model that needs no network: a two-layer Llama with a tokenizer made of the bundle's own texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nexlang.runtime import chat
from nexlang.runtime.clients.local import Loaded

TINY = "tiny"
VOCABULARY = 768
PAD = "<|pad|>"


def tiny_model(texts: Sequence[str], seed: int) -> Loaded:
    """Two layers of 64. The same texts and seed give the same model, weight for weight."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = tiny_tokenizer(texts)
    end, pad = tokenizer.convert_tokens_to_ids(chat.END), tokenizer.convert_tokens_to_ids(PAD)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=pad,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = LlamaForCausalLM(config)
    model.eval()
    return Loaded(TINY, model, tokenizer)


def tiny_tokenizer(texts: Sequence[str]) -> Any:
    """A byte-level BPE tokenizer: every text can be written in it."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PAD, chat.START, chat.END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=chat.END, pad_token=PAD, clean_up_tokenization_spaces=False
    )
