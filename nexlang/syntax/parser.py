"""The parser: a loop over the LALR tables that builds the tree as it goes, and stops at the first mistake.

What happens after a mistake is in `recovery`, which reads the file a second time.
"""

from __future__ import annotations

from typing import Any

from nexlang.diagnostics.slotted import dataclass
from nexlang.syntax.lexer import COMMENT, KEY, MARK, NAME, SCAN, TERMINALS, TOKENS
from nexlang.syntax.nodes import Comment
from nexlang.syntax.reducers import reducers
from nexlang.syntax.tables import Tables, tables

# Entries on the parser's stack, about three for each level of nesting; from DEEP on the tree's depth is looked at.
MAX_STACK = 300
DEEP = 60
LONG_CHAIN = 12


@dataclass(slots=True)
class Made:
    """What was read. `deep`: the tree might be deeper than a pass over it can go."""

    node: Any
    deep: bool


@dataclass(slots=True)
class Stopped:
    """The parser met something at `at` that it cannot take."""

    at: int


def run(start: str, text: str, begin: int, stop: int, comments: list[Comment]) -> Made | Stopped:
    """The node for `text[begin:stop]` from the start symbol `start`, or where it stopped."""
    found = tables()
    table, rules, words, marks = found.states, found.rules, found.words, found.marks
    shortcuts, reserved, reduce = found.shortcuts, found.reserved, reducers()
    goal = found.ends[start]
    state = found.starts[start]
    states: list[int] = [state]
    values: list[Any] = []
    starts: list[int] = []
    chains: dict[int, int] = {}
    position = end = begin
    deep = False
    scan = SCAN.match
    while True:
        token = scan(text, position, stop)
        if token is None:
            return Stopped(position)
        group = token.lastindex or 0
        row = table[state]
        if group <= KEY:
            first, position = token.span(NAME)
            written = token[NAME]
            if group == KEY and "KEY" in row:
                position = token.end()
                terminal, written = "KEY", text[first:position]
            else:
                terminal = words.get(written, "")
                if terminal not in row:
                    terminal = "VARIABLE" if "VARIABLE" in row and written not in reserved else "NAME"
        elif group == MARK:
            first, position = token.span(MARK)
            written = token[MARK]
            terminal = marks[written]
        else:
            first, position = token.span(group)
            written = token[group]
            if group == COMMENT:
                comments.append(Comment(first, position, written.rstrip()))
                continue
            terminal = TERMINALS[group]
        while True:
            action = row.get(terminal)
            if action is None:
                return Stopped(first)
            if action >= 0:
                break
            rule = rules[~action]
            size = rule.size
            if size == 1 and rule.through == 0:
                hop = (states[-2], state, terminal)
                if hop in shortcuts:
                    state = shortcuts[hop]
                else:
                    state = shortcuts[hop] = climb(found, states[-2], state, terminal)
                states[-1] = state
            elif size:
                begun = starts[-size]
                value = reduce[~action](begun, end, values[-size:])
                if rule.leans:
                    length = chains[begun] = chains.get(begun, 0) + 1
                    deep = deep or length > LONG_CHAIN
                del states[-size:], values[-size:], starts[-size:]
                state = table[states[-1]][rule.origin]
                states.append(state)
                values.append(value)
                starts.append(begun)
            else:
                state = table[state][rule.origin]
                states.append(state)
                values.append(reduce[~action](end, end, []))
                starts.append(first)
            row = table[state]
            if state == goal and terminal == "$END":
                return Made(values[-1], deep)
        if len(states) > DEEP:
            deep = True
            if len(states) > MAX_STACK:
                return Stopped(first)
        state = action
        end = position
        states.append(state)
        starts.append(first)
        make = TOKENS.get(terminal)
        values.append(make(first, position, written) if make else written)


def climb(found: Tables, below: int, state: int, terminal: str) -> int:
    """The state after all transparent reductions in a row, such as from a name up to a whole expression."""
    table, rules = found.states, found.rules
    while (action := table[state].get(terminal)) is not None and action < 0:
        rule = rules[~action]
        if rule.size != 1 or rule.through != 0:
            break
        state = table[below][rule.origin]
    return state
