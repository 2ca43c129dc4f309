"""The life of a ticket at the counter, as a table of states and events (wire.md, A visit).

===========  ====================================================================
state        meaning
===========  ====================================================================
idle         no visit is open
serving      a visit was called and has no rating
correcting   a rating stands; for 5 s another press replaces it
rated        a rating stands; further presses are recorded as contested
closed       the ticket was closed without a rating; one may still come for 60 s
===========  ====================================================================

``step`` takes a session and an event and gives the next session and what is to be done. It knows
no clock: every event carries ``up``. A press becomes a rating only by ``Recorded``, which the
terminal sends after the durable commit: nothing here can thank for a rating that is not stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from device.core.events import (
    TICKET_NAMES,
    AppendRating,
    AppendTicket,
    Effect,
    Event,
    NewChain,
    NobodyServed,
    Phase,
    Pressed,
    Recorded,
    Refusal,
    Reject,
    Rules,
    Session,
    Standing,
    Ticked,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
)
from wire.records import Rating, Ticket

Outcome = tuple[Session, tuple[Effect, ...]]
Handler = Callable[[Session, Any, Rules], Outcome]


def step(session: Session, event: Event, rules: Rules) -> Outcome:
    """Return the session after ``event``, and what is to be done, in this order."""
    if not isinstance(event, Ticked):
        session, _ = TABLE[session.phase][Ticked](session, Ticked(event.up), rules)
    return TABLE[session.phase][type(event)](session, event, rules)


# ---- presses ----


def _press_first(session: Session, event: Pressed, rules: Rules) -> Outcome:
    """The first press of a visit stands."""
    return _accept(session, event, rules)


def _press_again(session: Session, event: Pressed, rules: Rules) -> Outcome:
    """A press while correcting replaces the standing one."""
    seq = session.standing.seq if session.standing else None
    return _accept(session, event, rules, replaces=seq)


def _press_late(session: Session, event: Pressed, rules: Rules) -> Outcome:
    """A press on a visit that is rated is recorded and shown, and does not count."""
    return _accept(session, event, rules, contested=True)


def _press_without_ticket(session: Session, event: Pressed, rules: Rules) -> Outcome:
    if rules.without == "wait":
        return _reject(replace(session, told_to_wait_at=event.up), "wait")
    last = session.unbound_at
    if last is not None and event.up - last < rules.unbound_interval:
        return _reject(session, "interval")
    return _accept(session, event, rules)


def _accept(
    session: Session,
    event: Pressed,
    rules: Rules,
    replaces: int | None = None,
    contested: bool | None = None,
) -> Outcome:
    if session.accepted_at is not None and event.up - session.accepted_at < rules.lock:
        return _reject(session, "locked")
    visit = session.visit
    rating = Rating(
        counter=visit.counter if visit else rules.counter,
        visit=visit.id if visit else None,
        choice=event.choice,
        input=event.input,
        scale=rules.scale,
        replaces=replaces,
        contested=contested,
    )
    return session, (AppendRating(rating, event.up),)


def _reject(session: Session, why: Refusal) -> Outcome:
    return session, (Reject(why),)


def _recorded(session: Session, event: Recorded, rules: Rules) -> Outcome:
    """A rating is stored: from here on it may be thanked for."""
    session = replace(session, accepted_at=event.up, told_to_wait_at=None)
    if event.rating.visit is None:
        return replace(session, unbound_at=event.pressed), ()
    if session.visit is None or event.rating.visit != session.visit.id:
        return session, ()
    if not event.standing:
        return replace(session, phase="rated"), ()
    standing = Standing(event.seq, event.pressed)
    session = replace(session, phase="correcting", standing=standing)
    return _tick_correcting(session, Ticked(event.up), rules)


# ---- tickets ----


def _called(session: Session, event: TicketCalled, _rules: Rules) -> Outcome:
    """The visit is open; what the journal holds for it decides whether it is rated."""
    same = session.visit is not None and session.visit.id == event.visit.id
    if same and session.phase in ("serving", "correcting", "rated"):
        opened = replace(session, visit=event.visit, ended_at=None)
    else:
        opened = _open(session, event)
    return _seen(opened, event)


def _closed(session: Session, event: TicketClosed, rules: Rules) -> Outcome:
    """The visit stays open to a rating for a while, counted from when it ended."""
    if event.behind:
        return _seen(session, event)
    same = session.visit is not None and session.visit.id == event.visit.id
    opened = session if same else _open(session, event)
    ended_at = event.up if event.ended is None else min(event.ended, event.up)
    phase: Phase = "closed" if opened.phase == "serving" else opened.phase
    opened, effects = _seen(replace(opened, phase=phase, ended_at=ended_at), event)
    opened, _ = TABLE[opened.phase][Ticked](opened, Ticked(event.up), rules)
    return opened, effects


def _gone(session: Session, event: TicketCalled, _rules: Rules) -> Outcome:
    """The citizen is not at this counter (any more)."""
    if session.visit is not None and session.visit.id == event.visit.id:
        session = _idle(session)
    return _seen(session, event)


def _nobody(session: Session, event: NobodyServed, _rules: Rules) -> Outcome:
    """The serving ended in a way that nobody told; treat it as closed now."""
    if session.ended_at is not None:
        return session, ()
    phase: Phase = "closed" if session.phase == "serving" else session.phase
    return replace(session, phase=phase, ended_at=event.up), ()


def _open(session: Session, event: TicketCalled) -> Session:
    standing = None if event.standing is None else Standing(event.standing)
    return replace(
        session,
        phase="rated" if standing else "serving",
        visit=event.visit,
        standing=standing,
        ended_at=None,
        told_to_wait_at=None,
    )


def _seen(session: Session, event: TicketCalled) -> Outcome:
    """Record what was seen, once."""
    visit, name = event.visit, TICKET_NAMES[type(event)]
    again = session.seen == (visit.id, name) and name != "recalled"
    if again or event.told:
        return replace(session, seen=(visit.id, name)), ()
    ticket = Ticket(
        counter=visit.counter,
        visit=visit.id,
        ticket=visit.ticket,
        event=name,
        source=event.origin,
        day=visit.day,
        service=visit.service,
    )
    return replace(session, seen=(visit.id, name)), (AppendTicket(ticket),)


# ---- time and chains ----


def _tick_correcting(session: Session, event: Ticked, rules: Rules) -> Outcome:
    pressed = session.standing.up if session.standing else None
    if pressed is not None and event.up - pressed <= rules.correct:
        return session, ()
    return _tick_ending(replace(session, phase="rated"), event, rules)


def _tick_ending(session: Session, event: Ticked, rules: Rules) -> Outcome:
    """A closed visit takes ratings for a while, then it is over."""
    if session.ended_at is None or event.up - session.ended_at <= rules.open_after_closed:
        return session, ()
    return _idle(session), ()


def _new_chain(session: Session, _event: NewChain, _rules: Rules) -> Outcome:
    standing = Standing(session.standing.seq) if session.standing else None
    phase: Phase = "rated" if session.phase == "correcting" else session.phase
    return replace(session, phase=phase, standing=standing), ()


def _idle(session: Session) -> Session:
    return replace(session, phase="idle", visit=None, standing=None, ended_at=None)


def _keep(session: Session, _event: Event, _rules: Rules) -> Outcome:
    return session, ()


_TICKETS: dict[type, Handler] = {
    TicketCalled: _called,
    TicketRecalled: _called,
    TicketClosed: _closed,
    TicketTransferred: _gone,
    TicketNoShow: _gone,
    Recorded: _recorded,
    NewChain: _new_chain,
}

TABLE: dict[Phase, dict[type, Handler]] = {
    "idle": {**_TICKETS, NobodyServed: _keep, Pressed: _press_without_ticket, Ticked: _keep},
    "serving": {**_TICKETS, NobodyServed: _nobody, Pressed: _press_first, Ticked: _keep},
    "correcting": {
        **_TICKETS,
        NobodyServed: _nobody,
        Pressed: _press_again,
        Ticked: _tick_correcting,
    },
    "rated": {**_TICKETS, NobodyServed: _nobody, Pressed: _press_late, Ticked: _tick_ending},
    "closed": {**_TICKETS, NobodyServed: _nobody, Pressed: _press_first, Ticked: _tick_ending},
}
