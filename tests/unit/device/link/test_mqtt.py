"""What paho hands over, whatever the broker made of it, and how a connection ends."""

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from paho.mqtt.client import MQTTMessage

from device.clock import SystemClock
from device.link.mqtt import Broker, LinkError, MqttLink
from tests.fakes.subscribing import REFUSED, answering_broker, tls_pair
from tests.fakes.wait import eventually

CONNECT, DISCONNECT = bytes([0x10]), bytes([0xE0, 0])


def test_a_topic_that_is_no_text_does_not_end_the_uplink() -> None:
    heard: list[tuple[str, bytes]] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    link = new_link(8883, context, heard)
    message = MQTTMessage(mid=1, topic=b"hailong/1/t-1/\xff")
    message.payload = b"x"
    link._client.on_message(link._client, None, message)
    assert heard == [("", b"x")]


def test_a_broker_that_still_writes_hears_the_goodbye_and_no_reset(
    listening: socket.socket, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    def serve() -> list[bytes]:
        taken, _ = listening.accept()
        with contexts[0].wrap_socket(taken, server_side=True) as line:
            connect = line.recv(1000)
            line.sendall(b"?" * 50_000)
            goodbye = line.recv(1000)
            line.sendall(b"?" * 50_000)
            return [connect[:1], goodbye, line.recv(1000)]

    link = new_link(listening.getsockname()[1], contexts[1])
    with ThreadPoolExecutor() as pool:
        broker = pool.submit(serve)
        link.connect()
        link.disconnect(SystemClock().up_ms)
        assert broker.result(10) == [CONNECT, DISCONNECT, b""]


def test_a_broker_that_never_closes_keeps_the_goodbye_for_a_second_only(
    listening: socket.socket, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    def serve() -> ssl.SSLSocket:
        taken, _ = listening.accept()
        return contexts[0].wrap_socket(taken, server_side=True)

    link = new_link(listening.getsockname()[1], contexts[1])
    with ThreadPoolExecutor() as pool:
        broker = pool.submit(serve)
        link.connect()
        with closing(broker.result(10)) as line:
            link.disconnect(SystemClock().up_ms)
            assert line.recv(1000)[:1] == CONNECT


@pytest.mark.parametrize(("session_present", "times"), [(True, 1), (False, 2)])
def test_in_a_new_session_it_subscribes_twice_before_it_is_ready(
    session_present: bool, times: int, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    with answering_broker(contexts[0], session_present) as broker:
        link = new_link(broker.port, contexts[1])
        link.connect()
        eventually(lambda: link.pump() or link.ready, 10, "ready")
        link.close()
    assert len(broker.asked) == times


def test_a_refused_subscription_ends_the_connection(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    with answering_broker(contexts[0], session_present=False, answer=REFUSED) as broker:
        link = new_link(broker.port, contexts[1])
        link.connect()
        with pytest.raises(LinkError, match="refuses a subscription"):
            eventually(lambda: link.pump() or link.ready, 10, "ready")
        link.close()
    assert len(broker.asked) == 1


def test_a_goodbye_without_a_connection_is_none() -> None:
    new_link(8883, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)).disconnect(SystemClock().up_ms)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as at:
        yield at


@pytest.fixture
def contexts(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The broker's side of TLS, and the terminal's."""
    return tls_pair(tmp_path)


def new_link(
    port: int, context: ssl.SSLContext, heard: list[tuple[str, bytes]] | None = None
) -> MqttLink:
    said = [] if heard is None else heard
    broker = Broker("localhost", port, 30, 5.0)
    return MqttLink(broker, "t-1", context, b"{}", lambda *message: said.append(message))
