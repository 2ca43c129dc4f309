"""From the ticket that the server says is current to an event of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.events import (
    NobodyServed,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
    Visit,
)

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


def event_of(
    current: CurrentTicket | None,
    up: int,
    age_ms: int = 0,
    standing: int | None = None,
    *,
    told: bool = False,
) -> Event:
    """Return what ``current`` means for the session.

    Args:
        current: What the server says; None when it says nothing, or its time has passed.
        up: Now, monotonic milliseconds.
        age_ms: How long ago the server said it; a ticket that was closed long ago stays closed.
        standing: The rating that the journal holds for the visit.
        told: True when the journal holds this very event already.
    """
    if current is None or current.visit is None:
        return NobodyServed(up)
    visit = Visit(
        id=current.visit,
        ticket=current.ticket or current.visit,
        counter=current.counter,
        counter_name=current.counter_name,
        day=current.day,
        service=current.service,
    )
    event = current.event or "called"
    if event == "closed":
        return TicketClosed(up, visit, standing, told=told, ended=up - age_ms)
    return _EVENTS[event](up, visit, standing, told=told)
