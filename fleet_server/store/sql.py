"""SQL as text, for the hot path of ingest, where building it anew would cost more than running it.

``?`` stands for a value whatever the database writes for it. Values are never put into the text.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from peewee import __exception_wrapper__ as translated  # type: ignore[attr-defined]  # not listed

from fleet_server.store.database import proxy

T = TypeVar("T")
ROWS_IN_A_STATEMENT = 200


def ask(text: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    return list(_execute(text, values).fetchall())


def run(text: str, *values: Any) -> int:
    """Run a statement; return how many rows it changed."""
    return int(_execute(text, values).rowcount)


def marks(values: Sequence[Any]) -> str:
    """Return the placeholders for a list of values, ``(?, ?)``; for none, what nothing is in."""
    return f"({', '.join(['?'] * len(values)) or 'NULL'})"


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield as many values at a time as a statement should hold."""
    for start in range(0, len(values), ROWS_IN_A_STATEMENT):
        yield values[start : start + ROWS_IN_A_STATEMENT]


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, some hundred in a statement."""
    _insert(table, columns, rows, "")


def put(
    table: str, key: Sequence[str], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows, each with its key first; one that is there already gets the new values."""
    fresh = ", ".join(f"{name} = excluded.{name}" for name in names)
    ending = f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {fresh}"
    _insert(table, (*key, *names), rows, ending)


def run_many(text: str, rows: Sequence[Sequence[Any]]) -> int:
    """Run a statement for each row of values; return how many rows it changed altogether."""
    database = proxy.obj
    cursor = database.cursor()
    with translated:
        cursor.executemany(_marked(text, database.param), rows)
    return int(cursor.rowcount)


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], ending: str) -> None:
    for part in parts(rows):
        places = ", ".join([marks(columns)] * len(part))
        # Only names of tables and columns and placeholders are put into the text.
        text = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places}{ending}"
        _execute(text, [value for row in part for value in row])


def _execute(text: str, values: Sequence[Any]) -> Any:
    database = proxy.obj
    return database.execute_sql(_marked(text, database.param), list(values))


def _marked(text: str, param: str) -> str:
    """Return a text with the database's own placeholder; of ``%s``, ``%`` is no operator."""
    return text if param == "?" else text.replace("%", "%%").replace("?", param)
