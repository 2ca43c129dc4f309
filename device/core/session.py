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
after a failure in between nothing is stored twice. What a touched item or key does: ``asking.py``.

A visit that ends in a way that nobody told - the next ticket was called, its time passed, the
service day ended - is recorded as closed, *assumed*: what was served and not rated is evidence too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from device.core import asking
from device.core.events import (
    TICKET_NAMES,
    Append,
    AppendRating,
    Effect,
    Event,
    HoursChanged,
    Kept,
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
    Touched,
    Visit,
)
from wire.records import Rating, Ticket, TicketEvent, TicketOrigin

Outcome = tuple[Session, tuple[Effect, ...]]
Handler = Callable[[Session, Any, Rules], Outcome]


_REMEMBERED = 8


def step(session: Session, event: Event, rules: Rules) -> Outcome:
    """Return the session after ``event``, and what is to be done, in this order."""
    if isinstance(event, Kept):
        return TABLE[session.phase][Kept](session, event, rules)
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
    session, effects = _tick_correcting(session, Ticked(event.up), rules)
    return asking.begin(session, event, rules), effects


# ---- tickets ----


def _called(session: Session, event: TicketCalled, _rules: Rules) -> Outcome:
    """The visit is open; what the journal holds for it decides whether it is rated."""
    same = _is_open(session, event.visit)
    if same and session.phase in ("serving", "correcting", "rated"):
        again = replace(session, visit=event.visit, ended_at=None, end_kept=False)
        return _seen(again, event)
    return _then(_leave(session, event.visit), lambda left: _seen(_open(left, event), event))


def _closed(session: Session, event: TicketClosed, rules: Rules) -> Outcome:
    """The visit stays open to a rating for a while, counted from when it ended."""
    if _is_open(session, event.visit):
        return _end_at(session, event, rules)
    if event.visit.id in session.former:
        return _seen(session, event)  # said late; the one that took its place goes on
    return _then(
        _leave(session, event.visit), lambda left: _end_at(_open(left, event), event, rules)
    )


def _end_at(session: Session, event: TicketClosed, rules: Rules) -> Outcome:
    ended_at = event.up if event.ended is None else min(event.ended, event.up)
    phase: Phase = "closed" if session.phase == "serving" else session.phase
    ended = replace(session, phase=phase, ended_at=ended_at, end_kept=True)
    return _then(
        _seen(ended, event),
        lambda seen: TABLE[seen.phase][Ticked](seen, Ticked(event.up), rules),
    )


def _gone(session: Session, event: TicketCalled, _rules: Rules) -> Outcome:
    """The citizen is not at this counter (any more)."""
    if not _is_open(session, event.visit):
        return _seen(session, event)
    return _then(asking.end(session), lambda left: _seen(_idle(left), event))


def _nobody(session: Session, event: NobodyServed, _rules: Rules) -> Outcome:
    """The serving ended in a way that nobody told; treat it as closed now."""
    if session.ended_at is not None:
        return session, ()
    phase: Phase = "closed" if session.phase == "serving" else session.phase
    return replace(session, phase=phase, ended_at=event.up), ()


def _then(first: Outcome, more: Callable[[Session], Outcome]) -> Outcome:
    """Do one thing after the other, and return the effects of both."""
    session, effects = first
    after, others = more(session)
    return after, (*effects, *others)


def _is_open(session: Session, visit: Visit) -> bool:
    return session.visit is not None and session.visit.id == visit.id


def _leave(session: Session, following: Visit | None = None) -> Outcome:
    """End the open visit, if there is one, and the asking: another citizen comes."""
    session, answers = asking.end(session)
    if session.visit is None or (following is not None and _is_open(session, following)):
        return session, answers
    return _idle(session), (*answers, *_assume_closed(session))


def _assume_closed(session: Session) -> tuple[Effect, ...]:
    """Record that the open visit ended, unless the journal holds that already."""
    visit = session.visit
    if visit is None or session.end_kept:
        return ()
    return (Append(_ticket(visit, "closed", session.origin, assumed=True)),)


def _open(session: Session, event: TicketCalled) -> Session:
    standing = None if event.standing is None else Standing(event.standing)
    return replace(
        session,
        phase="rated" if standing else "serving",
        visit=event.visit,
        origin=event.origin,
        standing=standing,
        ended_at=None,
        end_kept=False,
        opened_on=session.day,
        told_to_wait_at=None,
        language=0,
    )


def _seen(session: Session, event: TicketCalled) -> Outcome:
    """Record what was seen, once."""
    visit, name = event.visit, TICKET_NAMES[type(event)]
    again = session.seen == (visit.id, name) and name != "recalled"
    session = replace(session, seen=(visit.id, name))
    if again or event.told:
        return session, ()
    return session, (Append(_ticket(visit, name, event.origin)),)


def _ticket(
    visit: Visit, name: TicketEvent, origin: TicketOrigin, *, assumed: bool | None = None
) -> Ticket:
    return Ticket(
        counter=visit.counter,
        visit=visit.id,
        ticket=visit.ticket,
        event=name,
        source=origin,
        day=visit.day,
        service=visit.service,
        assumed=assumed,
    )


def _kept(session: Session, event: Kept, _rules: Rules) -> Outcome:
    """Something that was asked for is stored: it is not asked for again."""
    body = event.body
    if not isinstance(body, Ticket):
        return asking.kept(session, body), ()
    own = session.visit is not None and session.visit.id == body.visit
    end_kept = session.end_kept or (own and body.event == "closed")
    return replace(session, seen=(body.visit, body.event), end_kept=end_kept), ()


# ---- time and chains ----


def _tick_correcting(session: Session, event: Ticked, rules: Rules) -> Outcome:
    pressed = session.standing.up if session.standing else None
    if pressed is not None and event.up - pressed <= rules.correct:
        return session, ()
    return _tick_ending(replace(session, phase="rated"), event, rules)


def _tick_ending(session: Session, event: Ticked, rules: Rules) -> Outcome:
    """A closed visit takes ratings for a while, then it is over; reasons may still be given."""
    if session.ended_at is None or event.up - session.ended_at <= rules.open_after_closed:
        return session, ()
    return _idle(session), _assume_closed(session)


def _new_chain(session: Session, _event: NewChain, _rules: Rules) -> Outcome:
    session, answers = asking.end(session)
    standing = Standing(session.standing.seq) if session.standing else None
    phase: Phase = "rated" if session.phase == "correcting" else session.phase
    return replace(session, phase=phase, standing=standing), answers


def _hours_changed(session: Session, event: HoursChanged, _rules: Rules) -> Outcome:
    """A visit does not outlive its service day."""
    day = event.day or session.day
    session = replace(session, open=event.open, day=day)
    if session.visit is None or day is None:
        return session, ()
    opened_on = session.opened_on or session.visit.day or day
    if opened_on < day:
        return _leave(session)
    return replace(session, opened_on=opened_on), ()


def _idle(session: Session) -> Session:
    former = (*session.former, session.visit.id) if session.visit else session.former
    return replace(
        session,
        former=former[-_REMEMBERED:],
        phase="idle",
        visit=None,
        standing=None,
        ended_at=None,
        end_kept=False,
        opened_on=None,
        language=session.language if session.asked else 0,
    )


def _keep(session: Session, _event: Event, _rules: Rules) -> Outcome:
    return session, ()


_ALWAYS: dict[type, Handler] = {
    TicketCalled: _called,
    TicketRecalled: _called,
    TicketClosed: _closed,
    TicketTransferred: _gone,
    TicketNoShow: _gone,
    Recorded: _recorded,
    Kept: _kept,
    Touched: asking.touched,
    NewChain: _new_chain,
    HoursChanged: _hours_changed,
}

TABLE: dict[Phase, dict[type, Handler]] = {
    "idle": {**_ALWAYS, NobodyServed: _keep, Pressed: _press_without_ticket, Ticked: _keep},
    "serving": {**_ALWAYS, NobodyServed: _nobody, Pressed: _press_first, Ticked: _keep},
    "correcting": {
        **_ALWAYS,
        NobodyServed: _nobody,
        Pressed: _press_again,
        Ticked: _tick_correcting,
    },
    "rated": {**_ALWAYS, NobodyServed: _nobody, Pressed: _press_late, Ticked: _tick_ending},
    "closed": {**_ALWAYS, NobodyServed: _nobody, Pressed: _press_first, Ticked: _tick_ending},
}
