"""A counter's days, put together in a line."""

from collections.abc import Iterable

from fleet_server.core.participation import ChoiceName
from fleet_server.core.signals.evidence import Absence, CounterDay, Press, Visit
from fleet_server.core.times import AtQuality

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
OPENS, CLOSES = 8 * HOUR, 12 * HOUR


def day(
    visits: Iterable[Visit] = (),
    unbound: Iterable[Press] = (),
    absences: Iterable[Absence] = (),
    *,
    name: str = "2026-03-02",
    closed: bool = False,
) -> CounterDay:
    """Return a day that was open from 8 to 12."""
    spans = () if closed else ((OPENS, CLOSES),)
    return CounterDay(name, spans, tuple(visits), tuple(unbound), tuple(absences))


def visit(
    at: int,
    pressed: int | None = None,
    *,
    closed: int = MINUTE,
    choice: ChoiceName = "satisfied",
    quality: AtQuality = "exact",
    missed: bool = False,
) -> Visit:
    """Return a served visit; ``pressed`` and ``closed`` are counted from its call."""
    press = None if pressed is None else Press(at + pressed, choice)
    return Visit(at, at + closed, served=True, press=press, quality=quality, missed=missed)


def presses(*at: int) -> list[Press]:
    """Return ratings without a visit."""
    return [Press(one, "satisfied") for one in at]
