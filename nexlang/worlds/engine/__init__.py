"""The world engine. Generated code imports from here; README.md says what stands where."""

from decimal import Decimal

from nexlang.worlds.engine.chance import Chance, Streams
from nexlang.worlds.engine.clock import Clock
from nexlang.worlds.engine.codecs import BOOL, DURATION, FAILURE, FLOAT, INT, JSON, MESSAGE, NONE, TEXT, Codec
from nexlang.worlds.engine.context import FUEL, Context, pure
from nexlang.worlds.engine.distributions import Distribution
from nexlang.worlds.engine.failures import Mismatch, OutOfFuel, ProcessFailure, ToolFailure
from nexlang.worlds.engine.moments import DATE, DECIMAL, TIME, TIME_OF_DAY, Date, Time, TimeOfDay
from nexlang.worlds.engine.package import Agent, Package, Test
from nexlang.worlds.engine.patterns import UnsafePattern
from nexlang.worlds.engine.processes import Process, Timeline
from nexlang.worlds.engine.protocols import Environment, Measures, Scope
from nexlang.worlds.engine.records import Record, define
from nexlang.worlds.engine.session import Session, Tool
from nexlang.worlds.engine.state import World, transaction
from nexlang.worlds.engine.tables import Table
from nexlang.worlds.engine.testing import Problem, TestRun
from nexlang.worlds.engine.values import Answer, Call, Failure, Message, Play, Role

__all__ = [
    "BOOL", "DATE", "DECIMAL", "DURATION", "FAILURE", "FLOAT", "FUEL", "INT", "JSON", "MESSAGE", "NONE", "TEXT",
    "TIME", "TIME_OF_DAY", "Agent", "Answer", "Call", "Chance", "Clock", "Codec", "Context", "Date", "Decimal",
    "Distribution", "Environment", "Failure", "Measures", "Message", "Mismatch", "OutOfFuel", "Package", "Play",
    "Problem", "Process", "ProcessFailure", "Record", "Role", "Scope", "Session", "Streams", "Table", "Test",
    "TestRun", "Time", "TimeOfDay", "Timeline", "Tool", "ToolFailure", "UnsafePattern", "World", "define", "pure",
    "transaction",
]  # fmt: skip
