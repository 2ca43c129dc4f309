"""Figures of counters over days, with today's choices held back as `shares` says."""

from datetime import date, timedelta

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.pages import sums
from fleet_server.store.pages.sums import Sums
from fleet_server.web.figures import NOTHING, Choices, Figures
from fleet_server.web.services import services


def of_period(
    first: date, last: date, today: date, scope: Scope = EVERYTHING
) -> dict[int, Figures]:
    """Return each counter's figures over days, both included.

    Args:
        first: the first day.
        last: the last day; nothing after today can hold anything.
        today: the running day, whose choices are given out in batches.
        scope: only counters that lie there now.
    """
    found: dict[int, Figures] = {}
    if first < today:
        until = min(last, today - timedelta(days=1))
        past = sums.by_counter(first.isoformat(), until.isoformat(), scope)
        found = {counter: Figures(held, Choices.of(held)) for counter, held in past.items()}
    if first <= today <= last:
        running = sums.by_counter(today.isoformat(), today.isoformat(), scope)
        for counter, held in running.items():
            fresh = of_today(counter, held, today)
            found[counter] = found.get(counter, NOTHING) + fresh
    return found


def of_today(counter: int, held: Sums, today: date) -> Figures:
    """Return a counter's figures of the running day."""
    return Figures(held, services().shares.release(counter, today.isoformat(), held))


def of_day(counter: int, held: Sums, day: date, today: date) -> Figures:
    """Return a counter's figures of any day."""
    if day == today:
        return of_today(counter, held, today)
    return Figures(held, Choices.of(held))
