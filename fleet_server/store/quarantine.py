"""Samples of raw input that nobody vouches for. The newest few of each terminal are kept."""

from peewee import fn

from fleet_server.core.verify import Sighting
from fleet_server.store.models import Quarantine

KEPT = 20
SAMPLE_BYTES = 4096


def sample(terminal: str, sighting: Sighting, reason: str, now: int) -> None:
    """Keep a sample, cut to `SAMPLE_BYTES`, and drop the oldest beyond `KEPT`. In a transaction."""
    Quarantine.create(
        terminal=terminal,
        chain_id=sighting.chain,
        seq=sighting.seq,
        bytes=sighting.raw[:SAMPLE_BYTES],
        reason=reason,
        received_at=now,
    )
    newest = (
        Quarantine.select(Quarantine.id)
        .where(Quarantine.terminal == terminal)
        .order_by(Quarantine.id.desc())
        .limit(KEPT)
    )
    oldest_kept = Quarantine.select(fn.MIN(Quarantine.id)).where(Quarantine.id.in_(newest)).scalar()
    Quarantine.delete().where(
        Quarantine.terminal == terminal, Quarantine.id < oldest_kept
    ).execute()
