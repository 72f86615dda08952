"""The parser: a loop over the LALR tables that builds the tree as it goes, and stops at the first mistake.

What happens after a mistake is in `recovery`, which reads the file a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nexlang.syntax import lexer
from nexlang.syntax.build import BUILD, listing
from nexlang.syntax.lexer import COMMENT, KEY, MARK, NAME, SCAN, TERMINALS, TOKENS
from nexlang.syntax.nodes import Comment
from nexlang.syntax.tables import Rule, Tables, tables

# Entries on the parser's stack, about three for each level of nesting.
MAX_STACK = 400


@dataclass(slots=True)
class Stopped:
    """The parser met something at `at` that it cannot take."""

    at: int


def run(start: str, text: str, begin: int, stop: int, comments: list[Comment]) -> Any:
    """The node for `text[begin:stop]` from the start symbol `start`, or where it stopped."""
    found = tables()
    table, rules, words, marks = found.states, found.rules, found.words, found.marks
    shortcuts, reserved = found.shortcuts, found.reserved
    goal = found.ends[start]
    state = found.starts[start]
    states, values, starts = [state], [], []
    position = end = begin
    scan = SCAN.match
    while True:
        token = scan(text, position, stop)
        if token is None:
            return Stopped(position)
        group = token.lastindex
        row = table[state]
        if group == KEY and "KEY" in row:
            terminal, first, position = "KEY", token.start(NAME), token.end()
        elif group <= KEY:
            first, position = token.span(NAME)
            terminal = words.get(token[NAME])
            if terminal is None or terminal not in row:
                terminal = "VARIABLE" if "VARIABLE" in row and token[NAME] not in reserved else "NAME"
        elif group == COMMENT:
            first, position = token.span(COMMENT)
            comments.append(Comment(first, position, token[COMMENT].rstrip()))
            continue
        else:
            first, position = token.span(group)
            terminal = marks[token[MARK]] if group == MARK else TERMINALS[group]
        while True:
            action = row.get(terminal)
            if action is None:
                return Stopped(first)
            if action >= 0:
                break
            rule = rules[-action - 1]
            size = rule.size
            if size == 1 and rule.through == 0:
                below = states[-2]
                hop = (below, state, terminal)
                target = shortcuts.get(hop)
                if target is None:
                    target = shortcuts[hop] = climb(found, below, state, terminal)
                states[-1] = state = target
            elif size:
                begun = starts[-size]
                value = reduce(rule, begun, end, values[-size:])
                del states[-size:], values[-size:], starts[-size:]
                state = table[states[-1]][rule.origin]
                states.append(state)
                values.append(value)
                starts.append(begun)
            else:
                state = table[state][rule.origin]
                states.append(state)
                values.append(reduce(rule, end, end, []))
                starts.append(first)
            if state == goal and terminal == "$END":
                return values[-1]
            row = table[state]
        if len(states) > MAX_STACK:
            return Stopped(first)
        state = action
        end = position
        make = TOKENS.get(terminal)
        states.append(state)
        starts.append(first)
        values.append(make(first, end, text[first:end]) if make else token[NAME] or token[MARK])


def climb(found: Tables, below: int, state: int, terminal: str) -> int:
    """The state after all transparent reductions in a row, such as from a name up to a whole expression."""
    table, rules = found.states, found.rules
    while (action := table[state].get(terminal)) is not None and action < 0:
        rule = rules[-action - 1]
        if rule.size != 1 or rule.through != 0:
            break
        state = table[below][rule.origin]
    return state


def reduce(rule: Rule, start: int, end: int, values: list[Any]) -> Any:
    """The value of a rule, from the values of its symbols."""
    if rule.through >= 0:
        return values[rule.through]
    children: list[Any] = []
    plan = rule.plan
    if rule.grows:
        children, plan = values[0], plan[1:]
    for part in plan:
        if part is None:
            children.append(None)
        elif part[1]:
            children += values[part[0]]
        else:
            children.append(values[part[0]])
    if rule.inlined:
        return children
    if rule.collapse and len(children) == 1:
        return children[0]
    return BUILD.get(rule.build, listing)(start, end, *children)


__all__ = ["Stopped", "lexer", "run"]
