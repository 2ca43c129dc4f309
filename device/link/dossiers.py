"""Sends the dossiers that scanners and queue systems named, beside the records."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.tickets.dossiers import KEPT_MS
from wire.up import Visit, encode_up

if TYPE_CHECKING:
    from device.link.publish import Publish
    from device.link.sender import Sender
    from device.ports import Clock
    from device.tickets.dossiers import Dossier, Spool

log = logging.getLogger(__name__)

LOOK_MS = 1_000
_AT_ONCE = 50


class Dossiers:
    """Sends each dossier once the server holds its visit's record, and then deletes it.

    Before that the server would not know the visit. One that is 30 days old is deleted unsent.

    Args:
        spool: The files that the terminal writes.
        sender: Knows what the server holds.
        clock: The time.
        publish: To the connection.
    """

    def __init__(self, spool: Spool, sender: Sender, clock: Clock, publish: Publish) -> None:
        self._spool = spool
        self._sender = sender
        self._clock = clock
        self._publish = publish
        self._looked_at: int | None = None
        self._to_look_at: list[str] = []
        self._under_way: set[str] = set()

    def turn(self) -> None:
        """Send what may be sent; at most a few each second."""
        now = self._clock.up_ms()
        if self._looked_at is not None and now - self._looked_at < LOOK_MS:
            return
        self._looked_at = now
        try:
            self._look()
        except OSError as error:
            log.error("the dossiers cannot be read or deleted: %s", error)

    def disconnected(self) -> None:
        """Whatever was under way may be lost: it is sent again."""
        self._under_way.clear()

    def _look(self) -> None:
        if not self._to_look_at:
            self._to_look_at = self._spool.visits()
        visits, self._to_look_at = self._to_look_at[:_AT_ONCE], self._to_look_at[_AT_ONCE:]
        held = {chain.chain: chain.reached for chain in self._sender.state.chains}
        for visit in visits:
            dossier = None if visit in self._under_way else self._spool.get(visit)
            # A chain that is no longer in the journal can't be waited for.
            if dossier is not None and held.get(dossier.chain, dossier.seq) >= dossier.seq:
                self._send(dossier)
            elif dossier is not None and self._is_old(dossier):
                log.warning("the dossier of visit %s is too old to be sent", visit)
                self._spool.remove(dossier)

    def _send(self, dossier: Dossier) -> None:
        def taken() -> None:
            try:
                self._spool.remove(dossier)
            except OSError as error:
                # It stays under way, so that it is not sent each second from now on.
                log.error("a dossier that was sent cannot be deleted: %s", error)
            else:
                self._under_way.discard(dossier.visit)

        message = encode_up(Visit(dossier.visit, dossier.dossier))
        if self._publish("visits", message, taken=taken):
            self._under_way.add(dossier.visit)

    def _is_old(self, dossier: Dossier) -> bool:
        if dossier.at is None or self._clock.quality() == "unset":
            return False
        return self._clock.wall_ms() - dossier.at > KEPT_MS
