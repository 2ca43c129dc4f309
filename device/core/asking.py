"""Reasons after a rating, and the complaints of the mode ``items``: what a touch does, as a table.

========  ==========================================================================
stage     meaning
========  ==========================================================================
nothing   no items are offered; of the keys only the language counts
offered   a rating can still be corrected; *continue* leads to its reasons at once
reasons   items are offered as reasons for one rating; nothing is stored before the end
items     the mode ``items``: each touch on an item is a complaint, stored at once
========  ==========================================================================

Nothing here depends on the choice, but for the policy ``unsatisfied``. What was chosen is never
thrown away: whatever ends the asking has it recorded for the rating that it was chosen for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeVar

from device.core.events import Append, Effect, Recorded, Touched
from device.core.rules import Rules
from device.core.session_state import Asked, Session
from wire.records import Items, Reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.policy import Item
    from wire.records import Choice

Stage = Literal["nothing", "offered", "reasons", "items"]
Outcome = tuple[Session, tuple[Effect, ...]]
Handler = Callable[[Session, Asked, Touched, Rules], Outcome]
T = TypeVar("T")

PAGE = 6
LANGUAGE_RESTS_MS = 60_000


def stage_of(session: Session, up: int, rules: Rules) -> Stage:
    """Return which row of the table is the one at ``up``."""
    if session.accepted_at is not None and up - session.accepted_at < rules.lock:
        return "nothing"
    asked = session.asked
    if asked is not None and asked.rating:
        return "reasons" if up >= asked.since else "offered"
    offered = rules.mode == "items" and (session.open or asked is not None)
    return "items" if offered else "nothing"


def touched(session: Session, event: Touched, rules: Rules) -> Outcome:
    """Let a touch on an item or a key have its effect; any touch begins the time anew."""
    stage = stage_of(session, event.up, rules)
    asked = session.asked or Asked(0, event.up)
    if stage != "offered":
        asked = replace(asked, since=max(asked.since, event.up))
    session = replace(session, touched_at=event.up, asked=asked if session.asked else None)
    name = event.target.name if event.target.kind == "key" else "item"
    return TABLE[stage].get(name, _ignore)(session, asked, event, rules)


def begin(session: Session, event: Recorded, rules: Rules) -> Session:
    """Offer reasons for a rating that was just stored, where the policy says so.

    They come after the thanks, and where the rating can be corrected, after that.
    """
    if not _asks(rules, event.rating.choice):
        return replace(session, asked=None)
    since = event.up + rules.lock
    if session.phase == "correcting":
        since = max(since, event.pressed + rules.correct + 1)
    return replace(session, asked=Asked(event.seq, since))


def end(session: Session) -> Outcome:
    """End the asking for reasons; what was chosen is recorded."""
    asked = session.asked
    if asked is None or not asked.rating:
        return session, ()
    chosen = (Append(Reasons(asked.rating, asked.chosen)),) if asked.chosen else ()
    return replace(session, asked=None), chosen


def tick(session: Session, up: int, rules: Rules) -> Outcome:
    """Let time go by."""
    asked = session.asked
    if asked is None:
        return _rest_language(session, up), ()
    if not asked.rating:
        over = up - asked.since >= rules.answer or rules.mode != "items"
        return (_over(session, asked, up) if over else session), ()
    if up - asked.since < rules.answer + rules.warning:
        return session, ()
    after, effects = end(session)
    return (_thanked(after, up) if effects else after), effects


def kept(session: Session, body: Reasons | Items) -> Session:
    """Return the session once this was stored."""
    if isinstance(body, Reasons):
        return replace(session, asked=None)
    asked = session.asked or Asked(0, 0)
    return replace(session, asked=replace(asked, chosen=(*asked.chosen, *body.items)))


def page_of(items: Sequence[T], page: int) -> tuple[T, ...]:
    """Return the items on a page."""
    return tuple(items[page * PAGE : (page + 1) * PAGE])


def pages_of(items: Sequence[Item]) -> int:
    """Return how many pages there are, at least one."""
    return max(1, -(-len(items) // PAGE))


def _asks(rules: Rules, choice: Choice) -> bool:
    if not rules.touch or not rules.items:
        return False
    return rules.reasons == "every" or (rules.reasons == "unsatisfied" and choice == "unsatisfied")


def _rest_language(session: Session, up: int) -> Session:
    """Who comes next finds the first language in front."""
    last = session.touched_at
    if session.visit is not None or last is None or up - last < LANGUAGE_RESTS_MS:
        return session
    return replace(session, language=0)


def _thanked(session: Session, up: int) -> Session:
    return replace(session, asked=None, answered_at=up)


def _over(session: Session, asked: Asked, up: int) -> Session:
    """End a turn of the mode ``items``; who only turned pages has given nothing to thank for."""
    return _thanked(session, up) if asked.chosen else replace(session, asked=None)


# ---- touches ----


def _toggle(session: Session, asked: Asked, event: Touched, rules: Rules) -> Outcome:
    code = event.target.name
    chosen = tuple(each for each in asked.chosen if each != code)
    if chosen == asked.chosen and _offers(rules, code):
        chosen = (*chosen, code)
    return replace(session, asked=replace(asked, chosen=chosen)), ()


def _complain(session: Session, asked: Asked, event: Touched, rules: Rules) -> Outcome:
    """An item is a complaint at its first touch in this turn."""
    code = event.target.name
    if code in asked.chosen or not _offers(rules, code):
        return session, ()
    chosen = replace(asked, chosen=(*asked.chosen, code))
    return replace(session, asked=chosen), (Append(Items(rules.counter, (code,))),)


def _skip(session: Session, asked: Asked, event: Touched, _rules: Rules) -> Outcome:
    return _thanked(session, event.up), (Append(Reasons(asked.rating, None, skipped=True)),)


def _done(session: Session, _asked: Asked, event: Touched, _rules: Rules) -> Outcome:
    after, effects = end(session)
    return (_thanked(after, event.up), effects) if effects else (session, ())


def _finish(session: Session, asked: Asked, event: Touched, _rules: Rules) -> Outcome:
    return _over(session, asked, event.up), ()


def _next(session: Session, asked: Asked, _event: Touched, rules: Rules) -> Outcome:
    page = min(asked.page + 1, pages_of(rules.items) - 1)
    return replace(session, asked=replace(asked, page=page)), ()


def _back(session: Session, asked: Asked, _event: Touched, rules: Rules) -> Outcome:
    page = min(asked.page, pages_of(rules.items) - 1)
    return replace(session, asked=replace(asked, page=max(page - 1, 0))), ()


def _continue(session: Session, asked: Asked, event: Touched, _rules: Rules) -> Outcome:
    return replace(session, asked=replace(asked, since=event.up)), ()


def _language(session: Session, _asked: Asked, _event: Touched, rules: Rules) -> Outcome:
    return replace(session, language=(session.language + 1) % len(rules.languages)), ()


def _ignore(session: Session, _asked: Asked, _event: Touched, _rules: Rules) -> Outcome:
    """Touched where it is not offered: the screen changed under the finger."""
    return session, ()


def _offers(rules: Rules, code: str) -> bool:
    return any(item.code == code for item in rules.items)


_NOTHING: dict[str, Handler] = {
    "item": _ignore,
    "skip": _ignore,
    "done": _ignore,
    "next": _ignore,
    "back": _ignore,
    "continue": _ignore,
    "language": _language,
}

TABLE: dict[Stage, dict[str, Handler]] = {
    "nothing": _NOTHING,
    "offered": {**_NOTHING, "continue": _continue},
    "reasons": {
        **_NOTHING,
        "item": _toggle,
        "skip": _skip,
        "done": _done,
        "next": _next,
        "back": _back,
    },
    "items": {**_NOTHING, "item": _complain, "done": _finish, "next": _next, "back": _back},
}
