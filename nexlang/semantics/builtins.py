"""The built-in functions: their names, their types, and the one line that the reference shows."""

from __future__ import annotations

from nexlang.diagnostics.slotted import dataclass
from nexlang.semantics.types import (
    BOOL,
    CALL,
    CHANCE,
    DATE,
    DECIMAL,
    DELAYS,
    DISTRIBUTION,
    DURATION,
    FLOAT,
    INT,
    JSON,
    TEXT,
    TIME,
    TIME_OF_DAY,
    List,
    Map,
    Optional,
    Pairs,
    Type,
    Var,
)

T, K, V = Var("T"), Var("K"), Var("V")
NUMBER = Var("number")
"""Int, Float, Decimal or Duration, the same wherever it stands; Int becomes Float or Decimal where they are mixed."""
ORDERED = Var("ordered")
"""A number, a text or a moment."""
ANY = Var("any")


@dataclass(frozen=True, slots=True)
class Signature:
    """`params` in order; the last `optional` of them may be left out."""

    params: tuple[Type, ...]
    result: Type
    optional: int = 0
    chance: bool = False
    doc: str = ""


def _sig(*params: Type, to: Type, optional: int = 0, doc: str = "") -> Signature:
    chance = bool(params) and params[0] is CHANCE
    return Signature(params, to, optional, chance, doc)


BUILTINS: dict[str, tuple[Signature, ...]] = {
    # numbers
    "abs": (_sig(NUMBER, to=NUMBER, doc="The value without its sign."),),
    "round": (
        _sig(FLOAT, to=INT, doc="The nearest whole number; a half goes to the even one."),
        _sig(FLOAT, INT, to=FLOAT, doc="Rounded to so many decimals."),
        _sig(DECIMAL, to=INT, doc="The nearest whole number; a half goes to the even one."),
        _sig(DECIMAL, INT, to=DECIMAL, doc="Rounded to so many decimals; a half goes to the even one."),
    ),
    "floor": (
        _sig(FLOAT, to=INT, doc="The greatest whole number not above."),
        _sig(DECIMAL, to=INT, doc="The greatest whole number not above."),
    ),
    "ceil": (
        _sig(FLOAT, to=INT, doc="The least whole number not below."),
        _sig(DECIMAL, to=INT, doc="The least whole number not below."),
    ),
    "sqrt": (_sig(FLOAT, to=FLOAT, doc="The square root; fails below zero."),),
    "mod": (_sig(NUMBER, NUMBER, to=NUMBER, doc="The remainder, with the sign of the divisor."),),
    "quotient": (_sig(INT, INT, to=INT, doc="How often the second goes into the first, rounded down."),),
    "pow": (_sig(FLOAT, FLOAT, to=FLOAT, doc="The first to the power of the second."),),
    "exp": (_sig(FLOAT, to=FLOAT, doc="e to the power of the number."),),
    "log": (_sig(FLOAT, to=FLOAT, doc="The natural logarithm; fails where it is not above zero."),),
    "sin": (_sig(FLOAT, to=FLOAT, doc="The sine of an angle in radians."),),
    "cos": (_sig(FLOAT, to=FLOAT, doc="The cosine of an angle in radians."),),
    "atan2": (_sig(FLOAT, FLOAT, to=FLOAT, doc="The angle of the point (x, y), in radians; y is given first."),),
    "clamp": (_sig(NUMBER, NUMBER, NUMBER, to=NUMBER, doc="The value kept between the two bounds."),),
    "float": (
        _sig(INT, to=FLOAT, doc="The whole number as a Float."),
        _sig(DECIMAL, to=FLOAT, doc="The nearest Float."),
    ),
    "decimal": (
        _sig(TEXT, to=DECIMAL, doc="The Decimal that the text writes; fails where it writes none."),
        _sig(INT, to=DECIMAL, doc="The whole number as a Decimal."),
        _sig(FLOAT, to=DECIMAL, doc="The Decimal that the Float's text writes."),
    ),
    "to_decimal": (_sig(TEXT, to=Optional(DECIMAL), doc="The Decimal that the text writes, if it does."),),
    "fixed": (
        _sig(FLOAT, INT, to=TEXT, doc="The number with exactly so many decimals."),
        _sig(DECIMAL, INT, to=TEXT, doc="The number with exactly so many decimals."),
    ),
    "to_int": (_sig(TEXT, to=Optional(INT), doc="The whole number that the text writes, if it does."),),
    "to_float": (_sig(TEXT, to=Optional(FLOAT), doc="The number that the text writes, if it does."),),
    "evaluate": (_sig(TEXT, to=FLOAT, doc="The value of an arithmetic expression; fails where it is none."),),
    # texts
    "text": (_sig(ANY, to=TEXT, doc="The value as `{{ }}` shows it."),),
    "lower": (_sig(TEXT, to=TEXT, doc="In small letters."),),
    "upper": (_sig(TEXT, to=TEXT, doc="In capitals."),),
    "trim": (_sig(TEXT, to=TEXT, doc="Without white space at both ends."),),
    "split": (_sig(TEXT, TEXT, to=List(TEXT), doc="The pieces between the separators."),),
    "join": (_sig(List(TEXT), TEXT, to=TEXT, doc="The pieces with the separator between them."),),
    "lines": (_sig(TEXT, to=List(TEXT), doc="The lines, without their ends."),),
    "repeat": (_sig(TEXT, INT, to=TEXT, doc="The text so many times."),),
    "pad_start": (_sig(TEXT, INT, TEXT, to=TEXT, doc="Filled up at its start to so many characters."),),
    "pad_end": (_sig(TEXT, INT, TEXT, to=TEXT, doc="Filled up at its end to so many characters."),),
    "without_start": (_sig(TEXT, TEXT, to=TEXT, doc="Without the second at its start, where it begins so."),),
    "without_end": (_sig(TEXT, TEXT, to=TEXT, doc="Without the second at its end, where it ends so."),),
    "replace": (_sig(TEXT, TEXT, TEXT, to=TEXT, doc="Every occurrence of the second replaced by the third."),),
    "starts_with": (_sig(TEXT, TEXT, to=BOOL, doc="Whether the text begins so."),),
    "ends_with": (_sig(TEXT, TEXT, to=BOOL, doc="Whether the text ends so."),),
    "occurrences": (_sig(TEXT, TEXT, to=INT, doc="How often the second occurs in the first, not overlapping."),),
    "matches": (_sig(TEXT, TEXT, to=BOOL, doc="Whether the whole text matches the regular expression."),),
    "json": (_sig(ANY, to=TEXT, doc="The value as JSON text, keys of maps sorted."),),
    "parse_json": (_sig(TEXT, to=Optional(JSON), doc="The JSON value that the text writes, if it does."),),
    # collections
    "contains": (
        _sig(TEXT, TEXT, to=BOOL, doc="Whether the second occurs in the first."),
        _sig(List(T), T, to=BOOL, doc="Whether the value is among the items."),
    ),
    "index_of": (
        _sig(TEXT, TEXT, to=Optional(INT), doc="Where the second first begins in the first, if it does."),
        _sig(List(T), T, to=Optional(INT), doc="The position of the first such item, if there is one."),
    ),
    "flat": (_sig(List(List(T)), to=List(T), doc="The items of all lists, one after another."),),
    "chunks": (_sig(List(T), INT, to=List(List(T)), doc="Pieces of so many items; the last may be shorter."),),
    "filled": (_sig(T, INT, to=List(T), doc="The value so many times."),),
    "merged": (_sig(Map(K, V), Map(K, V), to=Map(K, V), doc="The entries of both, the second's where both have one."),),
    "len": (
        _sig(TEXT, to=INT, doc="How many characters."),
        _sig(List(T), to=INT, doc="How many items."),
        _sig(Map(K, V), to=INT, doc="How many entries."),
    ),
    "take": (_sig(List(T), INT, to=List(T), doc="At most so many items from the front."),),
    "drop": (_sig(List(T), INT, to=List(T), doc="The items after so many from the front."),),
    "slice": (
        _sig(TEXT, INT, INT, to=TEXT, doc="The characters from the first position up to the second."),
        _sig(List(T), INT, INT, to=List(T), doc="The items from the first position up to the second."),
    ),
    "last": (_sig(List(T), to=Optional(T), doc="The last item, if there is one."),),
    "reverse": (_sig(List(T), to=List(T), doc="The items from back to front."),),
    "unique": (_sig(List(T), to=List(T), doc="Each item once, where it first occurs."),),
    "range": (
        _sig(INT, to=List(INT), doc="The whole numbers from 0 up to it, exclusive."),
        _sig(INT, INT, to=List(INT), doc="The whole numbers from the first up to the second, exclusive."),
    ),
    "enumerate": (_sig(List(T), to=Pairs(INT, T), doc="Each item with its position, for a `for` with two names."),),
    "zip": (_sig(List(K), List(V), to=Pairs(K, V), doc="Items of both lists in step, up to the shorter."),),
    "keys": (_sig(Map(K, V), to=List(K), doc="The keys in order."),),
    "values": (_sig(Map(K, V), to=List(V), doc="The values in order."),),
    # dates and times
    "now": (_sig(to=TIME, doc="The present moment of the run's clock, in UTC."),),
    "today": (_sig(to=DATE, doc="The present day of the run's clock."),),
    "date": (
        _sig(TEXT, to=DATE, doc='The Date that a text like "2025-01-31" writes; fails where it writes none.'),
        _sig(TIME, to=DATE, doc="The day of the Time."),
        _sig(INT, INT, INT, to=DATE, doc="The day of a year, a month and a day."),
    ),
    "time": (
        _sig(TEXT, to=TIME, doc='The Time that a text like "2025-01-31T12:00:00" writes; fails where it writes none.'),
        _sig(DATE, TIME_OF_DAY, to=TIME, doc="The moment on that day."),
    ),
    "time_of_day": (
        _sig(TEXT, to=TIME_OF_DAY, doc='The TimeOfDay that a text like "08:30" writes; fails where it writes none.'),
        _sig(TIME, to=TIME_OF_DAY, doc="What the clock shows at the Time."),
    ),
    "plus_months": (_sig(DATE, INT, to=DATE, doc="The same day months later, or the last one of a shorter month."),),
    "to_date": (_sig(TEXT, to=Optional(DATE), doc="The Date that the text writes, if it does."),),
    "to_time": (_sig(TEXT, to=Optional(TIME), doc="The Time that the text writes, if it does."),),
    "to_time_of_day": (_sig(TEXT, to=Optional(TIME_OF_DAY), doc="The TimeOfDay that the text writes, if it does."),),
    "to_duration": (_sig(TEXT, to=Optional(DURATION), doc="The Duration that a text like `1h 30m` writes, if any."),),
    # chance
    "uniform": (
        _sig(CHANCE, FLOAT, FLOAT, to=FLOAT, doc="A number between the two, each as likely."),
        _sig(FLOAT, FLOAT, to=DISTRIBUTION, doc="The distribution of numbers between the two, each as likely."),
        _sig(DURATION, DURATION, to=DELAYS, doc="So for durations."),
    ),
    "uniform_int": (_sig(CHANCE, INT, INT, to=INT, doc="A whole number between the two, both included."),),
    "normal": (
        _sig(CHANCE, FLOAT, FLOAT, to=FLOAT, doc="A normal draw of mean and standard deviation."),
        _sig(FLOAT, FLOAT, to=DISTRIBUTION, doc="The normal distribution of mean and standard deviation."),
        _sig(DURATION, DURATION, to=DELAYS, doc="So for durations."),
    ),
    "lognormal": (
        _sig(FLOAT, FLOAT, to=DISTRIBUTION, doc="The distribution of a median times e to the power of a normal one."),
        _sig(DURATION, FLOAT, to=DELAYS, doc="So for durations."),
    ),
    "exponential": (
        _sig(FLOAT, to=DISTRIBUTION, doc="The exponential distribution of a mean."),
        _sig(DURATION, to=DELAYS, doc="So for durations."),
    ),
    "happens": (_sig(CHANCE, FLOAT, to=BOOL, doc="True with the probability."),),
    "choose": (_sig(CHANCE, List(T), to=T, doc="One of the items; fails where there is none."),),
    "sample": (_sig(CHANCE, List(T), INT, to=List(T), doc="So many items, none twice; fails where there are less."),),
    "shuffle": (_sig(CHANCE, List(T), to=List(T), doc="The items in a random order."),),
}

AGGREGATES = ("count", "sum", "any", "all", "first", "min", "max", "sorted", "index", "group")
"""Take a list or a comprehension; `min` and `max` also take two numbers."""

SPECIAL = {
    "fresh_id": "fresh_id(table): a Text key that the table does not hold yet.",
    "replay": "replay(calls): in an environment, this task's world after setup and those calls.",
    "wait": "wait(duration): in a flow agent or a test, lets simulated time pass.",
    "play": "play(calls): in a flow agent, makes recorded calls one after another; a failing one is passed over.",
}

NAMES = frozenset((*BUILTINS, *AGGREGATES, *SPECIAL))

SCOPE_CALLS = List(CALL)
