"""A training run from its bundle to its model, in phases that can be interrupted at any moment and gone on with."""

from __future__ import annotations

import gc
import platform
import time
from functools import partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nexlang.runtime.clients.local import Loaded
from nexlang.trainer.course import Course
from nexlang.trainer.curriculum import Curriculum
from nexlang.trainer.demos import Demo, from_file, played
from nexlang.trainer.errors import TrainError, require_extra
from nexlang.trainer.interrupt import Interrupt
from nexlang.trainer.plan import Imitation, Plan, Reinforcement
from nexlang.trainer.progress import Reporter
from nexlang.trainer.store import STATE, Store, read_json, write_json

PACKAGES = ("nexlang", "torch", "transformers", "trl", "peft", "datasets", "accelerate")


def train(
    bundle: str | Path,
    out: str | Path,
    *,
    run: str | None = None,
    model: str | None = None,
    steps: int | None = None,
    seed: int = 0,
    resume: bool = False,
    externs: Path | None = None,
    reporter: Reporter | None = None,
) -> Path:
    """Run the bundle's `train` block; the folder of the trained model. `externs` is what its externs answer, recorded.

    Raises `TrainError` (the message is for the user) and `KeyboardInterrupt`, after which `resume=True` goes on.
    """
    require_extra()
    from nexlang.trainer.bundled import opened

    course, plan = opened(bundle, run, model, steps, seed, externs)
    digest = course.digest
    if externs is not None:
        digest = f"{digest} {sha256(externs.read_bytes()).hexdigest()}"
    store = Store(Path(out))
    with reporter or Reporter() as says:
        return Training(plan, course, store, says, digest).go(resume)


class Training:
    """One run: its plan, its environment, its folder."""

    def __init__(self, plan: Plan, course: Course, store: Store, says: Reporter, digest: str) -> None:
        self.plan, self.course, self.store, self.says = plan, course, store, says
        self.identity = {
            "bundle": digest,
            "plan": plan.to_json(),
            "seed": plan.seed,
            "versions": {"python": platform.python_version(), **_versions()},
        }

    def go(self, resume: bool) -> Path:
        """Both phases, each from where it stands, then the model."""
        curriculum = self._curriculum()
        if resume:
            if not self.store.resume(self.identity):
                self.says.note(f"{self.store.folder} is finished already")
                return self.store.model
        else:
            self.store.begin(self.identity)
        began = time.monotonic()
        with Interrupt() as self.interrupt:
            self._run(curriculum)
            self.store.finish(self.identity, self._results(time.monotonic() - began))
        return self.store.model

    def _run(self, curriculum: Curriculum | None) -> None:
        from nexlang.trainer.quiet import quiet
        from nexlang.trainer.weights import save, stay_offline

        stay_offline(self.plan.base)
        quiet()
        loaded = self._imitated()
        trained = self._reinforced(loaded, curriculum)
        save(trained, loaded.tokenizer, self.store.model)

    def _curriculum(self) -> Curriculum | None:
        """Made first, so that a stage without tasks is refused before anything is loaded."""
        wanted = self.plan.reinforcement
        if wanted is None:
            return None
        return Curriculum(self.course.stages, self.plan.seed, wanted.window, wanted.demote, wanted.sampler)

    # ------------------------------------------------------------ imitation

    def _imitated(self) -> Loaded:
        """The model after the first phase: from its folder where that is done, else trained."""
        settings = self.plan.imitation
        if settings is None:
            self.store.rewind(0) if self.store.last("reinforce") is None else None
            return self._base()
        if (self.store.imitated / STATE).exists():
            return self._load(str(self.store.imitated))
        return self._imitate(settings)

    def _imitate(self, settings: Imitation) -> Loaded:
        from nexlang.trainer.imitate import PHASE, imitate, prepared
        from nexlang.trainer.weights import save

        demos = self._demos(settings)
        loaded = self._base()
        rows, left_out = prepared(demos, loaded.tokenizer, settings)
        if left_out:
            self.says.note(f"{left_out} demonstrations are longer than {settings.max_length} tokens and are left out")
        checkpoint = self._checkpoint(PHASE)
        trained = imitate(
            loaded.model, loaded.tokenizer, rows, settings, self.plan.seed, self.store.phase(PHASE),
            self._recorder(PHASE), checkpoint,
        )  # fmt: skip
        merged = trained.merge_and_unload() if settings.lora else trained
        gc.collect()  # the optimizer's moments go before the next phase makes its own
        if self.plan.reinforcement:
            save(merged, loaded.tokenizer, self.store.imitated)
            write_json(self.store.imitated / STATE, {"metrics_bytes": self.store.measured()})
        return Loaded(loaded.name, merged, loaded.tokenizer)

    def _demos(self, settings: Imitation) -> list[Demo]:
        if settings.demos_file:
            content = self.course.demonstrations(settings.demos_file)
            return from_file(settings.demos_file, content, self.plan.learns)
        if settings.demos_agent is None:
            raise TrainError("`imitate` needs `demos`: a file of conversations or a stand-in agent")
        made = played(self.course, settings.demos_agent, self.plan.learns, self.plan.seed)
        self.says.note(
            f"{len(made.demos)} demonstrations by {settings.demos_agent}, "
            f"who succeeded in {made.successes} of {made.episodes} training tasks"
        )
        return made.demos

    # ------------------------------------------------------------ reinforcement

    def _reinforced(self, loaded: Loaded, curriculum: Curriculum | None) -> Any:
        settings = self.plan.reinforcement
        if settings is None or curriculum is None:
            return loaded.model
        return self._reinforce(loaded, curriculum, settings)

    def _reinforce(self, loaded: Loaded, curriculum: Curriculum, settings: Reinforcement) -> Any:
        from nexlang.trainer.reinforce import PHASE, reinforce

        before = self.store.imitated / STATE
        if before.exists():
            self.store.rewind(read_json(before)["metrics_bytes"]) if self.store.last(PHASE) is None else None
        checkpoint = self._checkpoint(PHASE)
        if checkpoint:
            curriculum.restore(self.store.state(checkpoint))
        return reinforce(
            loaded.model, loaded.tokenizer, self.course, curriculum, self.plan.learns, settings, self.plan.seed,
            self.store.phase(PHASE), self._recorder(PHASE), checkpoint,
        )  # fmt: skip

    # ------------------------------------------------------------ parts

    def _base(self) -> Loaded:
        return self._load(self.plan.base)

    def _load(self, source: str) -> Loaded:
        from transformers import set_seed

        from nexlang.trainer.weights import load, use_threads

        self.says.note(f"loading {source}")
        loaded = load(source, self.course.texts(), self.plan.seed)
        use_threads(loaded.model)
        set_seed(self.plan.seed)
        return loaded

    def _checkpoint(self, phase: str) -> Path | None:
        """The phase's last checkpoint, the metrics wound back to it."""
        found = self.store.last(phase)
        if found:
            self.store.rewind(self.store.state(found)["metrics_bytes"])
        elif phase == "imitate":
            self.store.rewind(0)
        return found

    def _recorder(self, phase: str) -> Any:
        from nexlang.trainer.phase import Recorder

        return partial(Recorder, self.store, phase, self.says, self.interrupt)

    def _results(self, seconds: float) -> dict[str, Any]:
        """The last row of each phase, and what the run took."""
        last = {row["phase"]: row for row in self.store.rows()}
        return {"seconds": round(seconds, 1), "last": last, "device": _device()}


def _device() -> str:
    import torch

    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else f"cpu, {torch.get_num_threads()} threads"


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
