"""The rules against cheating on a year of honest counters, and on cheats: what is told, and when.

Looked at each evening, over the last week and the last thirty days. A false alarm is a month of
an honest counter with a signal of that rule on any evening.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

from fleet_server.core.signals.evidence import CounterDay, Press, Visit
from fleet_server.core.signals.rules import CHANCE, RULES, Signal, Tallies, count, signals
from fleet_server.core.signals.tally import AIM, WINDOWS
from fleet_server.district.behaviour import Serving
from fleet_server.district.district import District
from tests.fakes.cheats import CHEATS, Cheat
from tests.fakes.offices import HARD, HONEST, Office, Ways, working_days

FIRST = date(2026, 1, 5)
DAYS = 250
OF_EACH = 4
"""Counters of each kind, each in another office."""
HONEST_DAYS = 40
"""Before a cheat begins."""
CHEATING_DAYS = 60
TIMES = 30
"""Counters for each kind of cheat, two of each honest kind."""
IN_OFFICE = 5

Month = tuple[str, int, str]
"""The kind of a counter, which one, and YYYY-MM."""


def run() -> list[str]:
    """Return the tables."""
    return [
        *_false_alarms("honest", _evenings_of(HONEST)),
        *_false_alarms("honest beyond what is granted", _evenings_of(HARD)),
        *_false_alarms("the demo district", _district()),
        *_found(1.0),
        *_found(0.25),
    ]


def evenings(days: Iterable[CounterDay]) -> Iterator[tuple[str, list[Signal]]]:
    """Yield each day with what is told in its evening."""
    kept: deque[tuple[str, Tallies]] = deque(maxlen=max(WINDOWS))
    for day in days:
        kept.append((day.day, count(day)))
        yield day.day, signals(list(kept))


def _false_alarms(title: str, seen: Iterable[tuple[Month, list[Signal]]]) -> Iterator[str]:
    told: defaultdict[str, set[Month]] = defaultdict(set)
    looked: set[Month] = set()
    for month, found in seen:
        looked.add(month)
        for signal in found:
            told[signal.rule].add(month)
    every = set().union(*told.values())
    counters = len({month[1] for month in looked})
    yield f"{title}: false alarms in {len(looked)} months of {counters} counters"
    for name in (rule.name for rule in RULES):
        of = Counter(month[0] for month in told[name])
        yield f"  {name:18}{len(told[name]) / len(looked):8.4f}  {dict(of) or ''}"
    yield f"  {'any rule':18}{len(every) / len(looked):8.4f}  aim {AIM}, each look {CHANCE:.1e}"


def _evenings_of(kinds: Mapping[str, Ways]) -> Iterator[tuple[Month, list[Signal]]]:
    """Yield each evening of a year, the counters of `OF_EACH` of every kind mixed in offices."""
    row = list(kinds) * OF_EACH
    for start in range(0, len(row), IN_OFFICE):
        members = row[start : start + IN_OFFICE]
        office = Office(tuple(kinds[one] for one in members), f"office-{start}")
        year = list(office.year(working_days(FIRST, DAYS)))
        for at, kind in enumerate(members):
            for day, found in evenings(counters[at] for counters in year):
                yield (kind, start + at, day[:7]), found


def _district() -> Iterator[tuple[Month, list[Signal]]]:
    """Yield each evening of the demo's citizens, whom somebody else made up, for a year.

    But for the counter whose clerk presses for others.
    """
    district = District(FIRST, ZoneInfo("Asia/Ho_Chi_Minh"))
    honest = [one for one in district.counters if "shadow" not in district.story(one).days]
    for at, counter in enumerate(honest):
        days = (
            CounterDay(district.day(n).isoformat(), spans, tuple(map(_visit, served)))
            for n in range(365)
            if (spans := district.spans(counter, n)) and (served := district.servings(counter, n))
        )
        for day, found in evenings(days):
            yield (counter.code, at, day[:7]), found


def _visit(one: Serving) -> Visit:
    standing = [press for press in one.presses if press.kind != "contests"]
    press = Press(standing[-1].at, standing[-1].choice) if standing else None
    closed = one.ended if one.end == "closed" else None
    return Visit(one.called, closed, served=one.end == "closed", press=press)


def _found(share: float) -> Iterator[str]:
    yield f"cheats on {share:.0%} of their days, {TIMES} counters each: days until the first signal"
    for name, cheat in CHEATS.items():
        kinds = [list(HONEST)[n % len(HONEST)] for n in range(TIMES)]
        seen = [_first(cheat, share, kind, f"{name}-{n}") for n, kind in enumerate(kinds)]
        took = sorted(days for days, _ in seen if days is not None)
        rules = Counter(rule for _, some in seen for rule in some)
        middle = f"median {median(took):4.1f}, last {took[-1]:2}" if took else "never"
        unseen = [kind for kind, (days, _) in zip(kinds, seen, strict=True) if days is None]
        yield f"  {name:12}found {len(took):2}/{TIMES}  {middle}  {dict(rules.most_common())}"
        if 0 < len(unseen) < 10:
            yield f"  {'':12}not found at: {', '.join(unseen)}"


def _first(cheat: Cheat, share: float, kind: str, seed: str) -> tuple[int | None, list[str]]:
    """Return on which day of cheating something was told, and by which rules in the end."""
    chance = Random(seed)
    days = working_days(FIRST, HONEST_DAYS + CHEATING_DAYS)
    honest = (one[0] for one in Office((HONEST[kind],), seed).year(days))
    mixed = (
        cheat(day, chance) if n >= HONEST_DAYS and chance.random() < share else day
        for n, day in enumerate(honest)
    )
    first, rules = None, set()
    for n, (_, found) in enumerate(islice(evenings(mixed), HONEST_DAYS, None), 1):
        if found and first is None:
            first = n
        rules |= {one.rule for one in found}
    return first, sorted(rules)
