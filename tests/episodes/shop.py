"""A small shop by hand: the shape of what the compiler makes, without the compiler."""

from __future__ import annotations

from typing import Any

from nexlang.ir import model as ir
from nexlang.runtime.code import Flow
from nexlang.runtime.run import Run
from nexlang.worlds.engine import (
    TEXT,
    Call,
    Context,
    Environment,
    Package,
    Play,
    Record,
    Table,
    ToolFailure,
    World,
    define,
)
from nexlang.worlds.engine.builtins import play
from nexlang.worlds.engine.codecs import BOOL, list_of
from nexlang.worlds.engine.package import agent
from nexlang.worlds.engine.session import CallCodec, tool, toolbox
from nexlang.worlds.engine.state import define_world
from nexlang.worlds.engine.tables import table
from nexlang.worlds.setting import Setting, library_of
from nexlang.worlds.tasks import prepare

CALLS = CallCodec()
PLACE: dict[str, Any] = {"file": "shop.nex", "line": 1}
TEXT_TYPE = ir.Scalar(kind="text")


class Order(Record):
    order_id: str
    status: str


class Ticket(Record):
    id: str
    message: str
    order: str
    actions: list[Call]
    split: str


class Result(Record):
    outcome: str


define(Order, {"order_id": TEXT, "status": TEXT})
define(Ticket, {"id": TEXT, "message": TEXT, "order": TEXT, "actions": list_of(CALLS), "split": TEXT})
define(Result, {"outcome": TEXT})


class Shop(World):
    orders: Table[str, Order]


define_world(Shop, {"orders": table(Order, "order_id")})


def cancel(ctx: Context[Shop], order_id: str) -> Order:
    order = ctx.world.orders.get(order_id)
    if order is None:
        raise ToolFailure("Order not found")
    if order.status != "pending":
        raise ToolFailure("Order is not pending", "state")
    order = order._with(status="cancelled")
    ctx.world.orders.put(order)
    return order


def look(ctx: Context[Shop], order_id: str) -> str:
    order = ctx.world.orders.get(order_id)
    if order is None:
        raise ToolFailure("Order not found")
    return order.status


TOOLS = toolbox(
    CALLS,
    tool("cancel", cancel, Shop, {"order_id": TEXT}, Order),
    tool("look", look, Shop, {"order_id": TEXT}, TEXT),
)


def customer(run: Run, ticket: Ticket, begun: bool, answered: bool) -> Flow[str | None]:
    yield from ()
    if not begun:
        return ticket.message
    if answered:
        return "Goodbye."
    return None


def clerk_by_hand(run: Run, ticket: Ticket) -> Flow[str]:
    order = yield from run.act("tool", "cancel", {"order_id": ticket.order})
    return f"{order.order_id} is cancelled."


def helper_by_hand(run: Run, request: str) -> Flow[Result]:
    status = yield from run.act("tool", "look", {"order_id": request}, handled=True)
    return Result(outcome=status if isinstance(status, str) else status.message)


def recorded(run: Run, ticket: Ticket) -> Flow[str]:
    yield from play(run, ticket.actions)
    return f"{ticket.order} is cancelled."


AGENTS = {
    "Customer": agent("Customer", {"ticket": Ticket, "begun": BOOL, "answered": BOOL}, TEXT, customer),
    "Clerk": agent("Clerk", {"ticket": Ticket}, TEXT),
    "ClerkByHand": agent("ClerkByHand", {"ticket": Ticket}, TEXT, clerk_by_hand),
    "Helper": agent("Helper", {"request": TEXT}, Result),
    "HelperByHand": agent("HelperByHand", {"request": TEXT}, Result, helper_by_hand),
    "Recorded": agent("Recorded", {"ticket": Ticket}, TEXT, recorded),
}


class Desk(Environment[Shop, Ticket]):
    def __init__(self) -> None:
        super().__init__(
            "Desk",
            Shop,
            Ticket,
            actors={"customer": "Customer", "clerk": "Clerk"},
            components={"state": 0.0, "told": 0.2, "solved": 1.0, "waste": -0.02},
            stages=("easy", "hard"),
        )

    def arguments(self, role: str, scope: Any) -> dict[str, Any]:
        if role == "clerk":
            return {"ticket": scope.task}
        begun = any(m.by == "customer" for m in scope.messages)
        return {"ticket": scope.task, "begun": begun, "answered": bool(begun and scope.messages[-1].by == "clerk")}

    def measures(self, scope: Any) -> dict[str, bool | int | float]:
        state = scope.world == scope.replay(scope.task.actions)
        told = any(m.by == "clerk" and scope.task.order in m.text for m in scope.messages)
        waste = min(sum(call.failed for call in scope.calls), 5)
        return {"state": state, "told": told, "solved": state and told, "waste": waste}

    def success(self, scope: Any, measures: Any) -> bool:
        return bool(measures["solved"])

    def stop(self, scope: Any, measures: Any) -> bool:
        return any("Goodbye" in m.text for m in scope.messages) or len(scope.calls) > 20

    def split(self, task: Ticket) -> str:
        return task.split

    def stage_tasks(self, stage: str, task: Ticket) -> bool:
        return stage == "hard" or task.id != "T2"

    def solution(self, scope: Any) -> Play:
        return Play("Recorded", {"ticket": scope.task})


def _parameters(**types: ir.Type) -> list[ir.Parameter]:
    return [ir.Parameter(name=name, type=kind) for name, kind in types.items()]


def _record(name: str, **types: ir.Type) -> ir.Record:
    return ir.Record(name=name, fields=[ir.RecordField(name=n, type=t) for n, t in types.items()], **PLACE)


TICKET = ir.NamedType(kind="record", name="Ticket")
BOOL_TYPE = ir.Scalar(kind="bool")
RESULT = ir.NamedType(kind="record", name="Result")


def _agent(name: str, kind: Any, params: list[ir.Parameter], result: ir.Type = TEXT_TYPE, **more: Any) -> ir.Agent:
    return ir.Agent(name=name, kind=kind, params=params, result=result, **{**PLACE, **more})


def _function(name: str, doc: str) -> ir.Function:
    params = _parameters(order_id=TEXT_TYPE)
    effects = ir.Effects(reads=["orders"], writes=["orders"] if name == "cancel" else [])
    return ir.Function(
        name=name, kind="tool", doc=doc, params=params, result=TEXT_TYPE, world="Shop", effects=effects, body=[],
        **PLACE,
    )  # fmt: skip


def _held(*names: str) -> list[ir.Held]:
    return [ir.Held(name=name, kind="agent" if name[0].isupper() else "tool") for name in names]


def program(memory: int = 0, **limits: int) -> ir.Program:
    """The shop's program; `limits` are the clerk's."""
    window = [ir.Builtin(name="window", args=[ir.Lit(value=memory)], type=ir.Scalar(kind="none"))] if memory else []
    clerk = _agent(
        "Clerk", "model", _parameters(ticket=TICKET), model="small", tools=_held("cancel", "look", "Helper"),
        prompt=ir.Template(source="You are a clerk. Ticket {{ ticket.id }}.", names=["ticket"]),
        limits=ir.Limits(**limits), memory=window, doc="Serves.",
    )  # fmt: skip
    helper = _agent(
        "Helper", "model", _parameters(request=TEXT_TYPE), RESULT, model="small", tools=_held("look"), doc="Looks up.",
        prompt=ir.Template(source="Look up {{ request }}.", names=["request"]),
    )  # fmt: skip
    agents = [
        _agent("Customer", "rules", _parameters(ticket=TICKET, begun=BOOL_TYPE, answered=BOOL_TYPE)),
        clerk,
        _agent("ClerkByHand", "flow", _parameters(ticket=TICKET), plays="Clerk", tools=_held("cancel")),
        helper,
        _agent("HelperByHand", "flow", _parameters(request=TEXT_TYPE), RESULT, plays="Helper", tools=_held("look")),
        _agent("Recorded", "flow", _parameters(ticket=TICKET)),
    ]
    weights = [("state", 0.0, "bool"), ("told", 0.2, "bool"), ("solved", 1.0, "bool"), ("waste", -0.02, "int")]
    environment = ir.Environment(
        name="Desk", world="Shop", task=TICKET, tasks=ir.TaskFile(path="tickets.jsonl"), rounds=6,
        actors=[ir.ActorSpec(role=r, agent=a, args={}) for r, a in (("customer", "Customer"), ("clerk", "Clerk"))],
        reward=[
            ir.Component(name=n, measure=ir.Lit(value=0), type=kind, weight=w, low=0, high=5, text=n)  # type: ignore[arg-type]
            for n, w, kind in weights
        ],
        split=ir.Lit(value="train"), curriculum=[ir.StageSpec(name="easy", until=0.7), ir.StageSpec(name="hard")],
        **PLACE,
    )  # fmt: skip
    types = [
        _record("Ticket", id=TEXT_TYPE, message=TEXT_TYPE, order=TEXT_TYPE, split=TEXT_TYPE),
        _record("Result", outcome=TEXT_TYPE),
    ]
    return ir.Program(
        name="shop", package="shop", edition="1", files=["shop.nex"], agents=agents, environments=[environment],
        records=types, functions=[_function("cancel", "Cancel an order."), _function("look", "Look up an order.")],
        models=[ir.ModelSpec(name="small", maker="endpoint", target="tiny", options={"max_tokens": 64}, **PLACE)],
    )  # fmt: skip


def package() -> Package:
    return Package({}, {"Shop": Shop}, {"policy": "Be kind."}, TOOLS, AGENTS, {"Desk": Desk()}, ())


def tickets(count: int = 3) -> list[Ticket]:
    rows = [
        {
            "id": f"T{i}", "message": f"Cancel #W{i} please.", "order": f"#W{i}", "split": "train" if i else "test",
            "actions": [{"tool": "cancel", "arguments": {"order_id": f"#W{i}"}}],
        }
        for i in range(count)
    ]  # fmt: skip
    return [Ticket._codec.decode(row) for row in rows]


def setting(count: int = 3, memory: int = 0, **limits: int) -> Setting:
    """The shop, ready to play."""
    base = Shop.load({"orders": {f"#W{i}": {"order_id": f"#W{i}", "status": "pending"} for i in range(8)}})
    made, compiled = program(memory, **limits), package()
    environment = compiled.environments["Desk"]
    spec = made.environments[0]
    return Setting(library_of(made, compiled), compiled, environment, spec, base, prepare(environment, tickets(count)))
