from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fleet_server import cli, settings
from fleet_server.contact_key import ContactKey, Reach
from fleet_server.store import audit_log, contacts, database
from fleet_server.store.accounts import User
from fleet_server.store.contacts import Given
from tests.fakes import databases
from tests.fakes.desk import NINE, Desk
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


def test_a_fleet_that_is_older_than_second_factors_gets_their_key(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = config.parent / "secrets" / "second-factor.secret"
    secret.unlink()
    assert cli.main(["user", "list", "--config", str(config)]) == 1
    assert "hailong-fleet migrate" in capsys.readouterr().err
    assert cli.main(["migrate", "--config", str(config)]) == 0
    assert "second-factor.secret was made" in capsys.readouterr().out
    made = secret.read_bytes()
    assert secret.stat().st_mode & 0o777 == 0o600
    assert cli.main(["migrate", "--config", str(config)]) == 0
    assert secret.read_bytes() == made
    assert cli.main(["user", "list", "--config", str(config)]) == 0


def test_a_fleet_that_is_older_than_qrs_on_tickets_gets_their_secret(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = config.parent / "secrets" / "ticket.secret"
    secret.unlink()
    assert cli.main(["user", "list", "--config", str(config)]) == 1
    assert "ticket.secret: can't be read" in capsys.readouterr().err
    for _ in range(2):
        assert cli.main(["migrate", "--config", str(config)]) == 0
    assert capsys.readouterr().out.count("ticket.secret was made") == 1
    assert secret.stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex(secret.read_text())) == 32


def test_a_key_that_was_lost_is_not_made_anew_while_people_need_it(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database.open_database(settings.load(config).database.url)
    with database.writing():
        User.create(email="nam@hailong.example", fs_uniquifier="x", tf_totp_secret="{}")
    secret = config.parent / "secrets" / "second-factor.secret"
    secret.unlink()
    assert cli.main(["migrate", "--config", str(config)]) == 1
    assert "put it back from a copy" in capsys.readouterr().err
    assert not secret.exists()


def test_bringing_the_tables_up_to_date_is_noted(config: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    url = databases.empty(other)
    with databases.looked_at(url):
        databases.name_url(config.parent, url)
    cli.main(["migrate", "--config", str(config)])
    cli.main(["migrate", "--config", str(config)])
    database.open_database(url)
    assert [one.action for one in audit_log.newest(5)] == ["database.migrate"]


def test_the_key_of_contact_data_is_made_once_and_never_while_data_needs_the_former(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = config.parent / "secrets" / "contacts.secret"
    secret.unlink()
    assert cli.main(["migrate", "--config", str(config)]) == 0
    assert "contacts.secret was made" in capsys.readouterr().out
    secret.unlink()
    database.open_database(settings.load(config).database.url)
    desk = Desk()
    desk.ticket("v-1", "called", 0)
    given = Given("v-1", Reach("Lan", "0901234567"), NINE, date(2026, 11, 22), 60, "server")
    contacts.take(given, ContactKey(b"k" * 32))
    assert cli.main(["migrate", "--config", str(config)]) == 1
    assert "put it back from a copy" in capsys.readouterr().err
    assert not secret.exists()
