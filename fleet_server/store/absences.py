"""When terminals were away on a day, and whether each was so alone (`core.signals.evidence`)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from fleet_server.core.days import Day
from fleet_server.core.signals.evidence import Absence, Span
from fleet_server.store import listening
from fleet_server.store.sql import ask

GONE = ("gone", "off")
"""Kinds of spans that are an absence by itself; *silent* may be the network."""


@dataclass(frozen=True, slots=True)
class _Stood:
    """A terminal at a counter, for some of the day; ``known`` once it had been heard at all."""

    terminal: str
    counter: int
    unit: int
    since: int
    until: int
    known: int


class Absences:
    """Those of all counters on a day, read once.

    Args:
        day: which; it is over.
    """

    def __init__(self, day: Day) -> None:
        self._day = day
        deaf = listening.deaf(day.start, day.end)
        self._deaf = [_within(one, day.start, day.end) for one in deaf if one[0] < day.end]
        self._away = _away(day)
        self._by_counter: dict[int, list[_Stood]] = defaultdict(list)
        self._by_unit: dict[int, list[_Stood]] = defaultdict(list)
        for one in _stood(day):
            self._by_counter[one.counter].append(one)
            self._by_unit[one.unit].append(one)

    def of(self, counter: int) -> tuple[Absence, ...]:
        """Return those of the terminals that stood at a counter, in order."""
        found = [
            Absence(*span, alone=self._alone(span, one))
            for one in self._by_counter[counter]
            for kind, since, until in self._away[one.terminal]
            if kind in GONE and since < one.until and until > one.since
            for span in [_within((since, until), one.since, one.until)]
        ]
        found += [Absence(*span, alone=False) for span in self._deaf]
        return tuple(sorted(found, key=lambda one: one.since))

    def _alone(self, span: Span, one: _Stood) -> bool:
        if any(_meet(span, deaf) for deaf in self._deaf):
            return False
        others = [other for other in self._by_unit[one.unit] if other.terminal != one.terminal]
        if any(self._taken(span, other) for other in others):
            return False
        return any(self._there(span, other) for other in others)

    def _taken(self, span: Span, other: _Stood) -> bool:
        """Whether another went away on this day for some of the time; silence counts as well."""
        return any(
            since >= self._day.start and _meet(span, (since, until))
            for _, since, until in self._away[other.terminal]
        )

    def _there(self, span: Span, other: _Stood) -> bool:
        away = any(_meet(span, (since, until)) for _, since, until in self._away[other.terminal])
        stood = max(other.since, other.known) <= span[0] and other.until >= span[1]
        return stood and not away


def _away(day: Day) -> dict[str, list[tuple[str, int, int]]]:
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    text = (
        "SELECT terminal_id, kind, since, COALESCE(until, ?) FROM terminal_span "
        "WHERE kind IN ('gone', 'off', 'silent') AND since < ? AND (until IS NULL OR until > ?)"
    )
    for terminal, kind, since, until in ask(text, day.end, day.end, day.start):
        found[terminal].append((kind, since, min(until, day.end)))
    return found


def _stood(day: Day) -> Iterator[_Stood]:
    text = (
        "SELECT p.terminal_id, p.counter_id, c.unit_id, p.since, COALESCE(p.until, ?), "
        "(SELECT MIN(e.at) FROM terminal_event e "
        "WHERE e.terminal_id = p.terminal_id AND e.kind = 'first') "
        "FROM terminal_place p JOIN counter_place c ON c.counter_id = p.counter_id "
        "AND c.since_day <= ? AND c.until_day > ? "
        "WHERE p.since < ? AND (p.until IS NULL OR p.until > ?)"
    )
    held = ask(text, day.end, day.name, day.name, day.end, day.start)
    for terminal, counter, unit, since, until, known in held:
        clipped = _within((since, until), day.start, day.end)
        yield _Stood(terminal, counter, unit, *clipped, day.end if known is None else known)


def _within(span: Span, since: int, until: int) -> Span:
    return max(span[0], since), min(span[1], until)


def _meet(one: Span, two: Span) -> bool:
    return one[0] < two[1] and two[0] < one[1]
