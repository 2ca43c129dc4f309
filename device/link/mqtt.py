"""MQTT over mutual TLS: a thin shell around paho, driven from our own select loop.

One `MqttLink` is one connection: after a loss a new object is made, so that nothing which paho
had queued is sent behind the back of the rules in ``core/sending.py``. No thread, no lock.
"""

from __future__ import annotations

import logging
import os
import select
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from device.proxy import MqttThroughProxy
from wire.topics import down_filters, topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from paho.mqtt.properties import Properties

log = logging.getLogger(__name__)

QOS = 1
_AT_ONCE = 50
_LINGER_MS = 1_000


class LinkError(Exception):
    """There is no connection; the text says why."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and how to speak to it.

    Attributes:
        host: Name or address, which its certificate must have.
        port: TLS port.
        keepalive_s: MQTT keep-alive.
        timeout_s: For connecting, with the TLS handshake.
        proxy: ``http://host:port`` to go through, None for none.
    """

    host: str
    port: int
    keepalive_s: int
    timeout_s: float
    proxy: str | None = None


class MqttLink:
    """One connection of terminal ``dev``.

    Args:
        broker: Where to.
        dev: Terminal id, also the client id.
        context: TLS with the terminal's certificate.
        will: What the broker publishes as the terminal's state when the connection is lost.
        on_message: Called with topic and payload of each message, before it is acknowledged.

    Attributes:
        ready: True once the broker has taken the connection and the subscriptions.
    """

    def __init__(
        self,
        broker: Broker,
        dev: str,
        context: ssl.SSLContext,
        will: bytes,
        on_message: Callable[[str, bytes], None],
    ) -> None:
        self.ready = False
        self._broker = broker
        self._dev = dev
        self._on_message = on_message
        self._lost: str | None = None
        self._unasked = 0
        self._owed: dict[int, Callable[[], None] | None] = {}
        self._client = MqttThroughProxy(
            CallbackAPIVersion.VERSION2,
            client_id=dev,
            clean_session=False,
            protocol=MQTTv311,
            reconnect_on_failure=False,
        )
        self._client.proxy = broker.proxy
        self._client.connect_timeout = broker.timeout_s
        self._client.tls_set_context(context)
        self._client.will_set(topic(dev, "state"), will, QOS, retain=True)
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._subscribed
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._message
        self._client.on_publish = self._published

    def connect(self) -> None:
        """Connect and shake hands; `ready` comes later, by `pump`.

        Raises:
            LinkError: The broker cannot be reached, or is not the fleet's.
        """
        broker = self._broker
        where = f"{broker.host}:{broker.port}"
        try:
            self._client.connect(broker.host, broker.port, broker.keepalive_s)
        except ssl.SSLCertVerificationError as error:
            raise LinkError(
                f"{where}: is not this fleet's broker: {error.verify_message}"
            ) from None
        except ssl.SSLError as error:
            raise LinkError(f"{where}: TLS failed: {error.reason or error}") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise LinkError(f"{where}: cannot be reached: {reason}") from None

    def fileno(self) -> int:
        """Return the descriptor to wait on, -1 once the connection is gone."""
        at = self._client.socket()
        return -1 if at is None else at.fileno()

    def wants_write(self) -> bool:
        """Return True while there is something to send."""
        return self._client.want_write()

    def has_pending(self) -> bool:
        """Return True when TLS holds bytes that select cannot see."""
        at = self._client.socket()
        return isinstance(at, ssl.SSLSocket) and at.pending() > 0

    def pump(self) -> None:
        """Read and write what can be, keep the connection alive; never blocks.

        Raises:
            LinkError: The connection is gone.
        """
        for _ in range(_AT_ONCE):
            self._held(self._client.loop_read())
            if not self.has_pending():
                break
        if self._client.want_write():
            self._held(self._client.loop_write())
        self._held(self._client.loop_misc())

    def publish(
        self,
        leaf: str,
        payload: bytes,
        *,
        retain: bool = False,
        taken: Callable[[], None] | None = None,
    ) -> bool:
        """Give a message to the connection; False when it cannot take it now.

        ``taken`` is called when the broker has acknowledged it, within `pump`.
        """
        if self._lost is not None or self._client.socket() is None:
            return False
        info = self._client.publish(topic(self._dev, leaf), payload, QOS, retain)
        self._owed[info.mid] = taken
        return info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def unacknowledged(self) -> bool:
        """Return True while the broker owes an acknowledgement, which proves nothing."""
        return bool(self._owed) or self._client.want_write()

    def disconnect(self, up_ms: Callable[[], int]) -> None:
        """Say good-bye, so that the broker does not publish the will.

        The connection stays open until the broker closes it, for at most a second: closing over
        unread data resets it (RFC 1122, section 4.2.2.13), and a broker that meets the reset
        while it writes takes the connection for lost, however orderly the good-bye was.

        Args:
            up_ms: Tells the monotonic time.
        """
        at = self._client.socket()
        if at is None:
            return
        # Paho closes its own descriptor as soon as the packet is out.
        with socket.socket(fileno=os.dup(at.fileno())) as line:
            self._client.disconnect()
            if self._client.want_write():
                self._client.loop_write()
            line.shutdown(socket.SHUT_WR)
            _read_to_the_end(line, up_ms)

    def close(self) -> None:
        """Drop the connection without a word."""
        at = self._client.socket()
        if at is not None:
            at.close()

    def _held(self, code: MQTTErrorCode) -> None:
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS and self._lost is None:
            self._lost = str(code.name).removeprefix("MQTT_ERR_").lower().replace("_", " ")
        if self._lost is not None:
            raise LinkError(f"{self._broker.host}:{self._broker.port}: {self._lost}")

    # ---- paho's callbacks ----

    def _connected(
        self,
        client: Client,
        _userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._lost = f"the broker refuses this terminal: {reason}"
            return
        self._unasked = 1 if flags.session_present else 2
        self._subscribe(client)

    def _subscribe(self, client: Client) -> None:
        """Subscribe; twice in a new session, since what lasts may slip by the first time.

        See provisioning/broker/README.md, Good to know.
        """
        self._unasked -= 1
        client.subscribe([(one, QOS) for one in down_filters(self._dev)])

    def _subscribed(
        self,
        client: Client,
        _userdata: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        # Mosquitto grants what its rules deny; the receipts that stay out tell then.
        refused = [reason for reason in reasons if reason.is_failure]
        if refused:
            self._lost = "the broker refuses a subscription to the terminal's own topics"
        elif self._unasked:
            self._subscribe(client)
        else:
            self.ready = True

    def _disconnected(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if self._lost is None:
            normal = reason == ReasonCode(PacketTypes.DISCONNECT, "Normal disconnection")
            self._lost = "closed" if normal else f"connection lost: {reason}"

    def _published(
        self,
        _client: Client,
        _userdata: Any,
        mid: int,
        _reason: ReasonCode,
        _properties: Properties,
    ) -> None:
        taken = self._owed.pop(mid, None)
        if taken is not None:
            taken()

    def _message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        try:
            name = message.topic
        except UnicodeDecodeError:
            # Refused as no topic of ours, and acknowledged: else it would come again for ever.
            name = ""
        self._on_message(name, bytes(message.payload))


def _read_to_the_end(line: socket.socket, up_ms: Callable[[], int]) -> None:
    until = up_ms() + _LINGER_MS
    while (left := until - up_ms()) > 0:
        ready, _, _ = select.select([line], [], [], left / 1000)
        if not ready or not line.recv(65_536):
            return
