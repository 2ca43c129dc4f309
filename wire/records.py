"""Records of the journal, as frozen dataclasses (WIRE.md section 3)."""

from dataclasses import dataclass
from typing import Literal, get_args

Choice = Literal["very_satisfied", "satisfied", "unsatisfied"]
CHOICES: tuple[Choice, ...] = get_args(Choice)

ClockQuality = Literal["synced", "holdover", "unset"]
TicketEvent = Literal["called", "recalled", "transferred", "no_show", "closed"]
TICKET_EVENTS: tuple[TicketEvent, ...] = get_args(TicketEvent)
TicketOrigin = Literal["server", "lan", "scanner"]
InputKind = Literal["button", "touch"]
ChainReason = Literal["first", "damage", "fork", "new_key"]
ClockSource = Literal["ntp", "receipt", "rtc", "manual"]
FaultKind = Literal[
    "button_stuck",
    "button_noise",
    "button_together",
    "disk",
    "clock",
    "journal",
    "fork",
    "screen",
    "config",
    "command",
    "record",
    "cloned",
]
FAULTS: tuple[FaultKind, ...] = get_args(FaultKind)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where and when a record stands.

    Attributes:
        dev: terminal id.
        chain: id of the chain.
        seq: 1, 2, 3 … without a gap in a chain.
        prev: hash of the whole previous record; of the chain id for seq 1.
        boot: random id of this boot.
        up: milliseconds since boot, monotonic.
        at: wall-clock time in Unix milliseconds, to be believed as ``clock`` says.
        clock: quality of ``at``.
    """

    dev: str
    chain: str
    seq: int
    prev: str
    boot: str
    up: int
    at: int
    clock: ClockQuality


@dataclass(frozen=True, slots=True)
class ChainStart:
    """A chain begins; always seq 1.

    Attributes:
        reason: why a new chain was needed.
        former: the chain before it, with its last known seq and hash.
        receipt: the last receipt held for the former chain, a compact JWS.
        server_seq: with ``fork``, the head that the server's receipt named, with its hash.
    """

    reason: ChainReason
    former: str | None = None
    former_seq: int | None = None
    former_hash: str | None = None
    receipt: str | None = None
    server_seq: int | None = None
    server_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Boot:
    """The terminal process started."""

    firmware: str
    image: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """The terminal saw something happen to a ticket at its counter.

    Attributes:
        counter: code of the counter.
        visit: the visit that it happened to.
        ticket: its number as printed.
        event: what happened.
        source: who told the terminal; with ``assumed``, who told of the visit.
        day: the service day, if known.
        service: what the citizen came for, if known.
        assumed: with ``closed``: nobody told, the visit ended because the next one was called,
            its time had passed, or the service day ended.
    """

    counter: str
    visit: str
    ticket: str
    event: TicketEvent
    source: TicketOrigin
    day: str | None = None
    service: str | None = None
    assumed: bool | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """Somebody pressed.

    Attributes:
        counter: code of the counter.
        visit: the visit being served, or None for an unbound rating.
        choice: what was pressed.
        input: on what.
        scale: version of the scale of choices.
        replaces: seq of the standing rating that this one corrects (same visit, chain, boot).
        contested: the visit already had a standing rating, too long ago to be corrected.
    """

    counter: str
    visit: str | None
    choice: Choice
    input: InputKind
    scale: int
    replaces: int | None = None
    contested: bool | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """What somebody gave as reasons for the rating at seq ``rating`` of this chain."""

    rating: int
    items: tuple[str, ...] | None = None
    skipped: bool | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """Items touched in the hospital mode."""

    counter: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The clock was set at this record's ``up``; ``before`` and ``after`` in Unix milliseconds."""

    before: int
    after: int
    source: ClockSource


@dataclass(frozen=True, slots=True)
class Fault:
    """Something is wrong with the terminal."""

    what: FaultKind
    details: str | None = None


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The next records are signed by the key with this public part; this one by the old key.

    Attributes:
        x: the new public key, base64url (RFC 8037 section 2).
    """

    x: str


Body = ChainStart | Boot | Ticket | Rating | Reasons | Items | ClockSet | Fault | KeyChange


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a journal: where it stands and what it says."""

    stamp: Stamp
    body: Body
