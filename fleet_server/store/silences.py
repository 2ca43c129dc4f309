"""Choices that nobody presses: looked for once an hour, a few counters a second.

Only hours that are over are looked at, and single choices by the day as they are given out, so that
what is told says nothing of a single press.
"""

from datetime import tzinfo
from typing import Any

from peewee import fn

from fleet_server.core.days import day_of, named_day
from fleet_server.core.health import Silence
from fleet_server.core.silence import HOUR_MS, Day, Hour, silences
from fleet_server.store import changes
from fleet_server.store.database import rows, writing
from fleet_server.store.models import ButtonSilence, Hourly, Terminal, TerminalPlace
from fleet_server.store.pages import lines

HISTORY_MS = 60 * 86_400_000
AT_ONCE = 10
"""Counters in one step: 5 ms or so."""


class Rounds:
    """Goes round all counters with a terminal, once an hour.

    Args:
        zone: the fleet's time zone.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._hour, self._after = -1, 0

    def step(self, now: int) -> None:
        """Look at the next counters, if this hour's round is not over."""
        hour = now // HOUR_MS
        if hour != self._hour:
            self._hour, self._after = hour, 0
        if self._after < 0:
            return
        found = _with_terminal(self._after)
        for counter, since in found:
            look(counter, since, now, self._zone)
        self._after = found[-1][0] if found else -1


def look(counter: int, since: int, now: int, zone: tzinfo) -> None:
    """Look at one counter, whose terminal stands there since then, and keep what is silent."""
    begin = max(since, now - HISTORY_MS)
    hours = _hours(counter, begin, now // HOUR_MS * HOUR_MS)
    found = silences(hours, _days(counter, begin, now, zone))
    if sorted(found, key=_name) == sorted(_held(counter), key=_name):
        return
    with writing():
        ButtonSilence.delete().where(ButtonSilence.counter == counter).execute()
        for one in found:
            ButtonSilence.create(
                counter=counter, choice=one.choice, served=one.served, most=one.most,
                since=one.since,
            )  # fmt: skip
        changes.note(changes.FLEET)


def of_counters() -> dict[int, list[Silence]]:
    """Return what is silent, by counter."""
    found: dict[int, list[Silence]] = {}
    for counter, *silence in rows(_silences()):
        found.setdefault(counter, []).append(Silence(*silence))
    return found


def _held(counter: int) -> list[Silence]:
    query = _silences().where(ButtonSilence.counter == counter)
    return [Silence(*silence) for _counter, *silence in rows(query)]


def _silences() -> Any:
    table = ButtonSilence
    query = table.select(table.counter, table.choice, table.served, table.most, table.since)
    return query.order_by(table.counter, table.choice)


def _name(silence: Silence) -> str:
    return silence.choice


def _with_terminal(after: int) -> list[tuple[int, int]]:
    """Return the next counters with a terminal in use, and since when it stands there."""
    query = (
        Terminal.select(Terminal.counter, fn.MIN(TerminalPlace.since))
        .join(TerminalPlace, on=(TerminalPlace.terminal == Terminal.id))
        .where(
            Terminal.counter > after, Terminal.retired_at.is_null(), TerminalPlace.until.is_null()
        )
        .group_by(Terminal.counter)
        .order_by(Terminal.counter)
    )
    return rows(query.limit(AT_ONCE))


def _hours(counter: int, since: int, until: int) -> list[Hour]:
    query = (
        Hourly.select(
            Hourly.hour,
            Hourly.served,
            Hourly.very_satisfied,
            Hourly.satisfied,
            Hourly.unsatisfied,
        )
        .where(Hourly.counter == counter, Hourly.hour >= since, Hourly.hour < until)
        .order_by(Hourly.hour)
    )
    return [Hour(hour, served, sum(pressed)) for hour, served, *pressed in rows(query)]


def _days(counter: int, since: int, now: int, zone: tzinfo) -> list[Day]:
    """Return the days that began since then and are over, with the choices given out on them."""
    first, today = day_of(since, zone), day_of(now, zone)
    held = lines.counter_days({counter}, first.name, today.name)
    days = [(named_day(name, zone), line) for (_, name), line in sorted(held.items())]
    return [
        Day(day.end, line.sums.served, line.told)
        for day, line in days
        if since <= day.start and day.end <= now
    ]
