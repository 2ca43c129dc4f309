"""What the session's table speaks of: its state, the events that come in, the effects that go out.

All frozen; times are ``up`` milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wire.records import Choice, InputKind, Rating, Ticket, TicketEvent, TicketOrigin

Phase = Literal["idle", "serving", "correcting", "rated", "closed"]
Refusal = Literal["locked", "interval", "wait"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is set for this terminal; times in milliseconds.

    Attributes:
        counter: Code of the counter, for unbound ratings.
        scale: Version of the rating scale.
        without: ``wait`` or ``unbound``: what a press without a ticket does.
        open_after_closed: How long a rating stays open after the ticket was closed.
        lock: After an accepted press, further ones are rejected for this long.
        correct: A press within this time of the standing one replaces it.
        unbound_interval: Least time between two unbound ratings.
        sources: Who is heard about tickets, the one to be believed first.
    """

    counter: str
    scale: int = 1
    without: Literal["wait", "unbound"] = "wait"
    open_after_closed: int = 60_000
    lock: int = 1_500
    correct: int = 5_000
    unbound_interval: int = 5_000
    sources: tuple[TicketOrigin, ...] = ("server", "lan", "scanner")


@dataclass(frozen=True, slots=True)
class Visit:
    """One serving of one ticket at one counter."""

    id: str
    ticket: str
    counter: str
    counter_name: str
    day: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The rating that stands for the open visit.

    Attributes:
        seq: Its position in the chain.
        up: When it was pressed; None when that was in an earlier boot or chain, so that it can
            no longer be corrected.
    """

    seq: int
    up: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that the next event's effect depends on.

    Attributes:
        phase: Where in the table.
        visit: The open visit, None when idle.
        standing: The rating that stands for it.
        ended_at: When its ticket was closed.
        accepted_at: When the last press was stored.
        unbound_at: When the last unbound rating was pressed.
        told_to_wait_at: When somebody pressed who has to wait.
        seen: Visit and event of the newest ticket record.
    """

    phase: Phase = "idle"
    visit: Visit | None = None
    standing: Standing | None = None
    ended_at: int | None = None
    accepted_at: int | None = None
    unbound_at: int | None = None
    told_to_wait_at: int | None = None
    seen: tuple[str, TicketEvent] | None = None


# ---- events ----


@dataclass(frozen=True, slots=True)
class TicketCalled:
    """A visit is being served now.

    Attributes:
        up: When this was learned.
        visit: Which.
        standing: Seq of the rating that the journal holds for it.
        origin: Who told.
        told: True when the journal holds this very event already, from before a restart.
    """

    up: int
    visit: Visit
    standing: int | None = None
    origin: TicketOrigin = "server"
    told: bool = False


@dataclass(frozen=True, slots=True)
class TicketRecalled(TicketCalled):
    """The same ticket was called again."""


@dataclass(frozen=True, slots=True)
class TicketClosed(TicketCalled):
    """The serving ended at ``ended`` (``up`` milliseconds, perhaps long ago).

    Attributes:
        behind: True when another visit was opened since: this is recorded and changes nothing.
    """

    ended: int | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class TicketTransferred(TicketCalled):
    """The ticket goes on at another counter."""


@dataclass(frozen=True, slots=True)
class TicketNoShow(TicketCalled):
    """Nobody came."""


@dataclass(frozen=True, slots=True)
class NobodyServed:
    """The source says that no ticket is being served."""

    up: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """A choice was pressed or touched."""

    up: int
    choice: Choice
    input: InputKind


@dataclass(frozen=True, slots=True)
class Recorded:
    """A rating is stored; ``pressed`` is the ``up`` of its press."""

    up: int
    rating: Rating
    seq: int
    standing: bool
    pressed: int


@dataclass(frozen=True, slots=True)
class NewChain:
    """The journal began a new chain: older ratings stay, but can no longer be corrected."""

    up: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time went by."""

    up: int


TICKET_NAMES: dict[type[TicketCalled], TicketEvent] = {
    TicketCalled: "called",
    TicketRecalled: "recalled",
    TicketClosed: "closed",
    TicketTransferred: "transferred",
    TicketNoShow: "no_show",
}
Event = TicketCalled | NobodyServed | Pressed | Recorded | NewChain | Ticked


# ---- effects ----


@dataclass(frozen=True, slots=True)
class AppendRating:
    """Store this rating, then send ``Recorded``."""

    rating: Rating
    pressed: int


@dataclass(frozen=True, slots=True)
class AppendTicket:
    """Store that this was seen."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Reject:
    """The press does not count."""

    why: Refusal


Effect = AppendRating | AppendTicket | Reject
