"""Counts that outlive a process, and when processes last said that they live."""

from collections.abc import Mapping

from fleet_server.store.database import rows, writing
from fleet_server.store.models import Tally
from fleet_server.store.sql import run

INGEST, JOBS = "ingest_alive_at", "jobs_alive_at"
"""When each process last said that it lives, in Unix milliseconds; no counts. They say it every
`ALIVE_MS`; with several processes of a kind it is the last of them."""

ALIVE_MS = 10_000

DAYS_TOLD = "webhook_days_told"
"""Up to when jobs has told of days that are over, in Unix milliseconds; no count."""

CASES_SINCE, CASES_OPENED = "cases_since", "cases_opened"
"""From which day on there are cases, and up to which they were opened: the starts of these days, in
Unix milliseconds; no counts."""

CASES_LOOKED = "cases_looked"
"""The hour in which the deadlines of cases were looked at last; no count."""

BLOCKS_NOTED, SHARES_JUDGED = "blocks_noted", "shares_judged"
"""When alarms last looked at the running day's blocks, and at participation; no counts."""

HEARD, HEARD_SINCE = "ingest_heard_at", "ingest_heard_since"
"""The last and the first time that ingest heard its terminals (`listening`); no counts."""

NO_COUNTS = frozenset(
    {
        INGEST,
        JOBS,
        DAYS_TOLD,
        CASES_SINCE,
        CASES_OPENED,
        CASES_LOOKED,
        BLOCKS_NOTED,
        SHARES_JUDGED,
        HEARD,
        HEARD_SINCE,
    }
)
"""Moments, in Unix milliseconds; all others are counts."""

ENDED = 0
"""What it is after a process has ended in order."""


def add(counts: Mapping[str, int]) -> None:
    """Add to counts. In a transaction."""
    added = [(name, value) for name, value in counts.items() if value]
    if added:
        places = ", ".join(["(?, ?)"] * len(added))
        run(
            f"INSERT INTO tally (name, value) VALUES {places} "
            "ON CONFLICT (name) DO UPDATE SET value = tally.value + excluded.value",
            *(part for pair in added for part in pair),
        )


def read() -> dict[str, int]:
    """Return all counts by name."""
    return dict(rows(Tally.select(Tally.name, Tally.value).order_by(Tally.name)))


def mark(name: str, value: int) -> None:
    """Set a tally that is no count, such as how far something was told. In a transaction."""
    Tally.insert(name=name, value=value).on_conflict(
        conflict_target=[Tally.name], update={Tally.value: value}
    ).execute()


def ended(process: str) -> None:
    """Note that `INGEST` or `JOBS` has ended in order, so that nobody waits for it."""
    alive(process, ENDED)


def alive(process: str, now: int) -> None:
    """Note that `INGEST` or `JOBS` lives, for ``/readyz``, ``/metrics`` and the doctor."""
    with writing():
        mark(process, now)
