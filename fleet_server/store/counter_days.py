"""Counters' days as the rules against cheating look at them (`fleet_server.core.signals.evidence`).

The two clocks differ by seconds: a visit has the times of the terminal's own events, and those of
the queue system only where the terminal heard of neither its call nor its end.
"""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import groupby
from operator import itemgetter
from typing import Any

from fleet_server.core.days import Day, named_day
from fleet_server.core.signals.evidence import CounterDay, Press, Visit
from fleet_server.core.times import AtQuality
from fleet_server.core.visits import CALLS
from fleet_server.store import opening
from fleet_server.store.absences import Absences
from fleet_server.store.sql import ask

WORST: tuple[AtQuality, ...] = ("estimated", "derived", "exact")
"""Qualities of a time, the worst first."""


class CounterDays:
    """Reads days; what many of them share, once.

    Args:
        zone: the fleet's time zone.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._calendar_of = opening.calendars(zone)
        self._absences: dict[str, Absences] = {}

    def of(self, counter: int, name: str) -> CounterDay:
        """Return a counter's day (YYYY-MM-DD) that is over. In a transaction."""
        day = named_day(name, self._zone)
        if name not in self._absences:
            self._absences[name] = Absences(day)
        visits = _visits(counter, name)
        return CounterDay(
            day=name,
            open=tuple(self._calendar_of(counter).open_spans(day.start, day.end)),
            visits=tuple(sorted(visits, key=lambda one: (one.called_at or 0, one.closed_at or 0))),
            unbound=_unbound(counter, day),
            absences=self._absences[name].of(counter),
        )


_EVENTS = (
    "SELECT v.id, v.ended, v.disagreement, r.at, r.choice, r.at_quality, "
    "e.event, e.at, e.at_quality, e.source "
    "FROM visit v JOIN ticket_event e ON e.visit_id = v.id "
    "LEFT JOIN rating r ON r.visit = v.id AND r.counter_id = v.counter_id AND r.standing "
    "WHERE v.counter_id = ? AND v.day = ? ORDER BY v.id, e.at, e.id"
)
_OF_VISIT = 6
"""So many columns are the visit's; the others, its event's."""
_UNBOUND = (
    "SELECT r.at, r.choice, r.at_quality FROM rating r "
    "WHERE r.counter_id = ? AND r.at >= ? AND r.at < ? "
    "AND ((r.unbound AND NOT r.disputed AND NOT r.contested) OR (r.standing AND NOT EXISTS "
    "(SELECT 1 FROM visit v WHERE v.id = r.visit AND v.counter_id = r.counter_id))) "
    "ORDER BY r.at, r.record_id"
)


def _visits(counter: int, day: str) -> list[Visit]:
    rows = ask(_EVENTS, counter, day)
    return [
        _visit(of_visit[1:], [row[_OF_VISIT:] for row in own])
        for of_visit, own in groupby(rows, key=itemgetter(slice(_OF_VISIT)))
    ]


def _visit(of_visit: Sequence[Any], events: list[tuple[Any, ...]]) -> Visit:
    ended, disagreement, *rating = of_visit
    own = [event for event in events if event[3] == "terminal"] or events
    called = [event for event in own if event[0] in CALLS][:1]
    closed = [event for event in own if event[0] == "closed" and ended == "closed"][-1:]
    qualities = [event[2] for event in (*called, *closed)]
    return Visit(
        called_at=called[0][1] if called else None,
        closed_at=closed[0][1] if closed else None,
        served=ended in ("closed", "followed"),
        missed=disagreement == "only_rest",
        press=None if rating[0] is None else Press(*rating),
        quality=min(qualities, key=WORST.index, default="exact"),
    )


def _unbound(counter: int, day: Day) -> tuple[Press, ...]:
    return tuple(Press(*row) for row in ask(_UNBOUND, counter, day.start, day.end))
