"""Bookings by the day: rooms taken and free, guests with room for one more and guests at their limit."""

from __future__ import annotations

from nexlang.synth.data.base import NAMES, TODAY, Case, Maker, Row

REASONS = {"too_late": "too late", "too_much": "too much", "taken": "taken", "wrong_state": "wrong state"}


class BookingsMaker(Maker):
    """Every booking has a day of its own, so that only a request that is meant to finds its day taken."""

    def fill(self) -> None:
        self.notice = self.rule("cancel_days", 2)
        self.most = self.rule("most_bookings", 3)
        self.day = TODAY + self.notice + 10
        self.tables["guest"] = {id: {"id": id, "name": NAMES[n % len(NAMES)]} for n, id in enumerate(self.ids("guest"))}
        self.tables["room"] = {id: self.room(id, n) for n, id in enumerate(self.ids("room"), 1)}
        self.holders = self.guests()
        self.tables["booking"] = {id: self.booking(id, self.holders[0]) for id in self.ids("booking")}
        self.spread()

    def room(self, id: str, n: int) -> Row:
        return {"id": id, "name": f"{self.noun('room').capitalize()} {n}"}

    def guests(self) -> list[str]:
        return self.shuffled("guest")

    def next_day(self) -> int:
        self.day += 1
        return self.day

    def booking(self, id: str, guest: str) -> Row:
        return {
            "id": id,
            self.noun("guest"): guest,
            self.noun("room"): self.dice.choice(self.ids("room")),
            "day": self.next_day(),
            "status": "booked",
        }

    def spread(self) -> None:
        """The first half of the guests have the bookings, one of them as many as allowed; the other half has none."""
        busy = self.holders[1 : max(2, len(self.holders) // 2)]
        for place, row in enumerate(self.tables["booking"].values()):
            row[self.noun("guest")] = busy[place % len(busy)]
        for _ in range(self.most):
            self.more(self.holders[0])

    def more(self, guest: str) -> Row:
        """One more booking, which no request is about."""
        table = self.tables["booking"]
        id = f"{self.letters['booking']}{len(table) + 1:03}"
        table[id] = self.booking(id, guest)
        return table[id]

    def free_guest(self) -> str:
        return self.dice.choice(self.holders[max(2, len(self.holders) // 2) :])

    def next(self) -> Row:
        return self.tables["booking"][next(self.fresh)]

    def taken(self, room: str | None = None) -> Row:
        """A booking of the room on a day of its own."""
        row = self.more(self.holders[1])
        row[self.noun("room")] = room or row[self.noun("room")]
        return row

    def _cancel_booking(self, reason: str | None, asks: bool) -> Case:
        row = self.next()
        if reason == "too_late":
            row["day"] = TODAY + self.dice.randint(0, self.notice - 1)
        if reason == "wrong_state":
            row["status"] = "cancelled"
        message = f"Please cancel {self.said('booking', row['id'], asks)}."
        return self.made(message, row["id"], reason, {"booking": row["id"]})

    def _move_booking(self, reason: str | None, asks: bool) -> Case:
        row = self.next()
        day = self.taken(row[self.noun("room")])["day"] if reason == "taken" else self.next_day()
        if reason == "wrong_state":
            row["status"] = "cancelled"
        message = f"Please move {self.said('booking', row['id'], asks)} to day {day}."
        return self.made(message, row["id"], reason, {"booking": row["id"], "day": day})

    def _book_room(self, reason: str | None, asks: bool) -> Case:
        guest = self.holders[0] if reason == "too_much" else self.free_guest()
        busy = self.taken() if reason == "taken" else None
        room = busy[self.noun("room")] if busy else self.dice.choice(self.ids("room"))
        day = busy["day"] if busy else self.next_day()
        whom = "" if asks else f" for {self.noun('guest')} {guest}"
        message = f"Please book {self.noun('room')} {room}{whom} on day {day}."
        return self.made(message, guest, reason, {"guest": guest, "room": room, "day": day})

    def made(self, message: str, about: str, reason: str | None, arguments: Row) -> Case:
        return Case(message, about, self.keyed(arguments), REASONS[reason] if reason else None)

    def slots(self) -> Row:
        return {"today": TODAY}
