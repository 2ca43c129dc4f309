"""Opening the database, its transactions, and bringing its tables up to date.

SQLite in WAL mode with ``synchronous=FULL``: a commit that returned survives a power cut. Every
write goes through `writing`, which takes the write lock at its beginning (``BEGIN IMMEDIATE``),
so that no transaction fails half way because another wrote in between.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import Database, DatabaseError, DatabaseProxy, SqliteDatabase
from playhouse.migrations import Runner

from fleet_server.errors import FleetError

proxy = DatabaseProxy()
"""What all models are bound to; `open_database` says what it stands for in this process."""

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_S = 30
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "cache_size": -16_000}
SCHEME = "sqlite:"


class SchemaError(FleetError):
    """The tables are not those that this version of the server works with."""


def open_database(url: str) -> Database:
    """Open the database of the fleet and bind all models to it.

    Connections are made by thread, when a thread first asks something.

    Args:
        url: ``sqlite:PATH``, as `fleet_server.settings` gives it.

    Raises:
        SchemaError: there is no such database, or its tables are out of date.
    """
    path = path_of(url)
    if not path.exists():
        raise SchemaError(f"{path}: no database there; make a fleet with: hailong-fleet init")
    database = _bind(path)
    if _pending(database):
        database.close()
        raise SchemaError(f"{path}: tables are out of date; run: hailong-fleet migrate")
    return database


def create_database(url: str) -> Database:
    """Open the database, make it where there is none, and apply the migrations that it lacks."""
    path = path_of(url)
    database = _bind(path)
    with _migrating(path):
        Runner(database, str(MIGRATIONS)).up()
    return database


def lacking(url: str) -> list[str]:
    """Return the names of the migrations that a database lacks."""
    database = _bind(path_of(url))
    return [step.name for step in Runner(database, str(MIGRATIONS)).status() if not step.applied]


@contextmanager
def writing() -> Iterator[None]:
    """Run the block in one write transaction; an exception undoes all of it."""
    with proxy.atomic():
        yield


@contextmanager
def reading() -> Iterator[None]:
    """Run the block on one snapshot, so that its answers fit together."""
    database: Any = proxy.obj
    if database.in_transaction() or not isinstance(database, SqliteDatabase):
        with database.atomic():
            yield
        return
    with database.transaction("DEFERRED"):
        yield


def rows(query: Any) -> list[tuple[Any, ...]]:
    """Return what a query selects as tuples; peewee's own types know only rows as objects."""
    return list(query.tuples())


def data_version() -> int:
    """Return a number that changes when another connection has committed something."""
    return int(proxy.obj.data_version)


def may_pass(error: Exception) -> bool:
    """Whether an error of the database can go away by itself, such as a lock or a full disk.

    A statement that SQLite does not take, or bytes in it, it will not take the next time either.
    """
    cause = getattr(error, "orig", None)  # where peewee keeps the driver's own error
    return getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR


def close() -> None:
    """Close this thread's connection."""
    if proxy.obj is not None and not proxy.obj.is_closed():
        proxy.obj.close()


def path_of(url: str) -> Path:
    """Return the file that a database address names.

    Raises:
        SchemaError: the address is not one.
    """
    if not url.startswith(SCHEME) or url == SCHEME:
        raise SchemaError(f"{url}: not a database address such as sqlite:fleet.db")
    return Path(url.removeprefix(SCHEME))


def _bind(path: Path) -> Database:
    close()
    database = SqliteDatabase(
        str(path), pragmas=PRAGMAS, timeout=BUSY_TIMEOUT_S, lock_type="IMMEDIATE"
    )
    proxy.initialize(database)
    try:
        database.connect()
    except DatabaseError as error:
        raise SchemaError(
            f"{path}: can't be opened ({error}); is it readable and writable, with its folder, "
            "for this user, and a whole database?"
        ) from None
    return database


def _pending(database: Database) -> bool:
    return any(not step.applied for step in Runner(database, str(MIGRATIONS)).status())


@contextmanager
def _migrating(path: Path) -> Iterator[None]:
    # Two processes that start together must not both apply the same step.
    with path.with_name(f".{path.name}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
