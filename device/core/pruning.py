"""What of the journal may be deleted, and which receipts are kept for it (WIRE.md section 4). Pure.

A chain is pruned exactly up to a *milestone*: a receipt that was kept because the chain might once
begin after it. A server that lost its database then takes the chain up from that receipt, and
nothing that is still held is skipped.

A milestone's time was signed by the server, after every record up to it was made. So the age of
records is told without the terminal's own clock, which may have been wrong by years: all up to a
milestone is at least as old as the milestone. Nor is the present believed farther than the newest
receipt: a clock that runs ahead prunes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY_MS = 24 * 3600 * 1000
KEPT_MS = 400 * DAY_MS
"""Nothing younger is pruned unless the disk is nearly full."""
NEWEST_KEPT = 1_000
"""So many records are never pruned."""
NEARLY_FULL_BYTES = 16 << 20
EVERY_RECORDS = 500
"""So many records apart, or a day, stand the milestones of a chain."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A receipt kept for pruning: the server holds ``chain`` up to ``seq`` with ``hash``.

    Attributes:
        iat: When the server signed it, Unix milliseconds.
    """

    chain: str
    seq: int
    hash: str
    iat: int


@dataclass(frozen=True, slots=True)
class Held:
    """A chain of the journal, from its oldest to its newest record.

    Attributes:
        receipted: The server holds all up to here, as it said last; 0 where that is in doubt. A
            milestone alone proves only that it once did.
    """

    chain: str
    oldest: int
    newest: int
    receipted: int

    @property
    def size(self) -> int:
        """How many records that is."""
        return self.newest - self.oldest + 1


def is_milestone(last: tuple[int, int] | None, seq: int, iat: int) -> bool:
    """Say whether the receipt for ``seq``, signed at ``iat``, is to be kept.

    Args:
        last: seq and iat of the chain's last milestone.
        seq: What the receipt is for.
        iat: When it was signed, Unix milliseconds.
    """
    if last is None:
        return seq >= 1
    return seq > last[0] and (seq - last[0] >= EVERY_RECORDS or iat - last[1] >= DAY_MS)


def is_old(iat: int, now: int) -> bool:
    """Say whether all that a receipt signed at ``iat`` is for has been kept long enough."""
    return now - iat >= KEPT_MS


def choose(
    held: Sequence[Held], milestones: Sequence[Milestone], now: int, *, nearly_full: bool
) -> Milestone | None:
    """Return up to where to prune next, None when nothing may go.

    Args:
        held: The journal's chains, oldest first.
        milestones: Receipts that were kept.
        now: What the clock shows, but no later than the server signed its newest receipt.
        nearly_full: The disk is; then the least that can go goes, however young it is.
    """
    later = sum(chain.size for chain in held)
    for chain in held:
        later -= chain.size
        may_go = [
            each
            for each in milestones
            if each.chain == chain.chain
            and chain.oldest <= each.seq <= min(chain.newest, chain.receipted)
            and chain.newest - each.seq + later >= NEWEST_KEPT
        ]
        old = [each for each in may_go if is_old(each.iat, now)]
        if old:
            return max(old, key=_seq)
        if nearly_full and may_go:
            return min(may_go, key=_seq)
    return None


def _seq(milestone: Milestone) -> int:
    return milestone.seq
