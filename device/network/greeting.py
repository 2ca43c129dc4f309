"""Saying hello and good-bye to the broker in MQTT, and nothing else.

``clean_session`` off: the terminal's session and what waits in it stay. What the broker sends at
once is not acknowledged, so that the uplink gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client, ConnectFlags, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from device.proxy import MqttThroughProxy

if TYPE_CHECKING:
    import ssl

    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

    from device.core.network import Why
    from device.network.target import Target

_KEEPALIVE_S = 30
_LOOKS = 10
"""Into so many parts the time is divided; an answer takes two or three."""


def greet(target: Target, context: ssl.SSLContext, timeout_s: float) -> Why | None:
    """Let the broker take a connection of the terminal; return why it does not, None if it does."""
    answers: list[bool] = []

    def connected(
        _client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:  # fmt: skip
        answers.append(not reason.is_failure)

    client = MqttThroughProxy(
        CallbackAPIVersion.VERSION2,
        client_id=target.terminal,
        clean_session=False,
        protocol=MQTTv311,
        reconnect_on_failure=False,
        manual_ack=True,
    )
    client.proxy = target.proxy
    client.connect_timeout = timeout_s
    client.tls_set_context(context)
    client.on_connect = connected
    try:
        client.connect(*target.mqtt, _KEEPALIVE_S)
        for _ in range(_LOOKS):
            if answers or client.loop(timeout_s / _LOOKS) != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return None if answers == [True] else "not_let_in"
    except OSError:
        return "not_let_in"
    finally:
        client.disconnect()
    return "no_answer"
