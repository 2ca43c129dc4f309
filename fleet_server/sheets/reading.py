"""From the bytes of a CSV or XLSX file to tables of texts: the one door for lists from outside."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from fleet_server.core.tree_import.vocabulary import subject_of
from fleet_server.core.tree_import.wanted import FORMULA, ROWS_MAX, Table
from fleet_server.sheets.errors import SheetError
from fleet_server.sheets.unpacking import look_through

FILE_MAX = 4_000_000
"""Bytes of a file."""

COLUMNS_MAX = 50
"""What stands further to the right is not looked at: no list has as many columns."""

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = (";", ",", "\t")
_VIETNAMESE = frozenset("ăâđêôơưĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323")
_FORMULA_SIGNS = frozenset("=+-@\t\r'")

Rows = list[tuple[int, tuple[str, ...]]]


def read_tables(content: bytes, name: str) -> list[Table]:
    """Return the sheets of a file, those that hold anything.

    Args:
        content: the file.
        name: what it is called; a CSV file's only sheet has that name.

    Raises:
        SheetError: it can't be read.
    """
    if len(content) > FILE_MAX:
        raise SheetError("too_large")
    if not content.strip():
        raise SheetError("empty")
    if content.startswith(_OLD):
        raise SheetError("old_xls")
    tables = _workbook(content) if content.startswith(_ZIP) else [_text(content, name)]
    held = [table for table in tables if table.rows]
    if sum(len(table.rows) - 1 for table in held) > ROWS_MAX:
        raise SheetError("too_many_rows")
    if not any(subject_of(list(table.rows[0][1])) for table in held):
        raise SheetError("no_list")
    return held


# ---- CSV ----


def _text(content: bytes, name: str) -> Table:
    try:
        found = list(_records(_decoded(content)))
    except csv.Error as error:
        raise SheetError("not_csv", str(error)) from None
    return Table(name, tuple(found))


def _decoded(content: bytes) -> str:
    encoding = next((how for mark, how in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    guess = content.decode("cp1258", "replace")
    raise SheetError("windows_1258" if _VIETNAMESE & set(guess) else "not_utf8")


def _records(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    separator, skipped, text = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for number, cells in enumerate(reader, skipped + 1):
        if number > ROWS_MAX + 2 + skipped:
            raise SheetError("too_many_rows")
        if any(cell.strip() for cell in cells):
            yield number, _filled(_unquoted(cell) for cell in cells[:COLUMNS_MAX])


def _separator(text: str) -> tuple[str, int, str]:
    """Return what stands between cells, the lines that only say so, and the rest."""
    first, _end, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said.startswith("sep=") and len(said) == len("sep=") + 1:
        return said[-1], 1, rest
    headings = text.lstrip("\r\n").partition("\n")[0]
    return max(_SEPARATORS, key=headings.count), 0, text


def _unquoted(cell: str) -> str:
    guarded = len(cell) > 1 and cell[0] == "'" and cell[1] in _FORMULA_SIGNS
    return cell[1:] if guarded else cell


def _filled(cells: Iterable[str]) -> tuple[str, ...]:
    """Return a row's cells up to the last that holds anything."""
    held = list(cells)
    while held and not held[-1]:
        held.pop()
    return tuple(held)


# ---- XLSX ----


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
        texts = _filled(map(_cell, cells))
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


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a CSV file would take a cell for more than a text."""
    return text[:1] in _FORMULA_SIGNS and bool(text)
