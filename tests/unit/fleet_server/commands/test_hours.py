"""``hailong-fleet hours set``."""

from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.core.opening import FLEET
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database, opening
from tests.fakes.fleets import new_counter, new_fleet

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def fleet(engine: str, tmp_path: Path) -> Settings:
    fleet = new_fleet(tmp_path / "fleet")
    new_counter(fleet, "Q1")
    return fleet


def run(fleet: Settings, *words: str) -> int:
    return main(["hours", "set", *words, "--config", str(fleet.path)])


def test_hours_are_set_for_whom_they_are_meant_and_written_down(fleet: Settings) -> None:
    assert run(fleet, "--every-day", "0-24") == 0
    assert run(fleet, "--unit", "U1", "--mon", "8-12", "--tue", "8-12,13-17") == 0
    assert run(fleet, "--counter", "Q1", "--every-day", "8-12", "--sun", "") == 0
    database.open_database(fleet.database.url)
    [whole] = opening.plans()[FLEET].weeks.values()
    [unit] = opening.plans()["unit", 1].weeks.values()
    [counter] = opening.plans()["counter", 1].weeks.values()
    assert whole is not None
    assert unit is not None
    assert counter is not None
    assert whole.days == (((0, 1440),),) * 7
    assert unit.days == (((480, 720),), ((480, 720), (780, 1020)), (), (), (), (), ())
    assert counter.days == (((480, 720),),) * 6 + ((),)
    assert {one.subject for one in audit_log.newest(3)} == {"fleet", "unit:U1", "counter:Q1"}
    database.close()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--every-day", "noon"), 2, "hours are spans in order"),
        (("--unit", "X"), 1, "no unit has the code X"),
        (("--counter", "X"), 1, "no counter has the code X"),
    ],
)
def test_what_is_wrong_is_one_clear_error(
    fleet: Settings,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert run(fleet, *words) == code
    assert said in capsys.readouterr().err
