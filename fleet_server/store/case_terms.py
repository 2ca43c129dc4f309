"""How long the steps of cases may take, and what has a case at all; each version is kept."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import tzinfo
from typing import Literal

from fleet_server.core.days import day_of
from fleet_server.core.escalation import Terms
from fleet_server.core.tree import Tree
from fleet_server.store import audit_log
from fleet_server.store.database import rows
from fleet_server.store.editing import Stale
from fleet_server.store.models import CaseTerms, Unit

Grain = Literal["rating", "day"]
USUAL: Grain = "rating"


@dataclass(frozen=True, slots=True)
class Version:
    """A version; ``unit`` None is the fleet, ``terms`` None gives back what holds above a unit."""

    id: int
    unit: int | None
    grain: Grain | None
    terms: Terms | None
    set_at: int
    set_by: str


def grains(zone: tzinfo) -> Callable[[str], Grain]:
    """Return a function that says of a day whether its cases are of ratings or of the whole day.

    A version holds from the day on which it was set: what was opened before is not opened again.
    """
    found = [
        (day_of(one.set_at, zone).name, one.grain)
        for one in history()
        if one.unit is None and one.grain is not None
    ]
    return lambda day: next((grain for since, grain in found if since <= day), USUAL)


def of(unit: int | None, tree: Tree) -> Terms:
    """Return what holds for a unit: its own, or those of the nearest above that has some."""
    held = {one.unit: one.terms for one in reversed(history())}
    above = [] if unit is None else [node.id for node in tree.path(unit)[::-1]]
    own: Iterable[Terms | None] = (held.get(one) for one in (*above, None))
    return next((one for one in own if one is not None), Terms())


def history() -> list[Version]:
    """Return all versions, the newest first."""
    query = CaseTerms.select(
        CaseTerms.id, CaseTerms.unit, CaseTerms.grain, CaseTerms.terms, CaseTerms.set_at,
        CaseTerms.set_by,
    ).order_by(CaseTerms.id.desc())  # fmt: skip
    return [
        Version(number, unit, grain, _read(terms), at, by)
        for number, unit, grain, terms, at, by in rows(query)
    ]


def newest(unit: int | None) -> int:
    """Return the number of the last version of a unit or of the fleet; 0 where there is none."""
    return next((one.id for one in history() if one.unit == unit), 0)


def add(
    unit: int | None, seen: int, grain: Grain | None, terms: Terms | None, *, actor: str, now: int
) -> None:
    """Add a version, in a write transaction.

    Args:
        unit: whose, or None for the fleet's.
        seen: the newest version of that holder when it was read (`newest`).
        grain: what has a case; of the fleet alone.
        terms: what holds; None gives a unit back to what holds above it.
        actor: who sets it.
        now: Unix milliseconds.

    Raises:
        Stale: somebody else has added a version since.
    """
    if newest(unit) != seen:
        raise Stale
    held = None if terms is None else {**asdict(terms), "over": list(terms.over)}
    row = CaseTerms.create(unit=unit, grain=grain, terms=held, set_at=now, set_by=actor)
    subject = "fleet" if unit is None else f"unit:{Unit.get_by_id(unit).code}"
    details = {"version": row.id, "grain": grain, "terms": held}
    audit_log.note(actor, "case.terms", subject, details, at=now)


def _read(terms: dict[str, object] | None) -> Terms | None:
    return None if terms is None else Terms(**{**terms, "over": tuple(terms["over"])})  # type: ignore[arg-type]  # as `add` wrote it
