"""Who may connect to the broker, and under which name."""

import socket
import ssl
from collections.abc import Callable

import pytest

from fleet_server import clock
from fleet_server.cli import main
from fleet_server.est import renewal
from fleet_server.est.rules import Office
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.edits import terminals
from fleet_server.store.models import TerminalKey
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, crl, files
from tests.contract.conftest import NewTerminal
from tests.fakes.brokers import Broker
from tests.fakes.fleets import Identity, identity_for
from tests.fakes.mqtt import mqtt
from tests.fakes.wait import eventually
from wire import keys
from wire.topics import topic


def test_an_enrolled_terminal_connects(fleet: Settings, new_terminal: NewTerminal) -> None:
    with mqtt(fleet, new_terminal()) as client:
        assert client.answer == "Success"


def test_no_client_certificate_is_refused(fleet: Settings) -> None:
    with mqtt(fleet, None, "t-1", expect=False) as client:
        assert client.answer != "Success"


def test_a_certificate_of_another_authority_is_refused(
    fleet: Settings, new_terminal: NewTerminal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    victim = new_terminal()
    other = FleetLayout(tmp_path_factory.mktemp("other"))
    issuing = authority.create(other, "Somebody else", clock.now())
    authority.write_service(other, issuing, victim.name, clock.now())
    identity = Identity(
        victim.name, other.service_certificate(victim.name), other.service_key(victim.name)
    )
    with mqtt(fleet, identity, expect=False) as client:
        assert client.answer != "Success"


def test_the_certificate_of_the_server_is_no_clients(fleet: Settings) -> None:
    layout = fleet.layout
    identity = Identity("localhost", layout.server_certificate, layout.server_key)
    with mqtt(fleet, identity, "fleet-ingest", expect=False) as client:
        assert client.answer != "Success"


def test_a_client_id_that_is_not_the_certificates_name_gets_nothing_of_the_other(
    broker: Broker, ingest: Identity, new_terminal: NewTerminal
) -> None:
    victim, impostor = new_terminal(), new_terminal()
    with mqtt(broker.fleet, victim) as honest, mqtt(broker.fleet, ingest) as server:
        honest.subscribe(topic(victim.name, "ticket"))
        with mqtt(broker.fleet, impostor, victim.name, expect=False) as client:
            # NATS' callout refuses; Mosquitto puts the certificate's name in place of the id.
            assert client.answer == ("Success" if broker.kind == "mosquitto" else "Not authorized")
            client.subscribe(topic(victim.name, "ticket"))
            server.publish(topic(victim.name, "ticket"), b"for the victim")
            honest.expect(topic(victim.name, "ticket"), b"for the victim")
            assert client.messages == []
        assert honest.lost == 0


def test_a_client_id_that_begins_with_the_certificates_name_is_not_that_name(
    broker: Broker, new_terminal: NewTerminal
) -> None:
    short = new_terminal()
    with mqtt(broker.fleet, short, f"{short.name}0", expect=False) as client:
        assert client.answer == ("Success" if broker.kind == "mosquitto" else "Not authorized")
        client.publish(topic(f"{short.name}0", "records"), b"in another's name")


def test_the_same_terminals_newer_connection_takes_over(
    fleet: Settings, new_terminal: NewTerminal
) -> None:
    terminal = new_terminal()
    with mqtt(fleet, terminal) as older, mqtt(fleet, terminal) as newer:
        eventually(lambda: older.lost, 10, "the older connection ended")
        assert newer.connected


def test_a_revoked_certificate_is_refused_from_then_on(
    broker: Broker, new_terminal: NewTerminal
) -> None:
    fleet, terminal = broker.fleet, new_terminal()
    with mqtt(fleet, terminal):
        pass
    assert main(["terminal", "revoke", terminal.name, "--config", str(fleet.path)]) == 0
    broker.reload()

    def refused() -> bool:
        with mqtt(fleet, terminal, expect=False) as client:
            # With TLS 1.3 the client learns only after its handshake that it was refused.
            return client.answer != "Success"

    eventually(refused, 10, "the revoked terminal refused")
    with mqtt(fleet, new_terminal()):
        pass


def test_a_revoked_terminals_live_connection_ends(
    broker: Broker, new_terminal: NewTerminal
) -> None:
    fleet, terminal = broker.fleet, new_terminal()
    with mqtt(fleet, terminal) as client:
        assert main(["terminal", "revoke", terminal.name, "--config", str(fleet.path)]) == 0
        if broker.kind == "mosquitto":
            broker.restart()  # it can't end a single connection; the command says so
        eventually(lambda: client.lost, 10, "the live connection ended")


def retired(terminal: Identity) -> None:
    """Take a terminal out of use."""
    terminals.retire(terminal.name, None, "broken", clock.now_ms(), "person:x")


def replaced(terminal: Identity) -> None:
    """Let a terminal's key be replaced, as ingest does once its successor has come."""
    mine = TerminalKey.terminal == terminal.name
    TerminalKey.update(replaced_at=clock.now_ms()).where(mine).execute()


@pytest.mark.parametrize("end", [retired, replaced])
def test_a_terminal_out_of_use_and_a_replaced_key_are_refused(
    end: Callable[[Identity], None], broker: Broker, new_terminal: NewTerminal
) -> None:
    fleet, terminal, other = broker.fleet, new_terminal(), new_terminal()
    layout = fleet.layout
    database.open_database(fleet.database.url)
    end(terminal)
    # The enrolment process does it every ten minutes.
    renewal.look(Office(layout, authority.load_issuing(layout), crl.Revoked(layout)))
    broker.reload()

    def refused() -> bool:
        with mqtt(fleet, terminal, expect=False) as client:
            return client.answer != "Success"

    eventually(refused, 10, "the terminal refused")
    with mqtt(fleet, other):
        pass


# Mosquitto knows certificates only, not the registry. Ingest refuses what such keys sign.
only_nats = pytest.mark.parametrize("broker", ["nats"], indirect=True)


@only_nats
def test_a_key_that_was_never_enrolled_is_refused_by_the_registry(
    broker: Broker, new_terminal: NewTerminal
) -> None:
    stranger = identity_for(broker.fleet, new_terminal().name, keys.generate())
    with mqtt(broker.fleet, stranger, expect=False) as client:
        assert client.answer == "Not authorized"


@only_nats
def test_another_terminals_key_under_this_name_is_refused_by_the_registry(
    broker: Broker, new_terminal: NewTerminal
) -> None:
    name, other = new_terminal().name, new_terminal()
    key = keys.load_private(other.key.read_bytes())
    with mqtt(broker.fleet, identity_for(broker.fleet, name, key), expect=False) as client:
        assert client.answer == "Not authorized"


def test_a_service_certificate_for_a_terminals_name_gives_no_service_rights(
    broker: Broker, ingest: Identity, new_terminal: NewTerminal
) -> None:
    fleet, victim = broker.fleet, new_terminal()
    issuing = authority.load_issuing(fleet.layout)
    key = files.new_key()
    certificate = certificates.issue_service(issuing, key.public_key(), "fleet-other", clock.now())
    identity = Identity(
        "fleet-other",
        fleet.layout.service_certificate("fleet-other"),
        fleet.layout.service_key("fleet-other"),
    )
    files.write_key(identity.key, key)
    files.write_certificates(identity.certificate, [certificate])
    with mqtt(fleet, ingest) as server, mqtt(fleet, identity, expect=False) as client:
        server.subscribe("hailong/1/+/records")
        client.subscribe("hailong/1/+/records")
        with mqtt(fleet, victim) as terminal:
            terminal.publish(topic(victim.name, "records"), b"not for others")
        server.expect(topic(victim.name, "records"), b"not for others")
        assert client.messages == []


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_older_than_1_2_is_refused(fleet: Settings) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(fleet.layout.root_certificate)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    address = (fleet.broker.host, fleet.broker.port)
    with socket.create_connection(address, 5) as raw, pytest.raises(OSError, match="alert"):
        context.wrap_socket(raw, server_hostname=fleet.broker.host)
