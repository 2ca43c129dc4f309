"""The steps from one version's tables to the next, on a database that holds something."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playhouse.migrations import Runner

from fleet_server.store import commands, database, downlink
from fleet_server.store.models import TerminalKey

pytestmark = pytest.mark.usefixtures("engine")

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
