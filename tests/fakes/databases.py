"""The two engines under test, and a database of its own for each test.

A test that uses a fleet's database takes the fixture `engine`, itself or through another fixture,
and so runs once with each engine. Everything that makes a database asks here which one it is.

    url = databases.made(tmp_path)      # with tables
    with databases.looked_at(url) as other:
        other.ask("SELECT count(*) FROM record")
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import psycopg
import pytest

from fleet_server import found, settings
from fleet_server.addresses import SQLITE, is_sqlite
from fleet_server.settings import Settings
from fleet_server.store import database
from tests.fakes import postgres

ENGINES = ("sqlite", "postgresql")
_current: "Engine | None" = None
_made: list[str] = []


class Engine(Protocol):
    """How databases of one kind are made."""

    name: str

    def empty(self, folder: Path) -> str:
        """Return the address of a database without tables."""

    def made(self, folder: Path) -> str:
        """Return the address of a database with all tables and no rows."""

    def copied(self, url: str, folder: Path) -> str:
        """Return the address of a copy of a database that nobody uses."""

    def fill(self, url: str) -> None:
        """Put all tables into a database without any."""

    def drop(self, url: str) -> None:
        """Remove a database."""


class Sqlite:
    """A file in the folder."""

    name = "sqlite"

    def empty(self, folder: Path) -> str:
        """Return the address of a file that is not there yet."""
        return f"sqlite:{folder / 'fleet.db'}"

    def made(self, folder: Path) -> str:
        """Copy a file that was migrated once."""
        return self.copied(_migrated(self), folder)

    def copied(self, url: str, folder: Path) -> str:
        """Copy the file with what is beside it."""
        copy = self.empty(folder)
        for suffix in ("", "-wal"):
            source = Path(f"{url.removeprefix(SQLITE)}{suffix}")
            if source.exists():
                shutil.copyfile(source, f"{copy.removeprefix(SQLITE)}{suffix}")
        return copy

    def fill(self, url: str) -> None:
        """Put what was migrated once into the file, which keeps its mode."""
        shutil.copyfile(_migrated(self).removeprefix(SQLITE), url.removeprefix(SQLITE))

    def drop(self, url: str) -> None:
        """Remove the file."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{url.removeprefix(SQLITE)}{suffix}").unlink(missing_ok=True)


class Postgresql:
    """A database of the tests' own server."""

    name = "postgresql"

    def empty(self, folder: Path) -> str:
        """Make an empty database."""
        return self._new(None)

    def made(self, folder: Path) -> str:
        """Copy a database that was migrated once."""
        return self.copied(_migrated(self), folder)

    def copied(self, url: str, folder: Path) -> str:
        """Copy a database."""
        return self._new(_name(url))

    def fill(self, url: str) -> None:
        """Make the database anew, as a copy of one that was migrated once."""
        self.drop(url)
        postgres.server().make(_name(_migrated(self)), _name(url))

    def drop(self, url: str) -> None:
        """Remove the database."""
        postgres.server().drop(_name(url))

    def _new(self, template: str | None) -> str:
        server = postgres.server()
        url = server.url(server.make(template))
        _made.append(url)
        return url


@cache
def _migrated(engine: Engine) -> str:
    folder = Path(postgres.tempfile.mkdtemp(prefix="hailong-tables-"))
    postgres.atexit.register(shutil.rmtree, folder, ignore_errors=True)
    before = len(_made)
    url = engine.empty(folder)
    del _made[before:]  # so that it outlives the test that needed it first
    database.create_database(url)
    database.close()
    return url


_engines: dict[str, Engine] = {one.name: one for one in (Sqlite(), Postgresql())}


@contextmanager
def using(name: str) -> Iterator[Engine]:
    """Let databases be of one kind meanwhile."""
    global _current
    before, _current = _current, _engines[name]
    try:
        yield _engines[name]
    finally:
        _current = before


def engine() -> Engine:
    """Return the kind that the running test is about."""
    assert _current is not None, 'a test with a fleet\'s database needs the fixture "engine"'
    return _current


def empty(folder: Path) -> str:
    """Return the address of a database without tables."""
    return engine().empty(folder)


def for_init(folder: Path) -> str:
    """Return what ``hailong-fleet init --database`` is given for a new fleet in a folder."""
    return "sqlite:fleet.db" if engine().name == "sqlite" else empty(folder)


@contextmanager
def copied_by_init() -> Iterator[None]:
    """Let ``init`` copy tables that were migrated once: migrating is most of its time."""

    def filled(url: str) -> Any:
        database.close()
        engine().fill(url)
        return database.open_database(url)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found, "create_database", filled)
        yield


def made(folder: Path) -> str:
    """Return the address of a database with all tables and no rows."""
    return engine().made(folder)


@contextmanager
def fleeting() -> Iterator[None]:
    """Open a database with all tables and no rows that need not outlive a crash, and drop it."""
    with TemporaryDirectory() as folder:
        url = made(Path(folder))
        opened = database.open_database(url)
        if engine().name == "sqlite":
            opened.execute_sql("PRAGMA synchronous = OFF")
        try:
            yield
        finally:
            database.close()
            engine().drop(url)


def copied(url: str, folder: Path) -> str:
    """Return the address of a copy of a database that nobody uses."""
    return engine().copied(url, folder)


def copied_fleet(template: Path, target: Path) -> Settings:
    """Copy a fleet directory with its database, and return the settings of the copy."""
    shutil.copytree(template, target)
    held = settings.load(template / "fleet.toml").database.url
    if not is_sqlite(held):
        name_url(target, copied(held, target))
    return settings.load(target / "fleet.toml")


def once_for_each(make: Callable[[], Path]) -> Callable[[], Path]:
    """Return a function that makes a fleet directory once with each engine, and keeps it."""

    @cache
    def kept(_engine: Engine) -> Path:
        before = len(_made)
        directory = make()
        del _made[before:]  # so that it outlives the test that needed it first
        return directory

    return lambda: kept(engine())


def name_url(fleet: Path, url: str) -> None:
    """Let a fleet's settings name another database."""
    config = fleet / "fleet.toml"
    text = config.read_text("utf-8")
    [line] = re.findall(r'(?m)^url = "(?:sqlite|postgresql):.*$', text)
    text = text.replace(line, f'url = "{url}"')
    config.write_text(text, "utf-8")


@contextmanager
def dropped_afterwards() -> Iterator[None]:
    """Remove the databases that are made meanwhile."""
    before = len(_made)
    try:
        yield
    finally:
        while len(_made) > before:
            _engines["postgresql"].drop(_made.pop())


@dataclass(frozen=True)
class Look:
    """A connection of its own, beside those of the code under test; each statement commits."""

    connection: Any
    mark: str

    def ask(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows; ``?`` stands for a value."""
        return [tuple(row) for row in self._execute(text, values).fetchall()]

    def run(self, text: str, *values: object) -> int:
        """Run a statement, and return how many rows it changed."""
        return int(self._execute(text, values).rowcount)

    def without_foreign_keys(self) -> None:
        """Let rows be changed as somebody could who owns the server."""
        if self.mark != "?":
            self.run("SET session_replication_role = replica")

    def _execute(self, text: str, values: tuple[object, ...]) -> Any:
        if self.mark != "?" and values:
            text = text.replace("?", self.mark)
        return (
            self.connection.execute(text, values or None)
            if values
            else self.connection.execute(text)
        )


@contextmanager
def looked_at(url: str) -> Iterator[Look]:
    """Connect to a database beside the code under test."""
    if is_sqlite(url):
        connection: Any = sqlite3.connect(
            url.removeprefix(SQLITE), isolation_level=None, timeout=10
        )
        mark = "?"
    else:
        connection, mark = psycopg.connect(url, autocommit=True), "%s"
    try:
        yield Look(connection, mark)
    finally:
        connection.close()


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
