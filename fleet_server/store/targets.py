"""The versions of targets: read all, add one. None is ever changed or taken away."""

from fleet_server.core.targets import Goal, Targets, Version
from fleet_server.core.tree import BEGINNING
from fleet_server.store import audit_log
from fleet_server.store.database import rows
from fleet_server.store.editing import Stale
from fleet_server.store.models import Target, Unit


class PastDay(Exception):
    """A target can't begin on a day that is over: what was judged by the former one, stays so."""


def _version(
    number: int,
    unit: int | None,
    since: str,
    asked: int | None,
    liked: int | None,
    scale: int,
) -> Version:
    given = asked is not None and liked is not None
    return Version(number, unit, since, Goal(asked, liked, scale) if given else None)  # type: ignore[arg-type]  # both are given


_COLUMNS = (
    Target.id,
    Target.unit,
    Target.since_day,
    Target.participation,
    Target.satisfaction,
    Target.scale,
)


def targets() -> Targets:
    """Return all versions."""
    return Targets(_version(*row) for row in rows(Target.select(*_COLUMNS)))


def history() -> list[tuple[Version, str, int]]:
    """Return the versions, the newest first, each with who set it and when."""
    query = Target.select(*_COLUMNS, Target.set_by, Target.set_at)
    found = rows(query.order_by(Target.since_day.desc(), Target.id.desc()))
    return [(_version(*row[:6]), row[6], row[7]) for row in found]


def newest(unit: int | None) -> int:
    """Return the number of the last version of a unit or of the fleet; 0 where there is none."""
    whose = Target.unit.is_null() if unit is None else Target.unit == unit
    found = rows(Target.select(Target.id).where(whose).order_by(Target.id.desc()).limit(1))
    return int(found[0][0]) if found else 0


def add(
    unit: int | None, seen: int, since: str, goal: Goal | None, today: str, *, actor: str, now: int
) -> None:
    """Add a version, in a write transaction.

    Args:
        unit: whose, or None for the fleet's.
        seen: the newest version of that holder when it was read (`newest`).
        since: the day from which it holds.
        goal: what holds; None gives a unit back to the wider target.
        today: the running day.
        actor: who sets it.
        now: Unix milliseconds.

    Raises:
        Stale: somebody else has added a version since.
        PastDay: it would begin before today.
    """
    if newest(unit) != seen:
        raise Stale
    if since < today:
        raise PastDay
    asked, liked = (goal.participation, goal.satisfaction) if goal else (None, None)
    row = Target.create(
        unit=unit,
        since_day=since,
        participation=asked,
        satisfaction=liked,
        scale=goal.scale if goal else 1,
        set_at=now,
        set_by=actor,
    )
    code = Unit.get_by_id(unit).code if unit is not None else None
    subject = "fleet" if code is None else f"unit:{code}"
    details = {"version": row.id, "since": since, "participation": asked, "satisfaction": liked}
    audit_log.note(actor, "target.set", subject, details, at=now)


def begin_with(participation: int, satisfaction: int) -> None:
    """Let the first version be this one, as long as it is the only one and nobody has set it."""
    if Target.select().count() == 1:
        Target.update(participation=participation, satisfaction=satisfaction).where(
            Target.since_day == BEGINNING, Target.set_at == 0
        ).execute()
