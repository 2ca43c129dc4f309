"""Until when somebody must have set up a second factor.

Roles that need one are a setting of the fleet. Who holds such a role is given some days from the
first sign-in with it; after that the pages open once a second factor is there, and not before.
"""

from collections.abc import Collection, Iterable
from typing import Literal

from fleet_server.core.roles import Grant

DAY_MS = 86_400_000

Standing = Literal["free", "asked", "due"]
"""*free*: has one, or needs none; *asked*: should set one up; *due*: must, before anything else."""


def due_at(
    grants: Iterable[Grant], needing: Collection[str], due: int | None, days: int, now: int
) -> int | None:
    """Return the moment from which a person can't go on without one; None if they need none.

    Args:
        grants: what the person holds.
        needing: roles that need one.
        due: what was set at an earlier sign-in, so that nobody is given more time by signing in.
        days: the time that people are given.
        now: Unix milliseconds.
    """
    if not any(one.role in needing for one in grants):
        return None
    return now + days * DAY_MS if due is None else due


def standing(has_one: bool, due: int | None, now: int) -> Standing:
    """Return what is asked of a person; ``due`` as `due_at` says."""
    if has_one or due is None:
        return "free"
    return "asked" if now < due else "due"
