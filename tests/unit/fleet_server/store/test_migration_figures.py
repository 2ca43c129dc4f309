"""Days, months and days of units are worked out of what was held before there were any."""

from pathlib import Path
from random import Random

import pytest

from fleet_server.store import database, rollups
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Daily, Monthly, Target, UnitDaily, Visit
from tests.fakes import databases
from tests.fakes.desk import HOUR, SAIGON, Desk

pytestmark = pytest.mark.usefixtures("engine")


def test_days_months_and_units_are_filled_as_ingest_would_have_worked_them_out(
    tmp_path: Path,
) -> None:
    url = databases.made(tmp_path)
    database.open_database(url)
    desk, random = Desk(), Random(3)
    for number in range(60):
        at, visit = number * 7 * HOUR // 10, f"v{number}"
        desk.ticket(visit, "called", at, ticket=visit)
        with writing():
            Visit.update(service=random.choice(["a", "b", None])).where(Visit.id == visit).execute()
        if number % 3:
            desk.rate(visit, at + 1000, random.choice(["satisfied", "unsatisfied"]))
        if number % 5:
            desk.ticket(visit, "closed", at + 2000, ticket=visit)
        desk.rate(None, at + 5000)
    tables = (Daily, Monthly, UnitDaily)
    with writing():
        rollups.recompute(rollups.all_days(SAIGON), SAIGON)
    expected = [sorted(rows(table.select())) for table in tables]
    assert all(expected)
    opened = database.proxy.obj
    opened.drop_tables([*tables, Target])
    opened.execute_sql("DELETE FROM schema_migration WHERE name = '0009_figures'")
    database.close()
    database.create_database(url)
    try:
        assert [sorted(rows(table.select())) for table in tables] == expected
        assert rollups.recount(SAIGON).differences == []
        [first] = Target.select()
        assert (first.unit_id, first.since_day, first.participation) == (None, "0001-01-01", 40)
    finally:
        database.close()
