"""A ticket as a queue system could print it, with the QR by which it is rated later.

On paper of 80 mm, eight dots a millimetre, as ticket printers have; as a picture, or as a page of a
PDF of that size.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import qrcode
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage

DOTS_A_MM = 8
WIDTH = 72 * DOTS_A_MM
"""What a printer reaches of 80 mm."""

_EDGE = 3 * DOTS_A_MM
_QUIET = 4
"""Modules of white around a code, as ISO/IEC 18004 wants."""
_ROOM, _LEAST = WIDTH - 2 * _EDGE, 12
_DPI = DOTS_A_MM * 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on it.

    Attributes:
        unit: where, and ``counter`` as people read it.
        number: the ticket's number.
        day: its day, as people read it.
        until: the last day on which it can be rated, likewise.
        address: where the QR leads.
    """

    unit: str
    counter: str
    number: str
    day: str
    until: str
    address: str


def png(paper: Paper) -> bytes:
    """Return it as a picture."""
    return _file(paper, "PNG")


def pdf(paper: Paper) -> bytes:
    """Return it as a page of its own size."""
    return _file(paper, "PDF")


def _file(paper: Paper, kind: str) -> bytes:
    out = io.BytesIO()
    _draw(paper).save(out, kind, dpi=(_DPI, _DPI), resolution=_DPI, title="Hailong")
    return out.getvalue()


def _draw(paper: Paper) -> Image.Image:
    code = _code(paper.address)
    above = [
        *_lines(paper.unit, "Medium", 26), *_lines(paper.counter, "Medium", 26),
        *_lines(paper.number, "Bold", 110), *_lines(paper.day, "Medium", 24),
    ]  # fmt: skip
    below = [
        *_lines("Quét mã để đánh giá", "Bold", 34), *_lines("Scan to rate", "Medium", 26),
        *_lines(f"đến hết ngày / until {paper.until}", "Medium", 24),
    ]  # fmt: skip
    height = 2 * _EDGE + code.height + sum(line.height for line in (*above, *below))
    image = Image.new("L", (WIDTH, height), 255)
    end = _write(image, above, _EDGE)
    image.paste(code, ((WIDTH - code.width) // 2, end))
    _write(image, below, end + code.height)
    return image


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    font: FreeTypeFont

    @property
    def height(self) -> int:
        return int(self.font.size * 1.3)


def _write(image: Image.Image, lines: Sequence[_Line], top: int) -> int:
    """Write lines in the middle; return where they end."""
    pen = ImageDraw.Draw(image)
    for line in lines:
        pen.text((WIDTH // 2, top), line.text, fill=0, font=line.font, anchor="ma")
        top += line.height
    return top


def _lines(text: str, weight: str, size: int) -> list[_Line]:
    """Return a text in as many lines as it needs; a word that is too long is drawn smaller."""
    font = _font(weight, size)
    longest = max(map(font.getlength, text.split()), default=0)
    if longest > _ROOM and size > _LEAST:
        return _lines(text, weight, size - 2)
    lines = [""]
    for word in text.split():
        more = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], more] if font.getlength(more) <= _ROOM else [*lines, word]
    return [_Line(line, font) for line in lines]


@cache
def _font(weight: str, size: int) -> FreeTypeFont:
    source = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{weight}.ttf"
    with as_file(source) as path:
        return ImageFont.truetype(path, size)


def _code(address: str) -> Image.Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET, image_factory=PilImage)
    code.add_data(address)
    code.make(fit=True)
    code.box_size = min(DOTS_A_MM, WIDTH // (code.modules_count + 2 * _QUIET))
    picture: Image.Image = code.make_image().get_image()
    return picture.convert("L")
