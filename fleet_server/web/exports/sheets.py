"""Tables as files: CSV and XLSX, in the reader's language, with what makes them checkable.

Cells of text are never formulas: a name that begins like one is given a leading apostrophe in CSV,
and is marked as text in XLSX.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | float | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table, and the facts about it.

    Attributes:
        title: of the table.
        heads: of its columns.
        rows: of its cells; None is a figure that there is none of.
        facts: name and value: period, scope, targets, as of when, and so on.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    facts: Sequence[tuple[str, Cell]]


def to_csv(sheet: Sheet) -> bytes:
    """Return it as CSV: the table, an empty line, the facts; with the mark that Excel wants."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(head) for head in sheet.heads])
    writer.writerows([safe(cell) for cell in row] for row in sheet.rows)
    writer.writerow([])
    writer.writerows([safe(name), safe(value)] for name, value in sheet.facts)
    return text.getvalue().encode("utf-8-sig")


def safe(cell: Cell) -> Cell:
    """Return a cell that no program takes for a formula."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def to_xlsx(sheet: Sheet) -> bytes:
    """Return it as a workbook with two sheets: the table, and the facts."""
    book = Workbook(write_only=True)
    _fill(book, sheet.title, [sheet.heads, *sheet.rows])
    _fill(book, _("Facts"), [(_("What"), _("Value")), *sheet.facts])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(book: Workbook, title: str, rows: Sequence[Sequence[Cell]]) -> None:
    page = book.create_sheet(title[:31])
    page.freeze_panes = "A2"
    page.column_dimensions["A"].width = 34
    for number, row in enumerate(rows):
        cells = [WriteOnlyCell(page, value=value) for value in row]
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
        page.append(cells)


FORMATS = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""How a table can be taken away, by the ending of its file."""
