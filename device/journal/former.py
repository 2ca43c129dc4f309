"""What a new chain says about the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wire.records import ChainStart

if TYPE_CHECKING:
    from wire.records import ChainReason


@dataclass(frozen=True, slots=True)
class Former:
    """What a new chain says about the one before it.

    Attributes:
        chain: Its id.
        seq: Its last known position, and ``hash`` the record's there.
        receipt: The last receipt held for it, a compact JWS.
        server_seq: With a fork, the head that the server's receipt named, and its ``server_hash``.
    """

    chain: str
    seq: int
    hash: str
    receipt: str | None = None
    server_seq: int | None = None
    server_hash: str | None = None


def start_of(reason: ChainReason, former: Former | None, *, receipt: bool = True) -> ChainStart:
    """Return the record that begins a chain, with or without the former one's receipt."""
    if former is None:
        return ChainStart(reason)
    return ChainStart(
        reason=reason,
        former=former.chain,
        former_seq=former.seq,
        former_hash=former.hash,
        receipt=former.receipt if receipt else None,
        server_seq=former.server_seq,
        server_hash=former.server_hash,
    )
