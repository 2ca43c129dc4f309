"""Ingest without a broker: real database, real signatures; messages in, publications out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from joserfc.jwk import OKPKey

from fleet_server.mqtt.messages import Message, Publication
from fleet_server.mqtt.receiving import Receiver
from fleet_server.mqtt.signing import Signer
from fleet_server.store import database
from fleet_server.store.models import (
    Boot,
    Chain,
    Counter,
    Hourly,
    Matter,
    Rating,
    Record,
    Terminal,
    TerminalKey,
    TerminalStatus,
    TicketEvent,
    Unit,
)
from tests.fakes import databases
from tests.fakes.chains import ChainWriter
from wire import keys, topics, up
from wire.begins import seal_begins
from wire.down import FleetKey, KeyList, Receipt, open_receipt, seal_down
from wire.envelope import digest
from wire.ids import new_id

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = 1_790_000_000_000


def new_signer(fleet_key: OKPKey | None = None) -> Signer:
    """Return fresh online keys with their list, signed by the fleet key."""
    fleet, receipt, control = fleet_key or keys.generate(), keys.generate(), keys.generate()
    listed = KeyList(
        n=1,
        iat=NOW,
        keys=(FleetKey("receipt", keys.x_of(receipt)), FleetKey("control", keys.x_of(control))),
    )
    return Signer(receipt, control, listed, seal_down(listed, fleet))


class Ingest:
    """A receiver, and everything it has published."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer
        self.receiver = Receiver(signer, ZONE)
        self.now = NOW
        self.published: list[Publication] = []

    def enrol(
        self, dev: str = "t-1", counter: str = "A1", key: OKPKey | None = None
    ) -> ChainWriter:
        """Add a terminal at a counter with a new key; return a chain to write."""
        writer = ChainWriter(dev=dev, key=key or keys.generate())
        with database.writing():
            unit, _ = Unit.get_or_create(code="U1", defaults={"name": "Unit"})
            place, _ = Counter.get_or_create(code=counter, defaults={"name": "One", "unit": unit})
            Terminal.get_or_create(id=dev, defaults={"counter": place, "added_at": self.now})
            self.register(dev, writer.key)
        return writer

    def register(self, dev: str, key: OKPKey) -> None:
        """Enter one more key of a terminal."""
        TerminalKey.create(
            kid=keys.kid_of(key), terminal=dev, x=keys.x_of(key), certificate_pem="", serial="1",
            not_after=self.now, enrolled_at=self.now,
        )  # fmt: skip

    def revoke(self, key: OKPKey) -> None:
        """Revoke a key now."""
        TerminalKey.update(revoked_at=self.now).where(TerminalKey.kid == keys.kid_of(key)).execute()

    def lose_records(self) -> None:
        """Forget all that was ever received, but not the registry."""
        for table in (Hourly, Rating, TicketEvent, Boot, Record, Chain, TerminalStatus):
            table.delete().execute()

    def raw(self, *messages: tuple[str, bytes]) -> list[Publication]:
        """Take a batch of topics and payloads."""
        self.now += 10
        answers = self.receiver.take([Message(t, p) for t, p in messages], self.now)
        self.published += answers
        return answers

    def send(self, dev: str, tokens: Sequence[bytes]) -> list[Receipt]:
        """Take a run, and return the receipts."""
        return self.receipts(self.raw((topics.topic(dev, "records"), b"\n".join(tokens))))

    def hello(self, writer: ChainWriter, *, n_highest: int = 0, **more: object) -> Receipt:
        """Take a hello about one chain; return the receipt that answers it."""
        said = {
            "chain": writer.chain, "oldest_seq": 1, "oldest_hash": digest(writer.tokens[0]),
            "newest_seq": len(writer.tokens), "newest_hash": writer.prev, **more,
        }  # fmt: skip
        nonce = new_id()
        chain = up.HelloChain(**said)  # type: ignore[arg-type]
        if chain.anchor is not None:
            chain = replace(chain, begins=seal_begins(writer.dev, chain, writer.key))
        hello = up.Hello(nonce, n_highest, (chain,))
        payload = up.encode_up(hello)
        [receipt] = self.receipts(self.raw((topics.topic(writer.dev, "hello"), payload)))
        assert receipt.nonce == nonce
        return receipt

    def receipts(self, publications: Sequence[Publication]) -> list[Receipt]:
        """Open receipts as their terminal would."""
        opened = []
        for publication in publications:
            parsed = topics.parse(publication.topic)
            receipt = open_receipt(publication.payload, self.signer.key_list, parsed.dev)
            assert receipt.chain == parsed.chain
            opened.append(receipt)
        return opened

    def matters(self) -> list[str]:
        """Return the kinds of the open matters."""
        query = Matter.select().where(Matter.closed_at.is_null()).order_by(Matter.id)
        return [row.kind for row in query]


@contextmanager
def ingest(path: Path) -> Iterator[Ingest]:
    """Give an ingest with an empty database."""
    database.open_database(databases.made(path))
    try:
        yield Ingest(new_signer())
    finally:
        database.close()
