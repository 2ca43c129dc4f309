"""Terminals that stand at no counter: not yet, as they lie in store, or no more."""

from fleet_server.store import audit_log, places
from fleet_server.store.database import writing
from fleet_server.store.enrolment import Taken
from fleet_server.store.models import Counter, Terminal
from fleet_server.store.offices import unit_id


def put_in_store(terminal: str, unit: str, note: str, now: int, actor: str) -> None:
    """Add a terminal that a unit keeps.

    Raises:
        Missing: there is no such unit.
        Taken: there is such a terminal.
    """
    with writing():
        if Terminal.get_or_none(Terminal.id == terminal) is not None:
            raise Taken(f"terminal {terminal} exists")
        places.add_terminal(terminal, None, now, unit=unit_id(unit), actor=actor)
        Terminal.update(note=note).where(Terminal.id == terminal).execute()
        audit_log.note(actor, "terminal.add", f"terminal:{terminal}", {"unit": unit}, at=now)


def retire(terminal: str, note: str, now: int, actor: str) -> None:
    """Take a terminal out of use for good; what it sent stands."""
    with writing():
        places.move_terminal(terminal, None, now, actor=actor)
        Terminal.update(retired_at=now, note=note).where(Terminal.id == terminal).execute()
        audit_log.note(actor, "terminal.retire", f"terminal:{terminal}", {"note": note}, at=now)


def move_counter(counter: str, unit: str, day: str, now: int, actor: str) -> None:
    """Put a counter into another unit from a day on, by their codes."""
    with writing():
        row = Counter.get(Counter.code == counter)
        places.move_counter(row.id, unit_id(unit), day)
        details = {"unit": unit, "day": day}
        audit_log.note(actor, "counter.move", f"counter:{counter}", details, at=now)
