"""Changing, moving and closing counters.

A counter's code never changes: signed records name it, and so do queue systems.
"""

from typing import Any

from peewee import fn

from fleet_server.core.tree import TreeError
from fleet_server.store import audit_log, editing, places
from fleet_server.store.database import rows, writing
from fleet_server.store.edits import units
from fleet_server.store.enrolment import Missing
from fleet_server.store.models import Counter, CounterPlace, Hourly


def held(code: str, version: int | None = None) -> Any:
    """Return a counter's row, to change it.

    Raises:
        Missing: no counter has that code.
        Stale: it is another than the one that was read.
    """
    row = Counter.get_or_none(Counter.code == code)
    if row is None:
        raise Missing(f"no counter has the code {code}")
    editing.check(row, version)
    return row


def rename(code: str, version: int | None, name: str, now: int, actor: str) -> None:
    """Give a counter another name.

    Raises:
        Missing: no such counter.
        Stale: somebody else has changed it.
    """
    with writing():
        row = held(code, version)
        if row.name == name:
            return
        details = {"name": [row.name, name]}
        editing.edit(Counter, row.id, row.version, {"name": name})
        audit_log.note(actor, "counter.change", f"counter:{code}", details, at=now)


def move(code: str, version: int | None, unit: str, day: str, now: int, actor: str) -> None:
    """Put a counter into another unit, from a day on: what was counted since is then that unit's.

    Raises:
        Missing: no such counter or unit.
        Stale: somebody else has changed it.
        TreeError: it was moved after that day, or the unit is closed.
    """
    with writing():
        row, holder = held(code, version), units.held(unit)
        if row.unit_id == holder.id:
            return
        before = row.unit.code
        places.tree().check_open(holder.id)
        places.move_counter(row.id, holder.id, day, actor=actor)
        details = {"unit": [before, unit], "from": day}
        audit_log.note(actor, "counter.move", f"counter:{code}", details, at=now)


def close(code: str, version: int | None, day: str, now: int, actor: str) -> None:
    """Close a counter from a day on; its past stays.

    Raises:
        Missing: no such counter.
        Stale: somebody else has changed it.
        TreeError: it has figures on that day or later.
    """
    with writing():
        row = held(code, version)
        last = last_day(code)
        if last is not None and last >= day:
            raise TreeError("served", last)
        editing.edit(Counter, row.id, row.version, {"closed_day": day})
        audit_log.note(actor, "counter.close", f"counter:{code}", {"from": day}, at=now)


def reopen(code: str, version: int | None, now: int, actor: str) -> None:
    """Let a closed counter be there again.

    Raises:
        Missing: no such counter.
        Stale: somebody else has changed it.
        TreeError: its unit is closed.
    """
    with writing():
        row = held(code, version)
        places.tree().check_open(row.unit_id)
        editing.edit(Counter, row.id, row.version, {"closed_day": None})
        audit_log.note(actor, "counter.reopen", f"counter:{code}", at=now)


def last_day(code: str) -> str | None:
    """Return the last day on which a counter has figures."""
    query = Hourly.select(fn.MAX(Hourly.day)).join(Counter).where(Counter.code == code)
    [(found,)] = rows(query)
    return None if found is None else str(found)


def last_move(counter: int) -> str:
    """Return the day of a counter's last move, before which it can't move any more."""
    query = CounterPlace.select(fn.MAX(CounterPlace.since_day))
    [(found,)] = rows(query.where(CounterPlace.counter == counter))
    return str(found)
