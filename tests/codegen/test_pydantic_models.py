"""Pydantic models of records, made from the IR."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from nexlang import compile
from nexlang.ir.pydantic_models import pydantic_model

THING = {"code": "K001", "class": "x", "level": "low", "parts": {"a": {"kind": "frame", "colour": "red", "weight": 1}}}


@pytest.fixture(scope="module")
def thing() -> type[BaseModel]:
    return pydantic_model(compile(Path(__file__).parent / "kitchen.nex").program, "Thing")


def test_it_takes_what_the_program_takes(thing: type[BaseModel]) -> None:
    made = thing.model_validate({**THING, "tags": []})
    assert made.model_dump() == {
        **THING, "tags": [], "share": 0.5, "spans": [], "note": None,
        "parts": {"a": {"kind": "frame", "colour": "red", "weight": 1.0}},
    }  # fmt: skip


@pytest.mark.parametrize(
    "change", [{"code": "K1"}, {"level": "middle"}, {"tags": "a"}, {"more": 1}, {"parts": {"a": {"kind": "door"}}}]
)
def test_it_refuses_the_rest(thing: type[BaseModel], change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        thing.model_validate({**THING, "tags": [], **change})
