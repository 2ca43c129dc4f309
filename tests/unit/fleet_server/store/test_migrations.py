"""The steps from one version's tables to the next, on databases that hold something."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from playhouse.migrations import Runner
from playhouse.schema_diff import diff_models

from fleet_server.core.api_scopes import SCOPES
from fleet_server.core.choices import NONE, Choices
from fleet_server.core.roles import EVERYTHING, Grant
from fleet_server.store import (
    accounts,
    api_keys,
    commands,
    database,
    downlink,
    models,
    places,
    rating_feed,
    running,
    users,
)
from fleet_server.store.models import CounterPlace, TerminalKey, TerminalPlace, UnitBranch
from fleet_server.store.sql import ask, run
from tests.fakes import databases, former

pytestmark = pytest.mark.usefixtures("engine")

STEPS = [path.stem for path in sorted(database.MIGRATIONS.glob("[0-9]*.py"))]
FORMER = STEPS[:-1]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield databases.empty(tmp_path)
    database.close()


def tables() -> list[str]:
    return [name for name in database.proxy.obj.get_tables() if name != "schema_migration"]


def taken_away(table: str, row: former.Row, version: str) -> bool:
    """Whether a step after that version removes a row on purpose."""
    # 0002: a command that was wished for and never sent would come as a surprise.
    if version < "0002" and table == "downlink" and row["kind"] == "command":
        return True
    # 0005: answers are held whole since; those before were of tickets, which say the same again.
    return version < "0005" and table == "idempotency_key"


def as_now(table: str, row: former.Row, version: str) -> former.Row:
    """Return a former row with what a step after that version changes in it on purpose."""
    # 0003: the administrator's role got its whole name.
    if version < "0003" and table == "role" and row["name"] == "admin":
        return {**row, "name": "administrator"}
    return row


def test_there_are_rows_for_every_table_of_every_version(url: str) -> None:
    former.filled(url, STEPS[-1])
    assert [name for name in tables() if not former.held(name)] == []


@pytest.mark.parametrize("version", FORMER)
def test_an_office_of_a_former_version_is_brought_forward_and_nothing_is_lost(
    url: str, version: str
) -> None:
    former.filled(url, version)
    before = {name: former.held(name) for name in tables()}
    opened = database.create_database(url)
    for name, rows in before.items():
        kept = [as_now(name, row, version) for row in rows if not taken_away(name, row, version)]
        now = former.held(name)
        # Columns that came since are on top; none of the former may have another value.
        common = [{key: row[key] for key in kept[0]} for row in now] if kept else now
        assert sorted(common, key=repr) == sorted(kept, key=repr), name
    assert not diff_models(opened, list(models.ALL + accounts.ALL))


@pytest.mark.parametrize("version", FORMER)
def test_after_being_brought_forward_new_rows_get_new_numbers(url: str, version: str) -> None:
    former.filled(url, version)
    database.create_database(url)
    database.open_database(url)
    with database.writing():
        models.Unit.create(code="NEW", name="New")
    assert models.Unit.select().count() == len(former.FIRST["unit"]) + 1


def test_an_office_of_the_first_version_keeps_all_but_commands_that_were_never_sent(
    url: str,
) -> None:
    former.filled(url, "0001_initial")
    database.create_database(url)
    found = downlink.configuration("t-1")
    assert found is not None
    assert found.version == 3
    assert [wish.kind for wish in downlink.lasting()] == ["config"]
    assert commands.due(0) == []
    assert TerminalKey.get().replaced_at is None
    commands.wish("t-1", "identify", {"seconds": 5}, 60, 0)
    assert [wish.body["name"] for wish in commands.due(0)] == ["identify"]


def test_a_step_that_fails_leaves_the_tables_as_they_were(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    former.filled(url, FORMER[-1])
    before = {name: former.held(name) for name in tables()}
    steps = tmp_path / "steps"
    steps.mkdir()
    for path in database.MIGRATIONS.glob("[0-9]*.py"):
        (steps / path.name).write_text(path.read_text())
    (steps / "9999_fails.py").write_text(
        "def up(migrator, db):\n"
        "    db.execute_sql('DELETE FROM tally')\n"
        "    db.execute_sql('ALTER TABLE unit ADD COLUMN x INTEGER')\n"
        "    raise RuntimeError\n"
    )
    with pytest.raises(RuntimeError):
        Runner(database.proxy.obj, str(steps)).up()
    assert former.held("tally") == before["tally"]
    assert "x" not in former.held("unit")[0]


def test_an_office_of_the_second_version_has_its_places_for_all_days_and_its_people_their_roles(
    url: str,
) -> None:
    former.filled(url, "0002_commands")
    database.create_database(url)
    assert places.tree().branch(2) == {2}
    assert [(p.counter_id, p.unit_id) for p in CounterPlace.select()] == [(1, 1), (2, 2)]
    assert [(b.ancestor_id, b.unit_id) for b in UnitBranch.select()] == [(1, 1), (2, 2)]
    held = {(p.terminal_id, p.counter_id, p.since, p.until) for p in TerminalPlace.select()}
    added = {row["id"]: row["added_at"] for row in former.FIRST["terminal"]}
    assert held == {("t-1", 1, added["t-1"], None), ("t-2", None, added["t-2"], None)}
    assert users.grants_of(1) == [Grant("administrator", None)]


def test_a_key_of_a_former_version_keeps_what_it_could_do(url: str) -> None:
    former.filled(url, "0001_initial")
    database.create_database(url)
    [key] = api_keys.listed(0)
    later = {
        "tickets:qr",
        "webhooks:write",
        "units:read",
        "contacts:write",
        "signals:read",
        "cases:read",
    }
    assert key.scopes == set(SCOPES) - later - {"reports:read"}
    assert (key.unit_id, key.expires_at, key.standing(0)) == (None, None, "valid")


def test_ratings_of_a_former_version_are_in_the_feed(url: str) -> None:
    former.filled(url, "0001_initial")
    database.create_database(url)
    held = {record for (record,) in models.Rating.select(models.Rating.record).tuples()}
    page = rating_feed.page(0, 100, rating_feed.Seen(EVERYTHING, UTC))
    assert {one.record for one in page.ratings} == held
    assert not page.more


def test_what_was_made_until_a_running_day_is_kept_is_told_once_five_more_come(url: str) -> None:
    former.filled(url, "0012_take_up")
    [(counter, day, service)] = ask("SELECT counter_id, day, service FROM daily")
    run("UPDATE daily SET very_satisfied = 9, satisfied = 2, unsatisfied = 1")
    database.create_database(url)
    assert running.shown(counter, day) == NONE
    with database.writing():
        running.note(counter, day, {service: Choices(12, 3, 2)})
    assert running.shown(counter, day) == Choices(9, 2, 1)
