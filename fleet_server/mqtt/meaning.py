"""What stored records mean, taken in so that the evidence is kept even where that fails.

Each part has a savepoint of its own: what one terminal's records do to the figures' code costs
nobody else's batch.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial

import structlog
from peewee import InterfaceError, OperationalError

from fleet_server.core.verdicts import TakenRecord
from fleet_server.store import intake, parked
from fleet_server.store.database import may_pass, proxy
from fleet_server.store.matters import Found, open_matter
from fleet_server.store.models import Chain
from fleet_server.store.parked import Waiting

log = structlog.get_logger("ingest")


def interpret(taken: Sequence[tuple[Chain, list[TakenRecord]]], now_ms: int, zone: tzinfo) -> None:
    """Take in the meaning of records that were just stored. In a write transaction."""
    for together in _one_of_each_terminal(taken):
        if _understood(partial(intake.apply_batch, together, now_ms, zone)):
            continue
        for row, found in together:
            if not _understood(partial(intake.apply_batch, [(row, found)], now_ms, zone)):
                open_matter(_meaningless(row, found[0].record.stamp.seq, len(found)), now_ms)


def take_up(now_ms: int, zone: tzinfo) -> None:
    """Count a part of the records that were parked and may count now. In a write transaction.

    What cannot be counted goes on waiting, with a matter; it is tried again after `AGAIN_MS`.
    """
    failed = _uncounted(parked.ready(now_ms), now_ms, zone)
    parked.set_aside(failed, now_ms + parked.AGAIN_MS)
    for terminal in sorted({one.terminal for one in failed}):
        own = [one for one in failed if one.terminal == terminal]
        row, seq = parked.position(own[0])
        open_matter(_meaningless(row, seq, len(own)), now_ms)


def _uncounted(waiting: Sequence[Waiting], now_ms: int, zone: tzinfo) -> list[Waiting]:
    """Count records; return those that can't be counted, which halving finds among the others."""
    if not waiting or _understood(partial(intake.take_up_parked, waiting, now_ms, zone)):
        return []
    if len(waiting) == 1:
        return list(waiting)
    middle = len(waiting) // 2
    parts = (waiting[:middle], waiting[middle:])
    return [one for part in parts for one in _uncounted(part, now_ms, zone)]


def _understood(take_in: Callable[[], None]) -> bool:
    try:
        with proxy.atomic():
            take_in()
    except Exception as error:
        if isinstance(error, OperationalError | InterfaceError) and may_pass(error):
            raise
        log.exception("the meaning of records can't be taken in")
        return False
    return True


def _one_of_each_terminal(
    taken: Sequence[tuple[Chain, list[TakenRecord]]],
) -> list[list[tuple[Chain, list[TakenRecord]]]]:
    """Part a batch so that no part has two chains of a terminal, and none overtakes another."""
    parts: list[list[tuple[Chain, list[TakenRecord]]]] = []
    seen: Counter[str] = Counter()
    for row, found in taken:
        if seen[row.terminal_id] == len(parts):
            parts.append([])
        parts[seen[row.terminal_id]].append((row, found))
        seen[row.terminal_id] += 1
    return parts


def _meaningless(row: Chain, seq: int, count: int) -> Found:
    details = {"reason": "held, but their meaning could not be taken in"}
    subject = f"{row.terminal_id}:{row.chain_id}:meaning"
    return Found("poison", subject, row.terminal_id, row.chain_id, seq, count, details)
