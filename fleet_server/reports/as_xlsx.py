"""A report as a workbook that is ready to print: tables, notes and facts on sheets of A4."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from flask_babel import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from fleet_server.reports.cells import Cell, Fact, Percent, Points, Table
from fleet_server.reports.written import Written

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_FIGURES, _NAMES, _MOST = 11, 30, 80
"""Widths in letters: of figures, of the names of facts, of a text at most."""

_HEAD_POINTS = 45
"""Height of the heads, which are wrapped over three lines."""


def to_xlsx(report: Written) -> bytes:
    """Return it as a workbook; a text is never a formula."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **_PLAIN}) as book:
        made = datetime.fromtimestamp(report.made_at / 1000, UTC).replace(tzinfo=None)
        book.set_properties({"title": report.title, "company": report.office, "created": made})
        styles = _Styles(book)
        for table in report.tables:
            _fill(_sheet(book, table.name), report, table, styles)
        _tell(_sheet(book, _("Notes")), report, styles)
    return out.getvalue()


_SHAPES = {Percent: '0.0"%"', Points: "0.00", str: "@"}
"""How a cell is shown, by what it is; others are counts."""


class _Styles:
    """How cells look."""

    def __init__(self, book: Workbook) -> None:
        """Declare the looks in a workbook."""
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter", "align": "center"}
        )
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._book = book
        self._made: dict[tuple[str, bool], Format] = {}

    def of(self, cell: Cell, bold: bool) -> Format:
        """Return the look of a cell in a table."""
        shape = _SHAPES.get(type(cell), "#,##0")
        if (shape, bold) not in self._made:
            look = {"num_format": shape, "border": 1, "bold": bold}
            self._made[shape, bold] = self._book.add_format(look)
        return self._made[shape, bold]


def _sheet(book: Workbook, title: str) -> Worksheet:
    page = book.add_worksheet(_FORBIDDEN.sub(" ", title)[:31])
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R&P / &N")
    return page


def _fill(page: Worksheet, report: Written, table: Table, styles: _Styles) -> None:
    for place in range(len(table.heads)):
        page.set_column(place, place, _width(table, place))
    page.write_string(0, 0, report.title, styles.title)
    at = _facts(page, 1, ((_("Office"), report.office), *report.facts)) + 1
    for place, head in enumerate(table.heads):
        page.write_string(at, place, head, styles.head)
    page.set_row(at, _HEAD_POINTS)
    page.repeat_rows(at)
    page.freeze_panes(at + 1, 2)
    for number, row in enumerate(table.rows, 1):
        last = table.total and number == len(table.rows)
        _row(page, at + number, row, styles, bold=last)


def _width(table: Table, place: int) -> int:
    if place == 0:
        return _NAMES
    texts = [cell for row in table.rows if isinstance(cell := row[place], str)]
    longest = max(map(len, texts), default=0)
    return max(_FIGURES, min(longest + 2, _MOST))


def _row(page: Worksheet, at: int, row: Sequence[Cell], styles: _Styles, bold: bool) -> None:
    for place, cell in enumerate(row):
        look = styles.of(cell, bold)
        if cell is None:
            page.write_blank(at, place, None, look)
        elif isinstance(cell, str):
            page.write_string(at, place, cell, look)
        else:
            page.write_number(at, place, cell if isinstance(cell, int) else cell.value, look)


def _facts(page: Worksheet, at: int, facts: Sequence[Fact]) -> int:
    for number, (name, value) in enumerate(facts, at):
        page.write_string(number, 0, name)
        page.write_string(number, 1, value)
    return at + len(facts)


def _tell(page: Worksheet, report: Written, styles: _Styles) -> None:
    page.set_column(0, 0, _NAMES)
    page.set_column(1, 1, 2 * _MOST)
    for number, note in enumerate(report.notes):
        page.merge_range(number, 0, number, 1, "", styles.wrapped)
        page.write_string(number, 0, note, styles.wrapped)
    _facts(page, len(report.notes) + 1, report.stamp)
