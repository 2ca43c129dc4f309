"""What terminals still hold, counter by counter: figures may be incomplete as long as they do."""

from collections.abc import Collection
from dataclasses import dataclass

from fleet_server.store.database import rows
from fleet_server.store.models import Terminal, TerminalStatus


@dataclass(frozen=True, slots=True)
class Underway:
    """Records that have not come from a counter.

    Attributes:
        waiting: how many its terminals said were waiting.
        as_of: when that was said, Unix milliseconds.
        since: from when on records may be missing: the oldest that waits, or the last word of a
            terminal whose connection is lost.
        silent: since when a terminal has not been heard of, None if all are connected.
    """

    waiting: int
    as_of: int | None
    since: int
    silent: int | None


def underway(counters: Collection[int] | None = None) -> dict[int, Underway]:
    """Return what is under way, of those counters where anything may be."""
    query = (
        Terminal.select(
            Terminal.counter,
            TerminalStatus.state,
            TerminalStatus.waiting,
            TerminalStatus.oldest_waiting_at,
            TerminalStatus.last_seen,
        )
        .join(TerminalStatus, on=(TerminalStatus.terminal == Terminal.id))
        .where(
            Terminal.counter.is_null(False),
            Terminal.retired_at.is_null(),
            (TerminalStatus.waiting > 0) | (TerminalStatus.state == "lost"),
        )
    )
    found: dict[int, Underway] = {}
    for counter, state, waiting, oldest, seen in rows(query):
        if counters is not None and counter not in counters:
            continue
        silent = seen if state == "lost" else None
        since = min(at for at in (oldest, seen, 2**62) if at is not None)
        one = Underway(waiting or 0, seen, since, silent)
        found[counter] = _both(found[counter], one) if counter in found else one
    return found


def _both(one: Underway, other: Underway) -> Underway:
    said = [at for at in (one.as_of, other.as_of) if at is not None]
    silent = [at for at in (one.silent, other.silent) if at is not None]
    return Underway(
        one.waiting + other.waiting,
        min(said, default=None),
        min(one.since, other.since),
        min(silent, default=None),
    )
