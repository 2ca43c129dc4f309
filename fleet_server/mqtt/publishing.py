"""What goes down besides receipts: key lists, tickets, configuration, commands.

1. A wish is signed and its token stored, then published, then marked. A crash in between
   publishes the same token again, which a terminal takes for what it is: the same object.
2. After each connection everything retained is published anew: the broker may have lost it.
3. A terminal hears the key list as soon as it is added, and when the list changes.
"""

from collections.abc import Iterable
from typing import Protocol

import structlog

from fleet_server.mqtt.messages import Publication
from fleet_server.mqtt.signing import Signer
from fleet_server.store import commands, downlink, status
from fleet_server.store.database import writing
from fleet_server.store.downlink import Wish
from wire.errors import WireError
from wire.topics import topic

log = structlog.get_logger("ingest")


class Outlet(Protocol):
    """Where publications go."""

    def publish(self, publication: Publication) -> bool:
        """Hand a publication over; False if there is no connection or no room."""
        ...


class Shelf(Protocol):
    """Where wishes lie: the modules `downlink` and `commands`."""

    def due(self, _now: int, /) -> list[Wish]:
        """Return what is not published yet."""
        ...

    def sealed(self, wish: Wish, n: int, token: str) -> None:
        """Keep the signed object of a wish."""
        ...

    def published(self, wishes: Iterable[Wish], _now: int, /) -> None:
        """Remember what the broker was given."""
        ...


class Publisher:
    """Publishes what terminals should hear. Used by one thread."""

    def __init__(self, signer: Signer, outlet: Outlet) -> None:
        self._signer, self._outlet = signer, outlet
        self._told: set[str] = set()

    def use(self, signer: Signer) -> None:
        """Go on with other keys or another key list, which all terminals then hear."""
        self._signer = signer
        self._told.clear()

    def everything(self, now: int) -> bool:
        """Publish all that the broker should hold, after a connection; False if it broke off."""
        self._told.clear()
        return self.key_lists() and self._publish(downlink, downlink.lasting(), now)

    def due(self, now: int) -> bool:
        """Publish the wishes that came since the last time; False if it broke off."""
        shelves: tuple[Shelf, ...] = (downlink, commands)
        return all(self._publish(shelf, shelf.due(now), now) for shelf in shelves)

    def key_lists(self) -> bool:
        """Publish the key list to the terminals that have not heard it on this connection."""
        for dev in downlink.audience():
            if dev not in self._told:
                publication = Publication(topic(dev, "keys"), self._signer.key_list_token)
                if not self._outlet.publish(publication):
                    return False
                self._told.add(dev)
        return True

    def _publish(self, shelf: Shelf, wishes: Iterable[Wish], now: int) -> bool:
        tokens = self._signed(shelf, list(wishes), now)
        handed: list[Wish] = []
        for wish, token in tokens:
            retain = wish.kind != "command"
            if token and not self._outlet.publish(Publication(wish.topic, token, retain)):
                break
            handed.append(wish)
        if handed:
            with writing():
                shelf.published(handed, now)
        return len(handed) == len(tokens)

    def _signed(self, shelf: Shelf, wishes: list[Wish], now: int) -> list[tuple[Wish, bytes]]:
        """Return wishes with their tokens; an empty one for what can't be signed."""
        fresh = [wish for wish in wishes if self._is_to_sign(wish)]
        made: dict[int, bytes] = {}
        if fresh:
            with writing():
                made = {wish.id: self._seal(shelf, wish, now) for wish in fresh}
        return [(wish, made.get(wish.id, (wish.token or "").encode("ascii"))) for wish in wishes]

    def _is_to_sign(self, wish: Wish) -> bool:
        if wish.token is None or wish.signed != wish.changed:
            return True
        # A terminal that starts again reads its configuration anew, by the keys of now. A ticket
        # would become young again by a new signature, and a command be another one.
        return wish.kind == "config" and not self._signer.stands(wish.token)

    def _seal(self, shelf: Shelf, wish: Wish, now: int) -> bytes:
        n = status.issue_number(wish.dev, now)
        try:
            token = self._signer.wish(wish.kind, wish.dev, n, now, wish.body)
        except WireError as error:
            log.error("can't be sent to a terminal", topic=wish.topic, reason=str(error))
            return b""
        shelf.sealed(wish, n, token.decode("ascii"))
        return token
