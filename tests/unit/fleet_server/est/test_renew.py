"""The next certificate, for the one in use. The handshake itself is in tests/integration."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fleet_server import clock
from fleet_server.est import peer, rules
from fleet_server.est.errors import Refusal
from fleet_server.store import enrolment
from fleet_server.store.models import EnrolmentToken, TerminalKey
from provisioning.pki import authority, files
from tests.fakes.requests import certificates_in, csr
from tests.unit.fleet_server.est.conftest import Est
from wire.keys import kid_of, public_from_bytes

KEY = Ed25519PrivateKey.generate()


def holder(est: Est) -> tuple[rules.Office, x509.Certificate]:
    """Enrol a terminal; return the office and its certificate."""
    (certificate,) = certificates_in(est.enrol(csr(KEY), est.invite()).data)
    return peer.office_of(est.client.application), certificate


def test_a_new_key_is_entered_beside_the_old_one(est: Est) -> None:
    office, peer = holder(est)
    newer = Ed25519PrivateKey.generate()
    certificate = rules.renew(office, peer, csr(newer), clock.now())
    assert certificate.public_key() == newer.public_key()
    assert [row.revoked_at for row in TerminalKey.select()] == [None, None]


def test_the_same_key_gets_a_newer_certificate(est: Est) -> None:
    office, peer = holder(est)
    later = clock.now() + timedelta(days=600)
    certificate = rules.renew(office, peer, csr(KEY), later)
    assert certificate.not_valid_after_utc > peer.not_valid_after_utc
    assert TerminalKey.get().serial == str(certificate.serial_number)


def test_a_terminal_gets_ten_certificates_a_day_and_goes_on_the_next(est: Est) -> None:
    office, peer = holder(est)
    kept = office.layout.directory.rglob
    newer = Ed25519PrivateKey.generate()
    for number in range(1, rules.DAILY):
        rules.renew(office, peer, csr((KEY, newer)[number % 2]), clock.now())
    before = len(list(kept("t-1/*.crt")))
    assert before == rules.DAILY
    for body in (csr(KEY), csr(Ed25519PrivateKey.generate())):
        assert refused(office, peer, body).status == 429
    assert len(list(kept("t-1/*.crt"))) == before
    other = est.enrol(csr(Ed25519PrivateKey.generate(), "t-2"), est.invite("t-2"), "t-2")
    assert other.status_code == 200
    assert rules.renew(office, peer, csr(KEY), clock.now() + timedelta(days=1, minutes=1))


def test_the_token_is_closed(est: Est) -> None:
    office, peer = holder(est)
    rules.renew(office, peer, csr(KEY), clock.now())
    assert EnrolmentToken.get().closed_at is not None


def refused(office: rules.Office, peer: x509.Certificate, body: bytes, days: int = 0) -> Refusal:
    """Ask, and return the refusal; nothing may have changed."""
    before = [*TerminalKey.select().dicts(), *EnrolmentToken.select().dicts()]
    with pytest.raises(Refusal) as caught:
        rules.renew(office, peer, body, clock.now() + timedelta(days=days))
    assert before == [*TerminalKey.select().dicts(), *EnrolmentToken.select().dicts()]
    return caught.value


def test_a_key_that_was_replaced_gets_no_certificate_and_renews_none(est: Est) -> None:
    office, peer = holder(est)
    newer = Ed25519PrivateKey.generate()
    second = rules.renew(office, peer, csr(newer), clock.now())
    TerminalKey.update(replaced_at=1).where(TerminalKey.kid == old_kid(peer)).execute()
    assert refused(office, peer, csr(Ed25519PrivateKey.generate())).status == 403
    assert "replaced" in str(refused(office, second, csr(KEY)))
    assert rules.renew(office, second, csr(newer), clock.now()) is not None


def old_kid(certificate: x509.Certificate) -> str:
    public = certificate.public_key()
    assert isinstance(public, Ed25519PublicKey)
    return kid_of(public_from_bytes(public.public_bytes_raw()))


def test_a_revocation_while_a_renewal_is_under_way_is_not_outrun(
    est: Est, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, peer = holder(est)
    issue = authority.issue_terminal

    def slowly(*given: Any) -> x509.Certificate:
        enrolment.revoke_terminal("t-1", clock.now_ms(), "server")
        return issue(*given)

    monkeypatch.setattr(authority, "issue_terminal", slowly)
    with pytest.raises(Refusal) as caught:
        rules.renew(office, peer, csr(Ed25519PrivateKey.generate()), clock.now())
    assert caught.value.status == 403
    assert [row.revoked_at is None for row in TerminalKey.select()] == [False]


def test_a_revoked_key_does_not_renew(est: Est) -> None:
    office, peer = holder(est)
    enrolment.revoke_terminal("t-1", clock.now_ms(), "server")
    assert refused(office, peer, csr(Ed25519PrivateKey.generate())).status == 403


def test_a_certificate_on_the_list_does_not_renew(est: Est) -> None:
    office, peer = holder(est)
    authority.revoke(office.layout, office.issuing, "t-1", clock.now())
    assert "revocation list" in refused(office, peer, csr(KEY)).text


def test_an_expired_certificate_does_not_renew(est: Est) -> None:
    office, peer = holder(est)
    assert "expired" in refused(office, peer, csr(KEY), days=731).text


def test_a_key_of_another_terminal_is_refused(est: Est) -> None:
    office, peer = holder(est)
    other = Ed25519PrivateKey.generate()
    est.enrol(csr(other, "t-2"), est.invite("t-2"), "t-2")
    assert refused(office, peer, csr(other)).status == 403


def test_a_request_in_anothers_name_is_refused(est: Est) -> None:
    office, peer = holder(est)
    assert refused(office, peer, csr(KEY, "t-2")).status == 400


def test_a_service_of_the_fleet_does_not_renew_here(est: Est) -> None:
    office, _peer = holder(est)
    service = files.read_certificate(office.layout.service_certificate("fleet-ingest"))
    assert "only terminals" in refused(office, service, csr(KEY, None)).text


def test_a_key_lost_in_the_same_moment_is_refused(
    est: Est, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, peer = holder(est)
    monkeypatch.setattr(enrolment, "register", lambda *_, **__: False)
    assert refused(office, peer, csr(KEY)).status == 403
