"""What the session's table starts from: everything that the next event's effect depends on.

All frozen; times are ``up`` milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wire.records import Ticket, TicketEvent, TicketOrigin

Phase = Literal["idle", "serving", "correcting", "rated", "closed"]


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
