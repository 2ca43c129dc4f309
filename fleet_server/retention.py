"""The retention rules at work: by ``hailong-fleet retain``, and by ingest once an hour.

Ingest does it because it runs anyway and holds no transaction long: at most `MOST` rows in an hour,
in steps, so that what has piled up goes over some hours and no terminal waits for it.
"""

from collections.abc import Callable, Iterator, Mapping

import structlog

from fleet_server.core.retention import before
from fleet_server.store import audit_log
from fleet_server.store.database import reading, writing
from fleet_server.store.retention import RULES, STEP, Rule

MOST = 20_000
ERASED = "retention.erase"
"""What the audit log calls it."""

Days = Mapping[str, int]

log = structlog.get_logger("retention")


def due(days: Days, now: int) -> dict[str, int]:
    """Return how many rows of each kind are kept longer than so many days."""
    with reading():
        return {
            name: sum(rule.count(before(kept, now)) for rule in RULES[name])
            for name, kept in days.items()
        }


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
        for rule in RULES[name]:
            for count in _steps(rule, before(kept, now)):
                gone[name] += count
                moved(count)
                if most is not None and sum(gone.values()) >= most:
                    return _noted(gone, days, now, actor)
    return _noted(gone, days, now, actor)


def _steps(rule: Rule, before_ms: int) -> Iterator[int]:
    """Erase in steps; yield how many rows went in each."""
    with reading():
        left = rule.any(before_ms)
    while left:
        with writing():
            count = rule.erase(before_ms, STEP)
        left = count == STEP
        yield count


def _noted(gone: dict[str, int], days: Days, now: int, actor: str) -> dict[str, int]:
    erased = {name: count for name, count in gone.items() if count}
    if erased:
        kept_days = {name: days[name] for name in erased}
        with writing():
            audit_log.note(actor, ERASED, "retention", {"rows": erased, "days": kept_days}, at=now)
        log.info("erased what was kept long enough", **erased)
    return gone
