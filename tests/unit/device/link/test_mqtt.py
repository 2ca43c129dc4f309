"""What paho hands over, whatever the broker made of it."""

import ssl

from paho.mqtt.client import MQTTMessage

from device.link.mqtt import Broker, MqttLink


def test_a_topic_that_is_no_text_does_not_end_the_uplink() -> None:
    heard: list[tuple[str, bytes]] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    broker = Broker("localhost", 8883, 30, 5.0)
    link = MqttLink(broker, "t-1", context, b"{}", lambda *message: heard.append(message))
    message = MQTTMessage(mid=1, topic=b"hailong/1/t-1/\xff")
    message.payload = b"x"
    link._client.on_message(link._client, None, message)
    assert heard == [("", b"x")]
