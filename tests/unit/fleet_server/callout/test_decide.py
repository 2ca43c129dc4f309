"""The rules by which a client may connect."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fleet_server.callout.decide import Admitted, Client, FindKey, Refused, decide
from fleet_server.store.enrolment import EnrolledKey
from provisioning.broker.rules import for_ingest, for_terminal
from provisioning.pki import certificates, files
from wire import keys

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CA = certificates.make_root(files.new_key(), "Fleet", NOW)
KEY = Ed25519PrivateKey.generate().public_key()
KID = keys.kid_of(keys.public_from_bytes(KEY.public_bytes_raw()))
TERMINAL = certificates.issue_terminal(CA, KEY, "t-1", NOW)
INGEST = certificates.issue_service(CA, files.new_key().public_key(), "fleet-ingest", NOW)


def registry(terminal: str = "t-1", active: bool = True, replaced: bool = False) -> FindKey:
    """Hold one key."""
    return {KID: EnrolledKey(KID, terminal, "", active, replaced)}.get


def ask(
    certificate: x509.Certificate | None = TERMINAL,
    client_id: str = "t-1",
    speaks_mqtt: bool = True,
    find_key: FindKey | None = None,
    revoked: frozenset[x509.Certificate] = frozenset(),
    days: int = 0,
) -> Admitted | Refused:
    client = Client(client_id, speaks_mqtt, certificate)
    return decide(client, find_key or registry(), revoked, NOW + timedelta(days=days))


def test_an_enrolled_terminal_gets_its_own_topics_until_its_certificate_ends() -> None:
    assert ask() == Admitted("t-1", for_terminal("t-1"), TERMINAL.not_valid_after_utc, KID)


def test_ingest_gets_the_services_topics() -> None:
    verdict = ask(INGEST, "fleet-ingest")
    assert isinstance(verdict, Admitted)
    assert (verdict.rules, verdict.kid) == (for_ingest(), None)


@pytest.mark.parametrize("client_id", ["", "t-10", "t-", "T-1", "t-1 ", "t-1\x00", "fleet-ingest"])
def test_the_client_id_is_the_name_to_the_letter(client_id: str) -> None:
    assert ask(client_id=client_id) == Refused("the client id is not the name in the certificate")


def test_without_a_certificate_nobody_connects() -> None:
    assert isinstance(ask(None), Refused)


def test_who_does_not_speak_mqtt_does_not_connect() -> None:
    assert isinstance(ask(speaks_mqtt=False), Refused)
    assert isinstance(ask(INGEST, "fleet-ingest", speaks_mqtt=False), Refused)


@pytest.mark.parametrize("certificate", [TERMINAL, INGEST])
def test_a_certificate_on_the_list_is_refused(certificate: x509.Certificate) -> None:
    name = certificates.common_name(certificate)
    assert name
    revoked = frozenset({certificate})
    assert isinstance(ask(certificate, name, revoked=revoked), Refused)


def test_an_expired_certificate_is_refused() -> None:
    assert isinstance(ask(days=729), Admitted)
    assert isinstance(ask(days=731), Refused)


def test_an_unknown_key_is_refused() -> None:
    assert isinstance(ask(find_key=lambda _kid: None), Refused)


def test_a_key_of_another_terminal_is_refused() -> None:
    assert isinstance(ask(find_key=registry("t-2")), Refused)


def test_a_revoked_key_is_refused() -> None:
    assert isinstance(ask(find_key=registry(active=False)), Refused)


def test_a_key_that_was_replaced_is_refused() -> None:
    assert isinstance(ask(find_key=registry(replaced=True)), Refused)


def test_a_services_name_without_its_unit_is_no_service() -> None:
    impostor = certificates.issue_terminal(CA, KEY, "fleet-ingest", NOW)
    assert isinstance(ask(impostor, "fleet-ingest", find_key=lambda _kid: None), Refused)


def test_the_services_unit_under_another_name_is_no_service() -> None:
    other = certificates.issue_service(CA, files.new_key().public_key(), "fleet-other", NOW)
    assert isinstance(ask(other, "fleet-other"), Refused)


def test_a_name_with_wildcards_is_no_terminal() -> None:
    for name in ("+", "#", "t/1", "*", ">"):
        certificate = certificates.issue_terminal(CA, KEY, name, NOW)
        assert isinstance(ask(certificate, name, find_key=registry(name)), Refused)
