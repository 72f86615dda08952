"""Prompts reach data and nothing else."""

from __future__ import annotations

import pytest

from nexlang.runtime.code import AgentFailure
from nexlang.runtime.prompts import render_prompt


def test_values_are_shown_as_the_language_shows_them() -> None:
    values = {"t": "a<b", "r": {"items": [1, 2.5], "keys": None}, "ok": True}
    assert render_prompt("{{ t }} {{ r.items }} {{ r }} {{ ok }} {{ r.keys }}", values) == (
        'a<b [1, 2.5] {"items": [1, 2.5], "keys": null} true null'
    )


def test_loops_and_conditions() -> None:
    source = "{% for x in xs %}{{ loop.index }}:{{ x.n }}{% if not loop.last %}, {% endif %}{% endfor %}"
    assert render_prompt(source, {"xs": [{"n": "a"}, {"n": "b"}]}) == "1:a, 2:b"


@pytest.mark.parametrize(
    "source",
    [
        "{{ t.__class__ }}",
        "{{ t.upper() }}",
        "{{ r.items() }}",
        "{{ ''['__class__'] }}",
        "{{ r['__class__'] }}",
        "{{ missing }}",
        "{{ r.missing }}",
        "{{ xs.append(1) }}",
        "{{ t|attr('__class__') }}",
        "{% include 'x' %}",
        "{{ range(9) }}",
        "{{ cycler.__init__ }}",
        "{{ 1 // 0 }}",
    ],
)
def test_there_is_no_way_out(source: str) -> None:
    with pytest.raises(AgentFailure):
        render_prompt(source, {"t": "x", "r": {"a": 1}, "xs": [1]})
