"""Withdrawing ratings by other channels that were entered by mistake (`core.channels`, rule 6)."""

from dataclasses import dataclass
from typing import Any

from fleet_server.core.channels import ENTERED
from fleet_server.core.roles import Scope
from fleet_server.store import changes
from fleet_server.store.database import rows
from fleet_server.store.models import UnsignedRating
from fleet_server.store.pages.within import within
from fleet_server.store.sql import insert, marks, parts, run


@dataclass(frozen=True, slots=True)
class Reason:
    """Who withdraws, as in the audit log; when, in Unix milliseconds; and why."""

    by: str
    at: int
    why: str


def with_it(number: int, scope: Scope) -> list[int]:
    """Return the ids of all that may be withdrawn of the list that a rating came in, itself too."""
    file = UnsignedRating.select(UnsignedRating.file).where(UnsignedRating.id == number)
    return _may(scope, (UnsignedRating.id == number) | UnsignedRating.file.in_(file))


def withdraw(number: int, scope: Scope, reason: Reason, *, whole: bool) -> int:
    """Withdraw a rating, or all of its list, in a write transaction; return how many it were.

    A row that is withdrawn never stands, which is written down at once. None, where its day was
    written down meanwhile or somebody else withdrew it.
    """
    ids = with_it(number, scope) if whole else _may(scope, UnsignedRating.id == number)
    gone = [(one, reason.at, reason.by, reason.why) for one in ids]
    insert("unsigned_withdrawal", ("rating_id", "at", "by", "reason"), gone)
    for part in parts(ids):
        run(f"UPDATE unsigned_rating SET stood = ? WHERE id IN {marks(part)}", False, *part)
    changes.note(changes.CHANNELS)
    return len(ids)


def _may(scope: Scope, which: Any) -> list[int]:
    query = within(UnsignedRating.select(UnsignedRating.id), scope, UnsignedRating.unit)
    open_yet = UnsignedRating.stood.is_null() & UnsignedRating.way.in_(ENTERED)
    return [number for (number,) in rows(query.where(which, open_yet))]
