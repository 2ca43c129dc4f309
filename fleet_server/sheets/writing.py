"""From tables of texts to the bytes of a CSV or XLSX file, safe to open in a spreadsheet."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from provisioning import tables

_WIDTHS = (8, 48)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: its title, headings and rows."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def csv_bytes(sheet: Sheet) -> bytes:
    """Return a sheet as CSV in UTF-8 with its mark, by which Excel knows it."""
    return tables.write([sheet.headings, *sheet.rows])


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook: headings bold and fixed, every cell a text."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for place, heading in enumerate(sheet.headings):
            longest = max((len(row[place]) for row in sheet.rows), default=0)
            letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place]
            low, high = _WIDTHS
            page.column_dimensions[letter].width = 2 + min(max(longest, len(heading), low), high)
        page.append([_cell(page, heading, bold=True) for heading in sheet.headings])
        for row in sheet.rows:
            page.append([_cell(page, text) if text else None for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: object, text: str, *, bold: bool = False) -> object:
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"  # else a text such as =1 would be written as a formula
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
