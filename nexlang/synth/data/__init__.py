"""Rows and requests for each kit, made from the plan's seed."""

from __future__ import annotations

from nexlang.synth.data.base import Maker, Request
from nexlang.synth.data.bookings import BookingsMaker
from nexlang.synth.data.inventory import InventoryMaker
from nexlang.synth.data.orders import OrdersMaker
from nexlang.synth.plan import Plan

MAKERS: dict[str, type[Maker]] = {"orders": OrdersMaker, "bookings": BookingsMaker, "inventory": InventoryMaker}


def make(plan: Plan) -> tuple[dict[str, list[dict[str, object]] | int], list[Request]]:
    """The world (slot → rows or value) and the requests in order, those for training first."""
    maker = MAKERS[plan.kit](plan)
    requests = maker.requests()
    return maker.world(), requests
