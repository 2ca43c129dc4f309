"""Adding terminals, moving them between counters and stores, and taking them out of use."""

from typing import Any

from fleet_server.core.tree import TreeError
from fleet_server.store import audit_log, changes, editing, places
from fleet_server.store.database import writing
from fleet_server.store.edits import counters, units
from fleet_server.store.enrolment import Missing, Taken
from fleet_server.store.models import EnrolmentToken, Terminal


def held(terminal: str, version: int | None = None) -> Any:
    """Return the row of a terminal in use, to change it.

    Raises:
        Missing: no such terminal.
        Stale: it is another than the one that was read.
        TreeError: it is out of use for good.
    """
    row = Terminal.get_or_none(Terminal.id == terminal)
    if row is None:
        raise Missing(f"no terminal has the id {terminal}")
    editing.check(row, version)
    if row.retired_at is not None:
        raise TreeError("retired")
    return row


def add(
    terminal: str, counter: str | None, unit: str | None, note: str, now: int, actor: str
) -> None:
    """Add a terminal, at a counter or in a unit's store.

    Raises:
        Taken: there is one of that id, perhaps out of use.
        Missing: no such counter or unit.
        TreeError: the counter is closed.
    """
    with writing():
        if Terminal.get_or_none(Terminal.id == terminal) is not None:
            raise Taken(f"terminal {terminal} exists, or existed; give this one another id")
        at, kept = _place(counter, unit)
        places.insert_terminal(terminal, at, kept, now, actor)
        Terminal.update(note=note).where(Terminal.id == terminal).execute()
        changes.note(f"terminal:{terminal}", changes.FLEET)
        details = {"counter": counter, "unit": unit}
        audit_log.note(actor, "terminal.add", f"terminal:{terminal}", details, at=now)


def move(
    terminal: str, version: int | None, counter: str | None, unit: str | None, now: int, actor: str
) -> None:
    """Put a terminal at a counter, or into a unit's store.

    The terminal itself is not told: the counter that it names in its records stands in its own
    settings.

    Raises:
        Missing: no such terminal, counter or unit.
        Stale: somebody else has changed it.
        TreeError: it is out of use, or the counter is closed.
    """
    with writing():
        row = held(terminal, version)
        at, kept = _place(counter, unit)
        if (row.counter_id, row.unit_id) == (at, kept):
            return
        before = [row.counter and row.counter.code, row.unit and row.unit.code]
        places.move_terminal(terminal, at, now, unit=kept, actor=actor)
        changes.note(f"terminal:{terminal}", changes.FLEET)
        details = {"counter": [before[0], counter], "unit": [before[1], unit]}
        audit_log.note(actor, "terminal.move", f"terminal:{terminal}", details, at=now)


def write_note(terminal: str, version: int | None, note: str, now: int, actor: str) -> None:
    """Write what people should know of a terminal.

    Raises:
        Missing: no such terminal.
        Stale: somebody else has changed it.
        TreeError: it is out of use.
    """
    with writing():
        row = held(terminal, version)
        if row.note == note:
            return
        details = {"note": [row.note, note]}
        editing.edit(Terminal, terminal, row.version, {"note": note})
        changes.note(f"terminal:{terminal}", changes.FLEET)
        audit_log.note(actor, "terminal.change", f"terminal:{terminal}", details, at=now)


def retire(terminal: str, version: int | None, reason: str, now: int, actor: str) -> None:
    """Take a terminal out of use for good: it can't connect any more, and what it sent stands.

    It leaves its counter and stays in the unit's store, so that those who look after that branch
    still find it.

    Raises:
        Missing: no such terminal.
        Stale: somebody else has changed it.
        TreeError: it is out of use already.
    """
    with writing():
        row = held(terminal, version)
        counter = row.counter
        kept = row.unit_id if counter is None else counter.unit_id
        places.move_terminal(terminal, None, now, unit=kept, actor=actor)
        values = {"retired_at": now, "retired_reason": reason, "version": Terminal.version + 1}
        Terminal.update(values).where(Terminal.id == terminal).execute()
        EnrolmentToken.update(closed_at=now).where(
            EnrolmentToken.terminal == terminal, EnrolmentToken.closed_at.is_null()
        ).execute()
        changes.note(f"terminal:{terminal}", changes.FLEET)
        details = {"reason": reason, "counter": counter and counter.code}
        audit_log.note(actor, "terminal.retire", f"terminal:{terminal}", details, at=now)


def _place(counter: str | None, unit: str | None) -> tuple[int | None, int | None]:
    if counter is None:
        return None, None if unit is None else units.held(unit).id
    row = counters.held(counter)
    if row.closed_day is not None:
        raise TreeError("in_closed")
    return row.id, None
