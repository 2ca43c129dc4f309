"""Adding units and counters, by their codes, each with its entry in the audit log."""

from fleet_server.store import audit_log, places
from fleet_server.store.database import writing
from fleet_server.store.enrolment import Missing, Taken
from fleet_server.store.models import Counter, Unit


def add_unit(
    code: str, name: str, now: int, actor: str, *, kind: str = "unit", parent: str | None = None
) -> None:
    """Add a unit, at the top or below another.

    Raises:
        Taken: the code is in use.
        Missing: no such parent.
        TreeError: that kind can't lie there.
    """
    with writing():
        if Unit.get_or_none(Unit.code == code) is not None:
            raise Taken(f"a unit has the code {code} already")
        above = None if parent is None else unit_id(parent)
        places.add_unit(code, name, kind, above, actor=actor)
        details = {"name": name, "kind": kind, "parent": parent}
        audit_log.note(actor, "unit.add", f"unit:{code}", details, at=now)


def add_counter(code: str, name: str, unit: str, now: int, actor: str) -> None:
    """Add a counter to a unit.

    Raises:
        Taken: the code is in use.
        Missing: no such unit.
        TreeError: the unit is closed.
    """
    with writing():
        holder = unit_id(unit)
        if Counter.get_or_none(Counter.code == code) is not None:
            raise Taken(f"a counter has the code {code} already")
        places.tree().check_open(holder)
        places.add_counter(code, name, holder, actor=actor)
        audit_log.note(
            actor, "counter.add", f"counter:{code}", {"name": name, "unit": unit}, at=now
        )


def unit_id(code: str) -> int:
    """Return the id of a unit.

    Raises:
        Missing: no unit has that code.
    """
    found = Unit.get_or_none(Unit.code == code)
    if found is None:
        raise Missing(f"no unit has the code {code}")
    return int(found.id)
