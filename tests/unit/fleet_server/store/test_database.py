"""What all queries may rely on, whichever engine the fleet's database is of."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import peewee
import pytest
from peewee import IntegrityError, OperationalError
from playhouse.schema_diff import diff_models

from fleet_server.store import accounts, models
from fleet_server.store import database as db
from tests.fakes import databases
from tests.fakes.databases import Look
from tests.fakes.wait import eventually

pytestmark = pytest.mark.usefixtures("engine")


ADD_UNIT = "INSERT INTO unit (code, name, kind, version) VALUES (?, 'Unit', 'unit', 1)"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    yield databases.empty(tmp_path)
    db.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Look]:
    """Somebody else's connection to a database that is open here, with all tables."""
    url = databases.made(tmp_path)
    db.open_database(url)
    with databases.looked_at(url) as look:
        yield look


def test_migrations_make_exactly_the_tables_of_the_models(url: str) -> None:
    assert not diff_models(db.create_database(url), list(models.ALL + accounts.ALL))


def test_the_indexes_of_models_and_migrations_are_the_same(url: str, tmp_path: Path) -> None:
    opened = db.create_database(url)
    tables = list(models.ALL + accounts.ALL)

    def indexes(database: peewee.Database) -> set[tuple[str, str]]:
        found = [
            index for table in tables for index in database.get_indexes(table._meta.table_name)
        ]
        made = ((index.name, (index.sql or "").replace("IF NOT EXISTS ", "")) for index in found)
        return {(name, sql) for name, sql in made if not name.startswith("sqlite_autoindex")}

    from_steps = indexes(opened)
    assert {"rating_standing", "matter_open", "record_unchecked"} <= {n for n, _ in from_steps}
    db.close()
    plain = db.engine(databases.empty(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    with plain.bind_ctx(tables):
        plain.create_tables(tables)
        assert indexes(plain) == from_steps
    plain.end()


def test_foreign_keys_hold(other: Look) -> None:
    with pytest.raises(IntegrityError), db.writing():
        models.Counter.create(code="A1", name="One", unit=99)


def test_a_write_transaction_that_fails_leaves_nothing(other: Look) -> None:
    def fails() -> None:
        with db.writing():
            models.Unit.create(code="U1", name="Unit")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert models.Unit.select().count() == 0


def test_one_writer_at_a_time_sees_all_that_the_ones_before_have_written(other: Look) -> None:
    def add_up() -> None:
        for _ in range(20):
            with db.writing():
                held = models.Tally.get(name="sum").value
                models.Tally.update(value=held + 1).where(models.Tally.name == "sum").execute()
        db.close()

    models.Tally.create(name="sum", value=0)
    threads = [Thread(target=add_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert models.Tally.get(name="sum").value == 80


def test_a_writer_holds_the_lock_from_its_beginning(other: Look) -> None:
    began: list[str] = []

    def write() -> None:
        with db.writing():
            began.append("second")
        db.close()

    with db.writing():
        thread = Thread(target=write)
        thread.start()
        thread.join(0.3)
        began.append("first")
    eventually(lambda: began == ["first", "second"], 10, "the second writer")
    thread.join()


def test_reading_sees_one_snapshot(other: Look) -> None:
    with db.reading():
        assert models.Unit.select().count() == 0
        other.run(ADD_UNIT, "U1")
        assert models.Unit.select().count() == 0
    assert models.Unit.select().count() == 1


def test_reading_waits_for_no_writer(other: Look) -> None:
    counted: list[int] = []

    def read() -> None:
        with db.reading():
            counted.append(models.Unit.select().count())
        db.close()

    with db.writing():
        models.Unit.create(code="U1", name="Unit")
        thread = Thread(target=read)
        thread.start()
        thread.join(10)
        assert counted == [0]


def test_the_data_version_tells_of_anothers_commit(other: Look) -> None:
    before = db.data_version()
    assert db.data_version() == before
    other.run(ADD_UNIT, "U1")
    after = db.data_version()
    assert after != before
    other.run("BEGIN")
    other.run(ADD_UNIT, "U2")
    pending = db.data_version()
    other.run("COMMIT")
    assert db.data_version() not in (before, after, pending)


def test_numbers_have_64_bits_and_their_sums_are_whole(other: Look) -> None:
    large = 2**62
    models.Tally.create(name="a", value=large)
    models.Tally.create(name="b", value=large - 1)
    total = models.Tally.select(peewee.fn.SUM(models.Tally.value / 2)).scalar()
    assert (total, type(total)) == (large - 1, int)
    mean = models.Tally.select(peewee.fn.AVG(peewee.Case(None, [(models.Tally.name == "a", 1)], 2)))
    assert mean.scalar() == 1.5


def test_texts_are_in_the_order_of_their_code_points(other: Look) -> None:
    codes = ["Z1", "a1", "A-2", "A1", "Đ1", "ă", "_", "10", "9"]
    for code in codes:
        models.Unit.create(code=code, name=code)
    query = models.Unit.select(models.Unit.code).order_by(models.Unit.code)
    assert [code for (code,) in db.rows(query)] == sorted(codes)


def test_what_is_read_in_order_a_few_at_a_time_is_all_there_is(other: Look) -> None:
    for number in range(7):
        models.Unit.create(code=f"U{number}", name="Unit")
    query = models.Unit.select(models.Unit.code)
    found = db.in_order(query, models.Unit.code, 3)
    assert [code for (code,) in found] == [f"U{number}" for number in range(7)]


def test_a_database_with_old_tables_is_refused_until_it_is_migrated(url: str) -> None:
    with databases.looked_at(url), pytest.raises(db.SchemaError, match="hailong-fleet migrate"):
        db.open_database(url)
    db.create_database(url)
    db.open_database(url)


def test_two_that_migrate_at_once_apply_each_step_once(url: str) -> None:
    failed: list[Exception] = []

    def migrate() -> None:
        database = db.engine(url)
        try:
            with database.migrating():
                db.Runner(database, str(db.MIGRATIONS)).up()
        except Exception as error:
            failed.append(error)
        finally:
            database.end()

    threads = [Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert not db.pending(db.open_database(url))


def test_only_one_rating_of_a_visit_can_stand(other: Look) -> None:
    insert = (
        "INSERT INTO matter (kind, subject, opened_at, details, closed_at) "
        "VALUES ('fork', 's', 0, '{}', ?)"
    )
    other.run(insert, 5)
    other.run(insert, 6)
    other.run(insert, None)
    with pytest.raises(IntegrityError):
        models.Matter.create(kind="fork", subject="s", opened_at=0, details={})


def test_a_statement_that_is_wrong_will_not_pass_and_a_lost_lock_may(other: Look) -> None:
    with pytest.raises(peewee.PeeweeException) as wrong:
        db.proxy.execute_sql("SELEKT 1")
    assert not db.may_pass(wrong.value)
    assert db.may_pass(OperationalError("database is locked"))
    assert not db.may_pass(ValueError("ours"))
