"""The second phase: group-relative policy optimisation on whole episodes, under the curriculum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nexlang.trainer.course import Course
from nexlang.trainer.curriculum import Curriculum
from nexlang.trainer.phase import Recorder, shared_arguments
from nexlang.trainer.plan import Reinforcement
from nexlang.trainer.rollouts import Rollouts, episode_reward
from nexlang.trainer.weights import lora_config

PHASE = "reinforce"


def reinforce(
    model: Any,
    tokenizer: Any,
    course: Course,
    curriculum: Curriculum,
    learns: Sequence[str],
    settings: Reinforcement,
    seed: int,
    folder: Path,
    recorder: Callable[..., Recorder],
    checkpoint: Path | None,
) -> Any:
    """Train, from `checkpoint` on where there is one. Returns the trained model, adapters not yet merged in."""
    from datasets import Dataset
    from transformers.trainer_callback import PrinterCallback
    from trl import GRPOConfig

    from nexlang.trainer.prefix import ReinforcementTrainer

    rollouts = Rollouts(course, curriculum, learns, settings, seed)
    arguments = GRPOConfig(
        **shared_arguments(folder, seed),
        per_device_train_batch_size=settings.group,
        gradient_accumulation_steps=settings.batch,
        num_generations=settings.group,
        max_steps=settings.steps,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="constant",
        beta=settings.beta,
        temperature=settings.temperature,
        max_completion_length=settings.max_length,
        shuffle_dataset=False,
    )
    places = [{"prompt": str(place)} for place in range(settings.steps * settings.batch)]
    trainer = ReinforcementTrainer(
        model=model,
        args=arguments,
        reward_funcs=[episode_reward],
        train_dataset=Dataset.from_list(places),
        processing_class=tokenizer,
        rollout_func=rollouts,
        callbacks=[recorder(row=lambda logs: measured(logs, rollouts), state=curriculum.state)],
        peft_config=lora_config(settings.lora),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    return trainer.model


def measured(logs: Any, rollouts: Rollouts) -> dict[str, Any]:
    """What a step of this phase reports beside its loss."""
    row = rollouts.tally.row()
    row["same_reward_groups"] = logs.get("frac_reward_zero_std")
    row["entropy"] = logs.get("entropy")
    row["gradient"] = logs.get("grad_norm")
    return row | ({"distance": logs["kl"]} if "kl" in logs else {})
