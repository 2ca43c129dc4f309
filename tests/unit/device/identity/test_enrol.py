"""Enrolling at the real enrolment server, whatever happens on the way."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from device.errors import DeviceError, UsageError
from device.identity import certificate
from device.identity.certificate import CertificateError
from device.identity.enrol import forget_token, present_certificate, renew
from device.identity.est import EstError
from device.identity.files import IdentityFiles
from tests.fakes.fleets import new_fleet, shorten
from tests.fakes.ports import free_ports
from tests.unit.device.identity.conftest import Newcomer
from wire import keys
from wire.enrolment import EnrolmentFile, dump_toml, load_toml


def change(newcomer: Newcomer, **fields: object) -> EnrolmentFile:
    given = replace(load_toml(newcomer.enrolment.read_text()), **fields)  # type: ignore[arg-type]
    newcomer.enrolment.write_text(dump_toml(given))
    return given


def test_enrolling_stores_key_certificate_root_and_fleet(newcomer: Newcomer) -> None:
    assert newcomer.enrol()
    files = newcomer.files
    assert files.key.stat().st_mode & 0o777 == 0o600
    leaf, issuing = x509.load_pem_x509_certificates(files.certificate.read_bytes())
    assert certificate.common_name(leaf) == newcomer.id
    leaf.verify_directly_issued_by(issuing)
    fleet = files.read_fleet()
    assert fleet is not None
    given = load_toml(newcomer.enrolment.read_text())
    assert (fleet.terminal, fleet.fleet_key_x) == (newcomer.id, given.fleet_key_x)
    assert (fleet.mqtt_host, fleet.mqtt_port) == (given.mqtt_host, given.mqtt_port)
    assert files.read_root() == given.fleet_root_pem


def test_a_token_is_a_wish_to_be_asked_for_also_by_a_terminal_that_has_a_certificate(
    newcomer: Newcomer,
) -> None:
    newcomer.enrol()
    before = newcomer.files.certificate.read_bytes()
    assert newcomer.enrol(), "the server was asked"
    assert newcomer.files.certificate.read_bytes() == before, "the same token and key get it again"
    assert forget_token(newcomer.enrolment)
    assert not newcomer.enrol()


def test_a_server_that_is_away_leaves_a_terminal_its_certificate(newcomer: Newcomer) -> None:
    newcomer.enrol()
    before = newcomer.files.certificate.read_bytes()
    change(newcomer, est_url=f"https://localhost:{free_ports(1)[0]}")
    assert not newcomer.enrol()
    assert newcomer.files.certificate.read_bytes() == before


def test_an_enrolled_terminal_needs_no_enrolment_file_any_more(newcomer: Newcomer) -> None:
    newcomer.enrol()
    newcomer.enrolment.unlink()
    assert not newcomer.enrol()


def test_a_power_cut_before_the_certificate_was_stored_costs_nothing(newcomer: Newcomer) -> None:
    newcomer.enrol()
    key = newcomer.files.key.read_bytes()
    newcomer.files.certificate.unlink()
    assert newcomer.enrol()
    assert newcomer.files.key.read_bytes() == key


def test_a_power_cut_after_the_key_costs_nothing(newcomer: Newcomer) -> None:
    key = newcomer.files.load_or_make_key()
    assert newcomer.enrol()
    assert keys.kid_of(newcomer.files.load_or_make_key()) == keys.kid_of(key)


def test_another_key_cannot_use_the_token(newcomer: Newcomer, tmp_path: Path) -> None:
    newcomer.enrol()
    newcomer.files = IdentityFiles(tmp_path / "another")
    with pytest.raises(EstError, match=r"403.*another key") as refused:
        newcomer.enrol()
    assert refused.value.status == 403
    assert not refused.value.temporary


def test_a_wrong_token_is_refused_with_what_to_do(newcomer: Newcomer) -> None:
    change(newcomer, token="x" * 43)
    with pytest.raises(EstError, match=r"401.*new enrolment file"):
        newcomer.enrol()


def test_the_token_is_never_in_a_message(newcomer: Newcomer) -> None:
    given = change(newcomer, token="secret-secret-secret-1")
    with pytest.raises(EstError) as refused:
        newcomer.enrol()
    assert str(given.token) not in str(refused.value)


def test_a_token_known_to_be_expired_is_not_sent(newcomer: Newcomer) -> None:
    change(newcomer, expires=1_000, est_url=f"https://localhost:{free_ports(1)[0]}")
    with pytest.raises(UsageError, match="expired"):
        newcomer.enrol()


def test_a_file_without_a_token_is_refused_with_what_to_do(newcomer: Newcomer) -> None:
    change(newcomer, token=None)
    with pytest.raises(UsageError, match="holds no token"):
        newcomer.enrol()


def test_a_file_for_another_terminal_is_refused(newcomer: Newcomer) -> None:
    newcomer.id = "t-other"
    with pytest.raises(UsageError, match=r"is for terminal t-.*, but this is t-other"):
        newcomer.enrol()


def test_a_missing_file_is_named(newcomer: Newcomer) -> None:
    newcomer.enrolment.unlink()
    with pytest.raises(UsageError, match=r"enrolment\.toml: cannot be read"):
        newcomer.enrol()


@pytest.mark.parametrize("content", [b"\xff", b"x", b"terminal = 1", b"a" * 20_000])
def test_a_file_that_is_none_is_named(newcomer: Newcomer, content: bytes) -> None:
    newcomer.enrolment.write_bytes(content)
    with pytest.raises(UsageError, match=r"enrolment\.toml: "):
        newcomer.enrol()


@pytest.mark.usefixtures("engine")
def test_a_server_of_another_fleet_gets_no_token(newcomer: Newcomer, tmp_path: Path) -> None:
    other = new_fleet(tmp_path / "other")
    change(newcomer, fleet_root_pem=other.layout.root_certificate.read_text())
    with pytest.raises(EstError, match="is not this fleet's enrolment server") as refused:
        newcomer.enrol()
    assert not refused.value.temporary


def test_a_server_that_is_away_may_be_tried_later(newcomer: Newcomer) -> None:
    change(newcomer, est_url=f"https://localhost:{free_ports(1)[0]}")
    with pytest.raises(EstError, match="cannot be reached") as failed:
        newcomer.enrol()
    assert failed.value.temporary


def test_a_clock_in_1970_keeps_nobody_from_enrolling(newcomer: Newcomer) -> None:
    newcomer.clock.at, newcomer.clock.now_is = 0, "unset"
    assert newcomer.enrol()


def test_a_damaged_key_is_put_aside_and_a_new_one_made(newcomer: Newcomer) -> None:
    newcomer.files.load_or_make_key()
    newcomer.files.key.write_bytes(b"nothing")
    key = newcomer.files.load_or_make_key()
    assert newcomer.files.key.with_name("device.key.damaged-1").read_bytes() == b"nothing"
    assert keys.kid_of(newcomer.files.load_or_make_key()) == keys.kid_of(key)


def test_a_damaged_fleet_file_is_one_clear_error(newcomer: Newcomer) -> None:
    newcomer.enrol()
    newcomer.files.fleet.write_text('{"terminal": 1}')
    with pytest.raises(DeviceError, match="enrol this terminal again"):
        newcomer.files.read_fleet()


def test_the_token_is_deleted_and_the_rest_kept(newcomer: Newcomer) -> None:
    given = load_toml(newcomer.enrolment.read_text())
    assert forget_token(newcomer.enrolment)
    assert load_toml(newcomer.enrolment.read_text()) == given.without_secrets()
    assert not forget_token(newcomer.enrolment)
    newcomer.enrolment.unlink()
    assert not forget_token(newcomer.enrolment)


# ---- renewal ----


def short_lived(newcomer: Newcomer, lived: timedelta) -> None:
    """Put a certificate of 90 days in the place of the real one."""
    shorten(newcomer.fleet, newcomer.id, newcomer.files, timedelta(days=90) - lived)


def renewed(newcomer: Newcomer) -> bool:
    fleet = newcomer.files.read_fleet()
    assert fleet is not None
    newcomer.clock.at = int(datetime.now(UTC).timestamp() * 1000)
    return renew(newcomer.files, fleet, newcomer.files.load_or_make_key(), newcomer.clock)


def test_a_certificate_with_a_third_of_its_time_left_is_renewed(newcomer: Newcomer) -> None:
    newcomer.enrol()
    short_lived(newcomer, timedelta(days=61))
    before = newcomer.files.certificate.read_bytes()
    assert renewed(newcomer)
    assert newcomer.files.certificate.read_bytes() != before
    key = newcomer.files.load_or_make_key()
    assert present_certificate(newcomer.files, key, newcomer.id) is not None
    assert not renewed(newcomer)


def test_a_young_certificate_is_left_alone(newcomer: Newcomer) -> None:
    newcomer.enrol()
    short_lived(newcomer, timedelta(days=59))
    assert not renewed(newcomer)


def test_without_the_time_nothing_is_renewed(newcomer: Newcomer) -> None:
    newcomer.enrol()
    short_lived(newcomer, timedelta(days=80))
    newcomer.clock.now_is = "unset"
    assert not renewed(newcomer)


# ---- what a server might send ----


def test_a_certificate_for_another_key_name_or_root_is_refused(newcomer: Newcomer) -> None:
    newcomer.enrol()
    files = newcomer.files
    key, root = files.load_or_make_key(), files.read_root()
    leaf, issuing = x509.load_pem_x509_certificates(files.certificate.read_bytes())
    with pytest.raises(CertificateError, match="no certificate for this terminal's key"):
        certificate.chain_for([leaf, issuing], keys.generate(), newcomer.id, root)
    with pytest.raises(CertificateError, match="another name"):
        certificate.chain_for([leaf, issuing], key, "t-other", root)
    with pytest.raises(CertificateError, match="does not lead"):
        certificate.chain_for([leaf], key, newcomer.id, root)


def test_a_damaged_certificate_counts_as_none(newcomer: Newcomer) -> None:
    newcomer.enrol()
    key = newcomer.files.load_or_make_key()
    whole = newcomer.files.certificate.read_bytes()
    newcomer.files.write_certificate(re.sub(b"[A-Z]{2}\n", b"", whole))
    assert present_certificate(newcomer.files, key, newcomer.id) is None


def test_a_damaged_root_is_put_back_from_the_enrolment_file(newcomer: Newcomer) -> None:
    newcomer.enrol()
    forget_token(newcomer.enrolment)
    key, whole = newcomer.files.load_or_make_key(), newcomer.files.read_root()
    newcomer.files.root.write_bytes(b"\xff" + whole.encode()[1:])
    assert present_certificate(newcomer.files, key, newcomer.id) is None
    assert not newcomer.enrol(), "the certificate of before stays"
    assert newcomer.files.read_root() == whole
    assert present_certificate(newcomer.files, key, newcomer.id) is not None
