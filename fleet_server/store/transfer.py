"""Copying all rows from one database to another, whichever engines they are of.

The tables on both sides are those of today. What is read is one snapshot; what is written is one
transaction. So a backup can be taken while everything runs, and a restore that fails changes
nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    DatabaseError,
    DateTimeField,
    Field,
    ForeignKeyField,
    JSONField,
)
from peewee import sort_models as sorted_tables  # type: ignore[attr-defined]  # not listed there

from fleet_server.store import accounts, models
from fleet_server.store.errors import SchemaError

SIZE = 2_000
"""Rows at a time."""

BORN_WITH = ("target",)
"""Tables in which a new database holds something already: the first targets of its settings."""

Move = Callable[[int], None]
Row = Sequence[Any]


def tables() -> list[Any]:
    """Return all tables, none of which refers to a later one."""
    return list(sorted_tables(models.ALL + accounts.ALL))


def count(source: Any) -> dict[str, int]:
    """Return how many rows each table of a database has."""
    names = (table._meta.table_name for table in tables())
    return {name: _rows_of(source, name) for name in names}


def whole(database: Any, rows: Mapping[str, int]) -> bool:
    """Whether a file is a sound SQLite database with so many rows in these tables."""
    there = set(database.get_tables())
    return (
        database.pragma("integrity_check") == "ok"
        and there >= set(rows)
        and all(_rows_of(database, name) == number for name, number in rows.items())
    )


def _rows_of(database: Any, table: str) -> int:
    return int(database.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def copy(source: Any, target: Any, moved: Move, *, then: Callable[[], None] | None = None) -> None:
    """Replace all rows of ``target`` by those of ``source``.

    Args:
        source: An engine, inside a transaction that is a snapshot.
        target: An engine; everything is written in one transaction.
        moved: Called with the number of rows that were copied, again and again.
        then: Called at the end of that transaction.

    Raises:
        SchemaError: a row can't be held by the target; nothing is changed.
    """
    ordered = tables()
    with target.atomic():
        target.empty([table._meta.table_name for table in ordered])
        for table in ordered:
            _copy_table(table, source, target, moved)
        if then is not None:
            then()


def _copy_table(table: Any, source: Any, target: Any, moved: Move) -> None:
    meta = table._meta
    columns = [field.column_name for field in meta.sorted_fields]
    named = ", ".join(f'"{column}"' for column in columns)
    text = f'SELECT {named} FROM "{meta.table_name}"'
    try:
        for part in _ordered(table, source.stream(text, SIZE)):
            target.fill(meta.table_name, columns, _converted(meta.sorted_fields, part))
            moved(len(part))
        if isinstance(meta.primary_key, AutoField):
            target.go_on_numbering(meta.table_name)
    except (DatabaseError, TypeError, ValueError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SchemaError(f"a row of the table {meta.table_name} can't be taken: {why}") from None


def _ordered(table: Any, parts: Iterator[list[Row]]) -> Iterator[list[Row]]:
    """Yield the rows so that none refers to a later one of the same table."""
    fields = table._meta.sorted_fields
    own = [
        place
        for place, field in enumerate(fields)
        if isinstance(field, ForeignKeyField) and field.rel_model is table
    ]
    if not own:
        yield from parts
        return
    # Such tables are trees of offices: small.
    waiting = [row for part in parts for row in part]
    key = fields.index(table._meta.primary_key)
    known: set[Any] = {None}
    while waiting:
        ready = [row for row in waiting if all(row[place] in known for place in own)]
        known |= {row[key] for row in ready}
        waiting = [row for row in waiting if row[key] not in known]
        if not ready:
            raise ValueError("rows refer to each other in a circle, or to rows that are not there")
        yield ready


def _converted(fields: Sequence[Field], rows: Sequence[Row]) -> list[list[Any]]:
    columns = [_converter(field) for field in fields]
    return [
        [convert(value) if convert and value is not None else value
         for convert, value in zip(columns, row, strict=True)]
        for row in rows
    ]  # fmt: skip


def _converter(field: Field) -> Callable[[Any], Any] | None:
    if isinstance(field, BooleanField):
        return bool
    if isinstance(field, BlobField):
        return bytes
    if isinstance(field, DateTimeField):
        return str  # As SQLite holds it; PostgreSQL reads it.
    if isinstance(field, JSONField):
        # SQLite holds JSON as text, PostgreSQL's driver gives what it means.
        return lambda value: value if isinstance(value, str) else json.dumps(value)
    return None


def holds_rows(database: Any) -> bool:
    """Whether there is anything in a database but what every new one holds: one row is enough."""
    names = (n for n in (table._meta.table_name for table in tables()) if n not in BORN_WITH)
    return any(database.execute_sql(f'SELECT 1 FROM "{n}" LIMIT 1').fetchone() for n in names)
