from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server import cli
from fleet_server.store import database
from tests.fakes import databases
from tests.fakes.fleets import new_fleet

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Path]:
    yield new_fleet(tmp_path / "fleet").path
    database.close()


def test_old_tables_are_brought_up_to_date(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    url = databases.empty(other)
    # A database without tables is one that lacks every step.
    with databases.looked_at(url):
        databases.name_url(config.parent, url)
    assert cli.main(["verify", "--config", str(config)]) == 1
    assert "run: hailong-fleet migrate" in capsys.readouterr().err
    assert cli.main(["migrate", "--config", str(config)]) == 0
    assert cli.main(["migrate", "--config", str(config)]) == 0
    assert cli.main(["verify", "--config", str(config)]) == 0


@pytest.mark.engines("sqlite")
def test_no_database_is_made_where_there_is_none(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config.parent / "fleet.db").unlink()
    assert cli.main(["migrate", "--config", str(config)]) == 1
    assert "no database there" in capsys.readouterr().err
    assert not (config.parent / "fleet.db").exists()
