"""Every certificate as openssl reads it, not as we do."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, files
from tests.fakes.authorities import terminal_certificate
from tests.fakes.processes import run
from tests.unit.provisioning.conftest import NOW

DURING = str(int((NOW + timedelta(days=30)).timestamp()))


def text_of(certificate: Path) -> str:
    # Spaces around "=" differ between versions of OpenSSL.
    words = ("-noout", "-text", "-nameopt", "oneline,utf8,-esc_msb")
    return run("openssl", "x509", "-in", certificate, *words).stdout.replace(" = ", "=")


def verify(layout: FleetLayout, certificate: Path, *more: str, check: bool = True) -> str:
    result = run(
        *("openssl", "verify", "-x509_strict", "-attime", DURING, *more),
        *("-CAfile", layout.root_certificate, "-untrusted", layout.issuing_certificate),
        certificate,
        check=check,
    )
    return result.stdout + result.stderr


def test_the_root_is_an_authority_over_authorities(layout: FleetLayout) -> None:
    text = text_of(layout.root_certificate)
    assert "Issuer: O=Thử nghiệm, CN=Hailong fleet root" in text
    assert "Subject: O=Thử nghiệm, CN=Hailong fleet root" in text
    assert "X509v3 Basic Constraints: critical\n                CA:TRUE, pathlen:1" in text
    assert "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign" in text
    assert "ASN1 OID: prime256v1" in text


def test_the_issuing_ca_may_sign_end_certificates_only(layout: FleetLayout) -> None:
    text = text_of(layout.issuing_certificate)
    assert "CA:TRUE, pathlen:0" in text
    assert "Certificate Sign, CRL Sign" in text
    assert "Digital Signature" not in text
    assert layout.issuing_certificate.name in verify(layout, layout.issuing_certificate)


def test_the_server_certificate_serves_under_each_of_its_names(layout: FleetLayout) -> None:
    text = text_of(layout.server_certificate)
    assert "X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n" in text
    assert "X509v3 Key Usage: critical\n                Digital Signature\n" in text
    assert "CA:FALSE" in text
    assert "DNS:fleet.example, IP Address:10.1.2.3, IP Address:0:0:0:0:0:0:0:1" in text
    path = layout.server_certificate
    assert "OK" in verify(
        layout, path, "-purpose", "sslserver", "-verify_hostname", "fleet.example"
    )
    assert "OK" in verify(layout, path, "-purpose", "sslserver", "-verify_ip", "10.1.2.3")


def test_the_server_certificate_carries_the_issuing_ca_after_it(layout: FleetLayout) -> None:
    chain = x509.load_pem_x509_certificates(layout.server_certificate.read_bytes())
    assert chain[1:] == [files.read_certificate(layout.issuing_certificate)]


def test_a_terminals_certificate_holds_its_ed25519_key_and_its_name(layout: FleetLayout) -> None:
    text = text_of(terminal_certificate(layout, "t-1", NOW))
    assert "Subject: CN=t-1\n" in text
    assert "Public Key Algorithm: ED25519" in text
    assert "Signature Algorithm: ecdsa-with-SHA256" in text
    assert "X509v3 Extended Key Usage: \n                TLS Web Client Authentication\n" in text
    assert "X509v3 Basic Constraints: critical\n                CA:FALSE" in text
    assert "X509v3 Key Usage: critical\n                Digital Signature\n" in text
    assert "X509v3 Subject Key Identifier" in text


def test_clients_are_no_servers_and_the_server_is_no_client(layout: FleetLayout) -> None:
    terminal = terminal_certificate(layout, "t-1", NOW)
    assert "OK" in verify(layout, terminal, "-purpose", "sslclient")
    assert "OK" not in verify(layout, terminal, "-purpose", "sslserver", check=False)
    server = layout.server_certificate
    assert "OK" not in verify(layout, server, "-purpose", "sslclient", check=False)


def test_a_terminal_cannot_sign_certificates(layout: FleetLayout, tmp_path: Path) -> None:
    terminal = terminal_certificate(layout, "t-1", NOW)
    result = run(
        *("openssl", "verify", "-attime", DURING, "-CAfile", layout.root_certificate),
        *("-untrusted", layout.issuing_certificate, "-purpose", "crlsign", terminal),
        check=False,
    )
    assert result.returncode != 0


def test_a_services_certificate_names_its_unit(layout: FleetLayout) -> None:
    certificate = layout.service_certificate("fleet-ingest")
    assert "Subject: OU=fleet-service, CN=fleet-ingest\n" in text_of(certificate)
    assert "OK" in verify(layout, certificate, "-purpose", "sslclient")


def test_each_certificate_names_the_key_that_signed_it(layout: FleetLayout) -> None:
    issuing = files.read_certificate(layout.issuing_certificate)
    signer = issuing.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    for path in (layout.server_certificate, terminal_certificate(layout, "t-1", NOW)):
        extensions = files.read_certificate(path).extensions
        named = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        assert named.key_identifier == signer


def test_serial_numbers_are_random_and_large(layout: FleetLayout) -> None:
    numbers = {
        files.read_certificate(terminal_certificate(layout, f"t-{n}", NOW)).serial_number
        for n in range(20)
    }
    assert len(numbers) == 20
    assert max(numbers).bit_length() > 128


def test_validity_begins_a_little_earlier_for_clocks_that_differ(layout: FleetLayout) -> None:
    certificate = files.read_certificate(terminal_certificate(layout, "t-1", NOW))
    assert certificate.not_valid_before_utc == NOW - timedelta(hours=1)
    assert certificate.not_valid_after_utc == NOW + timedelta(days=730)


@pytest.mark.parametrize("name", ["", "a b", "-a.example", "a..b", "a" * 64, "*", "thử.vn", "a\n"])
def test_what_is_no_host_name_is_refused(layout: FleetLayout, name: str) -> None:
    issuing = authority.load_issuing(layout)
    with pytest.raises(ProvisioningError, match="neither a host name nor an address"):
        authority.write_server(layout, issuing, [name], NOW)


@given(st.text(max_size=300))
def test_any_name_stands_in_a_certificate_or_is_refused(name: str) -> None:
    root = certificates.make_root(KEY, "Fleet", NOW)
    try:
        certificate = certificates.issue_server(root, KEY.public_key(), [name], NOW)
    except ProvisioningError:
        return
    extensions = certificate.extensions
    found = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert len(found) == 1


KEY = files.new_key()
