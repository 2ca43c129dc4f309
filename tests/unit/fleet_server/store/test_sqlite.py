"""What is SQLite's own: a file, and how it is opened."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.store import database as db


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield f"sqlite:{tmp_path / 'fleet.db'}"
    db.close()


def test_a_commit_is_durable(url: str) -> None:
    opened = db.create_database(url)
    assert opened.pragma("journal_mode") == "wal"
    assert opened.pragma("synchronous") == 2


def test_a_write_transaction_keeps_other_programs_out(url: str, tmp_path: Path) -> None:
    db.create_database(url)
    other = sqlite3.connect(tmp_path / "fleet.db", timeout=0, isolation_level=None)
    with db.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


def test_a_database_that_is_not_there_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(db.SchemaError, match=str(tmp_path)):
        db.open_database(url)


def test_a_file_that_is_no_database_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "fleet.db").write_bytes(b"no database" * 1000)
    with pytest.raises(db.SchemaError, match=r"fleet\.db: can't be opened"):
        db.open_database(url)


def test_an_address_of_another_kind_is_refused() -> None:
    with pytest.raises(db.SchemaError, match="not a database address"):
        db.open_database("mysql:fleet")
