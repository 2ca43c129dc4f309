"""A server of few words: holds what links, receipts it, forgets or keeps silent when told."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from joserfc.jwk import OKPKey
from paho.mqtt.client import Client, MQTTMessage

from fleet_server.settings import Settings
from tests.fakes.fleets import ingest_identity
from tests.fakes.mqtt import MqttClient, mqtt
from wire import codec, keys
from wire.down import CurrentTicket, Down, Head, Receipt, seal_down
from wire.envelope import digest, root_hash, split_run, verify
from wire.topics import parse, receipt_topic, topic, up_filters
from wire.up import Hello, State, decode_hello, decode_state


@dataclass
class Headquarters:
    """What the server holds of one terminal.

    Attributes:
        held: tokens of each chain's main branch; ``apart``, of its side branch.
        nonce: of the last hello.
        silent: answer nothing, as if ingest were down.
        hellos: all that were answered; ``states``, all that came; ``said``, all payloads by leaf.
        received: records that came and were looked at, repeated ones too.
    """

    dev: str
    device_key: OKPKey
    fleet: Settings
    client: MqttClient
    held: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    apart: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    nonce: str | None = None
    silent: bool = False
    hellos: list[Hello] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    said: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    received: int = 0
    n: int = 0

    def __post_init__(self) -> None:
        layout = self.fleet.layout
        self.receipt_key = keys.load_private(layout.receipt_key.read_bytes())
        self.control_key = keys.load_private(layout.control_key.read_bytes())
        self.client.client.on_message = self._on_message
        self.client.subscribe(*up_filters())
        self.publish("keys", layout.key_list.read_bytes())

    # ---- what comes ----

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        where = parse(message.topic)
        payload = bytes(message.payload)
        if where.dev != self.dev:
            return
        self.said[where.leaf].append(payload)
        if where.leaf == "state":
            self.states.append(decode_state(payload))
        elif self.silent:
            return
        elif where.leaf == "records":
            self._take_run(payload)
        elif where.leaf == "hello":
            hello = decode_hello(payload)
            self.hellos.append(hello)
            self.nonce = hello.nonce
            self.n = max(self.n, hello.n_highest)
            for chain in hello.chains:
                self.receipt(chain.chain)

    def _take_run(self, run: bytes) -> None:
        gap, chain = False, ""
        for token in split_run(run):
            self.received += 1
            stamp = codec.decode(verify(token, self.device_key)).stamp
            chain = stamp.chain
            main, side = self.held[chain], self.apart[chain]
            head = digest(main[-1]) if main else root_hash(chain)
            if token in main or token in side:
                continue
            if stamp.seq == len(main) + 1 and stamp.prev == head:
                main.append(token)
            elif stamp.prev in {digest(each) for each in [*main, *side]}:
                side.append(token)
            else:
                gap = True
        self.receipt(chain, "resend" if gap else "ok")

    # ---- what goes ----

    def next_n(self) -> int:
        self.n = max(self.n + 1, time.time_ns() // 1_000_000)
        return self.n

    def make_receipt(self, chain: str, status: str = "ok", **other: object) -> Receipt:
        main, side = self.held[chain], self.apart[chain]
        fields: dict[str, object] = {
            "dev": self.dev,
            "n": self.next_n(),
            "iat": time.time_ns() // 1_000_000,
            "chain": chain,
            "seq": len(main),
            "hash": digest(main[-1]) if main else root_hash(chain),
            "status": status,
            "disputed": (self._head(side),) if side else (),
            "nonce": self.nonce,
        }
        return Receipt(**{**fields, **other})  # type: ignore[arg-type]

    def receipt(self, chain: str, status: str = "ok") -> None:
        self.send(self.make_receipt(chain, status))

    def send(self, thing: Down, key: OKPKey | None = None) -> bytes:
        """Publish something signed, by the key that may sign it unless told otherwise."""
        usual = self.receipt_key if isinstance(thing, Receipt) else self.control_key
        token = seal_down(thing, key or usual)
        if isinstance(thing, Receipt):
            self.raw(receipt_topic(self.dev, thing.chain), token)
        else:
            self.publish(thing.typ, token)
        return token

    def publish(self, leaf: str, payload: bytes) -> None:
        self.raw(topic(self.dev, leaf), payload)

    def raw(self, where: str, payload: bytes) -> None:
        retain = not where.endswith("/command")
        self.client.client.publish(where, payload, 1, retain)

    def ticket(self, visit: str | None = "v1", **other: object) -> CurrentTicket:
        fields: dict[str, object] = {
            "dev": self.dev,
            "n": self.next_n(),
            "iat": time.time_ns() // 1_000_000,
            "ttl_s": 3600,
            "counter": "Q1",
            "counter_name": "Quầy 1",
            "visit": visit,
            "ticket": "A017",
            "event": "called",
        }
        return CurrentTicket(**{**fields, **other})  # type: ignore[arg-type]

    def _head(self, side: list[bytes]) -> Head:
        return Head(codec.decode(verify(side[-1], self.device_key)).stamp.seq, digest(side[-1]))


@contextmanager
def headquarters(fleet: Settings, dev: str, device_key: OKPKey) -> Iterator[Headquarters]:
    """Connect as ingest does, with a session of its own."""
    with mqtt(fleet, ingest_identity(fleet)) as client:
        yield Headquarters(dev, device_key, fleet, client)
