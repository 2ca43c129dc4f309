"""From what the server signed to a word, and from a word to an event of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.events import (
    NobodyServed,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
)
from device.core.session_state import Visit
from device.core.told import Word

if TYPE_CHECKING:
    from device.core.events import Event
    from wire.down import CurrentTicket
    from wire.records import TicketEvent

_EVENTS: dict[TicketEvent, type[TicketCalled]] = {
    "called": TicketCalled,
    "recalled": TicketRecalled,
    "transferred": TicketTransferred,
    "no_show": TicketNoShow,
}


def word_of(current: CurrentTicket | None) -> Word:
    """Return what the server says; None when it says nothing, or its time has passed."""
    if current is None or current.visit is None:
        return Word("server", "", "")
    return Word(
        origin="server",
        counter=current.counter,
        counter_name=current.counter_name,
        ticket=current.ticket or current.visit,
        event=current.event or "called",
        visit=current.visit,
        at=current.iat,
        day=current.day,
        service=current.service,
    )


def event_of(
    word: Word,
    up: int,
    standing: int | None = None,
    *,
    ended: int | None = None,
    told: bool = False,
    behind: bool = False,
) -> Event:
    """Return what ``word`` means for the session.

    Args:
        word: What a source says, with the visit's id.
        up: Now, monotonic milliseconds.
        standing: The rating that the journal holds for the visit.
        ended: With ``closed``, when that was; None for now.
        told: True when the journal holds this very event already.
        behind: True when another visit was opened since.
    """
    if word.ticket is None or word.visit is None:
        return NobodyServed(up)
    visit = Visit(
        id=word.visit,
        ticket=word.ticket,
        counter=word.counter,
        counter_name=word.counter_name,
        day=word.day,
        service=word.service,
    )
    if word.event == "closed":
        return TicketClosed(up, visit, standing, word.origin, told=told, ended=ended, behind=behind)
    return _EVENTS[word.event](up, visit, standing, word.origin, told=told)
