"""Draws labels: a QR code, the terminal's name, and where it stands. No secret is on one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from math import ceil
from typing import cast

import qrcode
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode
from fpdf.fonts import TTFFont
from PIL.Image import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage

from provisioning.labels.sizes import Sheet
from wire.enrolment import EnrolmentFile

_FONT = "BeVietnamPro"
_WEIGHTS = {"": "Medium", "B": "Bold"}
_EDGE = 3.0
"""Millimetres within each label that stay white: printers and punches are never exact."""
_QUIET = 4
"""Modules of white around a code, as ISO/IEC 18004 wants."""
_DOTS = 8
"""Dots a module: a viewer that smooths pictures must not blur the edges away."""
_LINE = 1.25
"""Height of a line, in sizes of its letters: Vietnamese has accents upon accents."""
_POINT_MM = 25.4 / 72
_ANY = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Label:
    """What one label shows.

    Attributes:
        terminal: its name.
        counter: code of the counter, and ``counter_name`` as people read it.
        code: what a phone reads: an address, or the name again.
    """

    terminal: str
    counter: str
    counter_name: str
    code: str


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


def label_of(file: EnrolmentFile, page: str | None) -> Label:
    """Return the label of one terminal.

    Args:
        file: its enrolment file, of which the secrets are left out.
        page: address of the fleet's pages, so that the code leads to the terminal's own; None:
            the code is the terminal's name.
    """
    code = f"{page.rstrip('/')}/terminals/{file.terminal}" if page else file.terminal
    return Label(file.terminal, file.counter, file.counter_name, code)


def unshown(text: str) -> str:
    """Return the characters of a text that a label can't show: its font has none of them."""
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in _letters()))


@cache
def _letters() -> frozenset[int]:
    fonts = [font for font in _document(_ANY).fonts.values() if isinstance(font, TTFFont)]
    held = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
    for font in fonts:
        font.close()  # a document that is written out does it by itself
    return held


def pages(labels: Sequence[Label], sheet: Sheet) -> int:
    """Return how many sheets of paper the labels take."""
    return ceil(len(labels) / sheet.count)


def draw(
    labels: Sequence[Label],
    sheet: Sheet,
    now: datetime,
    moved: Callable[[int], object] = lambda _: None,
) -> bytes:
    """Return sheets of labels as PDF.

    Args:
        labels: in the order in which they lie on the sheets.
        sheet: how.
        now: what the file says that it was made at; else equal labels are equal bytes.
        moved: told of each label that was drawn, for a bar.
    """
    pdf = _document(now)
    for first in range(0, len(labels), sheet.count):
        pdf.add_page()
        part = labels[first : first + sheet.count]
        for label, (x, y) in zip(part, sheet.places(), strict=False):
            _draw(pdf, label, _Box(x, y, sheet.width, sheet.height))
            moved(1)
    return bytes(pdf.output())


def _document(now: datetime) -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_creation_date(now)
    pdf.set_title("Hailong")
    pdf.set_margin(0)
    pdf.c_margin = 0  # a cell's own margin would move texts out of line with the code
    pdf.set_auto_page_break(False)
    for style, weight in _WEIGHTS.items():
        source = files("fontpkg_be_vietnam_pro") / "files" / f"{_FONT}-{weight}.ttf"
        with as_file(source) as path:
            pdf.add_font(_FONT, style, path)
    return pdf


def _draw(pdf: FPDF, label: Label, box: _Box) -> None:
    side = box.height - 2 * _EDGE
    pdf.image(_code(label.code), box.x + _EDGE, box.y + _EDGE, side, side)
    x = box.x + _EDGE + side
    width = box.x + box.width - _EDGE - x
    top = box.y + _EDGE
    third = side / 3
    _write(pdf, label.terminal, _Box(x, top, width, third), "B", (18, 15, 13, 11, 9, 8, 7, 6))
    _write(pdf, label.counter, _Box(x, top + third, width, third / 2), "", (10, 8, 6, 5, 4))
    name = _Box(x, top + third * 1.5, width, third * 1.5)
    _write(pdf, label.counter_name, name, "", (11, 10, 9, 8, 7, 6))


def _write(pdf: FPDF, text: str, box: _Box, style: str, sizes: Sequence[int]) -> None:
    """Write a text in the largest size in which it fits into its box, in one line if it may."""
    lines, size = [text], sizes[-1]
    for size in sizes:
        pdf.set_font(_FONT, style, size)
        lines = _lines(pdf, text, box.width)
        fits = len(lines) * size * _POINT_MM * _LINE <= box.height
        if fits and (len(lines) == 1 or " " in text or size == sizes[-1]):
            break
    step = size * _POINT_MM * _LINE
    for number, line in enumerate(lines[: max(1, int(box.height / step))]):
        pdf.set_xy(box.x, box.y + number * step)
        pdf.cell(box.width, step, line)


def _lines(pdf: FPDF, text: str, width: float) -> list[str]:
    wrap = WrapMode.WORD if " " in text else WrapMode.CHAR
    lines = pdf.multi_cell(
        width, text=text, align="L", dry_run=True, output=MethodReturnValue.LINES, wrapmode=wrap
    )
    return cast(list[str], lines)


def _code(text: str) -> Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=_DOTS, border=_QUIET)
    code.add_data(text)
    code.make(fit=True)
    return cast(Image, code.make_image(image_factory=PilImage).get_image())
