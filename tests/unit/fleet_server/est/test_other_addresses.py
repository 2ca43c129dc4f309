"""The addresses of EST that need no token."""

import base64

import pytest
from cryptography.x509 import DNSName
from cryptography.x509.verification import PolicyBuilder, Store

from provisioning.pki import files
from tests.fakes.requests import certificates_in
from tests.unit.fleet_server.est.conftest import BASE, Est


def test_cacerts_are_the_root_and_the_issuing_ca(est: Est) -> None:
    answer = est.client.get(f"{BASE}/cacerts")
    layout = est.fleet.layout
    assert answer.headers["Content-Type"] == "application/pkcs7-mime; smime-type=certs-only"
    assert answer.headers["Content-Transfer-Encoding"] == "base64"
    assert set(certificates_in(answer.data)) == {
        files.read_certificate(layout.root_certificate),
        files.read_certificate(layout.issuing_certificate),
    }


def test_the_certificates_stand_a_strict_verifier(est: Est) -> None:
    layout = est.fleet.layout
    store = Store([files.read_certificate(layout.root_certificate)])
    verifier = PolicyBuilder().store(store)
    chain = verifier.build_server_verifier(DNSName("localhost")).verify(
        files.read_certificate(layout.server_certificate),
        [files.read_certificate(layout.issuing_certificate)],
    )
    assert len(chain) == 3


def test_csrattrs_ask_for_an_ed25519_key(est: Est) -> None:
    answer = est.client.get(f"{BASE}/csrattrs")
    assert answer.content_type == "application/csrattrs"
    assert base64.b64decode(answer.data) == bytes.fromhex("300506032b6570")


def test_renewal_needs_the_certificate_in_the_handshake(est: Est) -> None:
    answer = est.client.post(f"{BASE}/simplereenroll", content_type="application/pkcs10")
    assert answer.status_code == 401
    assert b"in the TLS handshake" in answer.data


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", f"{BASE}/fullcmc", 404),
        ("GET", f"{BASE}/simpleenroll", 405),
        ("POST", f"{BASE}/cacerts", 405),
        ("DELETE", f"{BASE}/simplereenroll", 405),
    ],
)
def test_other_requests_are_answered_in_plain_text(
    est: Est, method: str, path: str, status: int
) -> None:
    answer = est.client.open(path, method=method)
    assert answer.status_code == status
    assert answer.content_type == "text/plain; charset=utf-8"
    assert (status == 405) == ("Allow" in answer.headers)
