"""The worker: the one thread of ingest that writes the database.

In each turn: take a batch, answer, acknowledge; publish what others wished for; and where there
is nothing to do, scrub.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import tzinfo
from functools import partial
from typing import Protocol

import structlog
from peewee import InterfaceError, OperationalError

from fleet_server import clock, scrub
from fleet_server.mqtt.messages import Inbox, Message, Publication
from fleet_server.mqtt.publishing import Publisher
from fleet_server.mqtt.receiving import Receiver
from fleet_server.mqtt.signing import KeyFileError, Signer
from fleet_server.store import changes, listening, tallies
from fleet_server.store.database import data_version, may_pass, writing
from fleet_server.store.silences import Rounds

log = structlog.get_logger("ingest")
TURN_S = 0.05
"""How long a turn waits for messages; others' wishes are noticed at least this often."""
CHORES_S = 1.0
HOUR_S = 3600.0
ALIVE_S = tallies.ALIVE_MS / 1_000
"""How often ingest notes that it lives."""
RETRY_S = (0.2, 5.0)


class Link(Protocol):
    """The connection to the broker, as the worker needs it."""

    connection: int
    hears: bool

    @property
    def connected(self) -> bool:
        """Whether there is a connection right now."""
        ...

    def publish(self, publication: Publication) -> bool:
        """Hand a publication over; False if there is no connection or no room."""
        ...

    def ack(self, message: Message) -> None:
        """Let the broker forget a message."""
        ...


class Worker:
    """Runs until stopped.

    Args:
        inbox: where messages come from.
        link: where answers go.
        signer: the fleet's online keys.
        reload: returns the keys anew if their files have changed, else None.
        zone: the fleet's time zone.
        hourly: called now and then, with Unix milliseconds, to look after what changes slowly.
        turned: called in each turn, also while the database can't be written.
    """

    def __init__(
        self,
        inbox: Inbox,
        link: Link,
        signer: Signer,
        reload: Callable[[], Signer | None],
        zone: tzinfo,
        hourly: Callable[[int], None] = lambda _now: None,
        turned: Callable[[], None] = lambda: None,
    ) -> None:
        self._inbox, self._link, self._reload, self._zone = inbox, link, reload, zone
        self._hourly, self._hourly_at = hourly, -HOUR_S
        self._turned = turned
        self._receiver = Receiver(signer, zone)
        self._publisher = Publisher(signer, link)
        self._stopping = threading.Event()
        self._served = 0
        self._version: int | str = -1
        self._greeted = False
        self._chores_at = 0.0
        self._alive_at = 0.0
        self._scrubbing = True
        self._rounds = Rounds(zone)

    def stop(self) -> None:
        """End after the present turn."""
        self._stopping.set()
        self._inbox.close()

    def run(self) -> None:
        """Take turns until `stop`."""
        while not self._stopping.is_set():
            batch = self._inbox.take(TURN_S)
            if batch:
                self._persist(partial(self._take, batch))
            self._persist(partial(self._tend, idle=not batch))
        with suppress(OperationalError, InterfaceError):
            tallies.ended(tallies.INGEST)

    def _persist(self, turn: Callable[[], None]) -> None:
        """Take a turn, again and again while the database can't be written."""
        delay, longest = RETRY_S
        while not self._stopping.is_set():
            self._turned()
            try:
                turn()
                return
            except (OperationalError, InterfaceError) as error:
                log.error("the database can't be written; trying again", reason=str(error))
            self._stopping.wait(delay)
            delay = min(delay * 2, longest)

    def _tend(self, idle: bool) -> None:
        """Do what is to be done between two batches."""
        self._publish_wishes(took=not idle)
        if clock.monotonic_s() - self._chores_at >= CHORES_S:
            self._chores()
        if idle and self._scrubbing:
            self._scrubbing = scrub.step(clock.now_ms(), self._zone) > 0

    def _take(self, batch: Sequence[Message]) -> None:
        self._scrubbing = True
        for publication in self._answers(batch):
            self._link.publish(publication)
        for message in batch:
            self._link.ack(message)

    def _answers(self, batch: Sequence[Message]) -> list[Publication]:
        """Take a batch. What our own fault would let fail is taken message by message."""
        try:
            return self._receiver.take(batch, clock.now_ms())
        except Exception as error:
            if isinstance(error, OperationalError | InterfaceError) and may_pass(error):
                raise
            log.exception("a batch failed", messages=len(batch))
        if len(batch) > 1:
            return [answer for message in batch for answer in self._answers([message])]
        with writing():
            tallies.add({"messages_failed": 1})
        return []

    def _publish_wishes(self, took: bool) -> None:
        if not self._link.connected:
            return
        now, connection = clock.now_ms(), self._link.connection
        if self._served != connection and self._publisher.everything(now):
            self._served = connection
        if not self._greeted:
            self._greeted = True
            for publications in self._receiver.greet(now):
                for publication in publications:
                    self._link.publish(publication)
        # Our own commits need not change this: a batch looks for wishes in any case.
        version = data_version()
        if (took or version != self._version) and self._publisher.due(now):
            self._version = version

    def _chores(self) -> None:
        """Do once a second what need not be done at once."""
        self._chores_at = clock.monotonic_s()
        if self._chores_at - self._hourly_at >= HOUR_S:
            self._hourly_at = self._chores_at
            self._hourly(clock.now_ms())
        try:
            signer = self._reload()
        except KeyFileError as error:
            log.error(
                "the keys changed and can't be used; going on with the old ones", reason=str(error)
            )
            signer = None
        if signer is not None:
            self._receiver.use(signer)
            self._publisher.use(signer)
            self._served = 0  # so that what lasts is published anew, by the new keys
        if self._link.connected:
            self._publisher.key_lists()
        self._receiver.take_up(clock.now_ms())
        changes.trim()
        if self._chores_at - self._alive_at >= ALIVE_S or not self._alive_at:
            tallies.alive(tallies.INGEST, clock.now_ms())
            if self._link.hears:
                listening.beat(clock.now_ms())
            self._alive_at = self._chores_at
        self._rounds.step(clock.now_ms())
