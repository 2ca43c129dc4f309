"""PostgreSQL as the fleet uses it, so that queries mean the same as on SQLite.

- A transaction that may write takes one lock of the database at its beginning: there is one writer
  at a time, as there, and no transaction fails half way because another wrote in between.
- Whole numbers have 64 bits, texts are ordered by their code points (``COLLATE "C"``), whatever
  the database was made with; sums come back as whole numbers.
- What other sessions have committed is told from the list of finished transactions.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from peewee import DatabaseError
from peewee import __exception_wrapper__ as translated  # type: ignore[attr-defined]  # not listed
from playhouse.pool import PooledPostgresqlDatabase
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus

from fleet_server.addresses import described, parameters_of
from fleet_server.store.errors import SchemaError

WRITER, MIGRATOR = 0x48414C01, 0x48414C02
"""The advisory locks: who writes, and who changes the tables."""

STALE_S = 300
SESSION = {
    "lock_timeout": "30s",
    "timezone": "UTC",
    "search_path": "public",
}
CONNECTION = {
    "connect_timeout": 10,
    "application_name": "hailong",
    "client_encoding": "utf8",
    "keepalives_idle": 30,
    "tcp_user_timeout": 30_000,
    "options": " ".join(f"-c {name}={value}" for name, value in SESSION.items()),
}
_NEVER = ("22", "23", "42", "54")
"""Classes of errors that a second try can't mend: data, constraints, syntax, limits."""


_OTHER_ORDER = (
    "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
)


class Number(Loader):
    """Reads ``numeric``, which sums of 64-bit numbers are, as SQLite gives it: whole or float."""

    def load(self, data: Buffer) -> int | float:
        """Return a whole number where there is no fraction."""
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


class Postgres(PooledPostgresqlDatabase):  # type: ignore[misc]  # peewee brings no types
    """A database of a PostgreSQL server; connections are kept and given to who asks next."""

    field_types: ClassVar[dict[str, str]] = {
        **PooledPostgresqlDatabase.field_types,
        "AUTO": "BIGSERIAL",
        "INT": "BIGINT",
        "TEXT": 'TEXT COLLATE "C"',
    }
    snapshot = "SNAPSHOT"
    """How a transaction begins that only reads."""

    _BEGIN: ClassVar[dict[str | None, str]] = {
        None: f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({WRITER})",
        snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }

    def __init__(self, url: str) -> None:
        """Name the database; nothing is connected yet."""
        self.url = url
        super().__init__(
            url, prefer_psycopg3=True, max_connections=0, stale_timeout=STALE_S, **CONNECTION
        )

    def __del__(self) -> None:
        """Close what other threads left open, when nobody uses this engine any more."""
        self.close_idle()
        for held in self._in_use.values():
            held.connection.close()

    def check(self) -> None:
        """Connect, and make sure that texts are kept as they are.

        Raises:
            SchemaError: the server can't be reached, or the database has another encoding.
        """
        _check_secrets(self.url)
        try:
            self.connect(reuse_if_open=True)
            encoding = self.execute_sql("SHOW server_encoding").fetchone()[0]
        except DatabaseError as error:
            raise SchemaError(
                f"{described(self.url)}: can't be reached ({_first_line(error)}); does the server "
                "run, is there such a database, and may this user connect?"
            ) from None
        if encoding != "UTF8":
            raise SchemaError(
                f"{described(self.url)}: has the encoding {encoding}; make one with: "
                "createdb --encoding=UTF8 --template=template0"
            )

    def end(self) -> None:
        """Close this thread's connection, and those that nobody uses."""
        self.manual_close()
        self.close_idle()

    def exists(self) -> bool:
        """Whether there is such a database; one that can't be reached is an error of its own."""
        return True

    def version(self) -> str:
        """Return a text that changes whenever a transaction has ended.

        The snapshot says which transactions are finished. Their set only grows, so no commit is
        missed; our own, and those of other databases of the server, change it too.
        """
        return str(self.execute_sql("SELECT pg_current_snapshot()::text").fetchone()[0])

    def begin(self, mode: str | None = None) -> None:
        """Begin a transaction: alone as the writer, or as a snapshot that only reads."""
        cursor = self.cursor()
        try:
            with translated:
                cursor.execute(self._BEGIN[mode], prepare=False)
        except BaseException:
            # The lock did not come, but the transaction has begun.
            self.rollback()
            raise

    def rollback(self) -> None:
        """Undo the transaction; one whose connection is lost the server has undone."""
        connection = self._state.conn
        if connection.info.transaction_status == TransactionStatus.ACTIVE:
            connection.close()  # Somebody interrupted a statement half way.
        if not connection.closed:
            super().rollback()

    def cursor(self, named_cursor: Any = None) -> Any:
        """Return a cursor, on a new connection where the last one was lost."""
        if not self.is_closed() and self._state.conn.closed and not self.in_transaction():
            self.manual_close()
        return super().cursor(named_cursor)

    def _connect(self) -> Any:
        conn = super()._connect()
        conn.adapters.register_loader("numeric", Number)
        return conn

    def stream(self, text: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield what a query returns, so many rows at a time; in a transaction."""
        with translated, self.connection().cursor(name="stream") as cursor:
            cursor.itersize = size
            cursor.execute(text)
            while part := cursor.fetchmany(size):
                yield part

    def empty(self, tables: Sequence[str]) -> None:
        """Take all rows out of tables."""
        self.execute_sql(f"TRUNCATE {_named(tables)}")

    def fill(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows as they are, by COPY: several times as fast as INSERT."""
        text = f"COPY {_named([table])} ({_named(columns)}) FROM STDIN"
        with translated, self.cursor().copy(text) as copy:
            for row in rows:
                copy.write_row(row)

    def go_on_numbering(self, table: str) -> None:
        """Let new rows get numbers above all there are."""
        self.execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
            f'(SELECT coalesce(max(id), 0) + 1 FROM "{table}"), false)'
        )

    def flaws(self) -> list[str]:
        """Return in words what of the server lets a commit be lost or mixes texts up."""
        wanted = ("fsync", "full_page_writes", "synchronous_commit")
        held = {name: self.execute_sql(f"SHOW {name}").fetchone()[0] for name in wanted}
        found = [f"{name} is off on the server" for name, value in held.items() if value == "off"]
        other = self.execute_sql(_OTHER_ORDER).fetchall()
        return found + [f"column {table}.{column} is not in the order C" for table, column in other]

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Let one process at a time change the tables."""
        self.execute_sql(f"SELECT pg_advisory_lock({MIGRATOR})")
        try:
            yield
        finally:
            self.execute_sql(f"SELECT pg_advisory_unlock({MIGRATOR})")


def may_pass(cause: Any) -> bool:
    """Whether an error can go away by itself, such as a lost connection or a full disk."""
    return not (cause.sqlstate or "").startswith(_NEVER)


def _named(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _check_secrets(url: str) -> None:
    if os.environ.get("PGPASSWORD"):
        raise SchemaError(
            "PGPASSWORD is set, and others can read a process's environment; "
            "unset it and write the password into the fleet's database.pgpass"
        )
    passfile = Path(parameters_of(url).get("passfile", ""))
    if passfile.is_file() and stat.S_IMODE(passfile.stat().st_mode) & 0o077:
        raise SchemaError(f"{passfile}: others can read it; run: chmod 600 {passfile}")
