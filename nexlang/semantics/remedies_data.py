"""Ways out for data files: values that are quoted and should not be, or the other way round, and absent fields."""

from __future__ import annotations

import re

from nexlang.diagnostics import codes_data as data
from nexlang.semantics.remedies import Place, remedy

NUMBER = re.compile(r'"(-?[0-9]+(?:\.[0-9]+)?)"')


@remedy(data.DATA_TYPE)
def value(place: Place) -> None:
    quoted = NUMBER.fullmatch(place.marked)
    expected = place.value("expected")
    if quoted and ("Int" in expected or "Float" in expected or "number" in expected):
        place.found.replace("make it a number", quoted[1], "unsafe")
    elif place.marked.strip('"') in ("true", "false") and place.marked.startswith('"') and "Bool" in expected:
        place.found.replace("make it a truth value", place.marked.strip('"'), "unsafe")
    elif re.fullmatch(r"-?[0-9.]+|true|false", place.marked) and "ext" in expected:
        place.found.replace("make it a text", f'"{place.marked}"', "unsafe")


@remedy(data.DATA_FIELD_MISSING)
def field(place: Place) -> None:
    start = place.found.span.start
    if place.text.startswith("{", start):
        comma = "" if place.text[start + 1 :].lstrip().startswith("}") else ", "
        place.show("give it", place.edit(start + 1, start + 1, f'"{place.value("name")}": …{comma}'))
