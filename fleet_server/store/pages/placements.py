"""Where a terminal stood, and who put it there."""

from dataclasses import dataclass

from peewee import JOIN

from fleet_server.store.database import rows
from fleet_server.store.models import Counter, TerminalPlace, Unit


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """At a counter, or kept by a unit, from ``since`` until ``until``, None while it lasts."""

    since: int
    until: int | None
    counter_code: str | None
    counter_name: str | None
    unit_code: str | None
    unit_name: str | None
    actor: str


def of_terminal(terminal: str) -> list[PlaceRow]:
    """Return where a terminal stood, oldest first."""
    query = (
        TerminalPlace.select(
            TerminalPlace.since,
            TerminalPlace.until,
            Counter.code,
            Counter.name,
            Unit.code,
            Unit.name,
            TerminalPlace.actor,
        )
        .join(Counter, JOIN.LEFT_OUTER, on=(TerminalPlace.counter == Counter.id))
        .join(Unit, JOIN.LEFT_OUTER, on=(TerminalPlace.unit == Unit.id))
        .where(TerminalPlace.terminal == terminal)
        .order_by(TerminalPlace.since, TerminalPlace.id)
    )
    return [PlaceRow(*found) for found in rows(query)]
