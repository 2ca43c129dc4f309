"""The last weeks of one terminal, as a strip of days. Pure.

Only the time in which its counter was open is shown; of each moment in it one thing is told, the
first that fits: it stood elsewhere (*away*); the server heard nobody (*unknown*); it was not there
(*late* for a while, then *lost*, as in `fleet_server.core.health`); it, or its report, said that
something was wrong (*alert*); its records waited for too long (*late*); it was *ready*.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from fleet_server.core.health import GONE_MS, LOST_MS, SILENT_MS
from fleet_server.core.opening import Calendar

SpanKind = Literal["gone", "off", "silent", "alert", "waiting"]
ABSENT: tuple[SpanKind, ...] = ("gone", "off", "silent")

Told = Literal["away", "unknown", "lost", "late", "alert", "ready"]
TOLD: tuple[Told, ...] = ("away", "unknown", "lost", "late", "alert", "ready")
"""The first counts where several hold."""


@dataclass(frozen=True, slots=True)
class Was:
    """From ``since`` until before ``until`` a terminal was not simply there."""

    kind: SpanKind
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is told of a stretch of time."""

    told: Told
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class DayStrip:
    """A day: how long (ms) what was told in the time in which the counter was open.

    ``name`` is what a special day is called.
    """

    day: str
    told: Counter[Told]
    name: str | None

    @property
    def open_ms(self) -> int:
        """For how long the counter was open, as far as the day is over."""
        return sum(self.told.values())


def absent(spans: Iterable[Was], calendar: Calendar) -> Iterator[Mark]:
    """Yield when a terminal was late and when it was lost, in open time."""
    for span in spans:
        if span.kind not in ABSENT:
            told: Told = "alert" if span.kind == "alert" else "late"
            yield Mark(told, span.since, span.until)
            continue
        free, grace = (SILENT_MS, LOST_MS) if span.kind == "silent" else (0, GONE_MS)
        passed = 0
        for start, end in calendar.open_spans(span.since, span.until):
            first = min(end, start + max(0, free - passed))
            last = min(end, start + max(0, grace - passed))
            passed += end - start
            yield Mark("late", first, last)
            yield Mark("lost", last, end)


def strip(
    days: Sequence[tuple[str, int, int]], marks: Sequence[Mark], calendar: Calendar
) -> list[DayStrip]:
    """Return what to tell of each day.

    Args:
        days: each with its beginning and its end, or now where it is not over.
        marks: everything known; what no mark covers, was *ready*.
        calendar: of the counter.
    """
    found = []
    for day, start, end in days:
        near = [one for one in marks if one.since < end and one.until > start]
        told: Counter[Told] = Counter()
        for since, until in calendar.open_spans(start, end):
            told.update(_told(since, until, near))
        special = calendar.special(day)
        found.append(DayStrip(day, told, special.name if special else None))
    return found


def _told(since: int, until: int, marks: Sequence[Mark]) -> Counter[Told]:
    """Part a stretch where a mark begins or ends, and tell one thing of each part."""
    inside = {at for one in marks for at in (one.since, one.until) if since < at < until}
    edges = [since, *sorted(inside), until]
    told: Counter[Told] = Counter()
    for first, last in pairwise(edges):
        holding = [one.told for one in marks if one.since <= first and one.until >= last]
        told[min(holding, key=TOLD.index, default="ready")] += last - first
    return told
