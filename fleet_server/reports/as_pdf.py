"""A report as PDF: sheets of A4 across, heads of tables on each, the page's number at its foot."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import as_file, files

from flask_babel import gettext as _
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from fleet_server.reports.cells import Fact, Table, text
from fleet_server.reports.written import Written

_FONT = "BeVietnamPro"
_WEIGHTS = {"": "Medium", "B": "Bold"}
_EDGE = 12.0
"""Millimetres around what is printed."""
_LINE = 5.2
_SIZES = {"title": 15.0, "head": 11.0, "text": 9.0, "table": 7.5, "foot": 7.0}


class _Paper(FPDF):
    """A4 across with a foot on each sheet."""

    def __init__(self, foot: str) -> None:
        """Take the words of the foot."""
        super().__init__("landscape", format="A4")
        self._foot = foot

    def footer(self) -> None:
        """Write the foot, which the library asks for at each sheet's end."""
        self.set_y(-_EDGE)
        self.set_font(_FONT, "", _SIZES["foot"])
        self.cell(0, 4, self._foot)
        self.set_x(_EDGE)
        self.cell(0, 4, f"{self.page_no()} / {{nb}}", align="R")


def to_pdf(report: Written) -> bytes:
    """Return it as PDF."""
    pdf = _paper(report)
    pdf.add_page()
    _say(pdf, report.office, "text")
    _say(pdf, report.title, "title", "B")
    _facts(pdf, report.facts)
    for table in report.tables:
        _say(pdf, table.title, "head", "B", above=3)
        _table(pdf, table)
    _say(pdf, _("Notes"), "head", "B", above=3)
    for note in report.notes:
        _say(pdf, f"–  {note}", "text")
    _say(pdf, _("What it was made of"), "head", "B", above=3)
    _facts(pdf, report.stamp)
    return bytes(pdf.output())


def _paper(report: Written) -> _Paper:
    pdf = _Paper(f"{report.title} · {report.branch} · {report.period}")
    pdf.set_creation_date(datetime.fromtimestamp(report.made_at / 1000, UTC))
    pdf.set_title(report.title)
    pdf.set_margin(_EDGE)
    pdf.set_auto_page_break(True, _EDGE + 5)
    for style, weight in _WEIGHTS.items():
        source = files("fontpkg_be_vietnam_pro") / "files" / f"{_FONT}-{weight}.ttf"
        with as_file(source) as path:
            pdf.add_font(_FONT, style, path)
    return pdf


def _say(pdf: FPDF, words: str, size: str, style: str = "", above: float = 0) -> None:
    pdf.ln(above)
    pdf.set_font(_FONT, style, _SIZES[size])
    pdf.multi_cell(
        0, _LINE * _SIZES[size] / _SIZES["text"], words, new_x=XPos.LMARGIN, new_y=YPos.NEXT
    )


def _facts(pdf: FPDF, facts: Sequence[Fact]) -> None:
    for name, value in facts:
        _say(pdf, f"{name}: {value}", "text")


def _table(pdf: FPDF, table: Table) -> None:
    pdf.set_font(_FONT, "", _SIZES["table"])
    bold = FontFace(emphasis="BOLD")
    texts = [place < 2 or table.has_texts(place) for place in range(len(table.heads))]
    widths = [3 if place and wide else 1 for place, wide in enumerate(texts)]
    aligned = ["LEFT" if wide else "RIGHT" for wide in texts]
    with pdf.table(
        col_widths=widths,
        text_align=aligned,
        headings_style=bold,
        line_height=4.2,
        padding=0.6,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
    ) as drawn:
        drawn.row(table.heads)
        for number, cells in enumerate(table.rows, 1):
            last = table.total and number == len(table.rows)
            row = drawn.row(style=bold if last else None)
            for cell in cells:
                row.cell(text(cell))
