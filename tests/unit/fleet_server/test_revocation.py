"""What the revocation list says counts, also where the database has forgotten it."""

from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.cli import main
from fleet_server.revocation import heed
from fleet_server.store import database
from fleet_server.store.models import TerminalKey
from tests.fakes.fleets import enrolled, new_counter, new_fleet

pytestmark = pytest.mark.usefixtures("engine")


def believed() -> set[str]:
    rows = TerminalKey.select().where(TerminalKey.revoked_at.is_null())
    return {row.terminal_id for row in rows}


def test_a_key_on_the_list_is_revoked_where_a_restored_database_still_believes_it(
    tmp_path: Path,
) -> None:
    fleet = new_fleet(tmp_path / "fleet")
    new_counter(fleet)
    enrolled(fleet, "t-stolen")
    enrolled(fleet, "t-honest")
    assert main(["terminal", "revoke", "t-stolen", "--config", str(fleet.path)]) == 0
    database.open_database(fleet.database.url)
    try:
        TerminalKey.update(revoked_at=None).execute()
        assert believed() == {"t-stolen", "t-honest"}
        heed(fleet.layout)
        assert believed() == {"t-honest"}
        [row] = TerminalKey.select().where(TerminalKey.terminal == "t-stolen")
        assert abs(row.revoked_at - clock.now_ms()) < 60_000
    finally:
        database.close()


def test_a_list_that_can_not_be_read_revokes_nobody(tmp_path: Path) -> None:
    fleet = new_fleet(tmp_path / "fleet")
    new_counter(fleet)
    enrolled(fleet, "t-1")
    fleet.layout.issuing_crl.write_text("rubbish")
    database.open_database(fleet.database.url)
    try:
        heed(fleet.layout)
        assert believed() == {"t-1"}
    finally:
        database.close()
