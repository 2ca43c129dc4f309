"""The daily renewal of the revocation list."""

from datetime import timedelta

import pytest

from fleet_server import clock
from fleet_server.est import peer, renewal
from provisioning.pki import crl, files
from tests.fakes.wait import eventually
from tests.unit.fleet_server.est.conftest import Est


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
