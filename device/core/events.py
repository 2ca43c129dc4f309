"""What the session's table speaks of: the events that come in, the effects that go out.

All frozen; times are ``up`` milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from device.core.session_state import Visit
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

Refusal = Literal["locked", "interval", "wait", "closed", "items"]


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
    """The chain or the terminal's run is about to end: what belongs before that still can."""

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
