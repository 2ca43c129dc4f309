"""The daily renewal of the revocation list."""

import threading
from datetime import timedelta

import pytest
from cryptography import x509

from fleet_server import clock
from fleet_server.est import peer, renewal
from fleet_server.est.rules import Office
from fleet_server.revocation import heed
from fleet_server.store import database, enrolment
from fleet_server.store.edits import terminals
from fleet_server.store.models import TerminalKey
from provisioning.pki import crl, files
from provisioning.pki.entries import entries_of
from tests.fakes.fleets import Identity, enrolled
from tests.fakes.wait import eventually
from tests.unit.fleet_server.est.conftest import Est

real = files.read_certificate


def test_a_list_of_yesterday_is_renewed(est: Est) -> None:
    office = peer.office_of(est.client.application)
    crl.renew(office.layout, office.issuing, clock.now() - timedelta(days=2))
    old = files.read_crl(office.layout.issuing_crl)
    renewal.start(office)
    eventually(lambda: files.read_crl(office.layout.issuing_crl) != old, 10, "the list renewed")


def test_a_list_that_cannot_be_renewed_is_logged_and_left(
    est: Est, capsys: pytest.CaptureFixture[str]
) -> None:
    office = peer.office_of(est.client.application)
    office.layout.issuing_crl.write_text("nonsense")
    renewal.look(office)
    assert "revocation list not renewed" in capsys.readouterr().out
    assert office.layout.issuing_crl.read_text() == "nonsense"


def test_who_is_revoked_in_the_registry_comes_onto_the_list(est: Est) -> None:
    office = peer.office_of(est.client.application)
    thief, other = (enrolled(est.fleet, name) for name in ("t-1", "t-2"))
    database.open_database(est.fleet.database.url)
    # As a page does it, which can't read the issuing key.
    enrolment.revoke_terminal("t-1", clock.now_ms(), "person:x")
    renewal.look(office)
    listed = office.revoked.listed()
    assert files.read_certificate(thief.certificate) in listed
    assert files.read_certificate(other.certificate) not in listed
    before = office.layout.issuing_crl.read_bytes()
    renewal.look(office)
    assert office.layout.issuing_crl.read_bytes() == before


def test_who_is_out_of_use_or_was_replaced_comes_onto_the_list_but_stays_believed(
    est: Est,
) -> None:
    office, now = peer.office_of(est.client.application), clock.now_ms()
    retired, rotated = (enrolled(est.fleet, name) for name in ("t-1", "t-2"))
    database.open_database(est.fleet.database.url)
    terminals.retire("t-1", None, "broken", now, "person:x")
    TerminalKey.update(replaced_at=now).where(TerminalKey.terminal == "t-2").execute()
    renewal.look(office)
    assert reason(office, retired) == x509.ReasonFlags.cessation_of_operation
    assert reason(office, rotated) == x509.ReasonFlags.superseded
    heed(office.layout)
    assert [row.revoked_at for row in TerminalKey.select()] == [None, None]


def test_who_is_out_of_use_and_then_found_stolen_is_believed_no_more(est: Est) -> None:
    office, now = peer.office_of(est.client.application), clock.now_ms()
    card = enrolled(est.fleet, "t-1")
    database.open_database(est.fleet.database.url)
    terminals.retire("t-1", None, "broken", now, "person:x")
    renewal.look(office)
    enrolment.revoke_terminal("t-1", now, "person:x")
    renewal.look(office)
    assert reason(office, card) is None
    # A backup that was put back has forgotten the revocation; the list has not.
    TerminalKey.update(revoked_at=None).execute()
    renewal.look(office)
    assert reason(office, card) is None
    heed(office.layout)
    assert TerminalKey.get().revoked_at is not None


def reason(office: Office, card: Identity) -> x509.ReasonFlags | None:
    """Return why a card's certificate is on the list; it must be."""
    entries = entries_of(files.read_crl(office.layout.issuing_crl))
    return entries[files.read_certificate(card.certificate).serial_number].reason


def test_a_damaged_certificate_keeps_nobody_else_off_the_list(
    est: Est, capsys: pytest.CaptureFixture[str]
) -> None:
    office = peer.office_of(est.client.application)
    enrolled(est.fleet, "t-1")
    thief = enrolled(est.fleet, "t-2")
    listed = files.read_certificate(thief.certificate)
    database.open_database(est.fleet.database.url)
    for name in ("t-1", "t-2"):
        enrolment.revoke_terminal(name, clock.now_ms(), "person:x")
    for file in office.layout.directory.rglob("t-1/*.crt"):
        file.write_text("nonsense")
    renewal.look(office)
    assert listed in office.revoked.listed()
    assert "a certificate can't be listed" in capsys.readouterr().out


def test_a_certificate_that_is_listed_is_not_read_again(
    est: Est, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, read = peer.office_of(est.client.application), []
    monkeypatch.setattr(
        renewal.files, "read_certificate", lambda path: read.append(path) or real(path)
    )
    enrolled(est.fleet, "t-1")
    database.open_database(est.fleet.database.url)
    enrolment.revoke_terminal("t-1", clock.now_ms(), "person:x")
    read.clear()
    renewal.look(office)
    assert len([path for path in read if path.parent.name == "t-1"]) == 1
    read.clear()
    renewal.look(office)
    assert [path for path in read if path.parent.name == "t-1"] == []


def test_what_nobody_foresaw_ends_no_renewal(est: Est, monkeypatch: pytest.MonkeyPatch) -> None:
    office, looks = peer.office_of(est.client.application), []

    def fail(_office: object) -> None:
        looks.append(1)
        if len(looks) > 1:
            threading.Event().wait()  # it must not look on in the tests after this one
        raise RuntimeError

    monkeypatch.setattr(renewal, "look", fail)
    monkeypatch.setattr(renewal, "LOOK_S", 0.01)
    renewal.start(office)
    eventually(lambda: len(looks) > 1, 10, "another look")
