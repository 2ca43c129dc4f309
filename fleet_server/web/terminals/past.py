"""The last weeks of a terminal, from its history and the server's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from fleet_server.core.days import day_on, local
from fleet_server.core.opening import Calendar
from fleet_server.core.strip import TOLD, DayStrip, Mark, Told, absent, strip
from fleet_server.store import history, listening
from fleet_server.store.pages import tree
from fleet_server.store.pages.terminals import TerminalRow
from fleet_server.web.services import services

DAYS = 30


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day of the strip, with the records that waited in it at most, and for how long (ms)."""

    strip: DayStrip
    waiting: int
    waited_ms: int


def past(row: TerminalRow, calendar: Calendar, now: int) -> list[PastDay]:
    """Return the last `DAYS` days of a terminal, oldest first."""
    zone = services().settings.fleet.zone
    today = local(now, zone).date()
    wanted = [day_on(today - timedelta(days=n), zone) for n in reversed(range(DAYS))]
    days = [(day.name, day.start, min(day.end, now)) for day in wanted]
    first, waited = days[0][1], history.days(row.id, days[0][0])
    marks = [*_unknown(first, now), *_away(row, now)]
    marks += absent(history.spans(row.id, first, now), calendar)
    return [PastDay(one, *waited.get(one.day, (0, 0))) for one in strip(days, marks, calendar)]


def _unknown(first: int, now: int) -> list[Mark]:
    """Return when the server heard nobody, and when nobody kept how it was yet."""
    marks = [Mark("unknown", since, until) for since, until in listening.deaf(first, now)]
    return [Mark("unknown", 0, listening.known_since() or now), *marks]


def _away(row: TerminalRow, now: int) -> list[Mark]:
    """Return when it stood at no counter, or had not come yet."""
    places = [*reversed(tree.spans_of(row.id))]
    begun = [place.since for place in places]
    came = now if row.state is None else history.first_seen(row.id) or 0
    marks = [Mark("away", 0, max(min(begun, default=0), came))]
    return marks + [
        Mark("away", place.since, place.until or now) for place in places if not place.counter
    ]


Part = tuple[Told, float, float]


def columns(days: Sequence[PastDay]) -> list[tuple[PastDay, list[Part]]]:
    """Return each day with the parts of its column: what, from where, how much (of 100)."""
    found = []
    for day in days:
        whole, at = day.strip.open_ms, 0.0
        parts: list[Part] = []
        for told in reversed(TOLD):
            size = 100 * day.strip.told[told] / whole if whole else 0.0
            if size:
                parts.append((told, round(at, 2), round(size, 2)))
            at += size
        found.append((day, parts))
    return found
