"""How the visits of a counter's day went: who was served, by what queue system and terminals say.

1. The events of the queue system (``rest``) and of terminals belong to visits already; both
   sources together say what happened.
2. Each source's own events, in order, give how it saw the visit end: the last ``closed``,
   ``no_show`` or ``transferred``. A later ``called`` or ``recalled`` of that source opens the visit
   again.
3. A ``no_show`` or ``transferred`` is void where the other source called the visit later.
4. A visit that either source saw *closed* is served. Else, one that is a no-show or was
   transferred is not served.
5. Else, a visit that was called, and after whose last call another visit of that day was called at
   the counter, or which a terminal saw end without being told (*ended*: its time passed, or the
   day did), is served: it was *followed*. So the last visit of a day counts like all others.
6. Sources disagree about a visit when both saw it end, but differently, or when one missed it
   although it told of something more than a minute later.
7. A word of the queue system that came when the visit's day was over is *late*. When a visit began
   and how it ended stands as words in time tell it; late ones fill in what those leave open, and
   of a visit that was rated nothing. So no late word moves a rating to another hour, or makes it
   count or not count as rated; a visit that only late words tell of counts like any other until
   somebody rates it, and began when the first of them says.

Nothing here reads a clock; times are Unix milliseconds.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from wire.records import Ticket

EventName = Literal["called", "recalled", "transferred", "no_show", "closed", "ended"]
Source = Literal["rest", "terminal"]
End = Literal["closed", "followed", "no_show", "transferred"]
Disagreement = Literal["only_rest", "only_terminal", "different_end"]

CALLS: tuple[EventName, ...] = ("called", "recalled")
MISSED_AFTER_MS = 60_000


@dataclass(frozen=True, slots=True)
class Event:
    """What a source said about a visit.

    Attributes:
        visit: Id of the visit.
        event: What happened.
        at: When.
        source: Who said so.
        order: Decides between events of the same time.
        estimated: Whether ``at`` is only estimated.
        late: Whether it was said when the visit's day was over (rule 7).
    """

    visit: str
    event: EventName
    at: int
    source: Source
    order: int
    estimated: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as its day's events show it; ``ended`` is None while it may still be going on."""

    id: str
    first_at: int
    called_at: int | None
    served_at: int | None
    ended: End | None
    by_rest: bool
    by_terminal: bool
    disagreement: Disagreement | None

    @property
    def served(self) -> bool:
        """Whether the visit counts as served."""
        return self.ended in ("closed", "followed")


def visits_of(events: Iterable[Event], rated: Collection[str] = ()) -> list[Visit]:
    """Return the visits of one counter-day, in the order of their first event.

    Args:
        events: What was said of them.
        rated: Those of which a rating stands.
    """
    ordered = sorted(events, key=lambda event: (event.at, event.order))
    seen = _seen(ordered)
    in_time = [event for event in ordered if not event.late]
    if len(in_time) == len(ordered):
        return seen
    before = {visit.id: visit for visit in _seen(in_time)}
    return [_settled(visit, before.get(visit.id), visit.id in rated) for visit in seen]


def _settled(visit: Visit, before: Visit | None, rated: bool) -> Visit:
    """Return a visit with the end that late words leave it (rule 7).

    Args:
        visit: As all words show it.
        before: As words in time do, or None if there are none.
        rated: Whether it was rated.
    """
    if before is None:
        return replace(visit, served_at=None, ended=None) if rated else visit
    if before.ended is None and not rated:
        return visit
    return replace(
        visit, called_at=before.called_at, served_at=before.served_at, ended=before.ended
    )


def _seen(ordered: Sequence[Event]) -> list[Visit]:
    by_visit: dict[str, list[Event]] = {}
    for event in ordered:
        by_visit.setdefault(event.visit, []).append(event)
    followers = _followers(ordered)
    latest: dict[Source, int] = {event.source: event.at for event in ordered}
    return [_visit(own, followers, latest) for own in by_visit.values()]


def event_of(body: Ticket) -> EventName:
    """Return what a terminal's record says of the visit; less than *closed* if it assumed that."""
    return "ended" if body.assumed else body.event


def _followers(ordered: Sequence[Event]) -> dict[str, int]:
    """Return for each visit when it was over, told by no word of its own (rule 5)."""
    followers: dict[str, int] = {}
    current: str | None = None
    for event in ordered:
        if event.event == "ended":
            followers.setdefault(event.visit, event.at)
        if event.event not in CALLS:
            continue
        if current is not None and event.visit != current:
            followers[current] = event.at
        followers.pop(event.visit, None)
        current = event.visit
    return followers


def _visit(own: Sequence[Event], followers: dict[str, int], latest: dict[Source, int]) -> Visit:
    first_at = _first_at(own)
    calls = [event for event in own if event.event in CALLS]
    end = _definite_end(own)
    follower = followers.get(own[0].visit) if calls else None
    ended: End | None = end.event if end else None  # type: ignore[assignment]  # see _last_end
    served_at = end.at if end is not None and end.event == "closed" else None
    if end is None and follower is not None:
        ended, served_at = "followed", follower
    return Visit(
        id=own[0].visit,
        first_at=first_at,
        called_at=calls[0].at if calls else None,
        served_at=served_at,
        ended=ended,
        by_rest=any(event.source == "rest" for event in own),
        by_terminal=any(event.source == "terminal" for event in own),
        disagreement=_disagreement(own, first_at, latest),
    )


def _first_at(own: Sequence[Event]) -> int:
    in_time = [event for event in own if not event.late]
    if not in_time:
        return min(own, key=lambda event: event.order).at
    return next((event.at for event in in_time if not event.estimated), in_time[0].at)


def _last_end(own: Iterable[Event], source: Source) -> Event | None:
    """Return how a source saw the visit end (rule 2)."""
    last: Event | None = None
    for event in own:
        if event.source == source and event.event != "ended":
            last = None if event.event in CALLS else event
    return last


def _ends(own: Sequence[Event]) -> list[Event]:
    ends = (_last_end(own, "rest"), _last_end(own, "terminal"))
    return [end for end in ends if end is not None]


def _definite_end(own: Sequence[Event]) -> Event | None:
    """Return the event that ended the visit (rules 3 and 4), or None."""
    ends = _ends(own)
    closed = [end for end in ends if end.event == "closed"]
    if closed:
        return min(closed, key=lambda end: (end.at, end.order))
    position = {id(event): index for index, event in enumerate(own)}
    last_call = max((position[id(event)] for event in own if event.event in CALLS), default=-1)
    valid = [end for end in ends if position[id(end)] > last_call]
    return max(valid, key=lambda end: position[id(end)], default=None)


def _disagreement(
    own: Sequence[Event], first_at: int, latest: dict[Source, int]
) -> Disagreement | None:
    """Return what the sources disagree about (rule 6)."""
    sources = {event.source for event in own}
    if len(sources) == 2:
        return "different_end" if len({end.event for end in _ends(own)}) == 2 else None
    missing: Source = "terminal" if "rest" in sources else "rest"
    gone_past = latest.get(missing, first_at) > first_at + MISSED_AFTER_MS
    if not gone_past:
        return None
    return "only_rest" if missing == "terminal" else "only_terminal"
