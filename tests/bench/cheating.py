"""The rules against cheating on a year of honest counters, and on cheats: what is told, and when.

Looked at as the jobs process does: each evening, over the last 30 days. A false alarm is a month of
an honest counter with a signal of that rule on any evening.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random
from statistics import median

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.rules import CHANCE, RULES, Signal, Tallies, count, signals
from fleet_server.core.signals.tally import AIM, WINDOW_DAYS
from tests.fakes.cheats import CHEATS, Cheat
from tests.fakes.offices import HONEST, Office, working_days

FIRST = date(2026, 1, 5)
DAYS = 250
OF_EACH = 4
"""Counters of each kind, each in another office."""
HONEST_DAYS = 40
"""Before a cheat begins."""
CHEATING_DAYS = 60
TIMES = 20
"""Counters for each kind of cheat."""


def run() -> list[str]:
    """Return the tables."""
    return [*_false_alarms(), *_found()]


def evenings(days: Iterable[CounterDay]) -> Iterator[tuple[str, list[Signal]]]:
    """Yield each day with what is told in its evening."""
    kept: deque[tuple[str, Tallies]] = deque()
    for day in days:
        oldest = (date.fromisoformat(day.day) - timedelta(days=WINDOW_DAYS - 1)).isoformat()
        kept.append((day.day, count(day)))
        while kept[0][0] < oldest:
            kept.popleft()
        yield day.day, signals(list(kept))


def _false_alarms() -> Iterator[str]:
    kinds = list(HONEST)
    told: defaultdict[str, set[tuple[str, int, int, str]]] = defaultdict(set)
    days = working_days(FIRST, DAYS)
    for start in range(OF_EACH * len(kinds) // 5):
        members = [kinds[(start * 5 + n) % len(kinds)] for n in range(5)]
        year = list(Office(tuple(HONEST[one] for one in members), f"honest-{start}").year(days))
        for at, kind in enumerate(members):
            for day, found in evenings(one[at] for one in year):
                for signal in found:
                    told[signal.rule].add((kind, start, at, day[:7]))
    months = OF_EACH * len(kinds) * len({day.isoformat()[:7] for day in days})
    yield f"{OF_EACH * len(kinds)} honest counters, {months} counter-months"
    for rule in RULES:
        of = Counter(one[0] for one in told[rule.name])
        yield f"  {rule.name:18}{len(told[rule.name]) / months:8.4f}  {dict(of) or ''}"
    every = {one for some in told.values() for one in some}
    yield f"  {'any rule':18}{len(every) / months:8.4f}  (aim {AIM}; a look {CHANCE:.1e})"


def _found() -> Iterator[str]:
    yield f"cheats, {TIMES} counters each: days of cheating until the first signal"
    for name, cheat in CHEATS.items():
        seen = [_first(cheat, f"{name}-{n}") for n in range(TIMES)]
        took = sorted(days for days, _ in seen if days is not None)
        rules = Counter(rule for _, some in seen for rule in some)
        middle = f"median {median(took):4.1f}, last {took[-1]:2}" if took else "never"
        yield f"  {name:12}found {len(took):2}/{TIMES}  {middle}  {dict(rules.most_common())}"


def _first(cheat: Cheat, seed: str) -> tuple[int | None, list[str]]:
    """Return on which day of cheating something was told, and by which rules in the end."""
    chance, kind = Random(seed), list(HONEST)[Random(seed).randrange(len(HONEST))]
    days = working_days(FIRST, HONEST_DAYS + CHEATING_DAYS)
    honest = (one[0] for one in Office((HONEST[kind],), seed).year(days))
    mixed = (day if n < HONEST_DAYS else cheat(day, chance) for n, day in enumerate(honest))
    first, rules = None, set()
    for n, (_, found) in enumerate(islice(evenings(mixed), HONEST_DAYS, None), 1):
        if found and first is None:
            first = n
        rules |= {one.rule for one in found}
    return first, sorted(rules)
