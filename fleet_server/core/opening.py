"""When an office is open: weeks, closed days, and what counters inherit. Pure.

Whoever has hours of its own (the whole fleet, a unit, a counter) is a *holder*. What holds for a
counter on a day is said by the nearest holder above it that says something on that day: first the
counter itself, then its unit, then the unit above, at last the fleet; where nobody says anything,
the usual hours of Vietnamese offices (`USUAL`). A single day, such as a holiday, is looked up in
the same way, and comes before the week.

Days are YYYY-MM-DD in the fleet's time zone; times are Unix milliseconds; a span of a day is in
minutes from midnight, its end left out.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from fleet_server.core.days import day_of, parse_date
from fleet_server.core.tree import BEGINNING, OPEN, Place

Holder = tuple[Literal["fleet", "unit", "counter"], int]
"""Who has hours: a counter or a unit by its id, or the fleet."""

FLEET: Holder = ("fleet", 0)

Span = tuple[int, int]
MINUTE_MS = 60_000
DAY_MIN = 24 * 60
MOST_SPANS = 6
"""Spans of one day; nobody closes more often."""

_SPAN = re.compile(
    r"(\d{1,2})(?:[:hH.](\d{2})?)?\s*[-–]\s*(\d{1,2})(?:[:hH.](\d{2})?)?"
)  # people write both dashes


def holder_of(unit: int | None, counter: int | None = None) -> Holder:
    """Return a counter, else a unit, by its id as a holder; the fleet where there is neither."""
    if counter is not None:
        return ("counter", counter)
    return FLEET if unit is None else ("unit", unit)


class HoursError(ValueError):
    """Text that names no hours; ``why`` is *form*, *order* or *many*."""

    def __init__(self, why: Literal["form", "order", "many"]) -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(why)
        self.why = why


def read_spans(text: str) -> tuple[Span, ...]:
    """Return the spans that a person wrote, such as ``7:30-11:30, 13:00-17:00``; none if empty.

    Raises:
        HoursError: it can't be read, or a span does not begin after the one before.
    """
    parts = [part.strip() for part in re.split("[,;]", text) if part.strip()]
    if len(parts) > MOST_SPANS:
        raise HoursError("many")
    found = tuple(_read_span(part) for part in parts)
    if any(one[1] > two[0] for one, two in pairwise(found)):
        raise HoursError("order")
    return found


def _read_span(text: str) -> Span:
    read = _SPAN.fullmatch(text)
    if read is None:
        raise HoursError("form")
    hours, minutes = (int(read[1]), int(read[3])), (int(read[2] or 0), int(read[4] or 0))
    since, until = (hour * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or until > DAY_MIN:
        raise HoursError("form")
    if since >= until:
        raise HoursError("order")
    return since, until


def write_spans(spans: Iterable[Span]) -> str:
    """Return spans as a person writes them."""
    return ", ".join(f"{_clock(since)}–{_clock(until)}" for since, until in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


@dataclass(frozen=True, slots=True)
class Week:
    """The spans of each weekday, Monday first."""

    days: tuple[tuple[Span, ...], ...]

    def __post_init__(self) -> None:
        """Hold seven days, no more and no less."""
        if len(self.days) != 7:
            raise ValueError("a week has seven days")

    def spans(self, weekday: int) -> tuple[Span, ...]:
        """Return when it is open on a weekday, 0 being Monday."""
        return self.days[weekday]


_OFFICE = ((7 * 60 + 30, 11 * 60 + 30), (13 * 60, 17 * 60))
USUAL = Week((_OFFICE,) * 5 + ((),) * 2)
"""Monday to Friday, 7:30 to 11:30 and 13:00 to 17:00: what holds where nobody says anything."""


@dataclass(frozen=True, slots=True)
class Special:
    """A single day that is not as its weekday: closed, or open at other hours.

    Attributes:
        name: what the day is called, as *Tết*.
        spans: when it is open; none on a closed day.
    """

    day: str
    name: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What one holder says.

    Attributes:
        weeks: from which day on which week holds; None from when on it says nothing any more.
        specials: its single days.
    """

    weeks: Mapping[str, Week | None] = field(default_factory=dict)
    specials: Mapping[str, Special] = field(default_factory=dict)

    def says_on(self, day: str) -> Week | None:
        """Return the week that holds on a day, None where it says nothing then."""
        begun = [since for since in self.weeks if since <= day]
        return self.weeks[max(begun)] if begun else None


Path = tuple[Holder, ...]
"""Who may say something for a counter, the nearest first."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``since`` on, a counter asks these."""

    since: str
    path: Path


class Calendar:
    """When one counter is open, on any day.

    Args:
        stretches: whom it asks from when on, the earliest first; the first from `BEGINNING` on.
        plans: what holders say; who says nothing need not be there.
        zone: the fleet's time zone.
    """

    def __init__(
        self, stretches: Sequence[Stretch], plans: Mapping[Holder, Plan], zone: tzinfo
    ) -> None:
        """Take who is asked."""
        self._stretches, self._plans, self.zone = stretches, plans, zone
        self._begins = [one.since for one in stretches]
        # A calendar is kept for one request, or for one judgement of the fleet.
        self.spans = lru_cache(maxsize=800)(self._spans)

    def is_open(self, day: str) -> bool:
        """Whether it is open at all on a day (YYYY-MM-DD)."""
        return bool(self.spans(day))

    def special(self, day: str) -> Special | None:
        """Return the special day that a day is, None for an ordinary one."""
        return next(
            (plan.specials[day] for _, plan in self._asked(day) if day in plan.specials), None
        )

    def week(self, day: str) -> tuple[Week, Holder | None]:
        """Return the week that holds on a day and who says so, None for the usual hours."""
        for holder, plan in self._asked(day):
            said = plan.says_on(day)
            if said is not None:
                return said, holder
        return USUAL, None

    def expected(self, at: int) -> bool:
        """Whether it is open at a moment, so that its terminal should work."""
        day = day_of(at, self.zone)
        minute = (at - day.start) // MINUTE_MS
        return any(since <= minute < until for since, until in self.spans(day.name))

    def open_ms_between(self, since: int, until: int) -> int:
        """Return for how many milliseconds it is open between two moments."""
        return sum(end - start for start, end in self.open_spans(since, until))

    def open_spans(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """Yield when it is open between two moments, as pairs of moments."""
        at = since
        while at < until:
            day = day_of(at, self.zone)
            for first, last in self.spans(day.name):
                start = max(since, day.start + first * MINUTE_MS)
                end = min(until, day.start + last * MINUTE_MS)
                if start < end:
                    yield start, end
            at = day.end

    def opens_next(self, at: int, days: int = 14) -> int | None:
        """Return when it opens next at or after a moment, None if not within some days."""
        last = day_of(at, self.zone).start + (days + 1) * DAY_MIN * MINUTE_MS
        return next((start for start, _end in self.open_spans(at, last)), None)

    def _asked(self, day: str) -> Iterator[tuple[Holder, Plan]]:
        place = max(bisect_right(self._begins, day) - 1, 0)
        for holder in self._stretches[place].path:
            if holder in self._plans:
                yield holder, self._plans[holder]

    def _spans(self, day: str) -> tuple[Span, ...]:
        """Return when it is open on a day."""
        special = self.special(day)
        if special is not None:
            return special.spans
        return self.week(day)[0].spans(date.fromisoformat(day).weekday())


def stretches(
    counter: int | None, own: Iterable[Place], units: Mapping[int, Sequence[Place]]
) -> tuple[Stretch, ...]:
    """Return whom a counter asks, from when on; ``own`` are its places in units, in order.

    Args:
        counter: its id; None for what a unit would answer.
        own: in which unit it lay.
        units: in what each unit lay, in order.
    """
    first: Path = () if counter is None else (("counter", counter),)
    found: list[Stretch] = []
    for place in own:
        for since, path in _paths(place.holder, place.since, place.until, units):
            whole = (*first, *path, FLEET)
            if not found or found[-1].path != whole:
                found.append(Stretch(since, whole))
    return tuple(found) or (Stretch(BEGINNING, (*first, FLEET)),)


def _paths(
    unit: int | None, since: str, until: str, units: Mapping[int, Sequence[Place]]
) -> Iterator[tuple[str, Path]]:
    if unit is None:
        yield since, ()
        return
    for place in units.get(unit, (Place(None),)):
        first, last = max(since, place.since), min(until, place.until)
        if first < last:
            for begin, path in _paths(place.holder, first, last, units):
                yield begin, (("unit", unit), *path)


def of_unit(unit: int) -> tuple[Place]:
    """Return the place of something that lay in one unit on all days."""
    return (Place(unit, BEGINNING, OPEN),)


def days_from(first: str, last: str) -> list[str]:
    """Return the days from one to another, both among them.

    Raises:
        ValueError: one is no day, or they are in the wrong order, or over a year apart.
    """
    start, end = parse_date(first), parse_date(last)
    if not 0 <= (end - start).days <= 366:
        raise ValueError(f"{first} to {last} is no span of days")
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


def next_year(day: str) -> str | None:
    """Return the same day a year later, None for 29 February."""
    year, rest = int(day[:4]) + 1, day[4:]
    try:
        return date.fromisoformat(f"{year:04}{rest}").isoformat()
    except ValueError:
        return None
