"""What clerks do who cheat: each turns an honest day into the one that the store would hold.

They are people: they leave out some cases, and their hands are not even.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from fleet_server.core.signals.evidence import Absence, CounterDay, Press, Visit
from tests.fakes.offices import MINUTE

Cheat = Callable[[CounterDay, Random], CounterDay]


def shadow(day: CounterDay, chance: Random) -> CounterDay:
    """Presses for everybody who has gone without pressing, just after closing the ticket."""
    return _visits(day, lambda one: _rated(one, _late(one, chance)) if _silent(one) else one)


def forger(day: CounterDay, chance: Random) -> CounterDay:
    """Presses for everybody while the ticket is still open, in their place."""
    return _visits(
        day,
        lambda one: _rated(one, _end(one) - chance.randint(5_000, 30_000)) if _silent(one) else one,
    )


def evening(day: CounterDay, chance: Random) -> CounterDay:
    """Presses fifteen times or so before going home, on most days."""
    if chance.random() > 0.7:
        return day
    at, more = day.open[-1][1] - chance.randint(6, 15) * MINUTE, []
    for _ in range(chance.randint(10, 20)):
        at += chance.randint(3_000, 20_000)
        more.append(_good(at))
    return replace(day, unbound=(*day.unbound, *more))


def skipper(day: CounterDay, chance: Random) -> CounterDay:
    """Calls tickets of people who have left, presses, and closes them as served."""

    def skip(one: Visit) -> Visit:
        if one.served or one.missed or one.called_at is None:
            return one
        at = one.called_at + chance.randint(3_000, 9_500)
        return Visit(one.called_at, at + 2_000, served=True, press=_good(at))

    return _visits(day, skip)


def unplugger(day: CounterDay, chance: Random) -> CounterDay:
    """Pulls the plug while somebody angry is there, two times in three."""
    more = []

    def pull(one: Visit) -> Visit:
        if not _angry(one) or one.called_at is None or chance.random() > 0.66:
            return one
        more.append(Absence(one.called_at + 20_000, _end(one) + MINUTE, alone=True))
        return replace(one, press=None, missed=True)

    turned = _visits(day, pull)
    return replace(turned, absences=(*day.absences, *more))


def hider(day: CounterDay, chance: Random) -> CounterDay:
    """Serves who looks dissatisfied without offering the ticket, and errs now and then."""

    def hide(one: Visit) -> Visit:
        if one.served and chance.random() < (0.7 if _angry(one) else 0.02):
            return replace(one, press=None, missed=True)
        return one

    return _visits(day, hide)


def robot(day: CounterDay, chance: Random) -> CounterDay:
    """Lets something press every ninety seconds or so, for two hours."""
    start = chance.randint(day.open[1][0], day.open[1][1] - 120 * MINUTE)
    more = (_good(start + n * 90_000 + chance.randint(-800, 800)) for n in range(80))
    return replace(day, unbound=(*day.unbound, *more))


def night(day: CounterDay, chance: Random) -> CounterDay:
    """Stays longer on every other day, and presses."""
    if chance.random() > 0.5:
        return day
    at = day.open[-1][1] + chance.randint(60, 100) * MINUTE
    return replace(day, unbound=(*day.unbound, *(_good(at + n * 7_000) for n in range(12))))


def series(day: CounterDay, chance: Random) -> CounterDay:
    """Takes a dozen tickets in a quiet half hour, waits a little with each, and rates them."""
    at, more = chance.randint(day.open[1][0], day.open[1][1] - 40 * MINUTE), []
    for _ in range(chance.randint(10, 16)):
        closed = at + chance.randint(20_000, 60_000)
        more.append(Visit(at, closed, served=True, press=_good(closed - 8_000)))
        at = closed + chance.randint(10_000, 60_000)
    free = [one for one in day.visits if one.called_at is None or not _within(one, more, at)]
    return replace(day, visits=tuple(sorted((*free, *more), key=lambda one: one.called_at or 0)))


CHEATS: dict[str, Cheat] = {
    one.__name__: one
    for one in (shadow, forger, evening, skipper, unplugger, hider, robot, night, series)
}


def _visits(day: CounterDay, turn: Callable[[Visit], Visit]) -> CounterDay:
    return replace(day, visits=tuple(_each(day, turn)))


def _each(day: CounterDay, turn: Callable[[Visit], Visit]) -> Iterator[Visit]:
    return (turn(one) for one in day.visits)


def _silent(one: Visit) -> bool:
    return one.served and not one.missed and one.press is None


def _angry(one: Visit) -> bool:
    return one.press is not None and one.press.choice == "unsatisfied"


def _end(one: Visit) -> int:
    return one.closed_at or 0


def _late(one: Visit, chance: Random) -> int:
    return _end(one) + chance.randint(500, 3_500)


def _rated(one: Visit, at: int) -> Visit:
    return replace(one, press=_good(at))


def _good(at: int) -> Press:
    return Press(at, "very_satisfied")


def _within(one: Visit, more: list[Visit], until: int) -> bool:
    return (more[0].called_at or 0) <= (one.called_at or 0) < until
