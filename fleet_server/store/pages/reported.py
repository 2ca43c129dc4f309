"""What a report says beside its figures: ratings that came late, terminals that may still send."""

from collections.abc import Collection, Iterator

from fleet_server.store.database import rows
from fleet_server.store.models import Rating, Record, Terminal, TerminalStatus
from fleet_server.store.pages.lines import FEW_COUNTERS

DAY_MS = 86_400_000


def came_later(
    counters: Collection[int], first_ms: int, end_ms: int
) -> Iterator[tuple[int, int, int]]:
    """Yield counter, time and arrival of standing ratings that came more than a day after.

    Args:
        counters: of which.
        first_ms: those made from then on, Unix milliseconds.
        end_ms: and before then.
    """
    query = (
        Rating.select(Rating.counter, Rating.at, Record.received_at)
        .join(Record, on=(Record.id == Rating.record))
        .where(
            Rating.at >= first_ms,
            Rating.at < end_ms,
            Rating.standing,
            Record.received_at - Rating.at > DAY_MS,
        )
    )
    if len(counters) <= FEW_COUNTERS:
        query = query.where(Rating.counter.in_(sorted(counters)))
    return (row for row in rows(query) if row[0] in counters)


def may_still_send(counters: Collection[int], end_ms: int) -> list[str]:
    """Return the terminals of some counters that may hold records of before a moment.

    Those that were not heard of since, and those that said that they hold an older one.
    """
    query = (
        Terminal.select(Terminal.id, Terminal.counter)
        .join(TerminalStatus, on=(TerminalStatus.terminal == Terminal.id))
        .where(
            Terminal.counter.is_null(False),
            Terminal.retired_at.is_null(),
            (TerminalStatus.last_seen < end_ms)
            | ((TerminalStatus.waiting > 0) & (TerminalStatus.oldest_waiting_at < end_ms)),
        )
    )
    found = rows(query.order_by(Terminal.id))
    return [terminal for terminal, counter in found if counter in counters]
