"""How citizens and clerks behave at a counter: pure, from a chance that the caller seeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from fleet_server.district.calendar import HOUR_MS, MINUTE_MS, OPENS, Span
from fleet_server.district.places import CounterPlan
from wire.records import Choice

End = Literal["closed", "no_show", "transferred"]
WEEKDAYS = (1.16, 1.02, 0.94, 0.95, 1.04, 0.88, 1.0)
"""How busy a day is, Monday first."""
RUSH = {7: 1.1, 8: 1.3, 9: 1.25, 10: 1.0, 11: 0.7, 13: 1.0, 14: 1.15, 15: 1.1, 16: 0.75}
"""How busy an hour of the local clock is."""
NO_SHOW, TRANSFERRED, RECALLED = 0.03, 0.01, 0.04
CORRECTED, CONTESTED = 0.02, 0.012
COMPLAINS = 0.025
"""Share of served citizens who touch an item where complaints are asked for."""
REASON_CODES = ("waiting_time", "attitude", "guidance", "procedure", "result", "facilities")
IDLE_MINUTES = 1.3
"""Between an end and the next call, on a usual day."""
LEAST_GAP_MS = 25_000
"""Between an end and the next call: longer than a press and its correction take."""


@dataclass(frozen=True, slots=True)
class Temper:
    """How a counter is; where two figures stand, at the quarter's beginning and at its end.

    Attributes:
        asks: share of served citizens who press.
        unhappy: share of the pressed who are unsatisfied.
        delighted: share of the others who are very satisfied.
        busy: 1 is usual.
    """

    asks: tuple[float, float]
    unhappy: tuple[float, float]
    delighted: float
    busy: float


@dataclass(frozen=True, slots=True)
class Press:
    """A press: at the first one, a correction of it, or too late to correct anything."""

    at: int
    choice: Choice
    kind: Literal["first", "corrects", "contests"]


@dataclass(frozen=True, slots=True)
class Serving:
    """One citizen with a ticket.

    Attributes:
        visit: the id by which the source of tickets knows the visit.
        recalled: when the number was called once more, or None.
        reasons: codes given for the rating; empty where they were skipped, None where not asked.
    """

    ticket: str
    visit: str
    service: str
    called: int
    recalled: int | None
    ended: int
    end: End
    presses: tuple[Press, ...] = ()
    reasons: tuple[str, ...] | None = None


NEVER_ASK = {"P-NS-3", "BH-DD-2", "P-MA-3", "P-HL-4", "P-DT-4"}
SELDOM_ASK = {"BH-MC-5", "P-CK-3", "P-BG-4", "P-LB-4", "BH-BH-2"}
BELOVED = {"BH-MC-9", "P-PH-5", "P-TL-2", "P-VT-2", "P-KG-4", "BH-CT-1"}
FALLING = {"P-CQ-5", "BH-DD-3"}
"""Satisfaction falls over the quarter."""
RISING = {"P-BG-1", "P-MA-1", "P-DT-1"}


def temper(counter: CounterPlan, seed: str) -> Temper:
    """Return how a counter is."""
    chance, code = Random(f"{seed}:temper:{counter.code}"), counter.code
    asks = chance.uniform(0.56, 0.88)
    later = min(0.95, asks + chance.gauss(0.02, 0.03))
    unhappy = chance.uniform(0.03, 0.13)
    drift = unhappy + chance.gauss(0, 0.01)
    if code in NEVER_ASK:
        asks = later = chance.uniform(0.05, 0.15)
    if code in SELDOM_ASK:
        asks = later = chance.uniform(0.25, 0.39)
    if code in BELOVED:
        asks, later, unhappy, drift = 0.9, 0.94, 0.012, 0.008
    if code in FALLING:
        unhappy, drift = 0.05, 0.34
    if code in RISING:
        asks, later, unhappy, drift = 0.42, 0.86, 0.18, 0.07
    delighted = chance.uniform(0.4, 0.7) + 0.2 * (code in BELOVED)
    return Temper((asks, later), (unhappy, max(0.005, drift)), delighted, chance.uniform(0.8, 1.15))


@dataclass(frozen=True, slots=True)
class Day:
    """A counter's day before it begins.

    Attributes:
        progress: how much of the quarter has passed, 0 to 1.
        place: the counter's place among those of its unit with the same letter, of how many.
        volume: scales how many come.
    """

    counter: CounterPlan
    temper: Temper
    day: date
    spans: Sequence[Span]
    progress: float
    place: tuple[int, int]
    volume: float = 1.0


def servings(day: Day, chance: Random) -> Iterator[Serving]:
    """Yield who is served on a day, in order."""
    number = 0
    for start, end in day.spans:
        at = start + int(chance.uniform(0.2, 5) * MINUTE_MS)
        while at < end - 2 * MINUTE_MS:
            number += 1
            one = _serving(day, number, at, chance)
            yield one
            at = one.ended + max(LEAST_GAP_MS, _gap(day, one.ended, chance))


def _gap(day: Day, at: int, chance: Random) -> int:
    hour = int(OPENS + (at - day.spans[0][0]) / HOUR_MS)
    rush = RUSH.get(hour, 0.8) * WEEKDAYS[day.day.weekday()] * day.temper.busy * day.volume
    return int(chance.expovariate(1.0) * IDLE_MINUTES * MINUTE_MS / rush)


def _serving(day: Day, number: int, at: int, chance: Random) -> Serving:
    place, of = day.place
    service = day.counter.service
    long = service.minutes * min(3.0, max(0.4, chance.lognormvariate(-0.06, 0.35)))
    end = _end(chance)
    ended = at + int((0.9 if end == "no_show" else long) * MINUTE_MS)
    recalled = at + 20_000 if chance.random() < RECALLED or end == "no_show" else None
    presses: tuple[Press, ...] = ()
    if end == "closed" and chance.random() < _between(day.temper.asks, day.progress):
        presses = tuple(_presses(day, ended - chance.randint(6_000, 30_000), chance))
    return Serving(
        ticket=f"{service.letter}{number * of - place:03d}",
        visit=f"{chance.getrandbits(128):032x}",
        service=service.code,
        called=at,
        recalled=recalled,
        ended=ended,
        end=end,
        presses=presses,
        reasons=_reasons(presses, chance),
    )


def _end(chance: Random) -> End:
    drawn = chance.random()
    if drawn < NO_SHOW:
        return "no_show"
    return "transferred" if drawn < NO_SHOW + TRANSFERRED else "closed"


def _presses(day: Day, at: int, chance: Random) -> Iterator[Press]:
    yield Press(at, choice(day.temper, day.progress, chance), "first")
    drawn = chance.random()
    if drawn < CORRECTED:
        after = at + chance.randint(1_700, 4_800)
        yield Press(after, choice(day.temper, day.progress, chance), "corrects")
    elif drawn < CORRECTED + CONTESTED:
        after = at + chance.randint(5_100, 9_000)
        yield Press(after, choice(day.temper, day.progress, chance), "contests")


def choice(temper: Temper, progress: float, chance: Random) -> Choice:
    """Return what a citizen thinks of a counter.

    Args:
        temper: the counter's.
        progress: how much of the quarter has passed, 0 to 1.
        chance: decides.
    """
    if chance.random() < _between(temper.unhappy, progress):
        return "unsatisfied"
    return "very_satisfied" if chance.random() < temper.delighted else "satisfied"


def _reasons(presses: Sequence[Press], chance: Random) -> tuple[str, ...] | None:
    if not presses or chance.random() > (0.85 if presses[-1].choice == "unsatisfied" else 0.02):
        return None
    return tuple(chance.sample(REASON_CODES, chance.choice((0, 1, 1, 1, 2, 2, 3))))


def _between(ends: tuple[float, float], progress: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * progress
