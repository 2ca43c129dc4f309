"""The tree of units, counters and terminals in it, and moving them, with history.

All functions that write are to be called in a write transaction. ``day`` is YYYY-MM-DD in the
fleet's time zone, the day from which something lies where it is put.
"""

from typing import Any

from fleet_server.core.tree import BEGINNING, OPEN, Node, Place, Tree, TreeError, branches, moved
from fleet_server.store import sql
from fleet_server.store.database import rows
from fleet_server.store.models import (
    Counter,
    CounterPlace,
    Terminal,
    TerminalPlace,
    Unit,
    UnitBranch,
    UnitPlace,
)

__all__ = ["TreeError"]


def tree() -> Tree:
    """Return the units as they lie today, siblings by name."""
    query = Unit.select(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.parent)
    return Tree(Node(*row) for row in rows(query.order_by(Unit.name, Unit.code)))


def add_unit(code: str, name: str, kind: str = "unit", parent: int | None = None) -> Unit:
    """Add a unit; its place holds for all days, so that none is without one.

    Raises:
        TreeError: that kind can't lie there.
    """
    tree().check_new(kind, parent)
    row: Unit = Unit.create(code=code, name=name, kind=kind, parent=parent)
    UnitPlace.create(unit=row, parent=parent, since_day=BEGINNING, until_day=OPEN)
    _derive_branches()
    return row


def move_unit(unit: int, parent: int | None, today: str) -> None:
    """Put a unit below another, from today on; what was counted before stays where it was.

    The day is today, so that at no time two units can have lain below each other.

    Raises:
        TreeError: it can't lie there.
    """
    kind = Unit.get_by_id(unit).kind
    tree().check_change(unit, kind, parent)
    places = [Place(*row) for row in _places(UnitPlace, UnitPlace.parent, UnitPlace.unit == unit)]
    Unit.update(parent=parent).where(Unit.id == unit).execute()
    UnitPlace.delete().where(UnitPlace.unit == unit).execute()
    for place in moved(places, parent, today):
        UnitPlace.create(
            unit=unit, parent=place.holder, since_day=place.since, until_day=place.until
        )
    _derive_branches()


def add_counter(code: str, name: str, unit: int) -> Counter:
    """Add a counter to a unit; its place holds for all days."""
    row: Counter = Counter.create(code=code, name=name, unit=unit)
    CounterPlace.create(counter=row, unit=unit, since_day=BEGINNING, until_day=OPEN)
    return row


def move_counter(counter: int, unit: int, day: str) -> None:
    """Put a counter into another unit from a day on; its figures before stay with the former.

    Raises:
        TreeError: it was moved after that day.
    """
    held = _places(CounterPlace, CounterPlace.unit, CounterPlace.counter == counter)
    places = moved([Place(*row) for row in held], unit, day)
    Counter.update(unit=unit).where(Counter.id == counter).execute()
    CounterPlace.delete().where(CounterPlace.counter == counter).execute()
    for place in places:
        CounterPlace.create(
            counter=counter, unit=place.holder, since_day=place.since, until_day=place.until
        )


def add_terminal(
    terminal: str, counter: int | None, now: int, *, unit: int | None = None, actor: str = ""
) -> Terminal:
    """Add a terminal, at a counter or kept by a unit."""
    row: Terminal = Terminal.create(id=terminal, counter=counter, unit=unit, added_at=now)
    TerminalPlace.create(terminal=row, counter=counter, unit=unit, since=now, actor=actor)
    return row


def move_terminal(
    terminal: str, counter: int | None, now: int, *, unit: int | None = None, actor: str = ""
) -> None:
    """Put a terminal at a counter, or in a unit's store, or nowhere."""
    row = Terminal.get_by_id(terminal)
    if (row.counter_id, row.unit_id) == (counter, unit):
        return
    Terminal.update(counter=counter, unit=unit).where(Terminal.id == terminal).execute()
    TerminalPlace.update(until=now).where(
        TerminalPlace.terminal == terminal, TerminalPlace.until.is_null()
    ).execute()
    TerminalPlace.create(terminal=terminal, counter=counter, unit=unit, since=now, actor=actor)


def _places(table: Any, holder: Any, which: Any) -> list[tuple[Any, ...]]:
    query = table.select(holder, table.since_day, table.until_day)
    return rows(query.where(which).order_by(table.since_day))


def _derive_branches() -> None:
    held: dict[int, list[Place]] = {}
    query = UnitPlace.select(
        UnitPlace.unit, UnitPlace.parent, UnitPlace.since_day, UnitPlace.until_day
    )
    for unit, *place in rows(query.order_by(UnitPlace.unit, UnitPlace.since_day)):
        held.setdefault(unit, []).append(Place(*place))
    UnitBranch.delete().execute()
    columns = ("ancestor_id", "unit_id", "since_day", "until_day")
    values = [(one.ancestor, one.unit, one.since, one.until) for one in branches(held)]
    sql.insert("unit_branch", columns, values)
