"""Two people edit the same thing: the second is told."""

from pathlib import Path

import pytest

from fleet_server.store import audit_log, database, places
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale, edit
from fleet_server.store.models import AuditEntry, Unit


def test_the_second_of_two_edits_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    database.create_database(f"sqlite:{tmp_path / 'fleet.db'}")
    unit = places.add_unit("U", "Unit")
    edit(Unit, unit.id, 1, {"name": "First"})
    with pytest.raises(Stale):
        edit(Unit, unit.id, 1, {"name": "Second"})
    held = Unit.get_by_id(unit.id)
    assert (held.name, held.version) == ("First", 2)
    database.close()


def test_a_change_and_its_entry_are_there_together_or_not_at_all(tmp_path: Path) -> None:
    database.create_database(f"sqlite:{tmp_path / 'fleet.db'}")
    with writing():
        audit_log.note("server", "unit.add", "unit:U", {"name": "Phường"}, at=1)
        audit_log.note("server", "unit.add", "unit:V", at=2)

    def fails() -> None:
        with writing():
            audit_log.note("server", "unit.add", "unit:W", at=3)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert [entry.subject for entry in audit_log.newest(9)] == ["unit:V", "unit:U"]
    assert list(audit_log.wrong()) == []
    assert audit_log.head()[0] == 2
    AuditEntry.update(actor="person:x").where(AuditEntry.id == 1).execute()
    assert list(audit_log.wrong()) == ["audit log: entry 1 was changed"]
    database.close()
