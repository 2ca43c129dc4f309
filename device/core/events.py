"""What the session's table speaks of: its state, the events that come in, the effects that go out.

All frozen; times are ``up`` milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from device.core.policy import AskReasons, Item, Mode, Without
    from device.core.targets import Target
    from wire.records import (
        Choice,
        InputKind,
        Items,
        Rating,
        Reasons,
        Ticket,
        TicketEvent,
        TicketOrigin,
    )

Phase = Literal["idle", "serving", "correcting", "rated", "closed"]
Refusal = Literal["locked", "interval", "wait", "closed", "items"]


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
        touch: True where the screen takes touches.
        mode: ``rating`` or ``items``: what is asked.
        reasons: After which choices reasons are offered.
        items: What can be chosen as a reason, or in the mode ``items`` as a complaint.
        answer: How long items are offered after the last touch.
        warning: For how long, after that, the end is announced.
        languages: What the language key goes through.
        sources: Who is heard about tickets, the one to be believed first.
    """

    counter: str
    scale: int = 1
    without: Without = "wait"
    open_after_closed: int = 60_000
    lock: int = 1_500
    correct: int = 5_000
    unbound_interval: int = 5_000
    touch: bool = False
    mode: Mode = "rating"
    reasons: AskReasons = "never"
    items: tuple[Item, ...] = ()
    answer: int = 30_000
    warning: int = 20_000
    languages: tuple[str, ...] = ("vi", "en")
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
class Asked:
    """Items that are offered, and what was touched of them.

    Attributes:
        rating: Seq of the rating that they are reasons for; 0, which no rating has, in the mode
            ``items``.
        since: When they come on the screen; after that, when one was last touched.
        chosen: Codes, in the order in which they were touched.
        page: Which page is shown, from 0.
    """

    rating: int
    since: int
    chosen: tuple[str, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """Everything that the next event's effect depends on.

    Attributes:
        phase: Where in the table.
        visit: The open visit, None when idle; ``origin`` who told of it.
        standing: The rating that stands for it.
        ended_at: When its ticket was closed.
        end_kept: True when the journal holds that it was closed.
        opened_at: When it was opened.
        left: The record of a visit that was open when the terminal stopped, until more is known.
        former: The last visits that are over; what is told of them late opens none.
        accepted_at: When the last press was stored.
        unbound_at: When the last unbound rating was pressed.
        told_to_wait_at: When somebody pressed who has to wait.
        seen: Visit and event of the newest ticket record.
        asked: The items that are offered.
        answered_at: When items were last given or skipped.
        touched_at: When something other than a choice was last touched.
        language: How many times the language key was touched.
        open: False outside the opening hours.
    """

    phase: Phase = "idle"
    visit: Visit | None = None
    origin: TicketOrigin = "server"
    standing: Standing | None = None
    ended_at: int | None = None
    end_kept: bool = False
    opened_at: int = 0
    left: Ticket | None = None
    former: tuple[str, ...] = ()
    accepted_at: int | None = None
    unbound_at: int | None = None
    told_to_wait_at: int | None = None
    seen: tuple[str, TicketEvent] | None = None
    asked: Asked | None = None
    answered_at: int | None = None
    touched_at: int | None = None
    language: int = 0
    open: bool = True


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
class Touched:
    """An item or a key was touched; a touched choice is `Pressed`."""

    up: int
    target: Target


@dataclass(frozen=True, slots=True)
class Recorded:
    """A rating is stored; ``pressed`` is the ``up`` of its press."""

    up: int
    rating: Rating
    seq: int
    standing: bool
    pressed: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Any other record that was asked for is stored; it is not asked for again."""

    up: int
    body: Ticket | Reasons | Items


@dataclass(frozen=True, slots=True)
class ChainEnds:
    """The journal is about to begin a new chain: what belongs into the old one still can."""

    up: int


@dataclass(frozen=True, slots=True)
class NewChain:
    """The journal began a new chain: older ratings stay, but no record can name them any more."""

    up: int


@dataclass(frozen=True, slots=True)
class HoursChanged:
    """The office opened or closed, or another service day began.

    Attributes:
        up: Now.
        open: Whether the office is open, as far as anybody knows.
        day_since: When this service day began; None while the clock is not believed. In ``up``, so
            that a clock that jumps ends no visit.
    """

    up: int
    open: bool
    day_since: int | None


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
Event = (
    TicketCalled
    | NobodyServed
    | Pressed
    | Touched
    | Recorded
    | Kept
    | ChainEnds
    | NewChain
    | HoursChanged
    | Ticked
)


# ---- effects ----


@dataclass(frozen=True, slots=True)
class AppendRating:
    """Store this rating, then send ``Recorded``."""

    rating: Rating
    pressed: int


@dataclass(frozen=True, slots=True)
class Append:
    """Store this record before the session moves on."""

    body: Ticket | Reasons | Items


@dataclass(frozen=True, slots=True)
class Reject:
    """The press does not count."""

    why: Refusal
    press: Pressed


Effect = AppendRating | Append | Reject
