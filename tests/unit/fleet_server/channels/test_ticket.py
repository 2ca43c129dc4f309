"""A ticket as it could be printed: its QR is read by ZXing, which telephones use."""

import io

import pytest
import zxingcpp
from PIL import Image

from fleet_server.channels.ticket import WIDTH, Paper, pdf, png

ADDRESS = (
    "https://danhgia.example.gov.vn/rate/" + "cTIwMjYxMTIyMDAxNw" * 4 + ".29852640." + "x" * 22
)
PAPER = Paper(
    "UBND phường Bến Nghé", "Quầy 1 – Hộ tịch", "A017", "22/11/2026", "29/11/2026", ADDRESS
)


def read(content: bytes) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(content)))]


@pytest.mark.parametrize("address", [ADDRESS, "https://x.vn/rate/a.1.b", ADDRESS + "y" * 60])
def test_a_phone_reads_the_address(address: str) -> None:
    paper = Paper("Đơn vị", "Quầy", "B2", "1", "2", address)
    assert read(png(paper)) == [address]


def test_it_is_as_wide_as_the_printer_and_as_long_as_it_must_be() -> None:
    short = Image.open(io.BytesIO(png(PAPER)))
    names = "Trung tâm phục vụ hành chính công và chuyển đổi số " * 4
    long = Image.open(io.BytesIO(png(Paper(names, *(["Quầy"] + [""] * 3), ADDRESS))))
    assert short.width == long.width == WIDTH
    assert long.height > short.height - 200


def test_a_word_that_is_wider_than_the_paper_is_drawn_smaller() -> None:
    image = Image.open(io.BytesIO(png(Paper("Đ", "Q", "W" * 16, "", "", ADDRESS))))
    edge = image.crop((0, 0, 8, image.height)).getextrema()
    assert edge == (255, 255)


def test_the_pdf_is_one_page_of_72_mm() -> None:
    content = pdf(PAPER)
    assert content.startswith(b"%PDF-")
    box = content[content.index(b"/MediaBox") :][:60].split(b"[")[1].split(b"]")[0].split()
    assert round(float(box[2]) / 72 * 25.4) == 72
