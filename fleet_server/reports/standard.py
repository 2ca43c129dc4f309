"""The template that holds as long as an office has none of its own: an official report on A4.

It is made by code, so that it can be read in a change; an office takes it away, changes it in Word
or LibreOffice, and sends it back. Its form is that of Decree 30/2020/NĐ-CP on official documents.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from flask_babel import gettext as _

_FONT = "Times New Roman"
_SIZE = 13
_SMALL = 10
_LEFT, _CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
_RIGHT, _BOTH = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
_SHOWN = (
    "served", "rated", "participation", "very_satisfied", "satisfied", "unsatisfied",
    "satisfaction",
)  # fmt: skip
_NAME_MM, _FIGURE_MM = 44, 18
_CELL_MARGIN_MM = 1
"""So narrow that a total of seven digits stays on its line."""


def standard() -> bytes:
    """Return it, in the words of the language in use."""
    made = Document()
    _sheet(made)
    _heading(made)
    _figures(made)
    _others(made)
    _remarks(made)
    _foot(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _sheet(made: Doc) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(25), Mm(15)
    page.top_margin = page.bottom_margin = Mm(20)
    style: Any = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(4)
    about = made.core_properties
    about.author, about.comments, about.title = "", "", "{{ title }}"
    about.created = about.modified = datetime(2026, 1, 1)  # noqa: DTZ001 - of the template, no report's


def _write(
    into: Doc | _Cell,
    words: str,
    align: WD_ALIGN_PARAGRAPH = _BOTH,
    bold: bool = False,
    size: int = _SIZE,
) -> None:
    """Write a paragraph; a cell begins with an empty one."""
    empty = isinstance(into, _Cell) and not into.text and len(into.paragraphs) == 1
    paragraph = into.paragraphs[0] if empty else into.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(words)
    run.bold, run.font.size = bold, Pt(size)


def _heading(made: Doc) -> None:
    table = made.add_table(1, 2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.width, right.width = Mm(75), Mm(95)
    _write(left, "{{ office|upper }}", _CENTER, bold=True, size=12)
    _write(left, _("No.: ……/BC"), _CENTER, size=12)
    _write(right, _("SOCIALIST REPUBLIC OF VIET NAM"), _CENTER, bold=True, size=12)
    _write(right, _("Independence – Freedom – Happiness"), _CENTER, bold=True)
    dated = _("…………, day %(day)s month %(month)s year %(year)s", **_DATE)
    _write(right, dated, _CENTER, size=12)
    _write(made, _("REPORT"), _CENTER, bold=True, size=14)
    _write(made, "{{ title }}", _CENTER, bold=True)
    _write(made, "{{ branch }}", _CENTER)
    _write(made, "{{ period }}", _CENTER)


_DATE = {"day": "{{ day }}", "month": "{{ month }}", "year": "{{ year }}"}


def _figures(made: Doc) -> None:
    _write(made, _("I. Results"), bold=True)
    _write(
        made,
        _(
            "Of %(served)s people served, %(rated)s rated, which is %(participation)s (target: "
            "%(participation_target)s). Of the ratings, %(satisfaction)s were satisfied or very "
            "satisfied (target: %(satisfaction_target)s).",
            **{name: f"{{{{ total.{name} }}}}" for name in _SUMMED},
        ),
    )
    widths = [_NAME_MM, *[_FIGURE_MM] * len(_SHOWN)]
    table = made.add_table(5, len(widths), "Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _narrow_margins(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    names = ("name", *_SHOWN)
    _row(table.rows[0].cells, [f"{{{{ heads.{name} }}}}" for name in names], widths, bold=True)
    _row(table.rows[1].cells, ["{%tr for row in rows %}", *[""] * len(_SHOWN)], widths)
    _row(table.rows[2].cells, [f"{{{{ row.{name} }}}}" for name in names], widths)
    _row(table.rows[3].cells, ["{%tr endfor %}", *[""] * len(_SHOWN)], widths)
    _row(table.rows[4].cells, [f"{{{{ total.{name} }}}}" for name in names], widths, bold=True)


def _narrow_margins(table: Table) -> None:
    """Set the side margins of all cells (ISO/IEC 29500-1, 17.4.42), before the table's look."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), str(Mm(_CELL_MARGIN_MM).twips))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)


_SUMMED = (
    "served", "rated", "participation", "participation_target", "satisfaction",
    "satisfaction_target",
)  # fmt: skip


def _row(
    cells: Sequence[_Cell], texts: Sequence[str], widths: Sequence[int], bold: bool = False
) -> None:
    for number, (cell, words, width) in enumerate(zip(cells, texts, widths, strict=True)):
        cell.width = Mm(width)
        _write(cell, words, _RIGHT if number else _LEFT, bold, _SMALL)


def _others(made: Doc) -> None:
    """Write the tables of whatever else there is, each with as many columns as it has."""
    _write(made, "{%p for one in more %}")
    _write(made, "{{ one.title }}", bold=True)
    table = made.add_table(4, 3, "Table Grid")
    _narrow_margins(table)
    _free_widths(table)
    _loop(table.rows[0].cells, "one.heads", bold=True)
    table.rows[1].cells[0].text = "{%tr for line in one.rows %}"
    _loop(table.rows[2].cells, "line", bold=False)
    table.rows[3].cells[0].text = "{%tr endfor %}"
    _write(made, "{%p endfor %}")


def _free_widths(table: Table) -> None:
    """Let each column be as wide as what stands in it: how many there are isn't known here."""
    for cell in table._cells:
        width = cell._tc.get_or_add_tcPr().get_or_add_tcW()
        width.set(qn("w:type"), "auto")
        width.set(qn("w:w"), "0")


def _loop(cells: Sequence[_Cell], over: str, bold: bool) -> None:
    words = (f"{{%tc for cell in {over} %}}", "{{ cell }}", "{%tc endfor %}")
    for cell, text in zip(cells, words, strict=True):
        _write(cell, text, _LEFT, bold, _SMALL)


def _remarks(made: Doc) -> None:
    _write(made, _("II. What has to be said of the figures"), bold=True)
    _write(made, "{%p for note in notes %}")
    _write(made, "– {{ note }}")
    _write(made, "{%p endfor %}")
    _write(made, _("III. Difficulties"), bold=True)
    _write(made, "……………………………………………………………………………………")
    _write(made, _("IV. Remedies and proposals"), bold=True)
    _write(made, "……………………………………………………………………………………")
    _left, right = made.add_table(1, 2).rows[0].cells
    _write(right, _("HEAD OF THE OFFICE"), _CENTER, bold=True)
    _write(right, _("(signature, seal, full name)"), _CENTER, size=_SMALL)


def _foot(made: Doc) -> None:
    footer = made.sections[0].footer.paragraphs[0]
    run = footer.add_run("{% for one in stamp %}{{ one.name }}: {{ one.value }}. {% endfor %}")
    run.font.size = Pt(7)
