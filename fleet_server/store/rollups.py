"""Roll-ups: the hours and services of a counter's day, always worked out anew from its rows.

Nothing is added to a figure; so what is told twice counts nothing, and a correction, a ruling or a
late ``clock`` record needs no other way in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import tzinfo
from typing import Any

from fleet_server.core.days import QUARTER_MS, Day, day_of, named_day
from fleet_server.core.participation import Hour, Rating, hours_of, services_of
from fleet_server.core.standing import Status
from fleet_server.core.visits import Event, visits_of
from fleet_server.core.visits import Visit as SeenVisit
from fleet_server.store import changes, counter_tallies, daily, models, tally_due
from fleet_server.store.database import proxy, rows, writing
from fleet_server.store.models import Counter, Daily, Hourly, Monthly, Visit
from fleet_server.store.sql import ask, insert, marks, run

NAMES = tuple(field.name for field in fields(Hour))
_SEEN = ("first_at", "called_at", "served_at", "ended", "by_rest", "by_terminal", "disagreement")


def recompute(days: Iterable[tuple[int, str]], zone: tzinfo) -> None:
    """Work out visits, hours and services of counters' days, and tell open pages of them."""
    touched = sorted(set(days))
    changed: set[tuple[int, str]] = set()
    for counter, day in touched:
        changed |= _recompute(counter, named_day(day, zone), zone)
    daily.note_units(changed)
    tally_due.changed(touched)
    counters = sorted({counter for counter, _ in touched})
    codes = f"SELECT code FROM counter WHERE id IN {marks(counters)} ORDER BY id"
    changes.note(*(f"counter:{code}" for (code,) in ask(codes, *counters)))


def _recompute(counter: int, day: Day, zone: tzinfo) -> set[tuple[int, str]]:
    ratings = _ratings(counter, day)
    rated = {rating.visit for rating in ratings if rating.visit and rating.status == "standing"}
    visits = visits_of(_events(counter, day.name), rated)
    services = _note_visits(counter, day.name, visits)
    _note_hours(counter, day, hours_of(visits, ratings, day, zone))
    return daily.note(counter, day.name, services_of(visits, ratings, day, services))


def _events(counter: int, day: str) -> list[Event]:
    told = ask(
        "SELECT e.visit_id, e.event, e.at, e.source, e.id, e.at_quality = 'estimated', "
        "e.late FROM visit v JOIN ticket_event e ON e.visit_id = v.id "
        "WHERE v.counter_id = ? AND v.day = ?",
        counter,
        day,
    )
    return [
        Event(visit, event, at, source, order, bool(estimated), bool(late))
        for visit, event, at, source, order, estimated, late in told
    ]


_RATING = (
    "SELECT r.visit, r.choice, r.at, r.disputed, r.unbound, r.contested, r.standing, "
    "r.at_quality = 'estimated' FROM "
)
_BOUND = (
    _RATING + "visit v JOIN rating r ON r.visit = v.id "
    "WHERE v.counter_id = ? AND v.day = ? AND r.counter_id = v.counter_id AND r.standing"
)
_OWN = (
    _RATING + "rating r "
    "WHERE r.counter_id = ? AND r.at >= ? AND r.at < ? "
    "AND (r.contested OR r.disputed OR r.unbound OR (r.standing AND NOT EXISTS "
    "(SELECT 1 FROM visit v WHERE v.id = r.visit AND v.counter_id = r.counter_id)))"
)


def _ratings(counter: int, day: Day) -> list[Rating]:
    """Return the ratings that concern a day, as `hours_of` wants them."""
    bound = ask(_BOUND, counter, day.name)
    own = ask(_OWN, counter, day.start, day.end)
    return [_rating(row) for row in bound + own]


def _rating(row: Sequence[Any]) -> Rating:
    visit, choice, at, disputed, unbound, contested, standing, estimated = row
    flags: tuple[tuple[bool, Status], ...] = (
        (disputed, "disputed"),
        (unbound, "unbound"),
        (contested, "contested"),
        (standing, "standing"),
        (True, "replaced"),
    )
    status = next(name for flag, name in flags if flag)
    return Rating(visit, choice, at, status, bool(estimated))


def _note_visits(counter: int, day: str, visits: Iterable[SeenVisit]) -> dict[str, str]:
    """Keep what is seen of visits; return the services of those that have one."""
    held = ask(
        f"SELECT id, service, {', '.join(_SEEN)} FROM visit WHERE counter_id = ? AND day = ?",
        counter,
        day,
    )
    former = {visit: tuple(seen) for visit, _, *seen in held}
    for visit in visits:
        seen = tuple(getattr(visit, name) for name in _SEEN)
        if seen != former[visit.id]:
            run(
                f"UPDATE visit SET {', '.join(f'{name} = ?' for name in _SEEN)} WHERE id = ?",
                *seen,
                visit.id,
            )
    return {visit: service for visit, service, *_ in held if service}


def _note_hours(counter: int, day: Day, hours: Sequence[Hour]) -> None:
    where = "FROM hourly WHERE counter_id = ? AND hour >= ? AND hour < ?"
    place = (counter, day.start, day.end)
    held = ask(f"SELECT {', '.join(NAMES)} {where} ORDER BY hour", *place)
    if held == [astuple(hour) for hour in hours]:
        return
    run(f"DELETE {where}", *place)
    values = [(counter, day.name, *astuple(hour)) for hour in hours]
    insert("hourly", ("counter_id", "day", *NAMES), values)


def all_days(zone: tzinfo) -> set[tuple[int, str]]:
    """Return every counter's day on which there is anything to count."""
    days: set[tuple[int, str]] = set()
    days.update(rows(Visit.select(Visit.counter, Visit.day).distinct()))
    days.update(rows(Hourly.select(Hourly.counter, Hourly.day).distinct()))
    days.update(rows(Daily.select(Daily.counter, Daily.day).distinct()))
    months = rows(Monthly.select(Monthly.counter, Monthly.month).distinct())
    begun = {(counter, day[:7]) for counter, day in days}
    days.update((counter, f"{month}-01") for counter, month in set(months) - begun)
    quarter = models.Rating.at / QUARTER_MS
    ratings = models.Rating.select(models.Rating.counter, quarter).distinct()
    days.update((counter, day_of(at * QUARTER_MS, zone).name) for counter, at in rows(ratings))
    return days


@dataclass(frozen=True, slots=True)
class Difference:
    """A day whose held figures are not those of its rows.

    ``counter`` is the code of the counter or, for ``unit_days``, of the unit.
    """

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
    tallies = [
        Difference(counter, day, "signs of cheating")
        for counter, day in counter_tallies.recount(zone, fix=fix)
    ]
    return Recount(len(days), found + _recount_units(fix) + tallies)


def _recount_units(fix: bool) -> list[Difference]:
    with writing():
        odd = daily.odd_units()
        if fix:
            daily.mend_units(odd)
    return [Difference(unit, day, "unit_days") for unit, day in odd]


def _recount(counter: int, day: str, zone: tzinfo, fix: bool) -> list[Difference]:
    # A transaction for each day, so that ingest need not wait for all of them.
    with writing(), proxy.atomic() as attempt:
        held = _held(counter, day)
        recompute([(counter, day)], zone)
        daily.note_month(counter, day[:7], daily.of_month(counter, day[:7]))
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
    services = {
        key[1]: row for key, row in daily.of_month(counter, day[:7]).items() if key[0] == day
    }
    months = Monthly.select(Monthly.service, *(getattr(Monthly, name) for name in daily.NAMES))
    month = months.where(Monthly.counter == counter, Monthly.month == day[:7])
    return {
        "hours": rows(own.order_by(Hourly.hour)),
        "visits": rows(visits.order_by(Visit.id)),
        "services": sorted(services.items()),
        "month": rows(month.order_by(Monthly.service)),
    }


def _code(counter: int) -> str:
    return str(Counter.select(Counter.code).where(Counter.id == counter).scalar())
