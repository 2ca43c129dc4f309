"""Roll-ups: the hours of a counter's day, always worked out anew from its rows.

Nothing is added to a figure; so what is told twice counts nothing, and a correction, a ruling or a
late ``clock`` record needs no other way in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from datetime import tzinfo
from typing import Any

from peewee import fn

from fleet_server.core.days import Day, day_of, named_day
from fleet_server.core.participation import Event, Hour, Rating, hours_of, visits_of
from fleet_server.core.participation import Visit as SeenVisit
from fleet_server.core.standing import Status
from fleet_server.store import changes, models
from fleet_server.store.database import proxy, rows, writing
from fleet_server.store.models import Counter, Hourly, TicketEvent, Visit

NAMES = tuple(field.name for field in fields(Hour))
QUARTER_MS = 15 * 60_000
"""In every time zone a day begins at a full quarter of an hour."""

_SEEN = ("first_at", "called_at", "served_at", "ended", "by_rest", "by_terminal", "disagreement")


def recompute(days: Iterable[tuple[int, str]], zone: tzinfo) -> None:
    """Work out the visits and hours of some counters' days, and tell open pages of them."""
    touched = sorted(set(days))
    for counter, day in touched:
        _recompute(counter, named_day(day, zone), zone)
    codes = Counter.select(Counter.code).where(Counter.id.in_([counter for counter, _ in touched]))
    changes.note(*(f"counter:{code}" for (code,) in rows(codes.order_by(Counter.id))))


def _recompute(counter: int, day: Day, zone: tzinfo) -> None:
    visits = visits_of(_events(counter, day.name))
    _note_visits(counter, day.name, visits)
    _note_hours(counter, day, hours_of(visits, _ratings(counter, day), day, zone))


def _events(counter: int, day: str) -> list[Event]:
    query = (
        TicketEvent.select(
            TicketEvent.visit,
            TicketEvent.event,
            TicketEvent.at,
            TicketEvent.source,
            TicketEvent.id,
            TicketEvent.at_quality,
        )
        .join(Visit)
        .where(Visit.counter == counter, Visit.day == day)
    )
    return [
        Event(visit, event, at, source, order, quality == "estimated")
        for visit, event, at, source, order, quality in rows(query)
    ]


def _ratings(counter: int, day: Day) -> list[Rating]:
    """Return the ratings that concern a day, as `hours_of` wants them."""
    rating = models.Rating
    of_day = Visit.select(Visit.id).where(Visit.counter == counter, Visit.day == day.name)
    known = Visit.select(Visit.id).where(Visit.id == rating.visit, Visit.counter == counter)
    columns = (
        rating.visit,
        rating.choice,
        rating.at,
        rating.standing,
        rating.contested,
        rating.disputed,
        rating.unbound,
        rating.at_quality,
    )
    bound = rating.select(*columns).where(
        rating.standing, rating.counter == counter, rating.visit.in_(of_day)
    )
    uncounted = rating.contested | rating.disputed | rating.unbound
    own = rating.select(*columns).where(
        rating.counter == counter,
        rating.at >= day.start,
        rating.at < day.end,
        uncounted | (rating.standing & ~fn.EXISTS(known)),
    )
    return [_rating(row) for query in (bound, own) for row in rows(query)]


def _rating(row: Sequence[Any]) -> Rating:
    visit, choice, at, standing, contested, disputed, unbound, quality = row
    flags: tuple[tuple[bool, Status], ...] = (
        (disputed, "disputed"),
        (unbound, "unbound"),
        (contested, "contested"),
        (standing, "standing"),
        (True, "replaced"),
    )
    status = next(name for flag, name in flags if flag)
    return Rating(visit, choice, at, status, quality == "estimated")


def _note_visits(counter: int, day: str, visits: Iterable[SeenVisit]) -> None:
    columns = [getattr(Visit, name) for name in _SEEN]
    query = Visit.select(Visit.id, *columns).where(Visit.counter == counter, Visit.day == day)
    former = {visit: tuple(seen) for visit, *seen in rows(query)}
    for visit in visits:
        seen = tuple(getattr(visit, name) for name in _SEEN)
        if seen != former[visit.id]:
            values = dict(zip(_SEEN, seen, strict=True))
            Visit.update(values).where(Visit.id == visit.id).execute()


def _note_hours(counter: int, day: Day, hours: Sequence[Hour]) -> None:
    held = (Hourly.counter == counter) & (Hourly.hour >= day.start) & (Hourly.hour < day.end)
    columns = [getattr(Hourly, name) for name in NAMES]
    former = Hourly.select(*columns).where(held).order_by(Hourly.hour)
    if rows(former) == [astuple(hour) for hour in hours]:
        return
    Hourly.delete().where(held).execute()
    values = [{"counter": counter, "day": day.name, **asdict(hour)} for hour in hours]
    if values:
        Hourly.insert_many(values).execute()


def all_days(zone: tzinfo) -> set[tuple[int, str]]:
    """Return every counter's day on which there is anything to count."""
    days: set[tuple[int, str]] = set()
    days.update(rows(Visit.select(Visit.counter, Visit.day).distinct()))
    days.update(rows(Hourly.select(Hourly.counter, Hourly.day).distinct()))
    quarter = models.Rating.at / QUARTER_MS
    ratings = models.Rating.select(models.Rating.counter, quarter).distinct()
    days.update((counter, day_of(at * QUARTER_MS, zone).name) for counter, at in rows(ratings))
    return days


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter's day whose held figures are not those of its rows."""

    counter: str
    day: str
    what: str


@dataclass(frozen=True, slots=True)
class Recount:
    """The outcome of a recount."""

    days: int
    differences: list[Difference]


def recount(zone: tzinfo, *, fix: bool = False) -> Recount:
    """Work out every counter's days anew and compare with what is held.

    Args:
        zone: The fleet's time zone.
        fix: Whether to keep what was worked out; else nothing is changed.
    """
    days = sorted(all_days(zone))
    found = [difference for key in days for difference in _recount(*key, zone, fix)]
    return Recount(len(days), found)


def _recount(counter: int, day: str, zone: tzinfo, fix: bool) -> list[Difference]:
    # A transaction for each day, so that ingest need not wait for all of them.
    with writing(), proxy.atomic() as attempt:
        held = _held(counter, day)
        recompute([(counter, day)], zone)
        counted = _held(counter, day)
        found = [
            Difference(_code(counter), day, what) for what in held if held[what] != counted[what]
        ]
        if not (fix and found):
            attempt.rollback()
    return found


def _held(counter: int, day: str) -> dict[str, list[tuple[Any, ...]]]:
    hours = Hourly.select(*(getattr(Hourly, name) for name in NAMES))
    columns = [getattr(Visit, name) for name in _SEEN]
    visits = Visit.select(Visit.id, *columns).where(Visit.counter == counter, Visit.day == day)
    own = hours.where(Hourly.counter == counter, Hourly.day == day)
    return {"hours": rows(own.order_by(Hourly.hour)), "visits": rows(visits.order_by(Visit.id))}


def _code(counter: int) -> str:
    return str(Counter.select(Counter.code).where(Counter.id == counter).scalar())
