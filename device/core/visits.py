"""Visits come and go: what a told ticket, the time and a new chain do to the session.

A visit that ends in a way that nobody told - the next ticket was called, its time passed, the
service day ended - is recorded as closed, *assumed*: what was served and not rated is evidence too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from device.core import asking
from device.core.events import (
    TICKET_NAMES,
    Append,
    ChainEnds,
    Effect,
    HoursChanged,
    Kept,
    NewChain,
    NobodyServed,
    Ticked,
    TicketCalled,
    TicketClosed,
)
from device.core.rules import Rules
from device.core.session_state import Phase, Session, Standing, Visit
from wire.records import Ticket

if TYPE_CHECKING:
    from wire.records import TicketEvent, TicketOrigin

Outcome = tuple[Session, tuple[Effect, ...]]

_REMEMBERED = 8


def called(session: Session, event: TicketCalled, _rules: Rules) -> Outcome:
    """The visit is open; what the journal holds for it decides whether it is rated."""
    same = _is_open(session, event.visit)
    if same and session.phase in ("serving", "correcting", "rated"):
        again = replace(session, visit=event.visit, ended_at=None, end_kept=False)
        return _seen(again, event)
    return _then(_make_way(session, event), lambda left: _seen(_open(left, event), event))


def closed(session: Session, event: TicketClosed, rules: Rules) -> Outcome:
    """The visit stays open to a rating for a while, counted from when it ended."""
    if _is_open(session, event.visit):
        return _end_at(session, event, rules)
    if event.behind or event.visit.id in session.former:
        return _seen(session, event)  # said late; the one that took its place goes on
    return _then(_make_way(session, event), lambda left: _end_at(_open(left, event), event, rules))


def _end_at(session: Session, event: TicketClosed, rules: Rules) -> Outcome:
    ended_at = event.up if event.ended is None else min(event.ended, event.up)
    phase: Phase = "closed" if session.phase == "serving" else session.phase
    ended = replace(session, phase=phase, ended_at=ended_at, end_kept=True)
    return _then(
        _seen(ended, event),
        lambda seen: _tick(seen, Ticked(event.up), rules),
    )


def gone(session: Session, event: TicketCalled, _rules: Rules) -> Outcome:
    """The citizen is not at this counter (any more)."""
    if not _is_open(session, event.visit):
        return _seen(session, event)
    return _then(asking.end(session), lambda left: _seen(_idle(left), event))


def nobody(session: Session, event: NobodyServed, _rules: Rules) -> Outcome:
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


def _make_way(session: Session, event: TicketCalled) -> Outcome:
    """End what is open, also what a restart left open, unless it is the same visit."""
    ended = asking.end(session) if _is_open(session, event.visit) else _leave(session)
    left = session.left
    if left is None or left.visit == event.visit.id:
        return ended
    closing = Append(replace(left, event="closed", assumed=True))
    return _then(ended, lambda after: (replace(after, left=None), (closing,)))


def _leave(session: Session) -> Outcome:
    """End the open visit, if there is one, and the asking."""
    session, answers = asking.end(session)
    if session.visit is None:
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
        opened_at=event.up,
        told_to_wait_at=None,
        language=0,
    )


def _seen(session: Session, event: TicketCalled) -> Outcome:
    """Record what was seen, once."""
    visit, name = event.visit, TICKET_NAMES[type(event)]
    again = session.seen == (visit.id, name) and name != "recalled"
    session = _heard(session, visit.id, name)
    if again or event.told:
        return session, ()
    return session, (Append(_ticket(visit, name, event.origin)),)


def _heard(session: Session, visit: str, name: TicketEvent) -> Session:
    known = session.left is not None and session.left.visit == visit
    return replace(session, seen=(visit, name), left=None if known else session.left)


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


def kept(session: Session, event: Kept, _rules: Rules) -> Outcome:
    """Something that was asked for is stored: it is not asked for again."""
    body = event.body
    if not isinstance(body, Ticket):
        return asking.kept(session, body), ()
    own = session.visit is not None and session.visit.id == body.visit
    end_kept = session.end_kept or (own and body.event == "closed")
    return replace(_heard(session, body.visit, body.event), end_kept=end_kept), ()


# ---- time and chains ----


def tick_correcting(session: Session, event: Ticked, rules: Rules) -> Outcome:
    """The standing rating can be replaced for a while after its press."""
    pressed = session.standing.up if session.standing else None
    if pressed is not None and event.up - pressed <= rules.correct:
        return session, ()
    return tick_ending(replace(session, phase="rated"), event, rules)


def _tick(session: Session, event: Ticked, rules: Rules) -> Outcome:
    correcting = session.phase == "correcting"
    return (tick_correcting if correcting else tick_ending)(session, event, rules)


def tick_ending(session: Session, event: Ticked, rules: Rules) -> Outcome:
    """A closed visit takes ratings for a while, then it is over; reasons may still be given."""
    if session.ended_at is None or event.up - session.ended_at <= rules.open_after_closed:
        return session, ()
    return _idle(session), _assume_closed(session)


def chain_ends(session: Session, _event: ChainEnds, _rules: Rules) -> Outcome:
    """Reasons name a rating of their own chain, so they are recorded now."""
    return asking.end(session)


def new_chain(session: Session, _event: NewChain, _rules: Rules) -> Outcome:
    """What stands stays; what could still be changed no longer can."""
    session, _ = asking.end(session)
    standing = Standing(session.standing.seq) if session.standing else None
    phase: Phase = "rated" if session.phase == "correcting" else session.phase
    return replace(session, phase=phase, standing=standing), ()


def hours_changed(session: Session, event: HoursChanged, _rules: Rules) -> Outcome:
    """A visit does not outlive its service day."""
    session = replace(session, open=event.open)
    if session.visit is None or event.day_since is None or session.opened_at >= event.day_since:
        return session, ()
    return _leave(session)


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
        language=session.language if session.asked else 0,
    )
