"""What ingest says of its way to the broker."""

import ssl

from structlog.testing import capture_logs

from fleet_server.mqtt.client import BrokerLink
from fleet_server.mqtt.messages import Inbox
from fleet_server.settings import BrokerSection
from tests.fakes.ports import free_ports
from tests.fakes.wait import eventually


def test_a_broker_that_cannot_be_reached_is_named_with_its_address() -> None:
    port = free_ports(1)[0]
    broker = BrokerSection("nats", "localhost", port, "127.0.0.1", free_ports(1)[0])
    inbox = Inbox()
    with capture_logs() as said:
        link = BrokerLink(broker, ssl.create_default_context(), inbox)
        link.start()
        try:
            eventually(lambda: said, 20, "a warning")
        finally:
            link.stop()
            inbox.close()
    assert said[0]["address"] == f"localhost:{port}"
