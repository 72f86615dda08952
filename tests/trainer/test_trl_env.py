"""A bundle's environment in TRL's own GRPO trainer, by its own loop."""

from __future__ import annotations

import inspect
import pickle
import typing
from pathlib import Path
from typing import Any

import pytest

import nexlang
from nexlang.bundle import write_bundle
from nexlang.trainer.errors import TrainError
from nexlang.trainer.tiny import tiny_model
from nexlang.trainer.trl_env import environment_class, episode_reward, make_spec

pytestmark = pytest.mark.torch
DESK = Path(__file__).parents[2] / "examples" / "desk" / "desk.nex"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("trl") / "desk"
    compilation = nexlang.compile([DESK])
    assert compilation.program is not None
    write_bundle(compilation.program, compilation.data, folder)
    return folder


def test_the_spec_holds_training_tasks_and_a_factory_that_can_be_sent(bundle: Path) -> None:
    spec = make_spec(bundle)
    assert {"prompt", "task", "seed"} <= set(spec.train_dataset.column_names)
    assert spec.train_dataset[0]["prompt"][-1]["role"] == "user"
    environment = pickle.loads(pickle.dumps(spec.environment_factory))()
    assert type(environment).__name__ == "DeskEnv"
    assert len(make_spec(bundle, split="test").train_dataset) < len(spec.train_dataset)


def test_methods_are_typed_and_documented(bundle: Path) -> None:
    from transformers.utils import get_json_schema

    made = environment_class(str(bundle), "Desk", 0)
    public = dict(inspect.getmembers(made, inspect.isfunction))
    tools = {name: of for name, of in public.items() if not name.startswith("_") and name != "reset"}
    assert set(tools) == {"Billing", "Fleet"}
    assert typing.get_type_hints(tools["Billing"]) == {"request": str, "return": str}
    schema = get_json_schema(tools["Billing"])["function"]
    assert schema["description"] == "Refunds, plans, credit."
    assert schema["parameters"]["required"] == ["request"]


def test_an_episode_is_played_by_calling_methods(bundle: Path) -> None:
    spec = make_spec(bundle)
    row = next(row for row in spec.train_dataset if "refund ride" in row["prompt"][-1]["content"])
    environment = spec.environment_factory()
    environment.reset(**row)
    answer = environment.Billing(request=row["prompt"][-1]["content"])
    last: dict[str, Any] = {"role": "assistant", "content": answer}
    assert episode_reward([[last]], [environment]) == [pytest.approx(1.2)]
    environment.reset(**row)
    assert episode_reward([[{"role": "assistant", "content": "No."}]], [environment])[0] == pytest.approx(0.0)
    assert environment.Billing(request="too late").startswith("Error")


def test_grpo_trains_in_it(bundle: Path, tmp_path: Path) -> None:
    import trl
    from trl import GRPOConfig, GRPOTrainer

    from nexlang.trainer.phase import shared_arguments
    from nexlang.trainer.quiet import quiet

    quiet()
    loaded = tiny_model(["Refund the ride, please."], 0)
    template = Path(trl.__file__).parent / "chat_templates" / "qwen2_5.jinja"
    loaded.tokenizer.chat_template = template.read_text(encoding="utf-8")
    spec = make_spec(bundle)
    arguments = GRPOConfig(
        **shared_arguments(tmp_path, 0),
        per_device_train_batch_size=2,
        num_generations=2,
        max_steps=1,
        max_completion_length=8,
        max_tool_calling_iterations=2,
    )
    trainer = GRPOTrainer(
        model=loaded.model,
        args=arguments,
        train_dataset=spec.train_dataset,
        environment_factory=spec.environment_factory,
        reward_funcs=spec.reward_funcs,
        processing_class=loaded.tokenizer,
    )
    trainer.train()
    assert "rewards/episode_reward/mean" in trainer.state.log_history[0]


def test_what_cannot_be_played_there_is_refused(bundle: Path) -> None:
    with pytest.raises(TrainError, match="no task in the split `dev`"):
        make_spec(bundle, split="dev")
    with pytest.raises(TrainError, match="no environment Nowhere"):
        make_spec(bundle, "Nowhere")
