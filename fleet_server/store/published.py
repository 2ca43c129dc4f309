"""Which units show their figures to everybody."""

from dataclasses import dataclass

from fleet_server.store import audit_log
from fleet_server.store.database import rows
from fleet_server.store.models import PublicUnit


@dataclass(frozen=True, slots=True)
class Published:
    """Since when a unit's figures are public, in Unix milliseconds, and who switched that on."""

    since: int
    by: str


def published() -> dict[int, Published]:
    """Return the units whose figures are public."""
    query = PublicUnit.select(PublicUnit.unit, PublicUnit.since, PublicUnit.set_by)
    return {unit: Published(since, by) for unit, since, by in rows(query)}


def switch(unit: int, code: str, *, on: bool, actor: str, now: int) -> bool:
    """Switch a unit's public figures on or off, in a write transaction.

    Returns:
        Whether that changed anything.
    """
    if (unit in published()) == on:
        return False
    if on:
        PublicUnit.create(unit=unit, since=now, set_by=actor)
    else:
        PublicUnit.delete().where(PublicUnit.unit == unit).execute()
    audit_log.note(actor, "public.on" if on else "public.off", f"unit:{code}", {}, at=now)
    return True
