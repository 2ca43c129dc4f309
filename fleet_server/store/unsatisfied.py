"""The choices of a counter's month by day and service, with the unsatisfied ones by their records.

It says the same as the roll-ups (`fleet_server.core.participation`, rule 2): what stands counts on
the day of its visit or, where no visit is known, on its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import tzinfo

from fleet_server.core.case_subjects import Line
from fleet_server.core.choices import Choices
from fleet_server.core.days import day_of, named_day
from fleet_server.core.spans import read
from fleet_server.store import daily
from fleet_server.store.sql import ask

_NAMED = "SELECT c.chain_id, e.seq, {day}, {service} FROM {rows} "
_HELD = (
    "JOIN record e ON e.id = r.record_id JOIN chain c ON c.id = e.chain_id "
    "WHERE r.counter_id = ? AND r.standing AND r.choice = 'unsatisfied' "
)
_BOUND = (
    _NAMED.format(day="v.day", service="COALESCE(v.service, '')", rows="visit v")
    + "JOIN rating r ON r.visit = v.id AND r.counter_id = v.counter_id "
    + _HELD
    + "AND v.day BETWEEN ? AND ?"
)
_OWN = (
    _NAMED.format(day="r.at", service="''", rows="rating r")
    + _HELD
    + "AND r.at >= ? AND r.at < ? AND NOT EXISTS "
    "(SELECT 1 FROM visit v WHERE v.id = r.visit AND v.counter_id = r.counter_id)"
)


def counters(first: str, last: str) -> list[int]:
    """Return the counters at which somebody was unsatisfied, from one day to another."""
    text = "SELECT DISTINCT counter_id FROM daily WHERE day BETWEEN ? AND ? AND unsatisfied > 0"
    return sorted(counter for (counter,) in ask(text, first, last))


def lines(counter: int, month: str, before: str, zone: tzinfo) -> list[Line]:
    """Return the lines of a counter's month (YYYY-MM), in order, of the days before one."""
    found = _unsatisfied(counter, month, zone)
    places = ask(_PLACES, counter)
    return [
        Line(
            day,
            service,
            _unit(places, day),
            Choices(*row[daily.CHOICES]),
            tuple(found[day, service]),
        )
        for (day, service), row in daily.of_month(counter, month).items()
        if day < before
    ]


_PLACES = "SELECT unit_id, since_day, until_day FROM counter_place WHERE counter_id = ?"


def _unit(places: Iterable[tuple[int, str, str]], day: str) -> int:
    return next(unit for unit, since, until in places if since <= day < until)


def _unsatisfied(counter: int, month: str, zone: tzinfo) -> dict[tuple[str, str], list[str]]:
    days = read(month)
    first, last = days.first.isoformat(), days.last.isoformat()
    since, until = named_day(first, zone).start, named_day(last, zone).end
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for chain, seq, day, service in ask(_BOUND, counter, first, last):
        found[day, service].append(f"{chain}/{seq}")
    for chain, seq, at, service in ask(_OWN, counter, since, until):
        found[day_of(at, zone).name, service].append(f"{chain}/{seq}")
    return found
