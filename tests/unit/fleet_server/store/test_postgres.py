"""What is PostgreSQL's own: a server that can be away, passwords, and sessions that are lost."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from peewee import InterfaceError, OperationalError

from fleet_server.store import database as db
from fleet_server.store import models
from fleet_server.store.postgres import WRITER
from tests.fakes import databases
from tests.fakes.postgres import server

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.engines("postgresql")]

KILL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = 'hailong' AND datname = current_database()"
)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database that is open here."""
    made = databases.made(tmp_path)
    db.open_database(made)
    yield made
    db.close()


def cut(url: str) -> None:
    """End all sessions of the fleet, as a restart of the server would."""
    with databases.looked_at(url) as look:
        look.run(KILL)


def test_a_commit_waits_for_the_disk(url: str) -> None:
    assert db.proxy.execute_sql("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_lost_connection_is_an_error_that_may_pass_and_then_there_is_a_new_one(url: str) -> None:
    cut(url)
    with pytest.raises((OperationalError, InterfaceError)) as lost:
        models.Unit.select().count()
    assert db.may_pass(lost.value)
    assert models.Unit.select().count() == 0


def test_a_transaction_whose_connection_is_lost_leaves_nothing(url: str) -> None:
    def write() -> None:
        with db.writing():
            models.Unit.create(code="U1", name="Unit")
            cut(url)
            models.Unit.create(code="U2", name="Unit")

    with pytest.raises((OperationalError, InterfaceError)):
        write()
    assert models.Unit.select().count() == 0
    with db.writing():
        models.Unit.create(code="U3", name="Unit")


def test_a_connection_that_was_kept_and_lost_is_given_to_nobody(url: str) -> None:
    assert models.Unit.select().count() == 0
    db.release()
    cut(url)
    assert models.Unit.select().count() == 0


def test_a_writer_that_waits_too_long_is_told_and_can_try_again(url: str) -> None:
    with databases.looked_at(url) as other:
        other.run(f"SELECT pg_advisory_lock({WRITER})")
        db.proxy.execute_sql("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError) as late, db.writing():
            pass
        assert db.may_pass(late.value)
        other.run("SELECT pg_advisory_unlock_all()")
    with db.writing():
        models.Unit.create(code="U1", name="Unit")


def test_a_server_that_is_not_there_is_named_without_its_parameters(tmp_path: Path) -> None:
    with pytest.raises(db.SchemaError, match=r"postgresql://hailong@/fleet: can't be reached") as e:
        db.open_database(f"postgresql://hailong@/fleet?host={tmp_path}")
    assert "passfile" not in str(e.value)


def test_a_database_that_is_not_there_is_named() -> None:
    with pytest.raises(db.SchemaError, match="nowhere: can't be reached"):
        db.open_database(server().url("nowhere"))


def test_a_database_of_another_encoding_is_refused() -> None:
    administrator = server()
    administrator.ask(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'SQL_ASCII' "
        "LOCALE_PROVIDER libc LOCALE 'C'"
    )
    with pytest.raises(db.SchemaError, match="has the encoding SQL_ASCII"):
        db.create_database(administrator.url("latin"))
    db.close()
    administrator.drop("latin")


def test_a_password_file_that_others_can_read_is_refused(url: str, tmp_path: Path) -> None:
    passfile = tmp_path / "database.pgpass"
    passfile.write_text("*:*:*:*:secret\n")
    passfile.chmod(0o640)
    with pytest.raises(db.SchemaError, match="chmod 600") as refused:
        db.open_database(f"{url}&passfile={passfile}")
    assert "secret" not in str(refused.value)
    passfile.chmod(0o600)
    db.open_database(f"{url}&passfile={passfile}")


def test_a_password_in_the_environment_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "PGPASSWORD", "secret")
    with pytest.raises(db.SchemaError, match=r"PGPASSWORD is set.*database\.pgpass"):
        db.open_database(url)
