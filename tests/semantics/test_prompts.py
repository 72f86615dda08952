"""Prompts: names, fields, optionals, filters, and the exact place of each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexlang.compiler import Compilation
from nexlang.diagnostics import Diagnostic, Source
from nexlang.runtime.prompts import render_prompt
from nexlang.semantics.prompts import check_template
from nexlang.semantics.types import CALL, FLOAT, INT, JSON, MESSAGE, TEXT, Core, List, Map, Optional
from tests.semantics.programs import checked, type_of

PROGRAM = """
enum Status { pending, paid }
record Person { name: Text, email: Text? }
record Item { sku: Text, price: Float }
record Order { id: Text, status: Status, items: [Item], buyer: Person?, counts: {Text: Int} }
record Card { id: Text, brand: Text }
record Gift { id: Text, balance: Float }
union Method by kind { card: Card, gift: Gift }
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Compilation:
    return checked(PROGRAM, tmp_path_factory.mktemp("program"))


def check(text: str, program: Compilation, multiline: bool = True) -> tuple[Core | None, list[Diagnostic], str]:
    names = {
        "order": type_of(program, "Order"),
        "person": Optional(type_of(program, "Person")),
        "method": type_of(program, "Method"),
        "n": INT,
        "x": FLOAT,
        "who": TEXT,
        "xs": List(INT),
        "m": Map(TEXT, FLOAT),
        "calls": List(CALL),
        "messages": List(MESSAGE),
        "any": JSON,
    }
    file = f"prompt: {text}"
    core, diagnostics = check_template(text, 8, Source("f.nex", file), names, multiline)
    return core, diagnostics, file


GOOD = [
    "",
    "Plain text with { braces } and 100%.",
    "{{ order.id }} {{order.status}} {{ who }} {{ n + 1 }} {{ x / 2 }} {{ who ~ n }}",
    "{{ order | json }} {{ order.items | tojson }} {{ person | json }} {{ xs }} {{ m }} {{ any }}",
    "{% if person %}{{ person.name }}{% endif %}",
    "{% if not person %}nobody{% else %}{{ person.name }}{% endif %}",
    "{% if person is none %}nobody{% elif person.email %}{{ person.email | upper }}{% endif %}",
    "{% if person and person.email %}{{ person.email | lower }}{% endif %}",
    "{{ person.name if person else 'nobody' }}",
    "{{ person.name if person is not none else 'nobody' }} {{ person and person.name }}",
    "{% if order.buyer != none %}{{ order.buyer.name }}{% endif %}",
    "{% for item in order.items %}{{ loop.index }}. {{ item.sku }} {{ item.price | round(2) }}\n{% endfor %}",
    "{% for item in order.items if item.price > 1 %}{{ item.sku }}{% else %}nothing{% endfor %}",
    "{% for k, v in m | items %}{{ k }}: {{ v }}{% endfor %}{% for k in m %}{{ k }}{% endfor %}",
    "{{ xs | join(', ') }} {{ xs | length }} {{ xs | sort | first }} {{ xs | sort(reverse=true) | last }}",
    "{{ who | default('x') }} {{ person | default('nobody') }} {{ order | tojson }} {{ who | indent(4) }}",
    "{{ calls[0].tool }} {{ messages[0].text }} {{ any.whatever.there }} {{ m['a'] }} {{ order['id'] }}",
    "{% for c in calls if c.failed %}{{ c.tool }}{% endfor %} {{ n is even }} {{ 'a' if n > 3 else 'b' }} {{ -n }}",
    "{# a comment {{ nothing }} #}{% raw %}{{ nothing }}{% endraw %}{{- n -}}",
    "{{ method.id }} {{ who == order.id }} {{ n in xs }} {{ [n, 2] | length }} {{ xs[1:2] }}",
]

BAD = [
    ("{{ policy }}", "NEX0511", "policy", None),
    ("{{ ordr.id }}", "NEX0511", "ordr", "order"),
    ("a\n  b {{ order.idd }}", "NEX0512", "idd", "id"),
    ("{{ order . idd }}", "NEX0512", "idd", "id"),
    ("{{ who.length }}", "NEX0512", "length", None),
    ("{{ m.price }}", "NEX0512", "price", None),
    ("{{ order['idd'] }}", "NEX0512", "idd", "id"),
    ("{{ method.balance }}", "NEX0512", "balance", None),
    ("{{ person.name }}", "NEX0513", "name", None),
    ("{{ order.buyer.name }}", "NEX0513", "name", None),
    ("{% if person %}{% endif %}{{ person.name }}", "NEX0513", "name", None),
    ("{% if n %}{{ person.name }}{% endif %}", "NEX0513", "name", None),
    ("{% if person or n %}{{ person.name }}{% endif %}", "NEX0513", "name", None),
    ("{% if person %}{{ person.email | upper }}{% endif %}", "NEX0513", "upper", None),
    ("{{ m['a'] + 1 }}", "NEX0513", "m", None),
    ("{% for x in n %}{{ x }}{% endfor %}", "NEX0514", "n", None),
    ("{% for x in order.id %}{{ x }}{% endfor %}", "NEX0514", "order.id", None),
    ("{% for p in person %}{{ p }}{% endfor %}", "NEX0513", "person", None),
    ("{% for k, v in m %}{{ k }}{% endfor %}", "NEX0516", "m", None),
    ("{% for a, b in xs %}{{ a }}{% endfor %}", "NEX0516", "xs", None),
    ("{% for i in order.items %}{{ i.prise }}{% endfor %}", "NEX0512", "prise", "price"),
    ("{% for i in order.items %}{% endfor %}{{ i.sku }}", "NEX0511", "i", None),
    ("{% for i in xs %}{{ loop.indx }}{% endfor %}", "NEX0512", "indx", "index"),
    ("{{ xs | joi(', ') }}", "NEX0515", "joi", "join"),
    ("{{ n is evn }}", "NEX0515", "evn", "even"),
    ("{{ n | upper }}", "NEX0516", "upper", None),
    ("{{ xs | join(2) }}", "NEX0516", "2", None),
    ("{{ who | upper(1) }}", "NEX0516", "upper", None),
    ("{{ xs | sort(revers=true) }}", "NEX0516", "revers", "reverse"),
    ("{{ n[0] }}", "NEX0516", "[", None),
    ("{{ who.upper() }}", "NEX0517", "upper", None),
    ("{{ range(3) }}", "NEX0517", "range", None),
    ("{{ who.__class__ }}", "NEX0517", "__class__", None),
    ("{{ order.items[0]._x }}", "NEX0517", "_x", None),
    ("{% set a = 1 %}", "NEX0518", "set", None),
    ("{% macro f() %}{% endmacro %}", "NEX0518", "macro", None),
    ("{% include 'x' %}", "NEX0518", "include", None),
    ("{% import 'x' as y %}", "NEX0518", "import", None),
    ("{% extends 'x' %}", "NEX0518", "extends", None),
    ("{{ n + who }}", "NEX0519", "n", None),
    ("{{ n < who }}", "NEX0519", "n", None),
    ("{{ order.id * 2 }}", "NEX0519", "order.id", None),
    ("a {{ n ", "NEX0510", "{{", None),
    ("a {% if n %} b", "NEX0510", "if", None),
    ("a {% fi n %} b", "NEX0510", "fi", None),
    ("a {{ n + }} b", "NEX0510", "}}", None),
    ("a {{ n @ 3 }} b", "NEX0510", "@", None),
    ("{% if n %}{% endfor %}", "NEX0510", "endfor", None),
    ("{{ " * 300, "NEX0510", None, None),
    ('\\" {{ ordr }} \\n {# x #}', "NEX0511", "ordr", "order"),
    ("a\r\nb {{ ordr }}\r\n{% if n %}{% endif %}", "NEX0511", "ordr", "order"),
    ("\\u{1f600} \\{{ x }} {{ whoo }}{% if n %}{% endif %}", "NEX0511", "whoo", "who"),
    ("a \\q {{ n }}", "NEX0122", "\\q", "\\\\q"),
]


@pytest.mark.parametrize("text", GOOD)
def test_good_prompts(text: str, program: Compilation) -> None:
    core, diagnostics, _ = check(text, program)
    assert [d.message for d in diagnostics] == []
    assert core is not None


@pytest.mark.parametrize(("text", "code", "marked", "suggested"), BAD)
def test_one_mistake(text: str, code: str, marked: str | None, suggested: str | None, program: Compilation) -> None:
    _, found, file = check(text, program)
    assert [d.code for d in found] == [code]
    if marked is not None:
        assert file[found[0].span.start : found[0].span.end] == marked
    assert (found[0].fixes[0].edits[0].text if found[0].fixes else None) == suggested


def test_five_mistakes_give_five(program: Compilation) -> None:
    _, found, _ = check("{{ a }} {{ order.b }} {{ person.name }} {{ n | c }} {{ who.d() }}", program)
    assert [d.code for d in found] == ["NEX0511", "NEX0512", "NEX0513", "NEX0515", "NEX0517"]


def test_the_core_is_dedented_and_names_what_it_uses(program: Compilation) -> None:
    core, _, _ = check("\n    Dear {{ who }},\n      {{ order.id }} {{ who }}\n  ", program)
    assert core == {"source": "Dear {{ who }},\n  {{ order.id }} {{ who }}", "names": ["who", "order"]}
    core, _, _ = check("  {{ who }} ", program, multiline=False)
    assert core == {"source": "  {{ who }} ", "names": ["who"]}
    core, _, _ = check("{% for i in xs %}{{ i }}{{ n }}{% endfor %}", program)
    assert core is not None and core["names"] == ["xs", "n"]


VALUES = {"who": "Ann", "n": 2, "person": None, "m": {"a": 1.5}, "xs": [3, 1]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\{{ who }} \{% if %} {{ who }}", "{{ who }} {% if %} Ann"),
        ('one\\ntwo \\"{{ who }}\\"', 'one\ntwo "Ann"'),
        ("{{ person | default('nobody') }} {{ person | json }}", "nobody null"),
        ("{% for k, v in m | items %}{{ k }}={{ v }}{% endfor %}", "a=1.5"),
        ("{{ m | tojson }} {{ xs | sort | join('-') }}", '{"a": 1.5} 1-3'),
        ("{{ who | upper }} {{ n / 4 }} {{ who ~ n }}", "ANN 0.5 Ann2"),
    ],
)
def test_what_is_checked_is_what_is_rendered(text: str, shown: str, program: Compilation) -> None:
    core, diagnostics, _ = check(text, program)
    assert diagnostics == [] and core is not None
    assert render_prompt(core["source"], VALUES) == shown


def test_plain_prompts_do_without_jinja2(tmp_path: Path) -> None:
    import subprocess
    import sys

    script = (
        "import sys; from nexlang.diagnostics import Source; from nexlang.semantics.prompts import check_template;"
        "from nexlang.semantics.types import TEXT; check_template('{{ a }}', 0, Source('f', ''), {'a': TEXT});"
        "sys.exit('jinja2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "marked", "what"),
    [
        ("Help with {{ order }}.", "{{ order }}", "an `Order`"),
        ("{{ order.items }}", "{{ order.items }}", "a list of records"),
        ("{% if person %}{{ person }}{% endif %}", "person", "a `Person`"),
        ("{% for c in calls %}{{ c }}{% endfor %}", "c", "a `Call`"),
        ("{{ method }}", "{{ method }}", "a `Method`"),
    ],
)
def test_a_record_printed_raw(text: str, marked: str, what: str, program: Compilation) -> None:
    core, (found,), file = check(text, program)
    assert core is not None
    assert (found.code, found.severity) == ("NEX0529", "warning")
    assert found.message == f"the prompt prints {what} as it is"
    assert file[found.span.start : found.span.end] == marked
    (edit,) = found.fixes[0].edits
    mended = text[: edit.span.start - 8] + edit.text + text[edit.span.start - 8 :]
    assert check(mended, program)[1] == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("{{ who ~ order.items }}", "order.items"),
        ("{{ who ~ (n > 1) }}", "n"),
        ("{{ order.items | join(', ') }}", "join"),
        ("{{ order.items | sort }}", "sort"),
        ("{{ n is divisibleby('a') }}", "'a'"),
        ("{% if who is even %}x{% endif %}", "even"),
        ("{{ m[3] }}", "3"),
    ],
)
def test_what_jinja_would_show_or_refuse_in_its_own_way(text: str, marked: str, program: Compilation) -> None:
    _, (found,), file = check(text, program)
    assert found.code == "NEX0516"
    assert file[found.span.start : found.span.end] == marked
