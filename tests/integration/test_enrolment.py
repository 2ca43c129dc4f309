"""Enrolment on the real process, with nothing of ours on the terminal's side."""

import itertools
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.models import EnrolmentToken, TerminalKey
from provisioning.layout import FleetLayout
from provisioning.pki import authority
from tests.fakes.brokers import KINDS, BrokerKind, running_broker
from tests.fakes.fleets import Identity, new_counter, new_fleet
from tests.fakes.mqtt import mqtt, tls_context
from tests.fakes.processes import Process, run
from tests.integration.est_process import Technician, running_est
from wire.topics import topic

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture(scope="module")
def fleet(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A fleet with a counter."""
    made = new_fleet(tmp_path_factory.mktemp("enrolment") / "fleet")
    new_counter(made)
    return made


@pytest.fixture(scope="module")
def est(fleet: Settings) -> Iterator[Process]:
    """Its enrolment process."""
    with running_est(fleet) as process:
        yield process


_numbers = itertools.count(1)


@pytest.fixture
def technician(est: Process, fleet: Settings, tmp_path: Path) -> Technician:
    """A technician with the enrolment file of a new terminal."""
    return invited(fleet, f"t-{next(_numbers)}", tmp_path / "technician")


def invited(fleet: Settings, terminal: str, directory: Path) -> Technician:
    words = ["terminal", "add", "--id", terminal, "--counter", "Q1", "--config", str(fleet.path)]
    assert main(words) == 0
    return Technician(fleet.layout.enrolment_file(terminal), directory)


def enrolled(technician: Technician) -> Identity:
    technician.make_request()
    status, body = technician.enrol()
    assert status == 200, body
    return technician.keep(body)


def test_curl_and_openssl_alone_enrol_a_terminal(fleet: Settings, technician: Technician) -> None:
    identity = enrolled(technician)
    run(
        *("openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-crl_check_all"),
        *("-CAfile", fleet.layout.ca_chain, "-CRLfile", fleet.layout.crl_chain),
        identity.certificate,
    )
    subject = run("openssl", "x509", "-in", identity.certificate, "-noout", "-subject").stdout
    assert subject.replace(" ", "").strip() == f"subject=CN={identity.name}"
    shown = run("openssl", "x509", "-in", identity.certificate, "-noout", "-pubkey").stdout
    assert shown == run("openssl", "pkey", "-in", identity.key, "-pubout").stdout


def test_cacerts_give_the_chain_to_the_enrolment_files_root(technician: Technician) -> None:
    status, body = technician.ask("cacerts")
    assert status == 200
    chain = technician.keep(body, "chain").certificate
    assert chain.read_text().count("BEGIN CERTIFICATE") == 2
    run("openssl", "verify", "-CAfile", technician.path("root.pem"), chain)


def test_a_power_cut_after_the_answer_costs_nothing(technician: Technician) -> None:
    first = enrolled(technician).certificate.read_bytes()
    status, body = technician.enrol()
    assert status == 200
    assert technician.keep(body).certificate.read_bytes() == first


def test_a_stolen_enrolment_file_is_of_no_use_after_the_first_key(technician: Technician) -> None:
    enrolled(technician)
    technician.make_request("thief")
    status, text = technician.enrol("thief")
    assert status == 403
    assert "used with another key" in text


def test_a_terminal_renews_with_a_new_key_by_its_certificate(
    fleet: Settings, technician: Technician
) -> None:
    first = enrolled(technician)
    technician.make_request("newer")
    status, body = technician.renew("newer")
    assert status == 200, body
    second = technician.keep(body, "newer")
    assert second.certificate.read_bytes() != first.certificate.read_bytes()
    database.open_database(fleet.database.url)
    keys = TerminalKey.select().where(TerminalKey.terminal == first.name)
    assert [row.revoked_at for row in keys] == [None, None]
    database.close()
    # The newer certificate renews in its turn, for the same key.
    assert technician.renew("newer", "newer")[0] == 200


def test_a_renewal_closes_the_token(fleet: Settings, technician: Technician) -> None:
    enrolled(technician)
    assert technician.renew("terminal")[0] == 200
    status, text = technician.enrol()
    assert status == 401
    assert "is closed" in text


def test_a_revoked_terminal_neither_renews_nor_enrols(
    fleet: Settings, technician: Technician
) -> None:
    identity = enrolled(technician)
    assert main(["terminal", "revoke", identity.name, "--config", str(fleet.path)]) == 0
    assert technician.renew("terminal")[0] == 403
    assert technician.enrol()[0] == 401


def test_a_service_of_the_fleet_is_no_terminal_and_does_not_renew_here(
    fleet: Settings, technician: Technician
) -> None:
    technician.make_request()
    layout = fleet.layout
    shown = ("--cert", layout.service_certificate("fleet-ingest"))
    shown += ("--key", layout.service_key("fleet-ingest"))
    assert technician.post("simplereenroll", "terminal", *shown)[0] == 403


def test_a_certificate_of_another_authority_does_not_even_connect(
    fleet: Settings, technician: Technician, tmp_path: Path
) -> None:
    other = FleetLayout(tmp_path / "other")
    issuing = authority.create(other, "Other", clock.now())
    authority.write_service(other, issuing, "t-1", clock.now())
    certificate, key = other.service_certificate("t-1"), other.service_key("t-1")
    stranger = Identity("t-1", certificate, key)
    assert not answered(fleet.est.port, tls_context(fleet, stranger))
    assert answered(fleet.est.port, tls_context(fleet, enrolled(technician)))


def answered(port: int, context: ssl.SSLContext) -> bool:
    """Return whether the server answers a request under this TLS context."""
    try:
        with (
            socket.create_connection(("localhost", port), 5) as raw,
            context.wrap_socket(raw, server_hostname="localhost") as tls,
        ):
            tls.sendall(b"GET /.well-known/est/cacerts HTTP/1.1\r\nHost: x\r\n\r\n")
            return tls.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


def test_the_server_shows_a_certificate_of_the_fleet_for_its_name(technician: Technician) -> None:
    host = technician.file.est_url.removeprefix("https://")
    shown = run(
        *("openssl", "s_client", "-connect", host, "-verify_return_error"),
        *("-verify_hostname", "localhost", "-CAfile", technician.path("root.pem"), "-brief"),
        input="",
    )
    assert "Verification: OK" in shown.stdout + shown.stderr


def test_plain_http_gets_no_answer(fleet: Settings, est: Process) -> None:
    address = f"http://localhost:{fleet.est.port}/.well-known/est/cacerts"
    result = run("curl", "-sS", "--noproxy", "*", "-m", "5", address, check=False)
    assert result.returncode != 0
    assert est.running


def test_no_secret_is_in_the_log(est: Process, technician: Technician) -> None:
    enrolled(technician)
    token = technician.file.token
    assert token
    est.wait_for(f"terminal={technician.file.terminal}")
    assert token not in est.output()


def test_a_client_that_says_nothing_keeps_nobody_waiting(
    fleet: Settings, technician: Technician
) -> None:
    silent = [socket.create_connection(("localhost", fleet.est.port)) for _ in range(8)]
    try:
        enrolled(technician)
    finally:
        for one in silent:
            one.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_curl_enrolled_connects_to_the_broker_and_the_token_closes(
    kind: BrokerKind, tmp_path: Path
) -> None:
    fleet = new_fleet(tmp_path / "fleet", kind)
    new_counter(fleet)
    with running_est(fleet), running_broker(kind, fleet.layout.directory):
        identity = enrolled(invited(fleet, "t-1", tmp_path / "technician"))
        with mqtt(fleet, identity) as client:
            client.publish(topic("t-1", "hello"), b"{}")
    database.open_database(fleet.database.url)
    closed = EnrolmentToken.get().closed_at is not None
    database.close()
    # Mosquitto tells nobody who connected: there ingest closes it at the first message.
    assert closed == (kind == "nats")
