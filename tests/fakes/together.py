"""A terminal's journal, its uplink and the server's ingest in one process, without a broker."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from device.core.pruning import DAY_MS
from device.core.sending_words import Pace
from device.identity.files import Fleet, IdentityFiles
from device.inbox.inboxes import Inboxes
from device.inbox.store import LinkStore
from device.journal.aside import Aside
from device.journal.opening import open_journal
from device.journal.pruner import Pruner
from device.journal.reader import JournalReader
from device.journal.writer import Journal
from device.link.outgoing import Outgoing
from device.link.sender import Sender
from fleet_server.mqtt.messages import Message
from tests.fakes.hearing import hearing
from tests.fakes.ingest import Ingest, new_signer
from tests.fakes.journals import StillClock, rating
from tests.fakes.left_open import closed_later
from wire import keys
from wire.topics import topic
from wire.up import decode_hello

DEV = "t-1"


class Together:
    """Both sides; `exchange` carries what they say to each other until nobody says more."""

    def __init__(self, data: Path) -> None:
        self.data, self.key, fleet = data, keys.generate(), keys.generate()
        self.clock = StillClock()
        self.server = Ingest(new_signer(fleet))
        self.server.enrol(DEV, "Q1", self.key)
        self.fleet_x = keys.x_of(fleet)
        self.store = closed_later(LinkStore(data))
        files = IdentityFiles(data)
        files.folder.mkdir(parents=True, exist_ok=True)
        enrolled = Fleet(DEV, "https://est:1", "broker", 8883, self.fleet_x, "enrolment.toml")
        files.fleet.write_text(json.dumps(asdict(enrolled)))
        self.inboxes = Inboxes(data, DEV)
        self.reader = JournalReader(data)
        self.journal: Journal
        self.pruner: Pruner
        self.start()
        self._said: list[Message] = []
        self.uplink()
        self.receiver.take(topic(DEV, "keys"), self.server.signer.key_list_token)
        self.exchange()

    def start(self) -> None:
        """Open the journal, as a start of the terminal does."""
        known = self.inboxes.now().held()
        self.journal = open_journal(self.data, DEV, self.key, self.clock, known).journal
        closed_later(self.journal)
        aside = Aside(self.data, DEV, self.journal.file, self.inboxes)
        self.pruner = Pruner(self.clock, self.journal.file, self.reader, self.inboxes, aside)

    def uplink(self) -> None:
        """Begin an uplink, as a start of its process does."""
        clock, store = self.clock, self.store

        journal = Outgoing(DEV, self.key, self.reader, store, lambda: None)
        self.sender = Sender(journal, store, clock, self._publish, Pace(), lambda: 0.5)
        self.receiver = hearing(DEV, self.fleet_x, store, self.sender, clock, self._publish)
        self.sender.look()
        self.sender.connected()

    def _publish(self, leaf: str, payload: bytes, **_more: object) -> bool:
        self._said.append(Message(topic(DEV, leaf), payload))
        return True

    def press(self, count: int) -> None:
        """Store ratings."""
        for _ in range(count):
            self.clock.advance(1000)
            self.journal.append(rating())

    def exchange(self, lost: str = "/nothing") -> None:
        """Let the uplink read the journal and both sides talk until all is said.

        What goes up on topics that end with ``lost`` gets lost.
        """
        self.sender.look()
        self.server.now = max(self.server.now, self.clock.at)
        while self._said:
            said = [message for message in self._said if not message.topic.endswith(lost)]
            self._said = []
            if not said:
                return
            for publication in self.server.raw(*((m.topic, m.payload) for m in said)):
                self.receiver.take(publication.topic, publication.payload)

    def days_pass(self, days: int) -> None:
        """Move the time on both sides, and let the uplink say its daily hello."""
        self.clock.advance(days * DAY_MS)
        self.server.now = self.clock.at
        self.sender.tick()
        self.exchange()

    def prune(self, until: Callable[[], bool] = lambda: False, turns: int = 400) -> None:
        """Give the pruner many turns, as many quiet minutes do."""
        self.clock.advance(600_000)
        for _ in range(turns):
            self.pruner.turn(quiet=True)
            if until():
                return

    def hello(self) -> list[tuple[int, bool]]:
        """Return (oldest position, is there an anchor) of each chain that a hello names."""
        self.sender.look()
        self.sender.hello()
        hellos = [message.payload for message in self._said if message.topic.endswith("/hello")]
        chains = decode_hello(hellos[-1]).chains
        self.exchange()
        return [(chain.oldest_seq, chain.anchor is not None) for chain in chains]
