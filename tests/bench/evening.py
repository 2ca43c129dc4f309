"""An evening of 3,500 counters: the day counted, and each looked at for signs of cheating.

Every counter has a day of forty citizens told of by both sources, 26 of whom rated, and 29 days
that were counted before.
"""

import json
import statistics
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fleet_server.core.days import day_on
from fleet_server.core.signals.tally import WINDOWS
from fleet_server.signals import evening
from fleet_server.store import database, places, tally_due
from fleet_server.store.database import writing
from fleet_server.store.models import CounterTally, TallyDue
from fleet_server.store.sql import insert
from tests.fakes import databases
from tests.fakes.desk import SAIGON

TODAY = date(2026, 11, 25)
COUNTERS, UNITS, CITIZENS, RATED = 3_500, 600, 40, 26
MINUTE_MS = 60_000
DAY = day_on(TODAY, SAIGON)
OPENS = DAY.start + 450 * MINUTE_MS
NIGHT = DAY.end + 2 * 3_600_000

TALLIES = {
    "soon_after_call": [0, RATED, []], "soon_after_close": [2, 5, [OPENS, OPENS + 1]],
    "regular_gaps": [1, 12, [OPENS]], "end_burst": [0, 2, []], "long_run": [0, 1, []],
    "outside_hours": [0, 1, []], "too_good": [RATED, CITIZENS, []],
    "not_offered": [0, CITIZENS, []], "unplugged": [0, 1, []],
}  # fmt: skip


def run() -> Iterator[str]:
    """Yield the figures, of one database after the other."""
    for name in databases.ENGINES:
        with databases.using(name), TemporaryDirectory() as folder:
            database.open_database(databases.made(Path(folder)))
            try:
                yield from _engine(name)
            finally:
                database.close()


def _engine(name: str) -> Iterator[str]:
    with writing():
        _fill()
    rounds = []
    while TallyDue.select().exists():
        begun = time.perf_counter()
        evening.look(NIGHT, SAIGON)
        rounds.append(time.perf_counter() - begun)
    each = 1000 * sum(rounds) / COUNTERS
    assert CounterTally.select().where(CounterTally.day == DAY.name).count() == COUNTERS
    yield (
        f"{name}: {COUNTERS:,} counters in {sum(rounds):.1f} s, {each:.1f} ms each, a transaction; "
        f"{len(rounds)} rounds of {statistics.median(rounds):.1f} s"
    )


def _fill() -> None:
    units = [places.insert_unit(f"P-{n}", f"UBND {n}", "unit", None, "") for n in range(UNITS)]
    places.derive_branches()
    for n in range(COUNTERS):
        places.insert_counter(f"C-{n}", f"Quầy {n}", units[n % UNITS], "")
        places.insert_terminal(f"t-{n:04d}", n + 1, None, 0, "")
    counters = range(1, COUNTERS + 1)
    insert("chain", _CHAIN, [(n, _dev(n), f"{n:032x}", "k", RATED, "h", 0, "first", 1, 0, 0)
                             for n in counters])  # fmt: skip
    insert("boot", _BOOT, [(n, _dev(n), f"{n:032x}", n, 0, 0, 0, 0, "derived") for n in counters])
    for n in counters:
        _day(n)
    before = [(TODAY - timedelta(days=back)).isoformat() for back in range(1, max(WINDOWS))]
    kept = json.dumps(TALLIES)
    insert("counter_tally", ("counter_id", "day", "tallies"),
           [(n, day, kept) for n in counters for day in before])  # fmt: skip
    tally_due.changed((n, DAY.name) for n in counters)


def _dev(n: int) -> str:
    return f"t-{n - 1:04d}"


def _day(n: int) -> None:
    visits, events, records, ratings = [], [], [], []
    for k in range(CITIZENS):
        visit, at = f"v-{n}-{k}", OPENS + k * 11 * MINUTE_MS + (n * k) % 300_000
        end = at + 5 * MINUTE_MS
        visits.append((visit, n, f"A{k}", f"A{k}", DAY.name, at, at, end, "closed", True, True))
        for event, when in (("called", at), ("closed", end)):
            for source in ("rest", "terminal"):
                events.append((visit, n, event, when, source, f"{visit}-{event}-{source}", "exact"))
        if k < RATED:
            number = n * CITIZENS + k
            records.append((number, n, k + 1, 0, f"h-{number}", "rating", b"x", end, 1, False))
            ratings.append((number, _dev(n), n, visit, "satisfied", end + 20_000, n, 0, *_STANDS))
    insert("visit", _VISIT, visits)
    insert("ticket_event", _EVENT, events)
    insert("record", _RECORD, records)
    insert("rating", _RATING, ratings)


_STANDS: tuple[Any, ...] = ("exact", True, False, False, False, False)
_CHAIN = (
    "id", "terminal_id", "chain_id", "kid", "head_seq", "head_hash", "opened_at", "start_reason",
    "start_seq", "branches", "flaws",
)  # fmt: skip
_BOOT = (
    "id", "terminal_id", "boot_id", "chain_id", "branch", "first_up", "last_up", "latest_offset",
    "quality",
)  # fmt: skip
_VISIT = (
    "id", "counter_id", "ticket", "ticket_norm", "day", "first_at", "called_at", "served_at",
    "ended", "by_rest", "by_terminal",
)  # fmt: skip
_EVENT = ("visit_id", "counter_id", "event", "at", "source", "idempotency", "at_quality")
_RECORD = (
    "id", "chain_id", "seq", "branch", "hash", "type", "jws", "received_at", "checked", "disputed",
)  # fmt: skip
_RATING = (
    "record_id", "terminal_id", "counter_id", "visit", "choice", "at", "boot_id", "up",
    "at_quality", "standing", "contested", "disputed", "unbound", "flagged",
)  # fmt: skip
