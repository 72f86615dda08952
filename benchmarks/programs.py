"""Programs of any length, as people write them: records, tables, tools, functions, an agent and an environment."""

from __future__ import annotations

PIECE = """
enum State{n} {{ open, paid, closed = "closed for good" }}

record Line{n} {{ item: Text, price: Float where it >= 0, count: Int = 1 }}

## An order of shop {n}.
record Order{n} {{
  ## Its id.
  id: Text
  owner: Text
  state: State{n}
  lines: [Line{n}]
  note: Text?
}}

record Person{n} {{ name: Text, email: Text, credit: Float = 0.0 }}

world Shop{n} {{
  orders: table Order{n} by id
  people: table Person{n} by name
}}

fn total{n}(order: Order{n}) -> Float {{
  return sum(line.price * line.count for line in order.lines)
}}

## Close an order.
##
## id: The order.
## why: What the owner says.
tool close{n}(id: Text, why: "lost" | "late") -> Order{n} in Shop{n} {{
  let order = orders[id] else fail "No order {{{{ id }}}}"
  require order.state == open else fail "Order {{{{ id }}}} is {{{{ order.state }}}}"
  let owner = people[order.owner] else fail "No person {{{{ order.owner }}}}"
  for line in order.lines {{
    if line.price > 10.0 and why == "late" {{
      owner.credit = round(owner.credit + line.price * line.count, 2)
    }} else {{
      owner.credit += line.price
    }}
  }}
  order.state = closed
  order.note = "Closed: {{{{ why }}}}"
  return order
}}

## The dearest open orders of a person.
##
## name: The person.
tool dearest{n}(name: Text) -> [Text] in Shop{n} {{
  let all = [o for o in orders if o.owner == name and o.state == open]
  return take([o.id for o in all if total{n}(o) > 1.0], 3)
}}
"""


def program(lines: int) -> str:
    """A program without mistakes of about so many lines."""
    size = PIECE.count("\n")
    return "package bench.shops\n" + "".join(PIECE.format(n=n) for n in range(max(1, round(lines / size))))
