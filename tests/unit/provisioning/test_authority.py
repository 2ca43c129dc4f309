"""The authorities of a fleet directory on disk."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, crl, files, keylist
from tests.fakes.processes import run
from tests.unit.provisioning.conftest import NOW


def new_terminal(layout: FleetLayout, name: str = "t-1", days: int = 0) -> Path:
    key = Ed25519PrivateKey.generate().public_key()
    issuing = authority.load_issuing(layout)
    at = NOW + timedelta(days=days)
    path = layout.directory / f"{name}-{days}.crt"
    files.write_certificates(path, [authority.issue_terminal(layout, issuing, key, name, at)])
    return path


def crl_check(layout: FleetLayout, certificate: Path, at_days: float = 1) -> str:
    when = str(int((NOW + timedelta(days=at_days)).timestamp()))
    result = run(
        *("openssl", "verify", "-crl_check_all", "-attime", when, "-CAfile", layout.ca_chain),
        *("-CRLfile", layout.crl_chain, certificate),
        check=False,
    )
    return result.stdout + result.stderr


def test_private_keys_can_be_read_by_their_owner_alone(layout: FleetLayout) -> None:
    keys = [
        *(layout.root_key, layout.issuing_key, layout.server_key, layout.fleet_key),
        *(layout.receipt_key, layout.control_key, layout.service_key("fleet-ingest")),
    ]
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (layout.pki, layout.keys)} == {0o700}


def test_no_temporary_file_is_left_behind(layout: FleetLayout) -> None:
    names = {path.name for path in layout.directory.rglob(".*")}
    assert names == {".crl.lock"}


@pytest.mark.parametrize("which", ["root_key", "root_certificate", "issuing_key"])
def test_a_second_root_is_refused_and_nothing_changes(layout: FleetLayout, which: str) -> None:
    kept: Path = getattr(layout, which)
    for other in (layout.root_key, layout.root_certificate, layout.issuing_key):
        if other != kept:
            other.unlink()
    before = {path: path.read_bytes() for path in layout.pki.rglob("*") if path.is_file()}
    with pytest.raises(ProvisioningError, match="one root for its life"):
        authority.create(layout, "Again", NOW)
    assert before == {path: path.read_bytes() for path in layout.pki.rglob("*") if path.is_file()}


def test_a_second_set_of_keys_is_refused(layout: FleetLayout) -> None:
    before = layout.receipt_key.read_bytes()
    with pytest.raises(ProvisioningError, match="exists already"):
        keylist.create(layout, NOW)
    assert layout.receipt_key.read_bytes() == before


def test_an_issuing_key_of_another_fleet_is_refused(layout: FleetLayout) -> None:
    files.write_key(layout.issuing_key, files.new_key())
    with pytest.raises(ProvisioningError, match="is not the key of"):
        authority.load_issuing(layout)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_broken_key_file_is_named_and_not_repeated(layout: FleetLayout, content: bytes) -> None:
    layout.issuing_key.write_bytes(content)
    with pytest.raises(ProvisioningError, match=r"issuing\.key") as caught:
        authority.load_issuing(layout)
    assert "nonsense" not in str(caught.value)


def test_an_ed25519_key_is_no_key_of_an_authority(layout: FleetLayout) -> None:
    layout.issuing_key.write_bytes(layout.fleet_key.read_bytes())
    with pytest.raises(ProvisioningError, match="not an elliptic curve key"):
        authority.load_issuing(layout)


def test_a_broken_certificate_and_a_broken_list_are_named(layout: FleetLayout) -> None:
    layout.issuing_certificate.write_text("nonsense")
    with pytest.raises(ProvisioningError, match=r"issuing\.crt: no certificate"):
        files.read_certificate(layout.issuing_certificate)
    layout.issuing_crl.write_text("nonsense")
    with pytest.raises(ProvisioningError, match=r"issuing\.crl: no revocation list"):
        files.read_crl(layout.issuing_crl)


def test_a_new_fleet_has_revoked_nobody(layout: FleetLayout) -> None:
    assert crl_check(layout, new_terminal(layout)).endswith("OK\n")
    assert crl_check(layout, layout.server_certificate).endswith("OK\n")


def test_a_revocation_finds_every_certificate_of_the_terminal(layout: FleetLayout) -> None:
    older, newer, other = (
        new_terminal(layout),
        new_terminal(layout, days=1),
        new_terminal(layout, "t-10"),
    )
    issuing = authority.load_issuing(layout)
    assert authority.revoke(layout, issuing, "t-1", NOW + timedelta(days=1)) == 2
    assert "certificate revoked" in crl_check(layout, older, 2)
    assert "certificate revoked" in crl_check(layout, newer, 2)
    assert crl_check(layout, other, 2).endswith("OK\n")


def test_an_expired_certificate_need_not_be_revoked(layout: FleetLayout) -> None:
    new_terminal(layout)
    issuing = authority.load_issuing(layout)
    assert authority.revoke(layout, issuing, "t-1", NOW + timedelta(days=800)) == 0


def test_the_list_is_good_for_30_days_and_then_no_longer(layout: FleetLayout) -> None:
    terminal = new_terminal(layout)
    assert crl_check(layout, terminal, 29).endswith("OK\n")
    assert "CRL has expired" in crl_check(layout, terminal, 31)
    crl.renew(layout, authority.load_issuing(layout), NOW + timedelta(days=25))
    assert crl_check(layout, terminal, 31).endswith("OK\n")


def test_a_renewed_list_keeps_who_was_revoked_and_when(layout: FleetLayout) -> None:
    new_terminal(layout)
    issuing = authority.load_issuing(layout)
    authority.revoke(layout, issuing, "t-1", NOW)
    first = files.read_crl(layout.issuing_crl)
    crl.renew(layout, issuing, NOW + timedelta(days=9))
    authority.revoke(layout, issuing, "t-1", NOW + timedelta(days=10))
    last = files.read_crl(layout.issuing_crl)
    assert [one.serial_number for one in last] == [one.serial_number for one in first] != []
    assert [one.revocation_date_utc for one in last] == [NOW]


def test_the_numbers_of_the_lists_grow(layout: FleetLayout) -> None:
    issuing = authority.load_issuing(layout)
    crl.renew(layout, issuing, NOW)
    crl.renew(layout, issuing, NOW)
    text = run("openssl", "crl", "-in", layout.issuing_crl, "-noout", "-crlnumber").stdout
    assert int(text.partition("=")[2], 16) == 3


def test_a_list_that_another_authority_signed_is_not_taken_over(
    layout: FleetLayout, tmp_path: Path
) -> None:
    other = FleetLayout(tmp_path / "other")
    authority.create(other, "Other", NOW)
    layout.issuing_crl.write_bytes(other.issuing_crl.read_bytes())
    with pytest.raises(ProvisioningError, match="not signed by"):
        crl.renew(layout, authority.load_issuing(layout), NOW)
    assert layout.issuing_crl.read_bytes() == other.issuing_crl.read_bytes()


def test_a_list_is_renewed_once_a_day(layout: FleetLayout) -> None:
    issuing = authority.load_issuing(layout)
    hours = [0, 1, 23, 25, 26, 48, 50]
    renewed = [crl.renew_if_old(layout, issuing, NOW + timedelta(hours=n)) for n in hours]
    assert renewed == [False, False, False, True, False, False, True]


def test_a_list_from_the_future_is_renewed_when_the_clock_is_right_again(
    layout: FleetLayout,
) -> None:
    issuing = authority.load_issuing(layout)
    assert crl.renew_if_old(layout, issuing, NOW - timedelta(days=100))
    layout.issuing_crl.unlink()
    assert crl.renew_if_old(layout, issuing, NOW)


def test_who_is_revoked_is_read_again_when_the_list_changes(layout: FleetLayout) -> None:
    revoked, issuing = crl.Revoked(layout), authority.load_issuing(layout)
    certificate = files.read_certificate(new_terminal(layout))
    assert certificate not in revoked.listed()
    authority.revoke(layout, issuing, "t-1", NOW)
    assert certificate in revoked.listed()
    assert revoked.listed() is revoked.listed()


def test_for_whom_the_list_does_not_speak_nobody_vouches(layout: FleetLayout) -> None:
    other = certificates.make_root(files.new_key(), "Another fleet", NOW)
    key = Ed25519PrivateKey.generate().public_key()
    listed = crl.Revoked(layout).listed()
    assert certificates.issue_terminal(other, key, "t-1", NOW) in listed
    assert files.read_certificate(layout.issuing_certificate) in listed
    assert "t-1" not in listed


def test_a_certificate_that_does_not_say_whose_it_is_is_refused(layout: FleetLayout) -> None:
    issuing = authority.load_issuing(layout)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "fleet-ingest")])
    forged = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuing.certificate.subject)
        .public_key(files.new_key().public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(issuing.key, hashes.SHA256())
    )
    assert forged in crl.Revoked(layout).listed()


def test_without_a_readable_list_nobody_is_told_that_nobody_is_revoked(
    layout: FleetLayout,
) -> None:
    revoked = crl.Revoked(layout)
    revoked.listed()
    layout.issuing_crl.write_text("nonsense")
    with pytest.raises(ProvisioningError, match="no revocation list"):
        revoked.listed()
    layout.issuing_crl.unlink()
    with pytest.raises(ProvisioningError, match="can't be read"):
        revoked.listed()
