"""Environments stepped from outside: one episode, thousands in one process, and thousands in several."""

from nexlang.worlds.batch.lanes import Batch, Steps
from nexlang.worlds.batch.pool import Pool
from nexlang.worlds.batch.single import Single
from nexlang.worlds.batch.stepping import Rules, Step, Stepper
from nexlang.worlds.batch.tabulated import Tabulated

__all__ = ["Batch", "Pool", "Rules", "Single", "Step", "Stepper", "Steps", "Tabulated"]
