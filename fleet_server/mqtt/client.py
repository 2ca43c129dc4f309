"""The only file of the server that knows paho: one connection to the broker, with mutual TLS.

MQTT 3.1.1, a lasting session (``clean_session`` off), QoS 1. A message is acknowledged to the
broker by hand, after its batch is committed: until then the broker keeps it.
"""

import ssl
from typing import Any

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from fleet_server.mqtt.messages import Inbox, Message, Publication
from fleet_server.settings import BrokerSection
from provisioning.broker.rules import INGEST
from provisioning.layout import FleetLayout
from wire.topics import up_filters

log = structlog.get_logger("ingest")
KEEPALIVE_S = 30
RECONNECT_S = (1, 15)
IN_FLIGHT = 200
QUEUED = 20_000
"""Publications waiting for the broker; beyond that they are dropped and made anew later."""


def tls_context(layout: FleetLayout) -> ssl.SSLContext:
    """Return how to meet the broker: its certificate under the fleet root, ours in return."""
    context = ssl.create_default_context(cafile=str(layout.root_certificate))
    context.load_cert_chain(layout.service_certificate(INGEST), layout.service_key(INGEST))
    return context


class BrokerLink:
    """The connection. paho's thread fills the inbox; the worker publishes and acknowledges.

    Attributes:
        connection: number of the present connection, 0 before the first.
        hears: whether the broker has granted this connection all subscriptions; until then what
            terminals send may pass us by. What a lasting session kept comes before that.
    """

    def __init__(self, broker: BrokerSection, context: ssl.SSLContext, inbox: Inbox) -> None:
        self._inbox = inbox
        self._address = f"{broker.host}:{broker.port}"
        self.connection = 0
        self.hears = False
        self._unasked = 0
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=INGEST,
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        self._client.tls_set_context(context)
        self._client.reconnect_delay_set(*RECONNECT_S)
        self._client.max_inflight_messages_set(IN_FLIGHT)
        self._client.max_queued_messages_set(QUEUED)
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_subscribe = self._on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.connect_async(broker.host, broker.port, KEEPALIVE_S)

    def start(self) -> None:
        """Connect in a thread, and again whenever the connection is lost."""
        self._client.loop_start()

    def stop(self) -> None:
        """Say goodbye and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def connected(self) -> bool:
        """Whether there is a connection right now."""
        return bool(self._client.is_connected())

    def publish(self, publication: Publication) -> bool:
        """Hand a publication to paho; False if there is no connection or no room."""
        if not self.connected:
            return False
        info = self._client.publish(
            publication.topic, publication.payload, qos=1, retain=publication.retain
        )
        return bool(info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS)

    def ack(self, message: Message) -> None:
        """Let the broker forget a message; one of an earlier connection it sends again anyway."""
        if message.mid and message.connection == self.connection:
            self._client.ack(message.mid, 1)

    def _on_connect(
        self,
        client: Client,
        _userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            log.error("the broker refuses", reason=str(reason))
            return
        self.connection += 1
        log.info("the broker answers", session_present=flags.session_present)
        self._unasked = 1 if flags.session_present else 2
        self._subscribe(client)

    def _subscribe(self, client: Client) -> None:
        """Subscribe; twice in a new session, since what lasts may slip by the first time.

        See provisioning/broker/README.md, Good to know.
        """
        self._unasked -= 1
        client.subscribe([(topic, 1) for topic in up_filters()])

    def _on_subscribe(
        self,
        client: Client,
        _userdata: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        answers = zip(up_filters(), reasons, strict=True)
        refused = [topic for topic, reason in answers if reason.is_failure]
        if refused:
            log.error("the broker refuses subscriptions", topics=refused)
            return
        if self._unasked:
            self._subscribe(client)
            return
        self.hears = True
        log.info("connected")
        self._inbox.wake()

    def _on_connect_fail(self, _client: Client, _userdata: Any) -> None:
        log.warning("the broker can't be reached; trying again", address=self._address)

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self.hears = False
        log.warning("disconnected", reason=str(reason))

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        mid = message.mid if message.qos else 0
        self._inbox.put(Message(topic, bytes(message.payload), mid, self.connection))
