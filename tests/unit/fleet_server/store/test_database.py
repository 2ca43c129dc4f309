import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import IntegrityError, SqliteDatabase
from playhouse.schema_diff import diff_models

from fleet_server.store import accounts, models
from fleet_server.store import database as db

INSERT_UNIT = "INSERT INTO unit (code, name, kind, version) VALUES (?, 'Unit', 'unit', 1)"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    yield f"sqlite:{tmp_path / 'fleet.db'}"
    db.close()


def test_migrations_make_exactly_the_tables_of_the_models(url: str) -> None:
    opened = db.create_database(url)
    assert isinstance(opened, SqliteDatabase)
    assert not diff_models(opened, list(models.ALL + accounts.ALL))


def test_the_partial_indexes_of_models_and_migrations_are_the_same(
    url: str, tmp_path: Path
) -> None:
    def indexes(file: Path) -> set[tuple[str, str]]:
        with sqlite3.connect(file) as raw:
            rows = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
            found = {(name, sql.replace("IF NOT EXISTS ", "")) for name, sql in rows if sql}
        raw.close()
        return found

    db.create_database(url).close()
    other = SqliteDatabase(str(tmp_path / "models.db"))
    tables = list(models.ALL + accounts.ALL)
    with other.bind_ctx(tables):
        other.create_tables(tables)
    other.close()
    from_steps = indexes(tmp_path / "fleet.db")
    assert {("rating_standing"), ("matter_open"), ("record_unchecked")} <= {
        n for n, _ in from_steps
    }
    assert from_steps - {i for i in from_steps if "schema_migration" in i[1]} == indexes(
        tmp_path / "models.db"
    )


def test_a_commit_is_durable_and_foreign_keys_hold(url: str) -> None:
    opened = db.create_database(url)
    assert opened.pragma("journal_mode") == "wal"
    assert opened.pragma("synchronous") == 2
    with pytest.raises(IntegrityError), db.writing():
        models.Counter.create(code="A1", name="One", unit=99)


def test_a_write_transaction_that_fails_leaves_nothing(url: str) -> None:
    db.create_database(url)

    def fails() -> None:
        with db.writing():
            models.Unit.create(code="U1", name="Unit")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert models.Unit.select().count() == 0


def test_a_write_transaction_holds_the_lock_from_its_beginning(url: str, tmp_path: Path) -> None:
    db.create_database(url)
    other = sqlite3.connect(tmp_path / "fleet.db", timeout=0, isolation_level=None)
    with db.writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    other.close()


def test_reading_sees_one_snapshot(url: str, tmp_path: Path) -> None:
    db.create_database(url)
    other = sqlite3.connect(tmp_path / "fleet.db", isolation_level=None)
    with db.reading():
        assert models.Unit.select().count() == 0
        other.execute(INSERT_UNIT, ["U1"])
        assert models.Unit.select().count() == 0
    assert models.Unit.select().count() == 1
    other.close()


def test_the_data_version_tells_of_anothers_commit_only(url: str, tmp_path: Path) -> None:
    db.create_database(url)
    before = db.data_version()
    models.Unit.create(code="U1", name="Unit")
    assert db.data_version() == before
    other = sqlite3.connect(tmp_path / "fleet.db", isolation_level=None)
    other.execute(INSERT_UNIT, ["U2"])
    other.close()
    assert db.data_version() != before


def test_a_database_that_is_not_there_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(db.SchemaError, match=str(tmp_path)):
        db.open_database(url)


def test_a_database_with_old_tables_is_refused_until_it_is_migrated(
    url: str, tmp_path: Path
) -> None:
    sqlite3.connect(tmp_path / "fleet.db").close()
    with pytest.raises(db.SchemaError, match="hailong-fleet migrate"):
        db.open_database(url)
    db.create_database(url)
    db.open_database(url)


def test_only_one_rating_of_a_visit_can_stand(url: str) -> None:
    opened = db.create_database(url)
    opened.execute_sql("PRAGMA foreign_keys = 0")

    def rate(record: int, standing: bool) -> None:
        models.Rating.create(
            record=record, terminal="t-1", counter=1, visit="v", choice="satisfied", at=0,
            at_quality="exact", standing=standing, contested=False, disputed=False, unbound=False,
            boot=1, up=0,
        )  # fmt: skip

    rate(1, True)
    rate(2, False)
    with pytest.raises(IntegrityError):
        rate(3, True)


def test_a_file_that_is_no_database_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "fleet.db").write_bytes(b"no database" * 1000)
    with pytest.raises(db.SchemaError, match=r"fleet\.db: can't be opened"):
        db.open_database(url)
