"""Cases of the unsatisfied, opened when a day is over.

All counters' last two months are looked at each time, and what has no case yet gets one: so nothing
is missed when the process was stopped for a while, or when records came late. Cases begin with the
day on which the fleet had them first; nobody wants a year of them at once.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta, tzinfo
from functools import cache

from fleet_server.core.case_events import Subject
from fleet_server.core.case_subjects import Line, subjects
from fleet_server.core.days import DAY_LATE_MS, day_of, local
from fleet_server.core.spans import read
from fleet_server.store import case_files, case_terms, places, tallies, unsatisfied
from fleet_server.store.database import writing


def open_new(now: int, zone: tzinfo) -> None:
    """Open the cases of the days that are over, once for each day; one counter a transaction."""
    running = day_of(now - DAY_LATE_MS, zone)
    held = tallies.read()
    since = held.get(tallies.CASES_SINCE)
    if since is None:
        with writing():
            tallies.mark(tallies.CASES_SINCE, running.start)
            tallies.mark(tallies.CASES_OPENED, running.start)
    elif held[tallies.CASES_OPENED] < running.start:
        _open(now, local(since, zone).date().isoformat(), running.name, zone)
        with writing():
            tallies.mark(tallies.CASES_OPENED, running.start)


def _open(now: int, since: str, running: str, zone: tzinfo) -> None:
    due = _deadlines(now, zone)
    wanted = _wanted(since, zone)
    for month, over in _months(running):
        days = read(month)
        for counter in unsatisfied.counters(days.first.isoformat(), days.last.isoformat()):
            with writing():
                lines = unsatisfied.lines(counter, month, running, zone)
                for subject in filter(wanted, _subjects(counter, lines, over)):
                    case_files.open_case(subject, due(subject.unit), now)


def _subjects(counter: int, lines: list[Line], over: bool) -> list[Subject]:
    return [*subjects("rating", counter, lines, over), *subjects("day", counter, lines, over)]


def _wanted(since: str, zone: tzinfo) -> Callable[[Subject], bool]:
    """Say which subjects have a case: those of days from one on, each in the grain of its day."""
    grain = case_terms.grains(zone)
    return lambda subject: subject.day >= since and subject.grain == grain(subject.day)


def _months(running: str) -> Iterator[tuple[str, bool]]:
    """Yield the month before that of the running day, which is over, and that one itself."""
    first = date.fromisoformat(running).replace(day=1)
    yield f"{first - timedelta(days=1):%Y-%m}", True
    yield f"{first:%Y-%m}", False


def _deadlines(now: int, zone: tzinfo) -> Callable[[int], int]:
    tree = places.tree()

    @cache
    def due(unit: int) -> int:
        days = case_terms.of(unit, tree).answer
        return case_files.deadline(unit, now, days, zone)

    return due
