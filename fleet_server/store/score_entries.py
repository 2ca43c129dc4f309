"""What people enter for indexes that nothing measures: appended, the newest holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from fleet_server.core.scores import Entered
from fleet_server.store import audit_log
from fleet_server.store.database import rows
from fleet_server.store.models import ScoreEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: of which index, what, why, when."""

    key: str
    entered: Entered
    reason: str
    at: int


def history(unit: int | None, period: str) -> list[Entry]:
    """Return the entries of a branch and a period, the newest first."""
    of_unit = ScoreEntry.unit.is_null() if unit is None else ScoreEntry.unit == unit
    query = ScoreEntry.select(
        ScoreEntry.key,
        ScoreEntry.two,
        ScoreEntry.one,
        ScoreEntry.none,
        ScoreEntry.entered_by,
        ScoreEntry.reason,
        ScoreEntry.entered_at,
    ).where(of_unit, ScoreEntry.period == period)
    found = rows(query.order_by(ScoreEntry.id.desc()))
    return [Entry(row[0], Entered(*row[1:5]), row[5], row[6]) for row in found]


def held(unit: int | None, period: str) -> dict[str, Entered]:
    """Return what holds of a branch and a period, by index."""
    return {one.key: one.entered for one in reversed(history(unit, period))}


def add(
    unit: int | None,
    code: str | None,
    period: str,
    entered: Mapping[str, Entered],
    reason: str,
    now: int,
) -> None:
    """Add what somebody entered, in a write transaction.

    Args:
        unit: the top of the branch, or None for the whole fleet.
        code: its code.
        period: as it is written in an address.
        entered: by index, all by the same person.
        reason: where it comes from.
        now: Unix milliseconds.
    """
    for key, one in entered.items():
        ScoreEntry.create(
            unit=unit,
            period=period,
            key=key,
            two=one.two,
            one=one.one,
            none=one.none,
            reason=reason,
            entered_at=now,
            entered_by=one.by,
        )
        details = {"period": period, "index": key, "two": one.two, "one": one.one}
        details |= {"none": one.none, "reason": reason}
        where = f"unit:{code}" if code else "fleet"
        audit_log.note(one.by, "score.enter", where, details, at=now)
