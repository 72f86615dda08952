"""Description → plan, by patterns over a lexicon. Whatever is demanded and not found there is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nexlang.synth import lexicon
from nexlang.synth.lexicon import KITS, NUMBER, Kit, Rule, Tool
from nexlang.synth.plan import Difficulty, Node, Plan, Unserved, plural
from nexlang.synth.tree import tree_of

MAX_TASKS, MAX_ROWS = 400, 500
SERVED = "; ".join(f"{kit.name} ({kit.summary})" for kit in KITS)
VALUES = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
        range(1, 13),
        strict=True,
    )
) | {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
CAN = r"\b(?:can|handles?|handling|supports?|supporting|offers?|able to|allows?|lets? \w+|with|including)\s+([^.;:]+)"
SPECIALIST = r"\b([a-z]+) (?:specialist|delegate|sub-agent|subagent|expert)s?\b"
DENIED = r"\b(?:no|without|not)\s+(?:any\s+|an?\s+|the\s+)?"
WORD = r"[a-zäöüß]+(?:-[a-zäöüß]+)*"


@dataclass
class Text:
    """The description in small letters, which characters of it have been understood, and which numbers are used up."""

    text: str
    taken: list[tuple[int, int]] = field(default_factory=list)
    numbers: list[tuple[int, int]] = field(default_factory=list)

    def find(self, pattern: str) -> re.Match[str] | None:
        """The first match whose number `n` has not been used yet; it is used up now."""
        for match in re.finditer(pattern, self.text):
            if not _overlap(match.span("n"), self.numbers):
                self.taken.append(match.span())
                self.numbers.append(match.span("n"))
                return match
        return None

    def overlaps(self, span: tuple[int, int]) -> bool:
        """Whether some of it has been understood."""
        return _overlap(span, self.taken)

    @property
    def words(self) -> list[str]:
        return re.findall(WORD, self.text)

    def has(self, words: Iterable[str]) -> bool:
        return not set(words).isdisjoint(self.words)


def _overlap(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def read(description: str, seed: int = 0) -> Plan:
    """The plan that a description asks for. Raises `Unserved` with the name of what it asks in vain."""
    text = Text(" ".join(re.sub(r"\bin order to\b|['’]s\b", "", description.lower()).split()))
    if not text.words:
        raise Unserved(f"the description has no words; what can be served: {SERVED}")
    refuse_unserved(text)
    kit = choose_kit(text)
    nouns = {noun: choose_noun(text, others) for noun, others in kit.nouns.items()}
    language = choose_language(text)
    rules = read_rules(text, kit, nouns)
    tasks = read_count(text, rf"(?P<n>{NUMBER}) (?:\w+ )?(?:{lexicon.TASK_WORDS})\b", 24, 4, MAX_TASKS, "tasks")
    held_out = read_held_out(text, tasks)
    tools = choose_tools(text, kit, {rule.tool for rule in kit.rules if rule.name in rules})
    refuse_unknown_abilities(text, kit, nouns)
    rows = read_rows(text, kit, nouns, tasks)
    return Plan(
        kit=kit.name,
        nouns=nouns,
        tools=tuple(tool.name for tool in tools),
        rules=rules,
        rows=rows,
        tasks=tasks,
        held_out=held_out,
        difficulty=choose_difficulty(text),
        tree=choose_tree(text, tools),
        language=language,
        seed=seed,
        unused=unused_words(text, kit, nouns),
    )


def number(text: str) -> int:
    return VALUES[text] if text in VALUES else int(re.sub(r"[,_]", "", text))


# ---- what is refused


def refuse_unserved(text: Text) -> None:
    words = {match[2] for match in re.finditer(rf"({DENIED})?\b({WORD})", text.text) if not match[1]}
    asked = {what: sorted(words.intersection(kinds.split())) for what, kinds in lexicon.UNSERVED.items()}
    named = [f"{what} (“{'”, “'.join(found)}”)" for what, found in asked.items() if found]
    if named:
        raise Unserved(f"cannot serve {', '.join(named)}; what can be served: {SERVED}")


def refuse_unknown_abilities(text: Text, kit: Kit, nouns: dict[str, str]) -> None:
    """`can X, Y and Z`: each of them must hold a word that the plan knows."""
    known = known_words(kit, nouns)
    for match in re.finditer(CAN, text.text):
        for part in re.split(r",| and | or ", match[1]):
            words = [w for w in re.findall(WORD, part) if w not in lexicon.STOP]
            if words and known.isdisjoint(words):
                abilities = ", ".join(tool.name for tool in kit.tools)
                raise Unserved(
                    f"cannot serve “{part.strip()}”; std.kits.{kit.name} has {kit.lookup}, {abilities}, decline"
                )


def refuse_rules(text: Text, kit: Kit) -> None:
    """What sounds like a rule and was read by no pattern."""
    for clause in re.finditer(r"[^.;,]+", text.text):
        mark = re.search(lexicon.RULE_MARKS, clause[0])
        if mark and not text.overlaps(clause.span()):
            said = "; ".join(rule.says for rule in kit.rules)
            raise Unserved(f"cannot serve the rule “{clause[0].strip()}”; rules of {kit.name}: {said}")


# ---- choices


def choose_kit(text: Text) -> Kit:
    """The kit that most words choose; `shop` and the like count half, as other kits have shops, too."""
    words = set(text.words)
    weights = {kit.name: sum(1 if word in lexicon.WEAK else 2 for word in kit.words & words) for kit in KITS}
    kit, other = sorted(KITS, key=lambda kit: -weights[kit.name])[:2]
    best, second = weights[kit.name], weights[other.name]
    if best == 0:
        raise Unserved(f"no kit serves “{text.text[:80]}”; what can be served: {SERVED}")
    if second == best or second >= 6:
        asked = [f"{k.name} (“{'”, “'.join(sorted(k.words & words))}”)" for k in (kit, other)]
        raise Unserved(f"a program has one kit, and the description asks for {' and '.join(asked)}")
    return kit


def choose_noun(text: Text, names: Sequence[str]) -> str:
    """The name that the description counts, else the one that it uses first, else the kit's own."""
    places = {}
    for name in names:
        if match := re.search(rf"(?P<n>\b{NUMBER} )?\b(?:{name}|{plural(name)})\b", text.text):
            places[name] = (match["n"] is None, match.start())
    return min(places, key=lambda name: places[name]) if places else names[0]


def choose_language(text: Text) -> str:
    for word in text.words:
        if word in lexicon.OTHER_LANGUAGES:
            served = ", ".join(lexicon.LANGUAGES.values())
            raise Unserved(f"cannot serve failures in {word.capitalize()}; they can be in {served}")
    named = [lexicon.LANGUAGES[word] for word in text.words if word in lexicon.LANGUAGES]
    return named[0] if named else "English"


def choose_difficulty(text: Text) -> Difficulty:
    if text.has(("hard", "difficult", "challenging")):
        return "hard"
    return "easy" if text.has(("easy", "simple")) else "mixed"


def choose_tools(text: Text, kit: Kit, ruled: set[str]) -> list[Tool]:
    """The actions that the description names and those that its rules are about; all of the kit's where it names none
    but in a rule."""
    said = {m[0] for m in re.finditer(WORD, text.text) if not text.overlaps(m.span())}
    named = {tool.name for tool in kit.tools if not said.isdisjoint(tool.asks)}
    return [tool for tool in kit.tools if not named or tool.name in named | ruled]


def choose_tree(text: Text, tools: list[Tool]) -> Node:
    levels = text.find(rf"\b(?P<n>{NUMBER})(?: |-)levels?\b")
    delegates = text.find(rf"\b(?P<n>{NUMBER}) (?:{lexicon.DELEGATE_WORDS})\b")
    agents = text.find(rf"\b(?P<n>{NUMBER}) agents?\b")
    wanted = number(delegates["n"]) if delegates else number(agents["n"]) - 1 if agents else 0
    named = named_specialists(text, tools)
    return tree_of(tools, number(levels["n"]) if levels else 0, wanted or named, planned=text.has(lexicon.PLANNERS))


def named_specialists(text: Text, tools: list[Tool]) -> int:
    """How many of them the description calls by what they do."""
    found = set()
    for match in re.finditer(SPECIALIST, text.text):
        name = match[1]
        if name in lexicon.STOP or name in VALUES:
            continue
        able = [tool.name for tool in tools if name in tool.asks]
        if not able:
            raise Unserved(f"cannot serve a “{match[0]}”; the tools are {', '.join(tool.name for tool in tools)}")
        found.add(able[0])
    return len(found)


# ---- numbers


def read_count(text: Text, pattern: str, default: int, low: int, high: int, what: str) -> int:
    match = text.find(pattern)
    value = number(match["n"]) if match else default
    if not low <= value <= high:
        raise Unserved(f"cannot serve {value} {what}; from {low} to {high} can be made")
    return value


def read_held_out(text: Text, tasks: int) -> int:
    match = text.find(
        rf"(?P<n>{NUMBER})(?: of them| tasks)? (?:held out|for testing|for tests|for the test)"
    ) or text.find(rf"hold(?:ing)? out (?P<n>{NUMBER})")
    value = number(match["n"]) if match else max(1, tasks // 4)
    if value >= tasks:
        raise Unserved(f"cannot hold out {value} of {tasks} tasks: at least one is for training")
    return value


def read_rows(text: Text, kit: Kit, nouns: dict[str, str], tasks: int) -> dict[str, int]:
    """Rows for every noun; each task has a main row of its own, so there are at least as many."""
    rows = {}
    for noun, default in kit.rows.items():
        name = nouns[noun]
        low = tasks if noun == kit.main else lexicon.FEWEST.get(noun, 1)
        pattern = rf"\b(?P<n>{NUMBER}) (?:{plural(name)}|{name})\b"
        rows[noun] = read_count(text, pattern, max(default, low), low, MAX_ROWS, f"{plural(name)} for {tasks} tasks")
    return rows


def read_rules(text: Text, kit: Kit, nouns: dict[str, str]) -> dict[str, int]:
    """The kit's constants that the description sets, in the kit's order."""
    found = {}
    for rule in kit.rules:
        match = next((m for pattern in rule.patterns if (m := text.find(filled(pattern, kit, nouns)))), None)
        if match:
            found[rule.name] = rule_value(rule, match)
    refuse_rules(text, kit)
    return found


def filled(pattern: str, kit: Kit, nouns: dict[str, str]) -> str:
    person = nouns[next(iter(kit.nouns))]
    names = {"n": NUMBER, "mains": plural(nouns[kit.main]), "person": person, "persons": plural(person)}
    return re.sub(r"\{(n|mains|persons?)\}", lambda match: names[match[1]], pattern)


def rule_value(rule: Rule, match: re.Match[str]) -> int:
    value = number(match["n"])
    if rule.money and not match["unit"].startswith("cent"):
        value *= 100
    if not rule.low <= value <= rule.high:
        raise Unserved(f"cannot serve “{match[0]}”: {rule.name} is from {rule.low} to {rule.high}")
    return value


# ---- what is left over


def known_words(kit: Kit, nouns: dict[str, str]) -> set[str]:
    names = {form for noun in nouns.values() for form in (noun, plural(noun))}
    asks = {word for tool in kit.tools for word in tool.asks}
    return (
        set(kit.words)
        | names
        | asks
        | lexicon.PLANNERS
        | {"find", "look", "check", "track", "status", "decline", "refuse", "lookup"}
    )


def unused_words(text: Text, kit: Kit, nouns: dict[str, str]) -> tuple[str, ...]:
    """Words that changed nothing, in order, each once."""
    known = known_words(kit, nouns) | lexicon.STOP | set(lexicon.LANGUAGES) | lexicon.PLANNERS
    left = [m[0] for m in re.finditer(WORD, text.text) if not text.overlaps(m.span()) and m[0] not in known]
    return tuple(dict.fromkeys(left))
