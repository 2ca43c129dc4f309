"""What a counter's day comes to: visits, who was served, who rated, hour by hour.

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
6. A visit belongs to the hour of its first event; where that lies outside the service day, to the
   day's nearest hour. Estimated times count for this only where there are no others.
7. *Rated* are served visits with a standing rating. A choice that stands counts in its visit's
   hour, or in its own where no visit is known.
8. A service's figures of the day count the same: a visit by its own service, a rating by that of
   its visit; what has none, and a rating without a visit, as of no service.
9. Unbound, contested and disputed ratings count in their own hour, and for nothing else. A replaced
   one counts nowhere.
10. Sources disagree about a visit when both saw it end, but differently, or when one missed it
   although it told of something more than a minute later.

Nothing here reads a clock; times are Unix milliseconds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import tzinfo
from operator import add, attrgetter
from typing import Literal

from fleet_server.core.choices import Choices
from fleet_server.core.days import QUARTER_MS, Day, hour_of
from fleet_server.core.standing import Status
from wire.records import Ticket

EventName = Literal["called", "recalled", "transferred", "no_show", "closed", "ended"]
Source = Literal["rest", "terminal"]
End = Literal["closed", "followed", "no_show", "transferred"]
Disagreement = Literal["only_rest", "only_terminal", "different_end"]
ChoiceName = Literal["very_satisfied", "satisfied", "unsatisfied"]

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
    """

    visit: str
    event: EventName
    at: int
    source: Source
    order: int
    estimated: bool = False


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


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating that concerns the day: bound to one of its visits, or made in it."""

    visit: str | None
    choice: ChoiceName
    at: int
    status: Status
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a counter, a service or a unit over an hour, a day, or longer."""

    served: int = 0
    rated: int = 0
    very_satisfied: int = 0
    satisfied: int = 0
    unsatisfied: int = 0
    unbound: int = 0
    contested: int = 0
    disputed: int = 0
    estimated: int = 0

    @property
    def choices(self) -> Choices:
        """The choices that stand, also those that may not be told."""
        return Choices(self.very_satisfied, self.satisfied, self.unsatisfied)

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(*map(add, _NUMBERS(self), _NUMBERS(other)))


COUNTED = tuple(field.name for field in fields(Counts))
"""The names of the figures, in their order: columns of all roll-ups."""

_NUMBERS = attrgetter(*COUNTED)


@dataclass(frozen=True, slots=True)
class Hour(Counts):
    """The figures of one hour of a counter; ``hour`` is when it began."""

    hour: int = 0


def visits_of(events: Iterable[Event]) -> list[Visit]:
    """Return the visits of one counter-day, in the order of their first event."""
    ordered = sorted(events, key=lambda event: (event.at, event.order))
    by_visit: dict[str, list[Event]] = {}
    for event in ordered:
        by_visit.setdefault(event.visit, []).append(event)
    followers = _followers(ordered)
    latest: dict[Source, int] = {event.source: event.at for event in ordered}
    return [_visit(own, followers, latest) for own in by_visit.values()]


def hours_of(
    visits: Iterable[Visit], ratings: Iterable[Rating], day: Day, zone: tzinfo
) -> list[Hour]:
    """Return the hours of one counter-day in which anything happened.

    Args:
        visits: All visits of the day.
        ratings: All ratings bound to these visits, and all others made in that day; but no
            standing ones of another day's visits.
        day: The service day.
        zone: The fleet's time zone.
    """
    known = {visit.id: visit for visit in visits}
    hours: dict[int, Counter[str]] = {}
    by_quarter: dict[int, Counter[str]] = {}

    def hour(at: int) -> Counter[str]:
        inside = day.nearest(at)
        row = by_quarter.get(inside // QUARTER_MS)
        if row is None:
            start = hour_of(inside, zone)
            row = by_quarter[inside // QUARTER_MS] = hours.setdefault(start, Counter())
        return row

    for visit in known.values():
        hour(visit.first_at)["served"] += visit.served
    for rating, bound in _counting(known, ratings, day):
        row = hour(rating.at if bound is None else bound.first_at)
        row["rated"] += bound is not None and bound.served
        _count(row, rating)
    return [Hour(hour=start, **hours[start]) for start in sorted(hours)]


def services_of(
    visits: Iterable[Visit], ratings: Iterable[Rating], day: Day, services: Mapping[str, str]
) -> dict[str, Counts]:
    """Return the figures of each service on one counter-day (rule 8); ``""`` is no service.

    Args:
        visits: see `hours_of`.
        ratings: see `hours_of`.
        day: The service day.
        services: The service of each visit that has one, by the visit's id.
    """
    known = {visit.id: visit for visit in visits}
    found: dict[str, Counter[str]] = {}
    for visit in known.values():
        found.setdefault(services.get(visit.id, ""), Counter())["served"] += visit.served
    for rating, bound in _counting(known, ratings, day):
        name = "" if bound is None else services.get(bound.id, "")
        row = found.setdefault(name, Counter())
        row["rated"] += bound is not None and bound.served
        _count(row, rating)
    return {name: Counts(**row) for name, row in found.items()}


def _counting(
    known: Mapping[str, Visit], ratings: Iterable[Rating], day: Day
) -> Iterator[tuple[Rating, Visit | None]]:
    """Yield the ratings that count in a day, each that stands with its visit, if that is known."""
    for rating in ratings:
        bound = known.get(rating.visit or "")
        if rating.status == "standing" and bound is not None:
            yield rating, bound
        elif rating.status != "replaced" and day.holds(rating.at):
            yield rating, None


def _count(row: Counter[str], rating: Rating) -> None:
    row[rating.choice if rating.status == "standing" else rating.status] += 1
    row["estimated"] += rating.estimated


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
    first_at = next((event.at for event in own if not event.estimated), own[0].at)
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
    """Return what the sources disagree about (rule 10)."""
    sources = {event.source for event in own}
    if len(sources) == 2:
        return "different_end" if len({end.event for end in _ends(own)}) == 2 else None
    missing: Source = "terminal" if "rest" in sources else "rest"
    gone_past = latest.get(missing, first_at) > first_at + MISSED_AFTER_MS
    if not gone_past:
        return None
    return "only_rest" if missing == "terminal" else "only_terminal"
