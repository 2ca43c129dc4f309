"""A whole city as its pages see it: units, counters, terminals, matters, and years of roll-ups.

Made by the database itself from small tables, so that seven million hours take a minute. Nothing
here is signed: it is for measuring how long pages take, and nothing else.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fleet_server.core.days import day_on
from fleet_server.core.participation import COUNTED
from fleet_server.settings import Settings
from fleet_server.store import daily, database, places, running
from fleet_server.store.sql import ask, insert, run

HOURS = (7, 8, 9, 10, 13, 14, 15, 16)
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
SERVICES = 3
"""At each counter, one after the other by the hour."""
OPEN_DAYS = 250
"""Working days in a year."""
WINDOW = 45
"""Days back from today that both cities have, so that pages show as many hours of each."""


@dataclass(frozen=True, slots=True)
class City:
    """How large it is.

    Attributes:
        ratings: how many its roll-ups stand for.
        today: the running day.
        counters: how many, with a terminal at each; ``units``, in how many offices.
    """

    ratings: int
    today: date
    counters: int = 3_500
    units: int = 600

    @property
    def days(self) -> int:
        """How many days back its roll-ups go."""
        a_day = self.counters * len(HOURS) * 14
        return max(WINDOW, round(self.ratings / a_day * 365 / OPEN_DAYS))


def fill(fleet: Settings, city: City) -> None:
    """Fill an empty, open database."""
    with database.writing():
        _tree(city)
        _terminals(city, day_on(city.today, fleet.fleet.zone).start)
        _hours(city, fleet)
        _today(city, fleet)
    if database.proxy.obj.param == "?":
        database.proxy.obj.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        database.proxy.obj.execute_sql("ANALYZE")


def _tree(city: City) -> None:
    top = places.add_unit("HK", "Thành phố Hải Khê", "city")
    districts = [places.add_unit(f"Q{n}", f"Quận {n}", "district", top.id).id for n in range(1, 13)]
    offices = [
        places.insert_unit(f"P-{n}", f"UBND phường số {n}", "unit", districts[n % 12], "")
        for n in range(city.units)
    ]
    places.derive_branches()
    for n in range(city.counters):
        places.insert_counter(f"C-{n}", f"Quầy {n % 6 + 1}", offices[n % city.units], "")


def _terminals(city: City, now: int) -> None:
    names = [f"t-{n:04d}" for n in range(city.counters)]
    for n, name in enumerate(names):
        places.insert_terminal(name, n + 1, None, now - 300 * DAY_MS, "")
    insert(
        "terminal_key",
        ("kid", "terminal_id", "x", "certificate_pem", "serial", "not_after", "enrolled_at"),
        [(f"kid-{n}", name, f"x-{n}", "", str(n), now + 300 * DAY_MS, now - 300 * DAY_MS)
         for n, name in enumerate(names)],
    )  # fmt: skip
    insert("terminal_status", _STATUS, [_status(n, name, now) for n, name in enumerate(names)])
    chains = [
        (n + 1, name, f"{n:032x}", f"kid-{n}", 30_000, "h", now - 300 * DAY_MS, "first", 1, 0, 0)
        for n, name in enumerate(names)
    ]
    insert("chain", _CHAIN, chains)
    matters = [
        (n, ("fault", "new_chain", "fork")[n % 3], f"s-{n}", names[n % len(names)], now - n * 9_000,
         json.dumps({"what": "button_stuck", "count": 1}), None if n % 10 == 0 else now, "x@y.vn")
        for n in range(1, 6_001)
    ]  # fmt: skip
    insert(
        "matter",
        ("id", "kind", "subject", "terminal", "opened_at", "details", "closed_at", "closed_by"),
        matters,
    )


_CHAIN = (
    "id", "terminal_id", "chain_id", "kid", "head_seq", "head_hash", "opened_at", "start_reason",
    "start_seq", "branches", "flaws",
)  # fmt: skip
_STATUS = (
    "terminal_id", "state", "state_at", "boot", "connection", "last_seen", "waiting", "clock",
    "firmware", "health", "n_highest", "n_issued", "repeated", "gaps", "refused",
)  # fmt: skip


def _status(n: int, name: str, now: int) -> tuple[Any, ...]:
    lost = n % 40 == 7
    health = {
        "cpu_celsius": 51.5, "disk_free_mib": 5_400, "memory_free_mib": 600,
        "throttled": {"now": ["under_voltage"] if n % 90 == 3 else [], "since_boot": []},
        "network": {"kind": "wired", "interface": "eth0"},
        "terminal": {"state": "idle", "presses": {"satisfied": 20, "very_satisfied": 30}},
    }  # fmt: skip
    return (
        name, "lost" if lost else "ready", now, f"{n:032x}", 1, now + 10 * HOUR_MS, 0, "synced",
        "0.4.0", json.dumps(health), 0, 0, 0, 0, 0,
    )  # fmt: skip


def _hours(city: City, fleet: Settings) -> None:
    """Add roll-ups: in the window all days, before it as many as the ratings want."""
    zone = fleet.fleet.zone
    run("CREATE TEMPORARY TABLE bench_day (n INTEGER, name TEXT, start BIGINT)")
    run("CREATE TEMPORARY TABLE bench_hour (h INTEGER)")
    days = [city.today - timedelta(days=back) for back in range(city.days)]
    opened = [day for day in days if day.weekday() < 5]
    insert(
        "bench_day",
        ("n", "name", "start"),
        [(n, day.isoformat(), day_on(day, zone).start) for n, day in enumerate(opened)],
    )
    insert("bench_hour", ("h",), [(hour,) for hour in HOURS])
    each = city.ratings / (len(opened) * len(HOURS) * city.counters)
    rated = max(1, round(each))
    run(_FILL.format(rated=rated, served=rated * 2, very=rated // 2, bad=rated // 8))
    run("DROP TABLE bench_day")
    run("DROP TABLE bench_hour")
    for text in (_DAILY, _MONTHLY, _UNIT_DAILY):
        run(text)
    run(_RUNNING, city.today.isoformat())


_CHOICES = ("very_satisfied", "satisfied", "unsatisfied")
"""What is told of a day that is over: everything."""

_FILL = """
INSERT INTO hourly (counter_id, hour, day, served, rated, very_satisfied, satisfied, unsatisfied,
                    unbound, contested, disputed, estimated)
SELECT c.id, d.start + h.h * 3600000, d.name, {served} + (c.id + d.n + h.h) % 3, {rated},
       {very}, {rated} - {very} - {bad}, {bad}, 0, 0, 0, 0
FROM counter c CROSS JOIN bench_day d CROSS JOIN bench_hour h
"""


_SUMS = ", ".join(f"SUM({name})" for name in (*COUNTED, *_CHOICES))
_ALL = ", ".join(f"SUM({name})" for name in daily.NAMES)
_DAILY = f"""
INSERT INTO daily (counter_id, day, service, {", ".join(daily.NAMES)})
SELECT counter_id, day, 'Thủ tục ' || ((hour / {HOUR_MS}) % {SERVICES} + 1), {_SUMS}
FROM hourly GROUP BY counter_id, day, (hour / {HOUR_MS}) % {SERVICES}
"""
_MONTHLY = f"""
INSERT INTO monthly (counter_id, month, service, {", ".join(daily.NAMES)})
SELECT counter_id, substr(day, 1, 7), service, {_ALL}
FROM daily GROUP BY counter_id, substr(day, 1, 7), service
"""
_UNIT_DAILY = f"""
INSERT INTO unit_daily (unit_id, day, service, {", ".join(daily.NAMES)})
SELECT c.unit_id, d.day, d.service, {_ALL}
FROM daily d JOIN counter c ON c.id = d.counter_id GROUP BY c.unit_id, d.day, d.service
"""
_RUNNING = f"""
INSERT INTO running_day (counter_id, day, service, {", ".join(running.NAMES)})
SELECT counter_id, day, service, {", ".join(f"{name} / 2" for name in _CHOICES)},
       {", ".join(_CHOICES)}
FROM daily WHERE day = ?
"""
"""Half of today's choices are given out."""


def _today(city: City, fleet: Settings) -> None:
    """Add a day's visits at one counter, for its page."""
    start = day_on(city.today, fleet.fleet.zone).start
    columns = (
        "id", "counter_id", "ticket", "ticket_norm", "day", "first_at", "called_at", "served_at",
        "ended", "by_rest", "by_terminal",
    )  # fmt: skip
    rows = [
        (f"v-{n}", 1, f"A{n}", f"A{n}", city.today.isoformat(), at, at, at + 200_000, "closed",
         True, True)
        for n in range(120)
        for at in [start + 8 * HOUR_MS + n * 240_000]
    ]  # fmt: skip
    insert("visit", columns, rows)


def ratings() -> int:
    """Return how many ratings the roll-ups stand for."""
    return int(ask("SELECT sum(rated) FROM hourly")[0][0])
