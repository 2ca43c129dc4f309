"""An MQTT client for tests: paho with mutual TLS that notes down all that happens to it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from fleet_server.settings import Settings
from tests.fakes.fleets import Identity
from tests.fakes.wait import eventually


@dataclass
class MqttClient:
    """One connection; it never reconnects by itself.

    Attributes:
        client: paho's client.
        answer: "" until the broker has answered, then "Success" or why not.
        lost: how often the connection has ended.
    """

    client: Client
    answer: str = ""
    lost: int = 0
    messages: list[MQTTMessage] = field(default_factory=list)
    granted: list[list[bool]] = field(default_factory=list)

    @property
    def connected(self) -> bool:
        """Whether the connection is up."""
        return self.client.is_connected()

    def subscribe(self, *filters: str) -> None:
        """Subscribe at QoS 1 and wait for the broker's answers, noted in ``granted``."""
        wanted = len(self.granted) + 1
        self.client.subscribe([(one, 1) for one in filters])
        eventually(lambda: len(self.granted) >= wanted or not self.connected, 10, "subscribed")

    def subscribe_for_sure(self, *filters: str) -> None:
        """Subscribe twice, as our own clients do; provisioning/broker/README.md says why."""
        self.subscribe(*filters)
        self.subscribe(*filters)

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> None:
        """Publish at QoS 1 and wait for the PUBACK."""
        info = self.client.publish(topic, payload, 1, retain)
        eventually(lambda: not self.connected or info.is_published(), 10, "published")

    def payloads(self, topic: str) -> list[bytes]:
        """Return what came on a topic, oldest first."""
        return [bytes(m.payload) for m in list(self.messages) if m.topic == topic]

    def expect(self, topic: str, payload: bytes, timeout_s: float = 10) -> MQTTMessage:
        """Wait for a message and return it."""
        return eventually(
            lambda: next(
                (m for m in list(self.messages) if (m.topic, m.payload) == (topic, payload)), None
            ),
            timeout_s,
            f"{payload[:40]!r} on {topic}",
        )

    def cut(self) -> None:
        """Break the connection without saying goodbye.

        Not by closing the socket: whether paho then says that it is lost depends on whether its
        thread was waiting for the socket just then.
        """
        sock = self.client.socket()
        assert sock is not None
        sock.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye."""
        self.client.disconnect()
        self.client.loop_stop()


def tls_context(fleet: Settings, identity: Identity | None) -> ssl.SSLContext:
    """Return a context that trusts the fleet root and shows the identity's certificate."""
    context = ssl.create_default_context(cafile=str(fleet.layout.root_certificate))
    if identity is not None:
        context.load_cert_chain(str(identity.certificate), str(identity.key))
    return context


@contextmanager
def mqtt(
    fleet: Settings,
    identity: Identity | None,
    client_id: str | None = None,
    *,
    clean: bool = True,
    will: tuple[str, bytes] | None = None,
    expect: bool = True,
    patience_s: float = 15,
) -> Iterator[MqttClient]:
    """Connect; with ``expect`` wait until that has succeeded, else until it was decided."""
    name = client_id or (identity.name if identity else "nobody")
    paho = Client(
        CallbackAPIVersion.VERSION2,
        client_id=name,
        protocol=MQTTProtocolVersion.MQTTv311,
        clean_session=clean,
        reconnect_on_failure=False,
    )
    paho.tls_set_context(tls_context(fleet, identity))
    if will:
        paho.will_set(*will, qos=1, retain=True)
    result = MqttClient(paho)

    def on_connect(*args: object) -> None:
        result.answer = str(args[3])

    def on_disconnect(*_: object) -> None:
        result.lost += 1

    def on_message(_client: object, _data: object, message: MQTTMessage) -> None:
        result.messages.append(message)

    def on_subscribe(*args: Any) -> None:
        result.granted.append([not code.is_failure for code in args[3]])

    paho.on_connect, paho.on_disconnect = on_connect, on_disconnect
    paho.on_message, paho.on_subscribe = on_message, on_subscribe
    try:
        paho.connect(fleet.broker.host, fleet.broker.port)
        paho.loop_start()
        eventually(lambda: result.answer or result.lost, patience_s, f"{name} answered")
    except OSError as error:
        result.answer = type(error).__name__
    if expect:
        assert result.answer == "Success", f"{name}: {result.answer or 'connection ended'}"
    try:
        yield result
    finally:
        result.close()
