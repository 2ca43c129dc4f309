"""The scrub: in idle moments, checks each single signature that a later one stood for.

It uses another library than the hot path. What fails is quarantined, told to a person, and taken
out of the figures; the bytes stay held.
"""

from datetime import tzinfo

import structlog

from fleet_server.core.verify import Rejected, verify_record
from fleet_server.store import changes, matters, records, tallies, withdrawal
from fleet_server.store.database import writing
from fleet_server.store.keys import keyrings
from fleet_server.store.matters import Found
from fleet_server.store.models import Chain

log = structlog.get_logger("ingest")
STEP = 50
"""Records in one step, about 15 ms of work."""


def step(now: int, zone: tzinfo) -> int:
    """Check the next few records; return how many there were."""
    waiting = records.unchecked(STEP)
    if not waiting:
        return 0
    rings = keyrings({terminal for _, terminal, _ in waiting})
    good: list[int] = []
    bad: dict[int, str] = {}
    for record_id, terminal, jws in waiting:
        try:
            verify_record(jws, terminal, rings.get(terminal, {}))
            good.append(record_id)
        except Rejected as error:
            bad[record_id] = str(error)
    with writing():
        records.mark_checked(good)
        for record_id, reason in bad.items():
            _put_aside(record_id, reason, now)
        if bad:
            withdrawal.withdraw(list(bad), zone, now)
        tallies.add({"records_scrubbed": len(waiting), "records_scrubbed_bad": len(bad)})
    return len(waiting)


def _put_aside(record_id: int, reason: str, now: int) -> None:
    row = records.put_aside(record_id, reason)
    chain: Chain = row.chain
    log.error("a stored record is not rightly signed", terminal=chain.terminal_id, seq=row.seq)
    subject = f"{chain.terminal_id}:{chain.chain_id}"
    details = {"reason": reason, "positions": [row.seq]}
    matters.open_matter(
        Found("poison", subject, chain.terminal_id, chain.chain_id, row.seq, details=details), now
    )
    changes.note(f"terminal:{chain.terminal_id}")
