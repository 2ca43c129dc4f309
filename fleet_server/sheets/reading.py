"""From the bytes of a CSV or XLSX file to tables of texts: the one door for lists from outside."""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from fleet_server.core.tree_import.vocabulary import subject_of
from fleet_server.core.tree_import.wanted import FORMULA, ROWS_MAX, Table
from fleet_server.sheets.errors import SheetError
from fleet_server.sheets.unpacking import look_through
from provisioning import tables
from provisioning.tables import COLUMNS_MAX, filled

FILE_MAX = 4_000_000
"""Bytes of a file."""

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_tables(
    content: bytes, name: str, known: Callable[[list[str]], object] = subject_of
) -> list[Table]:
    """Return the sheets of a file, those that hold anything.

    Args:
        content: the file.
        name: what it is called; a CSV file's only sheet has that name.
        known: whether headings are those of a list that is looked for; else of the tree.

    Raises:
        SheetError: it can't be read.
    """
    if len(content) > FILE_MAX:
        raise SheetError("too_large")
    if not content.strip():
        raise SheetError("empty")
    if content.startswith(_OLD):
        raise SheetError("old_xls")
    found = _workbook(content) if content.startswith(_ZIP) else [_text(content, name)]
    held = [table for table in found if table.rows]
    if sum(len(table.rows) - 1 for table in held) > ROWS_MAX:
        raise SheetError("too_many_rows")
    if not any(known(list(table.rows[0][1])) for table in held):
        raise SheetError("no_list")
    return held


def _text(content: bytes, name: str) -> Table:
    try:
        return Table(name, tuple(tables.read(content, ROWS_MAX)))
    except tables.TableError as error:
        raise SheetError(error.trouble, error.value) from None


def _workbook(content: bytes) -> list[Table]:
    look_through(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            return [
                Table(one.title, tuple(_lines(one.iter_rows(**_AREA)))) for one in _sheets(book)
            ]
        finally:
            book.close()
    except SheetError:
        raise
    except Exception as error:  # openpyxl lets out whatever a damaged file makes it stumble over
        raise SheetError("not_xlsx", type(error).__name__) from None


_AREA = {"max_row": ROWS_MAX + 2, "max_col": COLUMNS_MAX}


def _sheets(book: Any) -> Iterable[Any]:
    return (one for one in book.worksheets if hasattr(one, "iter_rows"))


def _lines(rows: Iterable[Any]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in enumerate(rows, 1):
        texts = filled(map(_cell, cells))
        if any(text.strip() for text in texts):
            if number > ROWS_MAX + 1:
                raise SheetError("too_many_rows")
            yield number, texts


def _cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        return FORMULA
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
