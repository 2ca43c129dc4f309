"""What the rules against cheating find on each day of a counter.

All that writes is to be called in a write transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import Any

from fleet_server.core.signals.rules import RULES, Tallies, count
from fleet_server.core.signals.tally import WINDOWS, Tally
from fleet_server.store import tally_due
from fleet_server.store.counter_days import CounterDays
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Counter, CounterTally
from fleet_server.store.sql import ask, run


def keep(counter: int, days: Sequence[str], held: CounterDays) -> None:
    """Count days of a counter, and keep what was found."""
    found = [(counter, day, _written(count(held.of(counter, day)))) for day in days]
    for day in days:
        for table in ("counter_tally", "tally_due"):
            run(f"DELETE FROM {table} WHERE counter_id = ? AND day = ?", counter, day)
    CounterTally.insert_many(
        found, fields=[CounterTally.counter, CounterTally.day, CounterTally.tallies]
    ).execute()


def last(counter: int) -> list[tuple[str, Tallies]]:
    """Return a counter's newest days, as far back as a look goes, in order."""
    [(newest,)] = ask("SELECT MAX(day) FROM counter_tally WHERE counter_id = ?", counter)
    if newest is None:
        return []
    first = date.fromisoformat(newest) - timedelta(days=max(WINDOWS) - 1)
    return days(counter, first.isoformat(), newest)


def days(counter: int, first: str, final: str) -> list[tuple[str, Tallies]]:
    """Return what was found from one day to another, in order."""
    query = CounterTally.select(CounterTally.day, CounterTally.tallies).where(
        CounterTally.counter == counter, CounterTally.day.between(first, final)
    )
    return [(day, _read(held)) for day, held in rows(query.order_by(CounterTally.day))]


def recount(zone: tzinfo, *, fix: bool) -> list[tuple[str, str]]:
    """Return code and day where what is kept is not what is found now.

    Args:
        zone: the fleet's time zone.
        fix: whether to have them counted anew by the next round; else nothing is changed.
    """
    held = CounterDays(zone)
    text = (
        "SELECT t.counter_id, t.day FROM counter_tally t WHERE NOT EXISTS (SELECT 1 FROM tally_due "
        "d WHERE d.counter_id = t.counter_id AND d.day = t.day) ORDER BY t.counter_id, t.day"
    )
    odd = [(counter, day) for counter, day in ask(text) if _is_odd(counter, day, held)]
    if fix:
        with writing():
            tally_due.changed(odd)
    codes = dict(rows(Counter.select(Counter.id, Counter.code)))
    return [(str(codes[counter]), day) for counter, day in odd]


def _is_odd(counter: int, day: str, held: CounterDays) -> bool:
    return [(day, _read(_written(count(held.of(counter, day)))))] != days(counter, day, day)


def _written(tallies: Tallies) -> dict[str, list[Any]]:
    return {
        rule: [tally.hits, tally.of, list(tally.moments)]
        for rule, tally in tallies.items()
        if tally.of
    }


def _read(held: Mapping[str, Sequence[Any]]) -> Tallies:
    """Return what was found by each rule; one that a newer version has, found nothing."""
    return {rule.name: _tally(*held.get(rule.name, ())) for rule in RULES}


def _tally(hits: int = 0, of: int = 0, moments: Sequence[int] = ()) -> Tally:
    return Tally(hits, of, tuple(moments))
