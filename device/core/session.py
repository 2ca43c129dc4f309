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
The next session holds once everything that was asked for is stored; ``Kept`` says what is, so that
after a failure in between nothing is stored twice. What tickets and time do is in ``visits.py``,
what a touched item or key does in ``asking.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from device.core import asking, visits
from device.core.events import (
    AppendRating,
    ChainEnds,
    Effect,
    Event,
    HoursChanged,
    Kept,
    NewChain,
    NobodyServed,
    Pressed,
    Recorded,
    Refusal,
    Reject,
    Ticked,
    TicketCalled,
    TicketClosed,
    TicketNoShow,
    TicketRecalled,
    TicketTransferred,
    Touched,
)
from device.core.rules import Rules
from device.core.session_state import Phase, Session, Standing
from wire.records import Rating

Outcome = tuple[Session, tuple[Effect, ...]]
Handler = Callable[[Session, Any, Rules], Outcome]


def step(session: Session, event: Event, rules: Rules) -> Outcome:
    """Return the session after ``event``, and what is to be done, in this order."""
    if isinstance(event, Kept | NewChain):
        # Nothing that time brings comes before these: it would be of the chain that has ended.
        return TABLE[session.phase][type(event)](session, event, rules)
    session, due = TABLE[session.phase][Ticked](session, Ticked(event.up), rules)
    session, asked = asking.tick(session, event.up, rules)
    after, effects = TABLE[session.phase][type(event)](session, event, rules)
    return after, (*due, *asked, *effects)


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
    if rules.mode == "items":
        return _reject(session, event, "items")
    if not session.open:
        return _reject(session, event, "closed")
    if rules.without == "wait":
        return _reject(replace(session, told_to_wait_at=event.up), event, "wait")
    last = session.unbound_at
    if last is not None and event.up - last < rules.unbound_interval:
        return _reject(session, event, "interval")
    return _accept(session, event, rules)


def _accept(
    session: Session,
    event: Pressed,
    rules: Rules,
    replaces: int | None = None,
    contested: bool | None = None,
) -> Outcome:
    if rules.mode == "items":
        return _reject(session, event, "items")
    if session.accepted_at is not None and event.up - session.accepted_at < rules.lock:
        return _reject(session, event, "locked")
    session, answers = asking.end(session)
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
    return session, (*answers, AppendRating(rating, event.up))


def _reject(session: Session, event: Pressed, why: Refusal) -> Outcome:
    return session, (Reject(why, event),)


def _recorded(session: Session, event: Recorded, rules: Rules) -> Outcome:
    """A rating is stored: from here on it may be thanked for, and asked about."""
    session = replace(session, accepted_at=event.up, told_to_wait_at=None)
    if event.rating.visit is None:
        return asking.begin(replace(session, unbound_at=event.pressed), event, rules), ()
    if session.visit is None or event.rating.visit != session.visit.id:
        return session, ()
    if not event.standing:
        return asking.begin(replace(session, phase="rated"), event, rules), ()
    standing = Standing(event.seq, event.pressed)
    session = replace(session, phase="correcting", standing=standing)
    session, effects = visits.tick_correcting(session, Ticked(event.up), rules)
    return asking.begin(session, event, rules), effects


def _keep(session: Session, _event: Event, _rules: Rules) -> Outcome:
    return session, ()


_ALWAYS: dict[type, Handler] = {
    TicketCalled: visits.called,
    TicketRecalled: visits.called,
    TicketClosed: visits.closed,
    TicketTransferred: visits.gone,
    TicketNoShow: visits.gone,
    Recorded: _recorded,
    Kept: visits.kept,
    Touched: asking.touched,
    ChainEnds: visits.chain_ends,
    NewChain: visits.new_chain,
    HoursChanged: visits.hours_changed,
}

TABLE: dict[Phase, dict[type, Handler]] = {
    "idle": {**_ALWAYS, NobodyServed: _keep, Pressed: _press_without_ticket, Ticked: _keep},
    "serving": {**_ALWAYS, NobodyServed: visits.nobody, Pressed: _press_first, Ticked: _keep},
    "correcting": {
        **_ALWAYS,
        NobodyServed: visits.nobody,
        Pressed: _press_again,
        Ticked: visits.tick_correcting,
    },
    "rated": {
        **_ALWAYS,
        NobodyServed: visits.nobody,
        Pressed: _press_late,
        Ticked: visits.tick_ending,
    },
    "closed": {
        **_ALWAYS,
        NobodyServed: visits.nobody,
        Pressed: _press_first,
        Ticked: visits.tick_ending,
    },
}
