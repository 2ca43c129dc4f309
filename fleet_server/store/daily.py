"""Roll-ups of days by service, of months and of the days of units: always worked out anew.

`note` is called by `fleet_server.store.rollups` in the transaction that touched a counter's day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from typing import Any

from fleet_server.core.choices import Choices, given_out
from fleet_server.core.participation import COUNTED, Counts
from fleet_server.store import running
from fleet_server.store.sql import ask, marks, parts, put, run

TOLD = ("told_very", "told_fair", "told_poor")
NAMES = (*COUNTED, *TOLD)
CHOICES = slice(2, 5)
"""Where the choices stand in a row."""
_LIST = ", ".join(NAMES)
_SUMS = ", ".join(f"SUM(d.{name})" for name in NAMES)

Row = tuple[int, ...]
Key = tuple[str, str]
"""Day and service."""


def note(counter: int, day: str, services: Mapping[str, Counts]) -> set[tuple[int, str]]:
    """Keep a day's figures by service, and what follows from them in its month.

    Returns:
        Counter and day of all that changed: what is given out later in the month can, too.
    """
    held = of_month(counter, day[:7])
    kept = {key: row for key, row in held.items() if key[0] != day}
    made = {(day, service): astuple(counts) for service, counts in services.items()}
    found = told({key: row[: len(COUNTED)] for key, row in kept.items()} | made)
    changed = {key: row for key, row in found.items() if held.get(key) != row}
    gone = held.keys() - found.keys()
    for _, service in gone:
        _drop("daily", "day", counter, day, service)
    _put("daily", "day", counter, changed)
    running.note(counter, day, {name: counts.choices for name, counts in services.items()})
    if changed or gone:
        note_month(counter, day[:7], found)
    return {(counter, one) for one, _ in (*changed, *gone)}


def of_month(counter: int, month: str) -> dict[Key, Row]:
    """Return what is held of a counter's month, by day and service, in order."""
    text = f"SELECT day, service, {_LIST} FROM daily WHERE counter_id = ? AND day BETWEEN ? AND ? "
    held = ask(text + "ORDER BY day, service", counter, f"{month}-01", f"{month}-31")
    return {(day, service): tuple(numbers) for day, service, *numbers in held}


def told(counted: Mapping[Key, Row]) -> dict[Key, Row]:
    """Return a counter's month with what is given out of it, in order."""
    ordered = sorted(counted.items())
    given = given_out((*key, Choices(*row[CHOICES])) for key, row in ordered)
    return {key: (*row, *astuple(out)) for (key, row), out in zip(ordered, given, strict=True)}


def note_month(counter: int, month: str, days: Mapping[Key, Row]) -> None:
    """Keep the sums of a counter's month."""
    sums: dict[str, Row] = {}
    for (_, service), row in days.items():
        sums[service] = tuple(map(sum, zip(sums.get(service, (0,) * len(row)), row, strict=True)))
    text = "SELECT service FROM monthly WHERE counter_id = ? AND month = ?"
    for (service,) in ask(text, counter, month):
        if service not in sums:
            _drop("monthly", "month", counter, month, service)
    _put("monthly", "month", counter, {(month, name): row for name, row in sums.items()})


def _put(table: str, time: str, counter: int, rows: Mapping[Key, Row]) -> None:
    values = [(counter, *key, *row) for key, row in rows.items()]
    put(table, ("counter_id", time, "service"), NAMES, values)


def _drop(table: str, time: str, counter: int, when: str, service: str) -> None:
    run(
        f"DELETE FROM {table} WHERE counter_id = ? AND {time} = ? AND service = ?",
        counter,
        when,
        service,
    )


def note_units(changed: Iterable[tuple[int, str]]) -> None:
    """Work out the days of the units in which counters lay whose days changed."""
    by_day: dict[str, list[int]] = defaultdict(list)
    for counter, day in sorted(set(changed)):
        by_day[day].append(counter)
    units = [
        (unit, day)
        for day, counters in by_day.items()
        for part in parts(counters)
        for (unit,) in ask(_UNITS.format(marks(part)), day, day, *part)
    ]
    _work_out(units)


_UNITS = (
    "SELECT DISTINCT unit_id FROM counter_place WHERE since_day <= ? AND until_day > ? "
    "AND counter_id IN {}"
)
_LAID = (
    "FROM daily d JOIN counter_place p ON p.counter_id = d.counter_id "
    "AND p.since_day <= d.day AND p.until_day > d.day"
)


def _work_out(units: Iterable[tuple[int, str]]) -> None:
    for unit, day in sorted(set(units)):
        run("DELETE FROM unit_daily WHERE unit_id = ? AND day = ?", unit, day)
        run(
            f"INSERT INTO unit_daily (unit_id, day, service, {_LIST}) "
            f"SELECT p.unit_id, d.day, d.service, {_SUMS} {_LAID} "
            "WHERE p.unit_id = ? AND d.day = ? GROUP BY p.unit_id, d.day, d.service",
            unit,
            day,
        )


def moved(counter: int, units: Iterable[int], since: str) -> None:
    """Work out the days of units between which a counter was moved, from a day on."""
    days = ask("SELECT DISTINCT day FROM daily WHERE counter_id = ? AND day >= ?", counter, since)
    _work_out((unit, day) for unit in units for (day,) in days)


def odd_units() -> list[tuple[str, str]]:
    """Return code and day of the units whose days are not the sums of their counters' days."""
    held = f"SELECT unit_id, day, service, {_LIST} FROM unit_daily"
    counted = (
        f"SELECT p.unit_id, d.day, d.service, {_SUMS} {_LAID} GROUP BY p.unit_id, d.day, d.service"
    )
    odd: set[Any] = set()
    for one, other in ((held, counted), (counted, held)):
        odd |= set(ask(f"SELECT o.unit_id, o.day FROM ({one} EXCEPT {other}) o"))
    codes = dict(ask("SELECT id, code FROM unit"))
    return sorted((str(codes[unit]), str(day)) for unit, day in odd)


def mend_units(odd: Iterable[tuple[str, str]]) -> None:
    """Work out the days of these units anew, given by code."""
    ids = dict(ask("SELECT code, id FROM unit"))
    _work_out((ids[code], day) for code, day in odd)
