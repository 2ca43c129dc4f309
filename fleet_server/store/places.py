"""The tree of units, counters and terminals in it, and moving them, with history.

All functions that write are to be called in a write transaction. ``day`` is YYYY-MM-DD in the
fleet's time zone, the day from which something lies where it is put. Each move makes the version of
what moves grow, so that nobody who had it open saves over it unawares. Moves are written as SQL: a
list can hold thousands.
"""

from dataclasses import dataclass
from typing import Any

from fleet_server.core import alphabet
from fleet_server.core.tree import BEGINNING, OPEN, Node, Place, Tree, TreeError, branches, moved
from fleet_server.store import daily, sql
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Terminal, Unit, UnitBranch, UnitPlace

__all__ = ["TreeError"]


def tree() -> Tree:
    """Return the units as they lie today, siblings by name (`core.alphabet`)."""
    query = Unit.select(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.parent, Unit.closed_day)
    return _by_name(query)


def tree_on(day: str) -> Tree:
    """Return the units as they lay on a day, siblings by name (`core.alphabet`)."""
    query = Unit.select(Unit.id, Unit.code, Unit.name, Unit.kind, UnitPlace.parent, Unit.closed_day)
    query = query.join(UnitPlace, on=(UnitPlace.unit == Unit.id))
    held = query.where(UnitPlace.since_day <= day, UnitPlace.until_day > day)
    return _by_name(held)


def _by_name(query: Any) -> Tree:
    nodes = (Node(*row) for row in rows(query))
    return Tree(sorted(nodes, key=lambda one: (alphabet.place(one.name), one.code)))


def days_of_change(first: str, last: str) -> list[str]:
    """Return the days after ``first``, up to ``last``, on which any unit moved."""
    query = UnitPlace.select(UnitPlace.since_day).distinct()
    held = query.where(UnitPlace.since_day > first, UnitPlace.since_day <= last)
    return [day for (day,) in rows(held.order_by(UnitPlace.since_day))]


def add_unit(
    code: str, name: str, kind: str = "unit", parent: int | None = None, *, actor: str = ""
) -> Unit:
    """Add a unit; its place holds for all days, so that none is without one.

    Raises:
        TreeError: that kind can't lie there.
    """
    tree().check_new(kind, parent)
    unit = insert_unit(code, name, kind, parent, actor)
    derive_branches()
    row: Unit = Unit.get_by_id(unit)
    return row


def move_unit(unit: int, parent: int | None, today: str, *, actor: str = "") -> None:
    """Put a unit below another, from today on; what was counted before stays where it was.

    The day is today, so that at no time two units can have lain below each other.

    Raises:
        TreeError: it can't lie there.
    """
    kind = Unit.get_by_id(unit).kind
    tree().check_change(unit, kind, parent)
    put_unit(unit, parent, today, actor)
    derive_branches()


def add_counter(code: str, name: str, unit: int, *, actor: str = "") -> Counter:
    """Add a counter to a unit; its place holds for all days."""
    row: Counter = Counter.get_by_id(insert_counter(code, name, unit, actor))
    return row


def move_counter(counter: int, unit: int, day: str, *, actor: str = "") -> None:
    """Put a counter into another unit from a day on; its figures before stay with the former.

    Raises:
        TreeError: it was moved after that day.
    """
    _move(_COUNTERS, counter, unit, day, actor)


def add_terminal(
    terminal: str, counter: int | None, now: int, *, unit: int | None = None, actor: str = ""
) -> Terminal:
    """Add a terminal, at a counter or kept by a unit."""
    insert_terminal(terminal, counter, unit, now, actor)
    row: Terminal = Terminal.get_by_id(terminal)
    return row


def move_terminal(
    terminal: str, counter: int | None, now: int, *, unit: int | None = None, actor: str = ""
) -> None:
    """Put a terminal at a counter, or in a unit's store, or nowhere."""
    [held] = sql.ask("SELECT counter_id, unit_id FROM terminal WHERE id = ?", terminal)
    if held == (counter, unit):
        return
    sql.run(
        "UPDATE terminal SET counter_id = ?, unit_id = ?, version = version + 1 WHERE id = ?",
        counter, unit, terminal,
    )  # fmt: skip
    sql.run(
        'UPDATE terminal_place SET "until" = ? WHERE terminal_id = ? AND "until" IS NULL',
        now, terminal,
    )  # fmt: skip
    _insert_terminal_place(terminal, counter, unit, now, actor)


# ---- the steps by themselves; who takes several derives the branches once, at the end ----


def insert_unit(code: str, name: str, kind: str, parent: int | None, actor: str) -> int:
    """Add a unit whose place has been checked; `derive_branches` is to follow."""
    [(unit,)] = sql.ask(
        "INSERT INTO unit (code, name, kind, parent_id, version) VALUES (?, ?, ?, ?, 1) "
        "RETURNING id",
        code, name, kind, parent,
    )  # fmt: skip
    _insert_place(_UNITS, unit, parent, BEGINNING, actor)
    return int(unit)


def put_unit(unit: int, parent: int | None, today: str, actor: str) -> None:
    """Move a unit whose new place has been checked; `derive_branches` is to follow."""
    _move(_UNITS, unit, parent, today, actor)


def insert_counter(code: str, name: str, unit: int, actor: str) -> int:
    """Add a counter and return its id."""
    [(counter,)] = sql.ask(
        "INSERT INTO counter (code, name, unit_id, version) VALUES (?, ?, ?, 1) RETURNING id",
        code, name, unit,
    )  # fmt: skip
    _insert_place(_COUNTERS, counter, unit, BEGINNING, actor)
    return int(counter)


def insert_terminal(
    terminal: str, counter: int | None, unit: int | None, now: int, actor: str
) -> None:
    """Add a terminal."""
    sql.run(
        "INSERT INTO terminal (id, counter_id, unit_id, added_at, note, retired_reason, version) "
        "VALUES (?, ?, ?, ?, '', '', 1)",
        terminal, counter, unit, now,
    )  # fmt: skip
    _insert_terminal_place(terminal, counter, unit, now, actor)


def derive_branches() -> None:
    """Work out anew which unit lay below which, and when."""
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


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where places of one kind of thing are kept: tables, and the columns of thing and holder."""

    table: str
    places: str
    thing: str
    holder: str


_UNITS = _Kept("unit", "unit_place", "unit_id", "parent_id")
_COUNTERS = _Kept("counter", "counter_place", "counter_id", "unit_id")


def _move(kept: _Kept, thing: int, holder: int | None, day: str, actor: str) -> None:
    table, places, key, column = kept.table, kept.places, kept.thing, kept.holder
    held = [
        Place(*row)
        for row in sql.ask(
            f"SELECT {column}, since_day, until_day FROM {places} WHERE {key} = ? "
            "ORDER BY since_day",
            thing,
        )
    ]
    after = moved(held, holder, day)
    if after == held:
        return
    sql.run(f"UPDATE {table} SET {column} = ?, version = version + 1 WHERE id = ?", holder, thing)
    last = held[-1]
    if last.since == day:
        _replace(kept, thing, holder, day, actor)
    else:
        _end(kept, thing, last.since, day)
        _insert_place(kept, thing, holder, day, actor)
    if kept is _COUNTERS:
        # Its days count in the units where it lay on them.
        units = {place.holder for place in (*held, *after) if place.holder is not None}
        daily.moved(thing, units, day)


def _replace(kept: _Kept, thing: int, holder: int | None, day: str, actor: str) -> None:
    sql.run(
        f"UPDATE {kept.places} SET {kept.holder} = ?, actor = ? WHERE {kept.thing} = ? "
        "AND since_day = ?",
        holder, actor, thing, day,
    )  # fmt: skip


def _end(kept: _Kept, thing: int, since: str, day: str) -> None:
    sql.run(
        f"UPDATE {kept.places} SET until_day = ? WHERE {kept.thing} = ? AND since_day = ?",
        day, thing, since,
    )  # fmt: skip


def _insert_place(kept: _Kept, thing: int, holder: int | None, since: str, actor: str) -> None:
    columns = (kept.thing, kept.holder, "since_day", "until_day", "actor")
    sql.insert(kept.places, columns, [(thing, holder, since, OPEN, actor)])


def _insert_terminal_place(
    terminal: str, counter: int | None, unit: int | None, now: int, actor: str
) -> None:
    columns = ("terminal_id", "counter_id", "unit_id", "since", "actor")
    sql.insert("terminal_place", columns, [(terminal, counter, unit, now, actor)])
