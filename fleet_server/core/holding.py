"""Whether a record is put aside or held apart for a reason. Pure.

Whoever can write the database could suppress a rating by calling it unreadable or disputed. So:

1. What is quarantined can't be read, is badly signed or stands in a wrong place.
2. On the main branch a record is disputed if its key was revoked when it came, and only then.
"""

from dataclasses import dataclass

from fleet_server.core.verdicts import MAIN
from fleet_server.core.verify import Keyring, Rejected, sight, verify_record
from wire.keys import kid_of, public_from_x
from wire.records import KeyChange


@dataclass(frozen=True, slots=True)
class Holding:
    """How a record is held: the columns of its row."""

    branch: int
    seq: int
    jws: bytes
    quarantined: str | None
    disputed: bool
    received_at: int


class Reasons:
    """Checks the records of one chain, in the order of branch and position.

    Args:
        terminal, chain: whose records they are.
        keys: the registry's keys of the terminal.
    """

    def __init__(self, terminal: str, chain: str, keys: Keyring) -> None:
        self._terminal, self._chain, self._keys = terminal, chain, keys
        self._kid: str | None = None

    def check(self, held: Holding) -> str | None:
        """Return in words what is wrong with how a record is held, None if nothing is."""
        if held.quarantined is not None:
            good = held.branch == MAIN and self._is_good(held)
            return "is quarantined, but reads well and is rightly signed" if good else None
        sighting = sight(held.jws, self._terminal)
        if sighting.record is None or held.branch != MAIN:
            return None
        body = sighting.record.body
        self._kid = kid_of(public_from_x(body.x)) if isinstance(body, KeyChange) else sighting.kid
        key = self._keys.get(sighting.kid or "")
        if key is None or key.revoked(held.received_at) == held.disputed:
            return None
        if held.disputed:
            return "is disputed, but its key was not revoked when it came"
        return "is not disputed, but its key was revoked when it came"

    def _is_good(self, held: Holding) -> bool:
        try:
            stamp = verify_record(held.jws, self._terminal, self._keys).stamp
        except Rejected:
            return False
        kid = sight(held.jws, self._terminal).kid
        return (stamp.chain, stamp.seq) == (self._chain, held.seq) and kid == (self._kid or kid)
