"""Opening the database, its transactions, and bringing its tables up to date.

Two engines, `sqlite` and `postgres`, that mean the same: a commit that returned survives a power
cut, and every write goes through `writing`, which lets one writer at a time begin, so that no
transaction fails half way because another wrote in between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee
from peewee import DatabaseProxy
from playhouse.migrations import Runner

from fleet_server.addresses import POSTGRESQL, described, is_sqlite
from fleet_server.store import sqlite
from fleet_server.store.errors import SchemaError
from fleet_server.store.sqlite import Sqlite

__all__ = [
    "SchemaError", "bind", "close", "create_database", "data_version", "engine", "in_order",
    "make_sure_empty", "may_pass", "open_database", "pending", "proxy", "reading", "release",
    "rows", "writing",
]  # fmt: skip

proxy = DatabaseProxy()
"""What all models are bound to; `open_database` says what it stands for in this process."""

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> Any:
    """Open the database of the fleet and bind all models to it.

    Connections are made by thread, when a thread first asks something.

    Args:
        url: ``sqlite:PATH`` or ``postgresql://…``, as `fleet_server.settings` gives it.

    Returns:
        The engine, a `peewee.Database`.

    Raises:
        SchemaError: there is no such database, or its tables are out of date.
    """
    database = engine(url)
    if not database.exists():
        raise SchemaError(
            f"{described(url)}: no database there; make a fleet with: hailong-fleet init"
        )
    bind(database)
    if pending(database):
        database.close()
        raise SchemaError(f"{described(url)}: tables are out of date; run: hailong-fleet migrate")
    return database


def create_database(url: str) -> Any:
    """Open the database, make its tables where there are none, and apply what they lack.

    A file is made where there is none; a PostgreSQL database must be there.
    """
    database = engine(url)
    bind(database)
    make_tables(database)
    return database


def make_tables(database: Any) -> None:
    """Make the tables that a database lacks, and change those that are not as they are now."""
    with database.migrating():
        Runner(database, str(MIGRATIONS)).up()


def make_sure_empty(url: str) -> None:
    """Make sure that there is a place for new tables, and nothing in it.

    Raises:
        SchemaError: there is something, or the database can't be reached.
    """
    database = engine(url)
    if is_sqlite(url) and not database.exists():
        return
    bind(database)
    try:
        if database.get_tables():
            raise SchemaError(f"{described(url)}: is not empty; please give an empty database")
    finally:
        close()


def engine(url: str) -> Any:
    """Return the engine of an address, connected to nothing yet.

    Raises:
        SchemaError: the address is not one.
    """
    if url.startswith(POSTGRESQL):
        # Only where it is used: the driver costs a process without it nothing.
        from fleet_server.store.postgres import Postgres

        return Postgres(url)
    return Sqlite(url)


def bind(database: Any) -> None:
    """Let all models stand for tables of this database, and connect to it.

    Raises:
        SchemaError: it can't be opened.
    """
    close()
    proxy.initialize(database)
    database.check()


def pending(database: Any) -> list[str]:
    """Return the names of the migrations that a database lacks."""
    steps = Runner(database, str(MIGRATIONS)).status()
    return [step.name for step in steps if not step.applied]


def known_steps() -> list[str]:
    """Return the names of all migrations that this version has."""
    return [path.stem for path in sorted(MIGRATIONS.glob("[0-9]*.py"))]


def applied(database: Any) -> list[str]:
    """Return the names of the migrations that a database has had."""
    return [step.name for step in Runner(database, str(MIGRATIONS)).status() if step.applied]


@contextmanager
def writing() -> Iterator[None]:
    """Run the block in one write transaction; an exception undoes all of it."""
    with proxy.atomic():
        yield


@contextmanager
def reading() -> Iterator[None]:
    """Run the block on one snapshot, so that its answers fit together."""
    database: Any = proxy.obj
    if database.in_transaction():
        with database.atomic():
            yield
        return
    with database.transaction(database.snapshot):
        yield


def rows(query: Any) -> list[tuple[Any, ...]]:
    """Return what a query selects as tuples; peewee's own types know only rows as objects."""
    return list(query.tuples())


def in_order(query: Any, column: Any, size: int = 500) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query, ascending by a column, a few at a time.

    PostgreSQL's driver would else hold all of them in memory.

    Args:
        query: It selects the column first.
        column: No two rows have the same value in it.
        size: How many rows to ask for at once.
    """
    ordered = query.order_by(column).limit(size)
    part = rows(ordered)
    while part:
        yield from part
        part = rows(ordered.where(column > part[-1][0])) if len(part) == size else []


def data_version() -> int | str:
    """Return something that changes when another connection has committed something.

    It may change without that, too; it never stays the same where something was committed.
    """
    version: int | str = proxy.obj.version()
    return version


def may_pass(error: Exception) -> bool:
    """Whether an error of the database can go away by itself, such as a lock or a full disk.

    A statement that the database does not take, or a value, it will not take the next time either.
    """
    if not isinstance(error, peewee.OperationalError | peewee.InterfaceError):
        return False
    cause = getattr(error, "orig", None)  # where peewee keeps the driver's own error
    if isinstance(proxy.obj, Sqlite) or not hasattr(cause, "sqlstate"):
        return sqlite.may_pass(cause)
    from fleet_server.store import postgres

    return postgres.may_pass(cause)


def release() -> None:
    """Give this thread's connection back; PostgreSQL's stay open for who asks next."""
    if proxy.obj is not None and not proxy.obj.is_closed():
        proxy.obj.close()


def close() -> None:
    """Close this thread's connection, and those that nobody uses."""
    if proxy.obj is not None:
        proxy.obj.end()
