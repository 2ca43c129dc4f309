"""The retention rules at work: by ``hailong-fleet retain``, and by ingest once an hour.

Ingest does it because it runs anyway and holds no transaction long: at most `MOST` rows in an hour,
in steps, so that what has piled up goes over some hours and no terminal waits for it.
"""

from collections.abc import Callable, Mapping

import structlog

from fleet_server.core.retention import before
from fleet_server.store import audit_log
from fleet_server.store.database import reading, writing
from fleet_server.store.retention import RULES, STEP

MOST = 20_000
ERASED = "retention.erase"
"""What the audit log calls it."""

Days = Mapping[str, int]

log = structlog.get_logger("retention")


def due(days: Days, now: int) -> dict[str, int]:
    """Return how many rows of each kind are kept longer than so many days."""
    with reading():
        return {name: RULES[name].count(before(kept, now)) for name, kept in days.items()}


def erase(
    days: Days,
    now: int,
    actor: str,
    most: int | None = None,
    moved: Callable[[int], None] = lambda _count: None,
) -> dict[str, int]:
    """Erase what is kept longer than so many days; return how many rows of each kind went.

    Args:
        days: by kind, as the settings have it.
        now: Unix milliseconds.
        actor: who, for the audit log.
        most: how many rows at most; all where it is None.
        moved: called with the number of rows that went, again and again.
    """
    gone = dict.fromkeys(days, 0)
    for name, kept in days.items():
        while most is None or sum(gone.values()) < most:
            with writing():
                count = RULES[name].erase(before(kept, now), STEP)
            gone[name] += count
            moved(count)
            if count < STEP:
                break
    erased = {name: count for name, count in gone.items() if count}
    if erased:
        kept_days = {name: days[name] for name in erased}
        with writing():
            audit_log.note(actor, ERASED, "retention", {"rows": erased, "days": kept_days}, at=now)
        log.info("erased what was kept long enough", **erased)
    return gone
