"""Honest counters for a year, as the store would hold them: each with its own ways and troubles.

Nothing here knows the rules of ``fleet_server.core.signals``: what citizens do was written down
first. What all counters share: rushes, no-shows, tickets called again, power cuts of the whole
office, a plug pulled by the vacuum cleaner, a network that hiccups.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from fleet_server.core.participation import ChoiceName
from fleet_server.core.signals.evidence import Absence, CounterDay, Press, Span, Visit

MINUTE, HOUR = 60_000, 3_600_000
HOURS = ((450, 690), (780, 1020))
"""Minutes from midnight."""
RUSH = {7: 1.1, 8: 1.4, 9: 1.3, 10: 1.0, 11: 0.7, 13: 1.1, 14: 1.2, 15: 1.0, 16: 0.8, 17: 1.0}


@dataclass(frozen=True, slots=True)
class Ways:
    """How a counter is.

    Attributes:
        minutes, spread: of a service: median, and deviation of its logarithm.
        idle: minutes between two on a usual hour.
        asks, unhappy, delighted: shares, as in the demo district.
        swing: by how much more are unhappy in the afternoon (moods, heat).
        drift: what is added to ``unhappy`` over the year.
        after: share of presses around or after the close, the others well before it.
        reaction: mean and deviation of these, in seconds from the close.
        children: chance of a child that plays with the buttons, each opening.
        touches: presses without a visit for each citizen (a sensor, a knee).
        overrun: minutes for which the queue may be served after closing.
        cleaner: chance of a press at night, each day.
        no_clock: share of days without a known time.
        loose: chance that a loose plug begins, each day; it lasts three.
        hiccup: share of tickets that the network takes from the terminal.
    """

    minutes: float = 5.0
    spread: float = 0.4
    idle: float = 1.5
    asks: float = 0.65
    unhappy: float = 0.07
    delighted: float = 0.5
    swing: float = 0.0
    drift: float = 0.0
    after: float = 0.45
    reaction: tuple[float, float] = (6.0, 3.5)
    children: float = 0.005
    touches: float = 0.002
    overrun: int = 10
    cleaner: float = 0.005
    no_clock: float = 0.004
    loose: float = 0.0
    hiccup: float = 0.004


HONEST: dict[str, Ways] = {
    "usual": Ways(),
    "brisk": Ways(minutes=1.6, spread=0.28, idle=0.3, asks=0.8),
    "slow": Ways(minutes=16, spread=0.5, idle=4),
    "shy": Ways(asks=0.12),
    "beloved": Ways(asks=0.94, unhappy=0.01, delighted=0.8),
    "popular": Ways(asks=0.8, unhappy=0.004, delighted=0.985),
    "children": Ways(children=0.12, touches=0.01),
    "late clock": Ways(no_clock=0.2),
    "sensor": Ways(asks=0.93, touches=0.06, reaction=(4.0, 3.0)),
    "prompting": Ways(asks=0.9, after=0.9, reaction=(1.5, 3.0)),
    "overrun": Ways(minutes=7, idle=0.4, overrun=40, cleaner=0.02),
    "loose plug": Ways(loose=0.012, hiccup=0.009),
    "moody": Ways(unhappy=0.06, swing=0.12),
    "falling": Ways(unhappy=0.04, drift=0.3),
    "rising": Ways(unhappy=0.3, drift=-0.26),
}

HARD: dict[str, Ways] = {
    "stamps": Ways(minutes=0.4, spread=0.6, idle=0.5),
    "assembly line": Ways(minutes=2, spread=0.12, idle=0.05, asks=0.95),
    "at once": Ways(after=0.95, reaction=(1.5, 1.2)),
    "loose for weeks": Ways(loose=0.15),
    "bad network": Ways(hiccup=0.04),
    "evenings": Ways(overrun=110, cleaner=0.15),
}
"""Honest counters beyond what the rules grant: what they are wrong about, and how often."""


def working_days(first: date, many: int) -> list[date]:
    """Return the first so many days from Monday to Friday."""
    days = (first + timedelta(days=n) for n in range(many * 2))
    return [day for day in days if day.weekday() < 5][:many]


@dataclass(frozen=True, slots=True)
class Office:
    """Counters under one fuse."""

    counters: tuple[Ways, ...]
    seed: str

    def year(self, days: Sequence[date]) -> Iterator[tuple[CounterDay, ...]]:
        """Yield each day of all its counters."""
        chance = Random(self.seed)
        loose = [0] * len(self.counters)
        for n, day in enumerate(days):
            start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
            spans = tuple((start + a * MINUTE, start + b * MINUTE) for a, b in HOURS)
            cut = _absence(spans, chance, alone=False) if chance.random() < 0.05 else None
            made = []
            for at, ways in enumerate(self.counters):
                loose[at] = 3 if chance.random() < ways.loose else loose[at] - 1
                own = 4 if loose[at] > 0 else int(chance.random() < 0.04)
                away = [_absence(spans, chance, alone=True) for _ in range(own)]
                away += [cut] if cut else []
                made.append(_day(day.isoformat(), spans, ways, n / len(days), away, chance))
            yield tuple(made)


def _absence(spans: Sequence[Span], chance: Random, *, alone: bool) -> Absence:
    span = chance.choice(spans)
    since = chance.randint(*span)
    return Absence(since, since + int(chance.expovariate(1 / (15 * MINUTE))) + MINUTE, alone)


def _day(
    name: str, spans: tuple[Span, ...], ways: Ways, progress: float, away: list[Absence],
    chance: Random,
) -> CounterDay:  # fmt: skip
    unhappy = ways.unhappy + ways.drift * progress
    visits: list[Visit] = []
    for n, span in enumerate(spans):
        visits += _opening(span, replace(ways, unhappy=unhappy + n * ways.swing), away, chance)
    if chance.random() < ways.no_clock:
        visits = [replace(one, quality="derived") for one in visits]
    unbound = sorted(_unbound(spans, len(visits), ways, chance), key=lambda one: one.at)
    return CounterDay(name, spans, tuple(visits), tuple(unbound), tuple(away))


def _opening(span: Span, ways: Ways, away: list[Absence], chance: Random) -> Iterator[Visit]:
    at = span[0] + int(chance.uniform(0.2, 4) * MINUTE)
    last = span[1] + int(chance.uniform(-3, ways.overrun) * MINUTE)
    out = 0  # tickets that the network still takes
    while at < last:
        minutes = max(0.15, chance.lognormvariate(0, ways.spread) * ways.minutes)
        closed = at + int(minutes * MINUTE)
        gone = any(one.since <= closed and one.until > at for one in away)
        if out == 0 and chance.random() < ways.hiccup:
            out = chance.choice((1, 1, 2, 5))
        yield _visit(at, closed, ways, chance, missed=gone or out > 0)
        out = max(0, out - 1)
        rush = RUSH[datetime.fromtimestamp(closed / 1000, UTC).hour] if closed < span[1] else 2
        at = closed + 25_000 + int(chance.expovariate(1.0) * ways.idle * MINUTE / rush)


def _visit(at: int, closed: int, ways: Ways, chance: Random, *, missed: bool) -> Visit:
    if chance.random() < 0.03:
        return Visit(at, None, served=False, missed=missed)
    if missed or chance.random() > ways.asks:
        return Visit(at, closed, served=True, missed=missed)
    pressed = closed - chance.randint(4_000, 40_000)
    if chance.random() < ways.after:
        pressed = closed + int(chance.gauss(*ways.reaction) * 1000)
    if chance.random() < 0.006:  # a child, or a ticket called for who is there already
        pressed = at + chance.randint(2_000, 15_000)
    press = Press(max(pressed, at + 2_000), choice(ways, chance))
    return Visit(at, closed, served=True, press=press)


def choice(ways: Ways, chance: Random) -> ChoiceName:
    """Return what a citizen chooses."""
    if chance.random() < ways.unhappy:
        return "unsatisfied"
    return "very_satisfied" if chance.random() < ways.delighted else "satisfied"


def _unbound(spans: Sequence[Span], visits: int, ways: Ways, chance: Random) -> Iterator[Press]:
    for _ in range(sum(chance.random() < ways.touches for _ in range(visits))):
        yield Press(chance.randint(*chance.choice(spans)), choice(ways, chance))
    for span in spans:
        if chance.random() < ways.children:
            at = chance.randint(*span)
            for _ in range(chance.randint(3, 25)):
                at += chance.randint(1_500, 9_000)
                yield Press(at, chance.choice(("very_satisfied", "satisfied", "unsatisfied")))
    if chance.random() < ways.cleaner:
        yield Press(spans[-1][1] + chance.randint(60, 120) * MINUTE, "satisfied")
