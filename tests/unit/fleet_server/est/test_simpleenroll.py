"""The first certificate, for a one-time token."""

import base64
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from fleet_server import clock
from fleet_server.est import app as est_app
from fleet_server.est.app import create_est_app
from fleet_server.store import enrolment
from fleet_server.store.models import EnrolmentToken, Terminal, TerminalKey
from provisioning.pki import certificates, files
from tests.fakes.authorities import end_the_issuing_ca
from tests.fakes.requests import certificates_in, csr
from tests.unit.fleet_server.est.conftest import BASE, Est
from wire import keys


@pytest.fixture
def key() -> Ed25519PrivateKey:
    """A terminal's key."""
    return Ed25519PrivateKey.generate()


def kid(key: Ed25519PrivateKey) -> str:
    return keys.kid_of(keys.public_from_bytes(key.public_key().public_bytes_raw()))


def state() -> list[object]:
    """Everything that a refusal must leave as it is."""
    return [*EnrolmentToken.select().dicts(), *TerminalKey.select().dicts()]


def test_a_token_brings_a_certificate_for_the_terminals_own_key(
    est: Est, key: Ed25519PrivateKey
) -> None:
    answer = est.enrol(csr(key), est.invite())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pkcs7-mime; smime-type=certs-only"
    assert answer.headers["Content-Transfer-Encoding"] == "base64"
    (certificate,) = certificates_in(answer.data)
    assert certificate.public_key() == key.public_key()
    assert certificates.common_name(certificate) == "t-1"


def test_the_key_is_entered_in_the_registry(est: Est, key: Ed25519PrivateKey) -> None:
    (certificate,) = certificates_in(est.enrol(csr(key), est.invite()).data)
    row = TerminalKey.get_by_id(kid(key))
    assert (row.terminal_id, row.revoked_at) == ("t-1", None)
    assert row.serial == str(certificate.serial_number)
    assert keys.kid_of(keys.public_from_x(row.x)) == kid(key)
    assert row.not_after == int(certificate.not_valid_after_utc.timestamp() * 1000)


def test_a_request_without_a_name_is_taken(est: Est, key: Ed25519PrivateKey) -> None:
    (certificate,) = certificates_in(est.enrol(csr(key, None), est.invite()).data)
    assert certificates.common_name(certificate) == "t-1"


def test_the_same_token_and_key_bring_the_same_certificate_again(
    est: Est, key: Ed25519PrivateKey
) -> None:
    token = est.invite()
    first, second = est.enrol(csr(key), token), est.enrol(csr(key), token)
    assert certificates_in(first.data) == certificates_in(second.data)
    assert EnrolmentToken.get().issued_count == 2


def test_what_a_former_authority_signed_is_not_repeated(est: Est, key: Ed25519PrivateKey) -> None:
    layout = est.fleet.layout
    (before,) = certificates_in(est.enrol(csr(key), est.invite()).data)
    end_the_issuing_ca(layout)
    again = Est(est.fleet, create_est_app(est.fleet).test_client())
    (after,) = certificates_in(again.enrol(csr(key), est.invite("t-1", "--again")).data)
    assert after.public_key() == before.public_key()
    after.verify_directly_issued_by(files.read_certificate(layout.issuing_certificate))


def test_the_token_is_bound_to_the_first_key(est: Est, key: Ed25519PrivateKey) -> None:
    token = est.invite()
    est.enrol(csr(key), token)
    before = state()
    answer = est.enrol(csr(Ed25519PrivateKey.generate()), token)
    assert answer.status_code == 403
    assert b"used with another key" in answer.data
    assert state() == before


def test_a_closed_token_says_so(est: Est, key: Ed25519PrivateKey) -> None:
    token = est.invite()
    est.enrol(csr(key), token)
    assert enrolment.close_token("t-1", clock.now_ms())
    before = state()
    answer = est.enrol(csr(key), token)
    assert answer.status_code == 401
    assert b"has done its work" in answer.data
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert state() == before


def test_a_token_nobody_used_yet_is_not_closed_by_the_old_device(est: Est) -> None:
    est.invite()
    assert not enrolment.close_token("t-1", clock.now_ms())
    assert EnrolmentToken.get().closed_at is None


def test_a_token_is_not_closed_by_another_key_of_the_terminal(
    est: Est, key: Ed25519PrivateKey
) -> None:
    est.enrol(csr(key), est.invite())
    assert not enrolment.close_token("t-1", clock.now_ms(), kid(Ed25519PrivateKey.generate()))
    assert enrolment.close_token("t-1", clock.now_ms(), kid(key))
    assert not enrolment.close_token("t-1", clock.now_ms(), kid(key))


def test_an_expired_token_says_so(
    est: Est, key: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = est.invite("t-1", "--valid-days", "1")
    late = clock.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr("fleet_server.est.views.clock.now", lambda: late)
    before = state()
    answer = est.enrol(csr(key), token)
    assert answer.status_code == 401
    assert b"has expired" in answer.data
    assert state() == before


@pytest.mark.parametrize("terminal", ["t-2", "t-9", "", "T", "x" * 100, "t-1\x00", "đ"])
def test_another_terminals_token_is_no_token(
    est: Est, key: Ed25519PrivateKey, terminal: str
) -> None:
    token = est.invite()
    est.invite("t-2")
    before = state()
    assert est.enrol(csr(key, None), token, terminal).status_code == 401
    assert state() == before


def test_an_earlier_token_no_longer_counts(est: Est, key: Ed25519PrivateKey) -> None:
    old = est.invite()
    new = est.invite("t-1", "--again")
    refused = est.enrol(csr(key), old)
    assert refused.status_code == 401
    assert b"a newer enrolment file has replaced this one" in refused.data
    assert b"done its work" not in refused.data
    assert est.enrol(csr(key), new).status_code == 200


def test_a_retired_terminal_does_not_enrol(est: Est, key: Ed25519PrivateKey) -> None:
    token = est.invite()
    Terminal.update(retired_at=1).execute()
    refused = est.enrol(csr(key), token)
    assert refused.status_code == 401
    assert b"was taken out of use" in refused.data


@pytest.mark.parametrize("used", [False, True])
def test_a_revoked_terminal_hears_that_it_was_revoked(
    est: Est, key: Ed25519PrivateKey, used: bool
) -> None:
    token = est.invite()
    if used:
        est.enrol(csr(key), token)
        enrolment.close_token("t-1", clock.now_ms())
    enrolment.revoke_terminal("t-1", clock.now_ms(), "server")
    refused = est.enrol(csr(key), token)
    assert refused.status_code == 401
    assert b"this terminal was revoked" in refused.data


def test_who_guesses_a_token_hears_nothing_of_the_terminal(
    est: Est, key: Ed25519PrivateKey
) -> None:
    est.invite()
    said = [est.enrol(csr(key, None), "A" * 43, name).data for name in ("t-1", "t-9")]
    enrolment.revoke_terminal("t-1", clock.now_ms(), "server")
    Terminal.update(retired_at=1).execute()
    assert {*said, est.enrol(csr(key), "A" * 43).data} == {said[0]}
    assert b"unknown terminal or token" in said[0]


def test_a_key_of_another_terminal_is_refused(est: Est, key: Ed25519PrivateKey) -> None:
    est.enrol(csr(key), est.invite())
    token = est.invite("t-2")
    before = state()
    answer = est.enrol(csr(key, "t-2"), token, "t-2")
    assert answer.status_code == 403
    assert state() == before


def test_a_revoked_key_is_refused(est: Est, key: Ed25519PrivateKey) -> None:
    est.enrol(csr(key), est.invite())
    enrolment.revoke_terminal("t-1", clock.now_ms(), "server")
    token = est.invite("t-1", "--again")
    before = state()
    assert est.enrol(csr(key), token).status_code == 403
    assert state() == before


def _request(private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return base64.encodebytes(builder.sign(private, hashes.SHA256()).public_bytes(Encoding.DER))


def _forged(body: bytes) -> bytes:
    raw = bytearray(base64.b64decode(body))
    raw[-1] ^= 1
    return base64.encodebytes(raw)


def test_requests_that_are_wrong_say_what_is_wrong(est: Est, key: Ed25519PrivateKey) -> None:
    token = est.invite()
    before = state()
    for body, complaint in [
        (b"", b"not a PKCS#10 request"),
        (b"!!!!", b"not a PKCS#10 request"),
        (base64.encodebytes(b"nonsense"), b"not a PKCS#10 request"),
        (base64.b64decode(csr(key)), b"not a PKCS#10 request"),
        (_request(ec.generate_private_key(ec.SECP256R1())), b"must be an Ed25519 key"),
        (_request(rsa.generate_private_key(65537, 2048)), b"must be an Ed25519 key"),
        (_forged(csr(key)), b"signature is wrong"),
        (csr(key, "t-2"), b"common name must be t-1"),
        (csr(key, "T-1"), b"common name must be t-1"),
    ]:
        answer = est.enrol(body, token)
        assert (answer.status_code, complaint in answer.data) == (400, True), answer.data
        assert answer.content_type == "text/plain; charset=utf-8"
    assert state() == before


def test_a_request_of_an_unknown_version_is_refused(est: Est, key: Ed25519PrivateKey) -> None:
    of_a_later_version = base64.b64decode(csr(key)).replace(b"\x02\x01\x00", b"\x02\x01\x07", 1)
    answer = est.enrol(base64.b64encode(of_a_later_version), est.invite())
    assert answer.status_code == 400
    assert "not a PKCS#10 request" in answer.get_data(as_text=True)


def test_a_body_of_another_kind_is_refused(est: Est, key: Ed25519PrivateKey) -> None:
    assert est.enrol(csr(key), est.invite(), kind="text/plain").status_code == 415


def test_a_body_above_16_kib_is_refused(est: Est) -> None:
    assert est.enrol(b"A" * 16_385, est.invite()).status_code == 413


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!", "Basic dDox", "Bearer x", "Basic Og=="]
)
def test_without_a_token_the_answer_asks_for_one(est: Est, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = est.client.post(
        f"{BASE}/simpleenroll", headers=headers, content_type="application/pkcs10"
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_guessing_is_slowed_down_for_one_terminal_at_a_time(
    est: Est, key: Ed25519PrivateKey
) -> None:
    token, other = est.invite(), est.invite("t-2")
    count = int(est_app.FAILURES.split()[0])
    answers = [est.enrol(csr(key), f"guess-{n}").status_code for n in range(count + 1)]
    assert answers == [401] * count + [429]
    assert est.enrol(csr(key), token).status_code == 429
    assert est.enrol(csr(key, "t-2"), other, "t-2").status_code == 200


def test_successes_are_not_counted_as_guesses(est: Est, key: Ed25519PrivateKey) -> None:
    token = est.invite()
    assert {est.enrol(csr(key), token).status_code for _ in range(25)} == {200}


def test_the_answer_to_a_failure_of_ours_tells_no_secret(
    est: Est, key: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = est.invite()

    def fail(*_: object) -> bool:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(enrolment, "enrol", fail)
    answer = est.enrol(csr(key), token)
    assert answer.status_code == 500
    assert b"secret detail" not in answer.data


def test_a_token_lost_to_another_key_in_the_same_moment_is_refused(
    est: Est, key: Ed25519PrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = est.invite()
    monkeypatch.setattr(enrolment, "enrol", lambda *_: False)
    assert est.enrol(csr(key), token).status_code == 403
    assert TerminalKey.select().count() == 0


def test_the_registry_binds_and_enters_both_or_neither(est: Est, key: Ed25519PrivateKey) -> None:
    token = est.invite()
    est.enrol(csr(key), token)
    held = EnrolmentToken.get()
    other = enrolment.Issued("other", "x", "pem", "1", 1)
    assert not enrolment.enrol(held.id, "t-1", other, 1)
    mine = enrolment.Issued(kid(key), "x", "pem", "1", 1)
    est.invite("t-2")
    assert not enrolment.enrol(EnrolmentToken.select()[-1].id, "t-2", mine, 1)
    assert not enrolment.register("t-2", mine, 1)
    assert [row.kid for row in TerminalKey.select()] == [kid(key)]
    assert [row.bound_kid for row in EnrolmentToken.select()] == [kid(key), None]
