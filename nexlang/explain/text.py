"""An explanation as text for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from nexlang.explain.subject import Data
from nexlang.explain.words import duration

WIDTH, LABEL = 100, 13
ACTIVE = ("fn", "tool", "world", "agent", "environment")
"""The kinds of declarations that do something."""
AGENT_KINDS = {"model": "asks a model", "rules": "rules", "flow": "a flow"}


def explanation(data: Data) -> str:
    """What `subject.explain` gives, to be read."""
    lines = [data.get("signature") or _headline(data), f"  {data['file']}:{data['line']}", ""]
    for line in (data.get("doc") or "").splitlines():
        lines.append(f"  {line}".rstrip())
    if data.get("doc"):
        lines.append("")
    for label, values in _rows(data):
        lines += row(label, values)
    return "\n".join(lines).rstrip() + "\n"


def row(label: str, values: str | Iterable[str]) -> list[str]:
    """A label and what belongs to it: each value on its own line, long ones wrapped."""
    given = [values] if isinstance(values, str) else list(values)
    lines = []
    for value in given:
        for at, part in enumerate(wrap(value, WIDTH - LABEL, break_on_hyphens=False) or [""]):
            lines.append(f"{label:<{LABEL}}{'' if at == 0 else '  '}{part}".rstrip())
            label = ""
    return lines


def _headline(data: Data) -> str:
    if data["kind"] == "part":
        return f"{data['name']}, of {'an' if data['of'][0] in 'aeiou' else 'a'} {data['of']}"
    return f"{data['kind']} {data['name']}"


def _rows(data: Data) -> Iterator[tuple[str, str | list[str]]]:
    if "agent_kind" in data:
        yield from agent_rows(data)
    if data.get("extern"):
        yield from extern_rows(data["extern"])
    if "effects" in data:
        yield from effect_rows(data["effects"])
    if data.get("around"):
        yield "around it", [f"{each['name']} ({each['trigger']})" for each in data["around"]]
    if data.get("failures"):
        yield "fails with", [_failure(each) for each in data["failures"]]
    yield from _environment_rows(data)
    yield from _declaration_rows(data)
    if data.get("budget"):
        yield "at most", budget_lines(data["budget"])
    if data.get("used_by") or "effects" in data:
        yield "used by", [use_line(use) for use in data["used_by"]] or "nothing"


def extern_rows(extern: Data) -> Iterator[tuple[str, str]]:
    yield "answers", f'from {extern["source"]} "{extern["address"]}"'
    yield "needs", ", ".join(extern["needs"]) or "no capability"
    if extern["options"]:
        yield "with", ", ".join(f"{name}: {_option(name, value)}" for name, value in extern["options"].items())


def effect_rows(effects: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if effects["pure"]:
        yield "pure", "the same arguments give the same" + (", or fail alike" if effects["fails"] else "")
        return
    yield "reads", ", ".join(effects["reads"]) or "nothing"
    yield "writes", ", ".join(effects["writes"]) or "nothing"
    more = [name for name in ("fails", "chance") if effects[name]]
    if effects["plays"]:
        more.append("whatever the recorded calls do")
    if more:
        yield "may", ", ".join({"fails": "fail", "chance": "take chances"}.get(each, each) for each in more)
    for name in ("asks", "extern"):
        if effects[name]:
            yield name, ", ".join(effects[name])


def agent_rows(data: Data) -> Iterator[tuple[str, str | list[str]]]:
    yield "kind", AGENT_KINDS[data["agent_kind"]] + (f" ({data['model']})" if data["model"] else "")
    for key in ("tools", "delegates"):
        if data[key]:
            yield key, ", ".join(_held(each) for each in data[key])
    if data["calls"]:
        yield "calls", ", ".join(data["calls"])
    if data["plays"]:
        yield "plays", data["plays"]
    if data.get("grants") is not None:
        yield "grants", ", ".join(data["grants"]) or "nothing"
    if data["memory"]:
        yield "memory", ", ".join(data["memory"])
    if data["limits"]:
        names = {"time_ms": "time"}
        yield "limits", ", ".join(f"{names.get(k, k)}: {_limit(k, v)}" for k, v in data["limits"].items())
    if prompt := data.get("prompt"):
        yield "begins with", prompt_line(prompt)


def prompt_line(prompt: Data) -> str:
    parts = [("prompt", prompt["tokens"]), ("turn", prompt["turn_tokens"]), ("schemas", prompt["schema_tokens"])]
    parts += [("result", prompt["result_tokens"])]
    said = ", ".join(f"{name} {count:,}" for name, count in parts if count)
    context = f"; its model reads {prompt['context']:,}" if prompt["context"] else ""
    return f"about {prompt['begins_with']:,} tokens ({said or 'nothing'}), and what its values hold{context}"


def _held(each: Data) -> str:
    fixed = ", ".join(f"{name}: {value}" for name, value in each["fixed"].items())
    return f"{each['name']}({fixed})" if fixed else str(each["name"])


def _limit(name: str, value: float) -> str:
    return duration(value) if name == "time_ms" else f"{value:,}"


def _option(name: str, value: Any) -> str:
    return duration(value) if name == "time" else json.dumps(value, ensure_ascii=False)


def _failure(each: Data) -> str:
    code = f"{each['code']}: " if each["code"] else ""
    return f"{code}{each['message']} (line {each['line']})"


def _environment_rows(data: Data) -> Iterator[tuple[str, str | list[str]]]:
    if "actors" in data:
        yield from course_rows(data)
        yield "actors", [_actor(each) for each in data["actors"]]
        if not data["setup"]["pure"]:
            yield "setup", "; ".join(f"{label} {value}" for label, value in effect_rows(data["setup"]))
        yield "reward", [*(component_line(each) for each in data["components"]), *_total(data["reward"])]
        if data["judges"]:
            yield "judges", data["judges"]
        if data["dynamics"]:
            yield "dynamics", data["dynamics"]
        if data["stages"]:
            yield "stages", [stage_line(each) for each in data["stages"]]
    elif "measure" in data:
        yield "measure", data["measure"]
        yield "range", interval(data["low"], data["high"])
        yield "weight", f"{data['weight']:g}"
        yield "adds", f"{interval(*data['adds'])}{when(data)}"
        yield "reads", ", ".join(data["reads"]) or "nothing of the world"


def course_rows(data: Data) -> Iterator[tuple[str, str]]:
    """How an episode goes: its world, its tasks, its time, when it is solved."""
    yield "world", data["world"]
    split = f", split by {data['split']}" if data["split"] else ""
    yield "tasks", f"{data['task']} from {data['source']}{split}"
    rounds = f"at most {data['rounds']} rounds" if data["rounds"] else ""
    yield "turns", ", ".join(filter(None, (data["turns"].replace("_", " "), rounds)))
    if data["clock"]:
        yield "clock", f"{'running' if data['clock']['runs'] else 'frozen'} from {data['clock']['start']}"
    if data["tick_ms"]:
        yield "tick", f"{duration(data['tick_ms'])} a round"
    if data["time_ms"]:
        yield "limit", f"{duration(data['time_ms'])} of simulated time"
    for key in ("solution", "success", "stop"):
        if data[key]:
            yield {"success": "solved", "stop": "stops when"}.get(key, key), data[key]


def stage_line(each: Data) -> str:
    parts = [f"tasks: {each['tasks']}"] if each["tasks"] else []
    parts += [f"{key}: {each[key]:g}" for key in ("noise", "depth") if each[key] is not None]
    until = f" until success >= {each['until']:.0%}" if each["until"] is not None else ""
    return str(each["name"]) + (f" ({', '.join(parts)})" if parts else "") + until


def _actor(each: Data) -> str:
    args = ", ".join(f"{name}: {value}" for name, value in each["args"].items())
    sees = f", which sees {', '.join(each['sees'])}" if each["sees"] else ""
    return f"{each['role']}: {each['agent']}({args}){sees}"


def component_line(each: Data) -> str:
    adds = f"adds {interval(*each['adds'])}{when(each)}" if each["weight"] else "is only measured"
    return f"{each['name']}: {interval(each['low'], each['high'])} × {each['weight']:g}, {adds}"


def when(each: Data) -> str:
    times = {"end": "", "round": " each round", "potential": " in all, as a potential"}[each["paid"]]
    return f"{times} for each actor" if each["own"] else times


def _total(reward: Data | None) -> list[str]:
    return [f"in all, at the end: {interval(reward['low'], reward['high'])}"] if reward else []


def interval(low: float | None, high: float | None) -> str:
    """`0 … 1`; a side that nothing bounds is ∞."""
    left = "-∞" if low is None else f"{low:g}"
    right = "∞" if high is None else f"{high:g}"
    return left if left == right else f"{left} … {right}"


def _declaration_rows(data: Data) -> Iterator[tuple[str, str | list[str]]]:
    if data.get("fields"):
        yield "fields", [_described(f"{each['text']}", each["doc"]) for each in data["fields"]]
    if data.get("rules"):
        yield "holds", data["rules"]
    if data.get("tag"):
        yield "told by", f'{data["tag"][0]}: "{data["tag"][1]}"'
    if data.get("slots"):
        yield "slots", [_described(f"{each['name']}: {each['type']}", each["doc"]) for each in data["slots"]]
    for each in data.get("processes") or ():
        said = "; ".join(f"{label} {value}" for label, value in effect_rows(each["effects"]))
        yield "moves", f"{each['name']}, {each['when']}: {said}"
    if data.get("cases"):
        yield "cases", ", ".join(str(case) for case in data["cases"])
    if data.get("type"):
        yield "type", data["type"]
    if data.get("target"):
        options = ", ".join(f"{name}: {value}" for name, value in data["options"].items())
        yield "stands for", data["target"] + (f" ({options})" if options else "")
    if data.get("learns"):
        yield "trains", f"{', '.join(data['learns'])} on {data['environment']}, from {data['base']}"
    for key, label in (("read_by", "read by"), ("written_by", "written by"), ("typed_by", "typed by")):
        if data.get(key):
            yield label, ", ".join(data[key])


def _described(text: str, doc: str) -> str:
    return f"{text}  # {doc.splitlines()[0]}" if doc else text


def use_line(use: Data) -> str:
    owner = f'"{use["by"]}"' if use["kind"] == "test" else use["by"]
    return f"{use['kind']} {owner} {use['how']} ({use['file']}:{use['line']})"


# ---------------------------------------------------------------- budgets


def budget_lines(budget: Data) -> list[str]:
    numbers = [("call", "of models", "model_calls"), ("call", "of tools", "tool_calls"), ("token", "written", "tokens")]
    said = [f"{many(budget[key])} {one}{'' if budget[key] == 1 else 's'} {label}" for one, label, key in numbers]
    said.append(f"depth {many(budget['depth'])}")
    if budget["time_ms"] is None or budget["time_ms"]:
        time = "no bound on" if budget["time_ms"] is None else duration(budget["time_ms"])
        said.append(f"{time} simulated time, latency aside")
    path = " → ".join(f"{each['agent']} ×{many(each['runs'])}" for each in budget["path"])
    return [", ".join(said), f"most of it: {path}"] if len(budget["path"]) > 1 else [", ".join(said)]


def many(number: float | None) -> str:
    return "any number of" if number is None else f"{number:,}"


def declared_lines(data: Data) -> list[str]:
    """What a declaration says itself: fields, slots, cases, what a type stands for, one line each."""
    lines = [f"  {each['text']}" for each in data.get("fields") or ()]
    lines += [f"  {each['name']}: {each['type']}" for each in data.get("slots") or ()]
    lines += [f"  {each['name']}, {each['when']}" for each in data.get("processes") or ()]
    lines += [f"  {case}" for case in data.get("cases") or ()]
    lines += [f"  {each['name']}: {each['doc']}" for each in data.get("params") or () if each["doc"]]
    lines += [f"  {data['type']}"] if data.get("type") else []
    lines += [f"  {component_line(each)}" for each in data.get("components") or ()]
    return lines
