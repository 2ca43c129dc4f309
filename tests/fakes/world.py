"""One terminal, one server and the network between them, in one process and without a clock.

Everything is real but the wire: the journal and ``link.db`` on disk, the uplink's sender and
receiver, ingest over its database. The wire loses, repeats and reorders as it is told.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from joserfc.jwk import OKPKey

from device.core.sending_words import Pace
from device.inbox.reader import Inbox
from device.inbox.store import LinkStore
from device.journal.reader import JournalReader
from device.keeper import Keeper
from device.link.outgoing import Outgoing
from device.link.sender import Sender
from fleet_server.mqtt.receiving import Receiver
from fleet_server.store import database
from fleet_server.store.models import Record
from tests.fakes import databases
from tests.fakes.hearing import hearing
from tests.fakes.ingest import ZONE, Ingest, new_signer
from tests.fakes.journals import StillClock, opened
from wire import keys, topics
from wire.records import Choice, Rating
from wire.up import Health, encode_up

DEV, COUNTER = "t-1", "A1"
TURN_MS = 70_000
"""Longer than any of the terminal's waits, so that each turn may do everything that is due."""


class WorldClock(StillClock):
    """A clock that can be set by the server's receipt, as the terminal's own can."""

    def set_wall(self, wall_ms: int, up_ms: int) -> None:
        """Learn the time."""
        self.at = wall_ms + self.up - up_ms


@dataclass
class Wire:
    """Messages on their way; order and fate are the test's to choose."""

    up: list[tuple[str, bytes]] = field(default_factory=list)
    down: list[tuple[str, bytes]] = field(default_factory=list)
    connected: bool = False


class EnrolledInboxes:
    """The inbox of a terminal that was enrolled."""

    def __init__(self, card: Path, fleet_x: str) -> None:
        self._inbox = Inbox(card, DEV, fleet_x)

    def now(self) -> Inbox:
        """Return it."""
        return self._inbox


class Quiet:
    """A wake-up that nobody hears."""

    def ring(self, _told: object = None) -> None:
        """Do nothing."""


class Device:
    """The terminal's two processes over one card.

    Args:
        card: folder of its files.
        key: the device key, and ``fleet_x`` the public fleet key.
        wire: where it publishes.

    Attributes:
        pressed: every rating that a citizen was thanked for, by its record's hash.
    """

    def __init__(self, card: Path, key: OKPKey, fleet_x: str, wire: Wire) -> None:
        self.card, self._key, self._fleet_x, self._wire = card, key, fleet_x, wire
        self.clock = WorldClock()
        self.pressed: dict[str, Choice] = {}
        self.start()

    def start(self) -> None:
        """Start both processes from what the card holds."""
        self.clock.advance(1)
        self.clock.boot_id = f"{self.clock.up:032x}"
        self.journal = opened(self.card, self.clock, self._key).journal
        self._store = LinkStore(self.card)
        reader = JournalReader(self.card)
        outgoing = Outgoing(DEV, self._key, reader, self._store, lambda: None)
        self._sender = Sender(outgoing, self._store, self.clock, self._publish, Pace(), lambda: 0.5)
        self._receiver = hearing(
            DEV, self._fleet_x, self._store, self._sender, self.clock, self._publish
        )
        self._keeper = Keeper(
            self.clock, self.journal, EnrolledInboxes(self.card, self._fleet_x), lambda: None,
            lambda: {"faults": (), "out_of_service": False}, Quiet(), lambda: None,
        )  # fmt: skip

    def crash(self) -> None:
        """End without a word: nothing is closed in order but the file handles."""
        self.journal.close()
        self._store.close()

    def press(self, visit: str | None, choice: Choice) -> None:
        """Append a rating; what it returns is what a thank-you would be shown for."""
        body = Rating(COUNTER, visit, choice, "button", 1)
        self.pressed[self.journal.append(body).hash] = choice

    def turn(self) -> None:
        """Let time pass, and do what is due."""
        self.clock.advance(TURN_MS)
        self._keeper.turn()
        self._sender.look()
        self._sender.tick()
        self._tell_health()

    def _tell_health(self) -> None:
        newest = self._sender.journal.spans[-1]
        waiting, oldest = self._sender.waiting()
        health = Health(
            self.clock.wall_ms(), self.clock.up_ms(), self.clock.boot_id, "synced", "0",
            waiting, oldest, newest.chain, newest.newest_seq,
        )  # fmt: skip
        self._publish("health", encode_up(health))

    def connect(self) -> None:
        """The connection is there."""
        self._sender.look()
        self._sender.connected()

    def disconnect(self) -> None:
        """The connection is gone."""
        self._sender.disconnected()

    def take(self, topic: str, payload: bytes) -> None:
        """Take a message from the broker."""
        self._receiver.take(topic, payload)
        self._sender.look()

    def on_card(self) -> set[str]:
        """Return the hashes of all records on the card."""
        reader = JournalReader(self.card)
        return {
            entry.hash
            for span in reader.chains()
            for entry in reader.read_from(span.chain, span.oldest_seq, 100_000)
        }

    def _publish(self, leaf: str, payload: bytes, **_more: object) -> bool:
        if self._wire.connected:
            self._wire.up.append((topics.topic(DEV, leaf), payload))
        return self._wire.connected


class World:
    """Terminal, wire and server, and the accidents that can happen to them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._url = databases.made(folder)
        self._copy: str | None = None
        database.open_database(self._url)
        self.wire = Wire()
        fleet_key, key = keys.generate(), keys.generate()
        self.ingest = Ingest(new_signer(fleet_key))
        self.ingest.enrol(DEV, COUNTER, key)
        card = folder / "card"
        card.mkdir()
        self.device = Device(card, key, keys.x_of(fleet_key), self.wire)
        self._tell_keys()

    # ---- the wire ----

    def connect(self) -> None:
        """Bring the connection up."""
        if not self.wire.connected:
            self.wire.connected = True
            self.device.connect()

    def disconnect(self) -> None:
        """Cut the connection; what is under way may still arrive."""
        self.wire.connected = False
        self.device.disconnect()

    def deliver_up(self, index: int, *, keep: bool = False) -> None:
        """Give the server one of the messages under way; ``keep`` repeats it later."""
        topic, payload = self.wire.up[index] if keep else self.wire.up.pop(index)
        self.wire.down += [(p.topic, p.payload) for p in self.ingest.raw((topic, payload))]

    def deliver_down(self, index: int, *, keep: bool = False) -> None:
        """Give the terminal one of the messages under way."""
        self.device.take(*(self.wire.down[index] if keep else self.wire.down.pop(index)))

    # ---- accidents ----

    def restart_terminal(self) -> None:
        """Both processes die and start again."""
        self.device.crash()
        self.device.start()
        if self.wire.connected:
            self.device.connect()

    def restart_ingest(self) -> None:
        """Ingest dies and starts again; it tells terminals what is held."""
        self.ingest.receiver = Receiver(self.ingest.signer, ZONE)
        for part in self.ingest.receiver.greet(self.ingest.now):
            self.wire.down += [(p.topic, p.payload) for p in part]

    def _tell_keys(self) -> None:
        self.device.take(topics.topic(DEV, "keys"), self.ingest.signer.key_list_token)

    def copy_card(self) -> None:
        """Clone the card as it is."""
        copy = self.folder / "card.copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.device.card, copy)

    def put_back_card(self) -> None:
        """Put the clone in the place of the card."""
        self.device.crash()
        shutil.rmtree(self.device.card)
        shutil.copytree(self.folder / "card.copy", self.device.card)
        self.device.start()
        if self.wire.connected:
            self.device.connect()

    def copy_database(self) -> None:
        """Back the server's database up."""
        database.close()
        self._forget_copy()
        aside = self.folder / "aside"
        aside.mkdir(exist_ok=True)
        self._copy = databases.copied(self._url, aside)
        database.open_database(self._url)

    def put_back_database(self) -> None:
        """Put the backup in the place of the database."""
        assert self._copy is not None
        database.close()
        databases.engine().drop(self._url)
        self._url = databases.copied(self._copy, self.folder)
        database.open_database(self._url)
        self.restart_ingest()

    def _forget_copy(self) -> None:
        if self._copy is not None:
            databases.engine().drop(self._copy)

    # ---- what is held ----

    def held(self) -> list[str]:
        """Return the hash of every record that the server holds, repeated where held twice."""
        return [row.hash for row in Record.select(Record.hash).where(Record.quarantined.is_null())]

    def settle(self, turns: int = 12) -> None:
        """Let everything work: connect, deliver all in order, until nothing is under way."""
        self.connect()
        for _ in range(turns):
            self.device.turn()
            while self.wire.up or self.wire.down:
                if self.wire.up:
                    self.deliver_up(0)
                if self.wire.down:
                    self.deliver_down(0)

    def close(self) -> None:
        """Close the files."""
        self.device.crash()
        database.close()
        self._forget_copy()
        databases.engine().drop(self._url)
