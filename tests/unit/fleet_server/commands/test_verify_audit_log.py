"""What `hailong-fleet verify` says of the audit log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database
from fleet_server.store.models import AuditEntry
from tests.fakes.fleets import new_counter, new_fleet

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Settings]:
    fleet = new_fleet(tmp_path / "fleet")
    new_counter(fleet)
    database.open_database(fleet.database.url)
    yield fleet
    database.close()


def verify(fleet: Settings, *words: str) -> int:
    code = main(["verify", "--config", str(fleet.path), *words])
    database.open_database(fleet.database.url)
    return code


def test_the_newest_entry_is_printed_to_be_written_down(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    number, newest = audit_log.head()
    assert verify(fleet) == 0
    assert f"Write its newest down: {number}:{newest}" in capsys.readouterr().out


def test_an_entry_that_was_changed_is_found(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    AuditEntry.update(actor="person:somebody@else.vn").where(AuditEntry.id == 1).execute()
    assert verify(fleet) == 1
    assert "entry 1 was changed" in capsys.readouterr().out


def test_a_log_that_was_made_anew_is_found_by_what_was_written_down(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    number, newest = audit_log.head()
    assert verify(fleet, "--audit-head", f"{number}:{newest[:32].upper()}") == 0
    AuditEntry.delete().execute()
    with database.writing():
        audit_log.note("server", "unit.add", "unit:U1", at=0)
        audit_log.note("server", "counter.add", "counter:Q1", at=0)
    assert verify(fleet) == 0
    capsys.readouterr()
    assert verify(fleet, "--audit-head", f"{number}:{newest}") == 1
    assert "not the one written down" in capsys.readouterr().out


def test_a_log_whose_end_was_cut_off_is_found_by_what_was_written_down(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    number, newest = audit_log.head()
    AuditEntry.delete().where(AuditEntry.id == number).execute()
    assert verify(fleet) == 0
    assert verify(fleet, "--audit-head", f"{number}:{newest}") == 1
    assert "no entry 2" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "x", "1", "1:abc", "1:" + "g" * 32, "1:" + "a" * 31])
def test_what_can_not_have_been_written_down_is_refused(fleet: Settings, text: str) -> None:
    assert verify(fleet, "--audit-head", text) == 2
