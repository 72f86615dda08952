"""The words that a description is read by: data only, so that what can be said is plain to see."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A constant of a kit and the tool that reads it; the patterns that state it ({n} a number, {mains}, {person} and
    {persons} nouns); how `says` names it to people and `prompt` to models; and its bounds."""

    name: str
    tool: str
    patterns: tuple[str, ...]
    says: str
    prompt: str
    low: int
    high: int
    money: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """An action of a kit. `subject` is the noun that a request names first; `asks` are the words that ask for it.

    `keyword` marks its requests. `arguments` says how each is read from a request: an id of a noun, or a reader.
    """

    name: str
    asks: tuple[str, ...]
    subject: str
    keyword: str
    team: str
    arguments: tuple[tuple[str, str], ...]
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kit:
    """`words` choose the kit; `nouns` are its nouns with what else they may be called; the first noun is the person."""

    name: str
    summary: str
    words: frozenset[str]
    nouns: dict[str, tuple[str, ...]]
    main: str
    lookup: str
    tools: tuple[Tool, ...]
    rules: tuple[Rule, ...]
    rows: dict[str, int]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBER = r"(?:\d[\d,_]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred)"
AT_MOST = r"(?:at most|no more than|not more than|up to|a maximum of|at maximum|maximum|max)"

ORDERS = Kit(
    name="orders",
    summary="orders of a shop: cancel, redirect, refund",
    words=_words("shop store retail retailer order orders purchase purchases refund refunds delivery deliveries parcel parcels "
                 "e-commerce ecommerce webshop bakery bookshop bookstore returns checkout"),
    nouns={
        "customer": ("customer", "client", "member", "subscriber", "reader", "student", "buyer", "shopper"),
        "order": ("order", "purchase", "parcel", "delivery"),
    },
    main="order",
    lookup="find_order",
    tools=(
        Tool("cancel_order", ("cancel", "cancels", "cancelled", "canceled", "cancelling", "canceling", "cancellation", "cancellations"), "order",
             "cancel", "Cancellations", (("order", "order"),), ("wrong_state",)),
        Tool("redirect_order", ("redirect", "redirects", "redirecting", "reroute", "redirected", "rerouted", "address", "addresses", "redirection"), "order",
             "instead", "Redirections", (("order", "order"), ("city", "city")), ("wrong_state",)),
        Tool("refund_order", ("refund", "refunds", "refunded", "refunding", "money", "return", "returns"), "order",
             "refund", "Refunds", (("order", "order"),), ("too_late", "too_much", "wrong_state")),
    ),
    rules=(
        Rule("refund_days", "refund_order", (
            r"(?:refund|return)\w*[^.;]*?\b(?:within|for|until|up to|in|after)\s+(?P<n>{n})\s+days?",
            r"(?P<n>{n})[- ]days?\s+(?:refund|return)\w*",
        ), "refunds within N days", "Refunds are for {{ refund_days }} days.", 1, 90),
        Rule("refund_limit", "refund_order", (
            r"(?:refund|return)\w*[^.;,]*?\b(?:up to|at most|no more than|below|under|limit of)\s+[€$]?(?P<n>{n})\s*(?P<unit>euros?|dollars?|€|\$|cents?)",
            r"(?:refund|return)\w*[^.;,]*?\b(?:up to|at most|no more than|below|under|limit of)\s+(?P<unit>[€$])(?P<n>{n})",
        ), "refunds up to N euros", "At most {{ refund_limit }} cents are refunded.", 1_000, 100_000_000, money=True),
    ),
    rows={"customer": 24, "order": 40},
)  # fmt: skip

BOOKINGS = Kit(
    name="bookings",
    summary="bookings by the day: book, move, cancel",
    words=_words("hotel clinic hospital dentist restaurant hostel salon hairdresser booking bookings reservation reservations appointment appointments guest "
                 "guests room rooms doctor doctors court courts lesson lessons rental rentals rent studio studios tutor tutors stay stays "
                 "reschedule boat boats"),
    nouns={
        "guest": ("guest", "patient", "client", "customer", "member", "student", "visitor", "player", "tenant"),
        "room": ("room", "doctor", "court", "car", "boat", "studio", "tutor", "bike", "van", "dentist", "hall"),
        "booking": ("booking", "reservation", "appointment", "lesson", "rental", "stay"),
    },
    main="booking",
    lookup="find_booking",
    tools=(
        Tool("cancel_booking", ("cancel", "cancels", "cancelled", "canceled", "cancelling", "canceling", "cancellation", "cancellations"), "booking",
             "cancel", "Cancellations", (("booking", "booking"),), ("too_late", "wrong_state")),
        Tool("move_booking", ("move", "moves", "moving", "moved", "reschedule", "rescheduling", "rebook", "postpone", "postponed", "rescheduled", "change", "changes"),
             "booking", "move", "Changes", (("booking", "booking"), ("day", "day")), ("taken", "wrong_state")),
        Tool("book_room", ("book", "books", "booked", "reserve", "reserves", "reserving", "reserved", "scheduled", "schedule", "schedules", "make"), "guest",
             "please book", "NewBookings", (("guest", "guest"), ("room", "room"), ("day", "day")), ("taken", "too_much")),
    ),
    rules=(
        Rule("cancel_days", "cancel_booking", (
            r"cancel\w*[^.;]*?\b(?P<n>{n})\s+days?\s+(?:before|ahead|in advance|earlier|notice|prior)",
            r"(?P<n>{n})[- ]days?\s+(?:cancellation|notice)",
        ), "cancel at least N days before", "Cancelling ends {{ cancel_days }} days before.", 1, 30),
        Rule("most_bookings", "book_room", (
            AT_MOST + r"\s+(?P<n>{n})\s+(?:{mains}|bookings)(?:\s+(?:per|each|for each|a|for a|for every)\s+(?:{persons}|{person}))?",
            r"(?P<n>{n})\s+(?:{mains}|bookings)\s+(?:per|for each|for every)\s+{person}",
        ), "at most N bookings a guest", "At most {{ most_bookings }} bookings each.", 1, 20),
    ),
    rows={"guest": 24, "room": 12, "booking": 40},
)  # fmt: skip

INVENTORY = Kit(
    name="inventory",
    summary="stock in depots: receive, ship, move",
    words=_words("warehouse warehouses stock inventory stockroom depot depots shelf shelves supplies restock restocking shipment "
                 "shipments spare-parts parts"),
    nouns={
        "item": ("item", "part", "product", "medicine", "component", "article"),
        "depot": ("depot", "warehouse", "shelf", "shed", "site", "branch"),
    },
    main="item",
    lookup="find_item",
    tools=(
        Tool("receive_item", ("receive", "receives", "receiving", "received", "restocked", "restock", "restocks", "restocking", "incoming"), "item",
             "receive", "Receiving", (("item", "item"), ("quantity", "quantity")), ()),
        Tool("ship_item", ("ship", "ships", "shipping", "shipped", "dispatch", "dispatches", "dispatching", "dispatched", "shipment", "shipments"), "item",
             "ship", "Shipping", (("item", "item"), ("quantity", "quantity")), ("too_much", "too_little")),
        Tool("move_item", ("move", "moves", "moving", "transfer", "transfers", "transferring", "transferred", "moved", "relocate", "relocates"), "item",
             "move", "Transfers", (("item", "item"), ("depot", "depot")), ("wrong_state",)),
    ),
    rules=(
        Rule("reserve", "ship_item", (
            r"\b(?:never|not)\b[^.;,]*?\b(?:below|under|fewer than|less than)\s+(?P<n>{n})",
            r"\b(?:keeps?|keeping|reserve of|minimum of|always)\s+(?:at least\s+|a reserve of\s+)?(?P<n>{n})\b",
        ), "never below N", "{{ reserve }} of each always stay.", 0, 50),
        Rule("most_shipped", "ship_item", (
            AT_MOST + r"\s+(?P<n>{n})(?:\s+\w+){0,2}?\s+(?:at once|a shipment|per shipment|each time|in one shipment|shipped at once)",
            r"\bship\w*[^.;,]*?\b" + AT_MOST + r"\s+(?P<n>{n})",
        ), "at most N at once", "At most {{ most_shipped }} are shipped at once.", 1, 500),
    ),
    rows={"item": 40, "depot": 6},
)  # fmt: skip

KITS = (ORDERS, BOOKINGS, INVENTORY)
WEAK = _words("shop store delivery deliveries change changes")
FEWEST = {"guest": 4, "depot": 2}

UNSERVED = {
    "robots and machines that move": "robot robots robotic arm drone drones gripper conveyor",
    "browsers and web pages": "browser browsers browse website websites webpage webpages scrape scraping crawler selenium playwright",
    "calls over a network": "api apis network http https webhook webhooks internet online-banking stripe paypal oauth",
    "databases and files": "database databases sql postgres mysql sqlite mongodb csv excel spreadsheet spreadsheets pdf filesystem",
    "running code": "shell bash docker sandbox container containers python code coding compiler git repository github kubernetes",
    "pictures, sound and speech": "image images picture pictures photo photos video videos camera cameras vision audio voice speech microphone",
    "mail and chat services": "email emails e-mail mail sms slack whatsapp telegram discord",
    "time that runs by itself": "clock realtime real-time sensor sensors telemetry physics latency",
    "externs and MCP servers": "mcp extern externs plugin plugins",
    "money markets": "stocks trading trader crypto bitcoin portfolio",
    "games": "chess poker game games puzzle puzzles maze",
}  # fmt: skip

LANGUAGES = {"english": "English", "german": "German", "french": "French", "spanish": "Spanish"}
OTHER_LANGUAGES = _words(
    "italian portuguese dutch polish chinese japanese korean arabic russian turkish hindi greek swedish danish czech"
)
PHRASES = {
    "English": {},
    "German": {"NotFound": "nicht gefunden", "WrongState": "in diesem Zustand nicht möglich", "TooLate": "zu spät",
               "TooMuch": "zu viel", "Taken": "schon belegt", "TooLittle": "zu wenig vorhanden"},
    "French": {"NotFound": "introuvable", "WrongState": "impossible dans cet état", "TooLate": "trop tard",
               "TooMuch": "trop", "Taken": "déjà pris", "TooLittle": "pas assez"},
    "Spanish": {"NotFound": "no existe", "WrongState": "imposible en este estado", "TooLate": "demasiado tarde",
                "TooMuch": "demasiado", "Taken": "ya está ocupado", "TooLittle": "no hay bastante"},
}  # fmt: skip

TASK_WORDS = "tasks|requests|cases|episodes|problems|scenarios"
DELEGATE_WORDS = "delegates|specialists|workers|sub-agents|subagents|assistants|experts"
PLANNERS = _words(
    "planner planners manager coordinator supervisor orchestrator team delegates specialists sub-agents subagents multi-agent"
)
RULE_MARKS = (
    r"\b(?:only|must|never|unless|except|forbid\w*|at most|no more than|not more than|mustn't|may not|cannot|can't|"
    r"not allowed|approv\w+|permission|(?:over|above|more than) [€$]?\d\S*|within \S+ (?:days?|hours?|weeks?|months?)|up to|at least|limit of|requires?)\b"
)
STOP = _words(
    "a an the of for and or with in on at to by from that which who where whose it its their them they is are be being can could will "
    "would should may let lets have has had this these those as so than then also each every per all any some one two three four five six "
    "seven eight nine ten twelve twenty thirty forty fifty hundred build make create write generate give want need please me my our we i "
    "you your environment world program agent agents training train learn learns help desk helpdesk support service office company "
    "business small large big simple easy hard difficult mixed challenging level levels held out hold testing test tests when what "
    "about not no only most within before after days day euros dollars cents up below under never until keep keeps at-least answer answers "
    "answering request requests task tasks case cases customer-service handle handles handling supports supporting offers offer able takes "
    "take look looks looking find finds check checks checking track status lookup details using use uses their there single planner manager "
    "coordinator supervisor orchestrator team delegates delegate specialists specialist workers worker sub-agents subagents experts assistants assistant "
    "multi-agent failures failure messages message fail errors error english german french spanish language once deep depth less more fewer "
    "advance ahead notice limit least maximum max minimum reserve stock how many few new old same other another if but do does done must "
    "tree scenarios episodes problems reasons reason decline declines declined own episode three-level two-level front into online always system issue agents seed  customer customers "
)  # fmt: skip
