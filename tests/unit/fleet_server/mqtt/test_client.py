"""What ingest says of its way to the broker."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from fleet_server.mqtt.client import BrokerLink
from fleet_server.mqtt.messages import Inbox
from fleet_server.settings import BrokerSection
from tests.fakes.ports import free_ports
from tests.fakes.subscribing import REFUSED, answering_broker, tls_pair
from tests.fakes.wait import eventually
from wire.topics import up_filters


def test_a_broker_that_cannot_be_reached_is_named_with_its_address() -> None:
    port = free_ports(1)[0]
    with capture_logs() as said, started(port, ssl.create_default_context()):
        eventually(lambda: said, 20, "a warning")
    assert said[0]["address"] == f"localhost:{port}"


@pytest.mark.parametrize(("session_present", "times"), [(True, 1), (False, 2)])
def test_in_a_new_session_it_subscribes_twice_before_it_counts_as_hearing(
    session_present: bool, times: int, tmp_path: Path
) -> None:
    server, client = tls_pair(tmp_path)
    with (
        answering_broker(server, session_present) as broker,
        started(broker.port, client) as link,
    ):
        eventually(lambda: link.hears, 10, "hears")
        assert len(broker.asked) == times


def test_refused_subscriptions_are_named_and_it_does_not_hear(tmp_path: Path) -> None:
    server, client = tls_pair(tmp_path)
    with (
        capture_logs() as said,
        answering_broker(server, session_present=False, answer=REFUSED) as broker,
        started(broker.port, client) as link,
    ):
        [refusal] = eventually(lambda: [one for one in said if "topics" in one], 10, "an error")
        assert link.connected
        assert not link.hears
    assert refusal["topics"] == up_filters()


@contextmanager
def started(port: int, context: ssl.SSLContext) -> Iterator[BrokerLink]:
    """Run the connection to a broker at a port of this machine."""
    broker = BrokerSection("nats", "localhost", port, "127.0.0.1", free_ports(1)[0])
    inbox = Inbox()
    link = BrokerLink(broker, context, inbox)
    link.start()
    try:
        yield link
    finally:
        link.stop()
        inbox.close()
