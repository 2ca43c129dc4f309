"""Grows a district up to a moment: from nothing, or from where it was left.

The days are made in a process of their own while the one before is taken, so that two cores work.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from fleet_server.district.building import Taking, index_of, pace_of
from fleet_server.district.district import District
from fleet_server.district.kept import Kept, keep
from fleet_server.district.making import MadeDay, Pace, States, make_day

Moved = Callable[[int, int], object]
"""Told which day was taken, of how many."""


def grow(
    district: District, taking: Taking, folder: Path, kept: Kept, until: int, moved: Moved
) -> Kept:
    """Take all days up to ``until`` (Unix milliseconds), and keep after each how far it is.

    Args:
        district: what it is.
        taking: lets the fleet take days.
        folder: where to keep how far it is.
        kept: how far it was.
        until: the moment to stop at.
        moved: told of each day.
    """
    last = index_of(district, until)
    for day in _days(district, kept.states, range(kept.index, last + 1), last):
        taking.take(district, day, kept.until, until)
        if day.index < last:
            kept = replace(kept, index=day.index + 1, states=day.states)
        keep(folder, kept)
        moved(day.index + 1, last + 1)
    kept = replace(kept, until=until)
    keep(folder, kept)
    return kept


def _days(district: District, states: States, days: range, last: int) -> Iterator[MadeDay]:
    if len(days) < 3:
        for index in days:
            made = make_day(district, states, index, pace_of(index, last))
            states = made.states
            yield made
        return
    with ExitStack() as stack:
        # Not a fork: this process holds a database and threads.
        pool = stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        waiting: Future[MadeDay] | None = None
        for index in days:
            made = (waiting or _made(pool, district, states, index, last)).result()
            if index != last:
                waiting = _made(pool, district, made.states, index + 1, last)
            yield made


def _made(
    pool: ProcessPoolExecutor, district: District, states: States, index: int, last: int
) -> "Future[MadeDay]":
    pace: Pace = pace_of(index, last)
    return pool.submit(make_day, district, states, index, pace)
