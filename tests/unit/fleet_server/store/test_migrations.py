"""The steps from one version's tables to the next, on a database that holds something."""

import sqlite3
from contextlib import closing
from pathlib import Path

from playhouse.migrations import Runner

from fleet_server.core.roles import Grant
from fleet_server.store import commands, database, downlink, places, users
from fleet_server.store.models import CounterPlace, TerminalKey, TerminalPlace, UnitBranch

FIRST = "0001_initial"


def test_an_office_of_the_first_version_keeps_all_but_commands_that_were_never_sent(
    tmp_path: Path,
) -> None:
    url = f"sqlite:{tmp_path / 'fleet.db'}"
    opened = database._bind(tmp_path / "fleet.db")
    Runner(opened, str(database.MIGRATIONS)).up(FIRST)
    database.close()
    with closing(sqlite3.connect(tmp_path / "fleet.db")) as raw, raw:
        raw.execute("INSERT INTO terminal (id, added_at, note) VALUES ('t-1', 0, '')")
        raw.execute("INSERT INTO terminal_key VALUES ('k', 't-1', 'x', '', '1', 0, 0, NULL)")
        for kind, body in (
            ("config", '{"version": 3, "settings": {}}'),
            ("command", '{"name": "restart", "arguments": {}, "ttl_s": 60}'),
        ):
            raw.execute(
                "INSERT INTO downlink (topic, kind, dev, body, changed, signed, published, n)"
                " VALUES (?, ?, 't-1', ?, 1, 0, 0, 0)",
                (f"hailong/1/t-1/{kind}", kind, body),
            )
    database.create_database(url)
    try:
        found = downlink.configuration("t-1")
        assert found is not None
        assert found.version == 3
        assert [wish.kind for wish in downlink.due(0)] == ["config"]
        assert commands.due(0) == []
        assert TerminalKey.get().replaced_at is None
        commands.wish("t-1", "identify", {"seconds": 5}, 60, 0)
        assert [wish.body["name"] for wish in commands.due(0)] == ["identify"]
    finally:
        database.close()


def test_an_office_of_the_second_version_has_its_places_for_all_days_and_its_people_their_roles(
    tmp_path: Path,
) -> None:
    url = f"sqlite:{tmp_path / 'fleet.db'}"
    opened = database._bind(tmp_path / "fleet.db")
    Runner(opened, str(database.MIGRATIONS)).up("0002_commands")
    database.close()
    with closing(sqlite3.connect(tmp_path / "fleet.db")) as raw, raw:
        raw.execute("INSERT INTO unit VALUES (7, 'U', 'Unit')")
        raw.execute("INSERT INTO counter VALUES (3, 'A', 'Counter', 7)")
        raw.execute("INSERT INTO terminal (id, counter_id, added_at, note) VALUES ('t', 3, 5, '')")
        raw.execute("INSERT INTO role (id, name) VALUES (1, 'admin'), (2, 'viewer')")
        raw.execute(
            "INSERT INTO user (id, email, name, active, fs_uniquifier)"
            " VALUES (1, 'a@b.vn', '', 1, 'x')"
        )
        raw.execute("INSERT INTO user_role (user_id, role_id) VALUES (1, 1)")
    database.create_database(url)
    try:
        assert places.tree().branch(7) == {7}
        assert [(p.counter_id, p.unit_id) for p in CounterPlace.select()] == [(3, 7)]
        assert [(b.ancestor_id, b.unit_id) for b in UnitBranch.select()] == [(7, 7)]
        [held] = TerminalPlace.select()
        assert (held.terminal_id, held.counter_id, held.since, held.until) == ("t", 3, 5, None)
        assert users.grants_of(1) == [Grant("administrator", None)]
    finally:
        database.close()
