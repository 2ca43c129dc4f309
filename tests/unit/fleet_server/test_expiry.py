"""What of the fleet's own papers ends soon is told in time, and no longer than needed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fleet_server.expiry import look
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.models import Matter
from provisioning.pki import authority, crl
from provisioning.pki.expiry import endings
from tests.fakes.fleets import new_fleet

pytestmark = pytest.mark.usefixtures("engine")

NOW = datetime.now(UTC)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.fixture
def fleet(tmp_path: Path):
    settings = new_fleet(tmp_path / "fleet")
    database.open_database(settings.database.url)
    yield settings
    database.close()


def told() -> list[str]:
    return sorted(m.subject for m in Matter.select().where(Matter.closed_at.is_null()))


def test_a_new_fleet_has_nothing_that_ends_soon(fleet: Settings) -> None:
    look(fleet.layout, ms(NOW))
    assert told() == []
    names = {ending.name for ending in endings(fleet.layout)}
    assert names >= {"issuing.crl", "root.crl", "server.crt", "fleet-ingest.crt", "issuing.crt"}


def test_a_revocation_list_with_less_than_seven_days_left_is_told_until_it_is_renewed(
    fleet: Settings,
) -> None:
    later = NOW + crl.LIFE - timedelta(days=6)
    look(fleet.layout, ms(later - timedelta(days=2)))
    assert told() == []
    look(fleet.layout, ms(later))
    look(fleet.layout, ms(later))
    assert told() == ["issuing.crl"]
    crl.renew(fleet.layout, authority.load_issuing(fleet.layout), later)
    look(fleet.layout, ms(later))
    assert told() == []


def test_a_certificate_with_less_than_thirty_days_left_is_told(fleet: Settings) -> None:
    [ending] = [e for e in endings(fleet.layout) if e.name == "server.crt"]
    look(fleet.layout, ms(ending.until - timedelta(days=29)))
    assert "server.crt" in told()


def test_a_list_that_can_not_be_read_harms_nothing(fleet: Settings) -> None:
    fleet.layout.issuing_crl.write_text("rubbish")
    look(fleet.layout, ms(NOW))
    assert told() == []
