"""Libraries that talk: silenced, so that a run prints its own lines and nothing else."""

from __future__ import annotations

import logging
import os
import warnings


def quiet() -> None:
    """To be called before TRL and transformers are imported."""
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("WANDB_DISABLED", "true")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin starve whoever shares the machine
    warnings.filterwarnings("ignore", module=r"(trl|transformers|torch|peft|accelerate|datasets)(\..*)?")
    import datasets
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    for name in ("trl", "accelerate", "datasets", "peft", "transformers"):
        logging.getLogger(name).setLevel(logging.ERROR)
