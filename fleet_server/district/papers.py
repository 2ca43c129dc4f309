"""Files for answers, made in code: a minutes sheet as PDF, and a picture of a notice as PNG. Pure.

Each kind is made once for an office, since many of its answers may carry the same one.
"""

from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from io import BytesIO

from fpdf import FPDF
from PIL import Image, ImageDraw

from fleet_server.core.answers import HEAD_BYTES, Attachment, attachment_kind

_MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""What the PDF says that it was made at, so that equal ones are equal bytes."""
_TITLE = "BIÊN BẢN LÀM VIỆC"
_TEXT = (
    "Về việc xem xét ý kiến không hài lòng của công dân. Thành phần: lãnh đạo đơn vị, cán bộ tại "
    "quầy, cán bộ theo dõi hồ sơ. Đã xem giấy hẹn, sổ theo dõi hồ sơ và nghe cán bộ báo cáo. "
    "Biên bản lập thành hai bản, mỗi bên giữ một bản."
)


@cache
def minutes(office: str) -> tuple[Attachment, bytes]:
    """Return minutes of an office's meeting, as PDF."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(_MADE)
    pdf.set_title(_TITLE)
    with as_file(files("fontpkg_be_vietnam_pro") / "files" / "BeVietnamPro-Regular.ttf") as path:
        pdf.add_font("minutes", "", path)
    pdf.add_page()
    for size, text in ((11, office), (16, _TITLE), (11, _TEXT)):
        pdf.set_font("minutes", "", size)
        pdf.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    return _attached("bien-ban.pdf", bytes(pdf.output()))


@cache
def picture(office: str) -> tuple[Attachment, bytes]:
    """Return a small picture of a notice at an office, as PNG."""
    image = Image.new("RGB", (160, 220), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((6, 6, 153, 213), outline="#a01818", width=4)
    for line, letter in enumerate(office.encode()[:18]):
        top = 24 + line * 10
        draw.rectangle((18, top, 40 + letter % 100, top + 4), fill="#404040")
    found = BytesIO()
    image.save(found, "PNG")
    return _attached("niem-yet.png", found.getvalue())


def _attached(name: str, data: bytes) -> tuple[Attachment, bytes]:
    kind = attachment_kind(data[:HEAD_BYTES], len(data))
    return Attachment(name, kind, len(data), sha256(data).hexdigest()), data
