"""Counts over days, by counter, unit, day and service: what pages and REST read of roll-ups.

A *line* is what was counted and what of the choices is given out. Days are YYYY-MM-DD, both ends
included; ``service`` None is all of them, ``""`` none known. Nothing here reads a rating: the cost
grows with counters and days, not with what was counted.

Counters: `by_counter` (whole months from `Monthly`), `counter_days`. Units: `by_unit`, `unit_days`
(each counter-day in the unit where the counter lay on that day), `by_service`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fleet_server.core.choices import NONE, Choices
from fleet_server.core.participation import COUNTED, Counts
from fleet_server.store import daily
from fleet_server.store.sql import ask, marks

_SUMS = ", ".join(f"SUM({name})" for name in daily.NAMES)
PLACED = (
    "JOIN counter_place ON counter_place.counter_id = daily.counter_id "
    "AND since_day <= day AND until_day > day"
)
"""Puts each day of a counter into the unit where the counter lay on it."""

FEW_COUNTERS = 400
"""Up to so many counters are named in a query; for more, all are read and picked out."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was counted, and the choices that may be told of it."""

    sums: Counts
    told: Choices

    def __add__(self, other: "Line") -> "Line":
        """Return both together."""
        return Line(self.sums + other.sums, self.told + other.told)


EMPTY = Line(Counts(), NONE)


def _line(numbers: Sequence[int | None]) -> Line:
    counted = [int(number or 0) for number in numbers]
    return Line(Counts(*counted[: len(COUNTED)]), Choices(*counted[len(COUNTED) :]))


def _of_service(service: str | None, column: str = "service") -> tuple[str, tuple[str, ...]]:
    return ("", ()) if service is None else (f" AND {column} = ?", (service,))


def _among(column: str, ids: Collection[int] | None) -> tuple[str, tuple[int, ...]]:
    if ids is None or len(ids) > FEW_COUNTERS:
        return "", ()
    listed = tuple(sorted(ids))
    return f" AND {column} IN {marks(listed)}", listed


def by_counter(
    first: str, last: str, service: str | None = None, among: Collection[int] | None = None
) -> dict[int, Line]:
    """Return each counter's line; ``among`` keeps to some of them."""
    found: dict[int, Line] = {}
    for text, values in _pieces(first, last, service, among):
        for counter, *numbers in ask(text, *values):
            if among is None or counter in among:
                found[counter] = found.get(counter, EMPTY) + _line(numbers)
    return found


def _pieces(
    first: str, last: str, service: str | None, among: Collection[int] | None
) -> Iterator[tuple[str, list[Any]]]:
    """Yield queries by counter: one for the whole months, one for the days around them."""
    months, spans = whole_months(first, last)
    of, services = _of_service(service)
    which, counters = _among("counter_id", among)
    more = [*services, *counters]
    if months:
        text = f"SELECT counter_id, {_SUMS} FROM monthly WHERE month BETWEEN ? AND ?"
        yield f"{text}{of}{which} GROUP BY counter_id", [months[0], months[1], *more]
    for since, until in spans:
        text = f"SELECT counter_id, {_SUMS} FROM daily WHERE day BETWEEN ? AND ?"
        yield f"{text}{of}{which} GROUP BY counter_id", [since, until, *more]


def whole_months(first: str, last: str) -> tuple[tuple[str, str] | None, list[tuple[str, str]]]:
    """Return the first and last whole month between two days, and the spans of days around them."""
    begins = first[:7] if first.endswith("-01") else _next(first[:7])
    ends = last[:7] if _next_day_is_first(last) else _before(last[:7])
    if begins > ends:
        return None, [(first, last)]
    spans = []
    if first < f"{begins}-01":
        spans.append((first, f"{_before(begins)}-31"))
    if last > f"{ends}-31":
        spans.append((f"{_next(ends)}-01", last))
    return (begins, ends), spans


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"


def _next_day_is_first(day: str) -> bool:
    year, month, number = int(day[:4]), int(day[5:7]), int(day[8:])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return number == (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def counter_days(
    counters: Collection[int],
    first: str,
    last: str,
    service: str | None = None,
    letters: int = len("2026-11-22"),
) -> dict[tuple[int, str], Line]:
    """Return the lines of some counters by counter and day; a day without a row told nothing.

    With seven ``letters`` of the day, by month; with none, by counter alone, its day ``""``.
    """
    if not counters:
        return {}
    of, services = _of_service(service)
    listed = tuple(sorted(counters))
    text = (
        f"SELECT counter_id, SUBSTR(day, 1, {letters}) AS step, {_SUMS} FROM daily "
        f"WHERE counter_id IN {marks(listed)} AND day BETWEEN ? AND ?{of} GROUP BY counter_id, step"
    )
    found = ask(text, *listed, first, last, *services)
    return {(counter, step): _line(numbers) for counter, step, *numbers in found}


def running(
    day: str, service: str | None = None, among: Collection[int] | None = None
) -> Iterator[tuple[int, str, Choices]]:
    """Yield counter, service, and what is given out of a running day beyond what lines tell of it.

    A line tells of each day as if it were over, so this is mostly less than nothing.
    """
    of, services = _of_service(service, "d.service")
    which, counters = _among("d.counter_id", among)
    found = ask(f"{_RUNNING}{of}{which}", day, *services, *counters)
    for counter, name, very, fair, poor in found:
        if (very or fair or poor) and (among is None or counter in among):
            yield counter, name, Choices(very, fair, poor)


_RUNNING = (
    "SELECT d.counter_id, d.service, COALESCE(r.shown_very, 0) - d.told_very, "
    "COALESCE(r.shown_fair, 0) - d.told_fair, COALESCE(r.shown_poor, 0) - d.told_poor "
    "FROM daily d LEFT JOIN running_day r ON r.counter_id = d.counter_id AND r.day = d.day "
    "AND r.service = d.service WHERE d.day = ?"
)


def choices_on(counter: int, day: str) -> list[tuple[Choices, Choices]]:
    """Return the choices of a counter's day and what of them is told, for each service with any."""
    text = (
        "SELECT very_satisfied, satisfied, unsatisfied, "
        f"{', '.join(daily.TOLD)} FROM daily WHERE counter_id = ? AND day = ?"
    )
    held = [(Choices(*row[:3]), Choices(*row[3:])) for row in ask(text, counter, day)]
    return [(made, told) for made, told in held if made.total]


def by_unit(first: str, last: str, service: str | None = None) -> dict[int, Line]:
    """Return the line of the counters that lay right in each unit."""
    of, services = _of_service(service)
    text = f"SELECT unit_id, {_SUMS} FROM unit_daily WHERE day BETWEEN ? AND ?{of}"
    found = ask(f"{text} GROUP BY unit_id", first, last, *services)
    return {unit: _line(numbers) for unit, *numbers in found}


def unit_days(
    units: Collection[int] | None, first: str, last: str, service: str | None = None
) -> dict[str, Line]:
    """Return the lines of some units together, or of all, by day."""
    of, services = _of_service(service)
    which, listed = ("", ()) if units is None else _named("unit_id", units)
    text = f"SELECT day, {_SUMS} FROM unit_daily WHERE day BETWEEN ? AND ?{of}{which}"
    found = ask(f"{text} GROUP BY day", first, last, *services, *listed)
    return {day: _line(numbers) for day, *numbers in found}


def by_service(
    units: Collection[int] | None,
    first: str,
    last: str,
    letters: int = 0,
    counter: int | None = None,
) -> dict[tuple[int, str, str], Line]:
    """Return the lines of some units, or of all, by unit, service and step.

    Args:
        units: whose; None for all.
        first: the first day.
        last: the last day.
        letters: how much of a day's name a step is.
        counter: only what this one counted there.
    """
    which, listed = ("", ()) if units is None else _named("unit_id", units)
    own = () if counter is None else (counter,)
    source = f"daily {PLACED} AND daily.counter_id = ?" if own else "unit_daily"
    text = (
        f"SELECT unit_id, service, SUBSTR(day, 1, {int(letters)}) AS step, {_SUMS} "
        f"FROM {source} WHERE day BETWEEN ? AND ?{which} GROUP BY unit_id, service, step"
    )
    found = ask(text, *own, first, last, *listed)
    return {(unit, service, step): _line(numbers) for unit, service, step, *numbers in found}


def services_of(counter: int, first: str, last: str) -> dict[str, Line]:
    """Return one counter's lines by service."""
    text = f"SELECT service, {_SUMS} FROM daily WHERE counter_id = ? AND day BETWEEN ? AND ?"
    found = ask(f"{text} GROUP BY service", counter, first, last)
    return {service: _line(numbers) for service, *numbers in found}


def _named(column: str, ids: Collection[int]) -> tuple[str, tuple[int, ...]]:
    listed = tuple(sorted(ids))
    return f" AND {column} IN {marks(listed)}", listed


def services(units: Collection[int] | None) -> list[str]:
    """Return the names of the services of some units' days, or of all, in order."""
    if units is None:
        return [name for (name,) in ask("SELECT DISTINCT service FROM monthly ORDER BY service")]
    which, listed = _named("unit_id", units)
    text = f"SELECT DISTINCT service FROM unit_daily WHERE 1 = 1{which} ORDER BY service"
    return [name for (name,) in ask(text, *listed)]


def placed(day: str) -> dict[int, int]:
    """Return in which unit each counter lay on a day."""
    text = "SELECT counter_id, unit_id FROM counter_place WHERE since_day <= ? AND until_day > ?"
    return dict(ask(text, day, day))


def moved(first: str, last: str) -> dict[int, list[tuple[int, str, str]]]:
    """Return the places between two days of the counters that moved after the first of them.

    Each place is a unit, and its first and last day of those.
    """
    text = (
        "SELECT counter_id, unit_id, since_day, until_day FROM counter_place "
        "WHERE since_day <= ? AND until_day > ? AND counter_id IN "
        "(SELECT counter_id FROM counter_place WHERE since_day > ? AND since_day <= ?) "
        "ORDER BY counter_id, since_day"
    )
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for counter, *place in ask(text, last, first, first, last):
        found[counter].append(_spell(first, last, *place))
    return dict(found)


def places_of(counter: int, first: str, last: str) -> list[tuple[int, str, str]]:
    """Return a counter's places between two days: a unit, its first and last day of those."""
    text = (
        "SELECT unit_id, since_day, until_day FROM counter_place "
        "WHERE counter_id = ? AND since_day <= ? AND until_day > ? ORDER BY since_day"
    )
    return [_spell(first, last, *place) for place in ask(text, counter, last, first)]


def _spell(first: str, last: str, unit: int, since: str, until: str) -> tuple[int, str, str]:
    end = date.fromisoformat(until) - timedelta(days=1)
    return unit, max(since, first), min(end.isoformat(), last)


def told_days(counters: Iterable[int], first: str, last: str) -> dict[int, set[str]]:
    """Return the days on which anything was told of some counters, nothing served among it."""
    listed = tuple(sorted(counters))
    found: dict[int, set[str]] = defaultdict(set)
    text = (
        f"SELECT DISTINCT counter_id, day FROM daily WHERE counter_id IN {marks(listed)} "
        "AND day BETWEEN ? AND ?"
    )
    for counter, day in ask(text, *listed, first, last):
        found[counter].add(day)
    return found
