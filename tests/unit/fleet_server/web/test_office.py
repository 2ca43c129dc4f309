"""The office of the tests is there at any hour: a browser looks at it when somebody runs it."""

from pathlib import Path

import pytest

from fleet_server.store import database
from fleet_server.store.models import Visit
from tests.fakes.fleets import new_fleet
from tests.fakes.office import ALWAYS, HOUR_MS, MINUTE_MS, NOW, Office

MIDNIGHT = NOW - NOW % HOUR_MS - 10 * HOUR_MS


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("minutes", [0, 7 * 60 + 17, 9 * 60, 23 * 60 + 59])
def test_an_office_can_be_filled_at_any_hour(minutes: int, engine: str, tmp_path: Path) -> None:
    new_fleet(tmp_path / "fleet")
    Office(now=MIDNIGHT + minutes * MINUTE_MS, hours=ALWAYS).fill()
    assert Visit.select().exists()
    database.close()
