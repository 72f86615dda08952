"""Reading a common prefix once changes no loss and no gradient, in either phase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

from nexlang.runtime.clients.local import Loaded
from nexlang.trainer import prefix
from nexlang.trainer.phase import shared_arguments
from nexlang.trainer.prefix import ImitationTrainer, ReinforcementTrainer
from nexlang.trainer.rollouts import episode_reward
from nexlang.trainer.tiny import tiny_model

pytestmark = pytest.mark.torch
SHARED = list(range(10, 60))


@pytest.fixture
def loaded() -> Loaded:
    return tiny_model(["some words to learn from"], seed=0)


def gradient(model: Any) -> torch.Tensor:
    found = torch.cat([p.grad.flatten() for p in model.parameters()])
    model.zero_grad()
    return found


def test_imitation(loaded: Loaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = ([1, 2, 3, 4], [1, 5, 6])
    rows = [{"input_ids": [*SHARED, *ids], "labels": [-100] * 52 + ids[2:]} for ids in own]
    rows += [{"input_ids": [9, *SHARED, *ids], "labels": [-100] * 52 + ids[1:]} for ids in own]
    rows.append({"input_ids": [8, 7, 6, 5], "labels": [-100, 7, 6, 5]})
    arguments = SFTConfig(
        **shared_arguments(tmp_path, 0), dataset_kwargs={"skip_prepare_dataset": True}, max_length=None
    )
    seen = []
    for kind in (SFTTrainer, ImitationTrainer):
        trainer = kind(
            model=loaded.model,
            args=arguments,
            train_dataset=Dataset.from_list(rows),
            processing_class=loaded.tokenizer,
        )
        batch = trainer.data_collator(rows)
        loss = trainer.compute_loss(loaded.model, dict(batch), num_items_in_batch=torch.tensor(9))
        loss.backward()
        seen.append((loss.detach(), gradient(loaded.model)))
    parts = prefix.alike(dict(batch))
    assert [tuple(part["input_ids"].shape) for part in parts] == [(2, 54), (2, 55), (1, 4)]
    assert prefix.common_columns(parts[0]["input_ids"], parts[0]["attention_mask"]) == 51
    assert torch.allclose(seen[0][0], seen[1][0], atol=1e-5)
    assert torch.allclose(seen[0][1], seen[1][1], atol=1e-5)
    assert seen[0][1].abs().max() > 1e-3


def test_reinforcement(loaded: Loaded, tmp_path: Path) -> None:
    arguments = GRPOConfig(**shared_arguments(tmp_path, 0), per_device_train_batch_size=4, num_generations=4)
    inputs = {
        "prompt_ids": torch.tensor([SHARED] * 4),
        "prompt_mask": torch.ones(4, len(SHARED), dtype=torch.long),
        "completion_ids": torch.tensor([[7, 8, 9], [7, 9, 2], [5, 2, 0], [6, 6, 6]]),
        "completion_mask": torch.tensor([[1, 1, 1], [1, 1, 1], [1, 1, 0], [1, 1, 1]]),
        "tool_mask": torch.tensor([[1, 0, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        "advantages": torch.tensor([1.0, -1.0, 0.0, 0.5]),
        "num_items_in_batch": torch.tensor(10),
    }
    seen = []
    for kind in (GRPOTrainer, ReinforcementTrainer):
        trainer = kind(
            model=loaded.model,
            args=arguments,
            reward_funcs=[episode_reward],
            train_dataset=Dataset.from_list([{"prompt": "0"}]),
            processing_class=loaded.tokenizer,
        )
        trainer.current_gradient_accumulation_steps = 1
        loss = trainer.compute_loss(loaded.model, dict(inputs))
        loss.backward()
        seen.append((loss.detach(), gradient(loaded.model)))
    assert torch.allclose(seen[0][0], seen[1][0], atol=1e-6)
    assert torch.allclose(seen[0][1], seen[1][1], atol=1e-5)
    assert seen[0][1].abs().max() > 1e-4


def test_a_batch_without_advantages_has_no_gradient(loaded: Loaded, tmp_path: Path) -> None:
    arguments = GRPOConfig(**shared_arguments(tmp_path, 0), per_device_train_batch_size=2, num_generations=2)
    trainer = ReinforcementTrainer(
        model=loaded.model,
        args=arguments,
        reward_funcs=[episode_reward],
        train_dataset=Dataset.from_list([{"prompt": "0"}]),
        processing_class=loaded.tokenizer,
    )
    trainer.compute_loss(loaded.model, {"advantages": torch.zeros(2)}).backward()
    assert gradient(loaded.model).abs().max() == 0
