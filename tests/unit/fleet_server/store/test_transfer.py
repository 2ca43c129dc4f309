"""All rows of all tables come over, whichever engines the two databases are of."""

from pathlib import Path

import pytest

from fleet_server.store import database, transfer
from tests.fakes import databases, former

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("other", databases.ENGINES)
def test_rows_of_every_table_are_the_same_on_the_other_side(other: str, tmp_path: Path) -> None:
    former.filled(databases.empty(tmp_path), database.known_steps()[-1])
    source = database.proxy.obj
    names = [name for name in source.get_tables() if name != "schema_migration"]
    assert {table._meta.table_name for table in transfer.tables()} == set(names)
    before = {name: former.held(name) for name in names}
    (tmp_path / "other").mkdir()
    with databases.using(other):
        target = database.create_database(databases.made(tmp_path / "other"))
    moved: list[int] = []
    with source.transaction(source.snapshot):
        transfer.copy(source, target, moved.append)
    source.end()
    assert {name: former.held(name) for name in names} == before
    assert sum(moved) == sum(map(len, before.values()))
