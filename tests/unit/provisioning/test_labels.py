"""Sheets of labels, looked at as a phone and a reader of PDF look at them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from provisioning.labels.draw import Label, draw, label_of, pages
from provisioning.labels.sizes import SHEETS
from tests.fakes.processes import run
from wire.enrolment import EnrolmentFile

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOTS = 200
PAGE = "https://fleet.example"


def label(number: int, name: str = "Quầy một cửa – Hộ tịch, chứng thực") -> Label:
    terminal = f"t-quan1-{number:03}"
    return Label(terminal, f"Q1-{number:03}", name, f"{PAGE}/terminals/{terminal}")


def rendered(pdf: bytes, folder: Path) -> list[Image.Image]:
    """The pages as a printer would draw them."""
    (folder / "labels.pdf").write_bytes(pdf)
    run("pdftoppm", "-r", str(DOTS), "-png", folder / "labels.pdf", folder / "page")
    found = []
    for path in sorted(folder.glob("page-*.png")):
        with Image.open(path) as image:
            found.append(image.copy())
    return found


@pytest.mark.parametrize("size", SHEETS)
def test_every_code_of_every_page_is_read_in_its_place(size: str, tmp_path: Path) -> None:
    sheet = SHEETS[size]
    labels = [label(number) for number in range(sheet.count + 3)]
    images = rendered(draw(labels, sheet, NOW), tmp_path)
    assert len(images) == pages(labels, sheet) == 2
    places = list(sheet.places())
    left = list(labels)
    for image in images:
        for x, y in places[: len(left)]:
            corner = (x, y, x + sheet.width, y + sheet.height)
            cut = image.crop(tuple(round(mm / 25.4 * DOTS) for mm in corner))  # type: ignore[arg-type]
            found = zxingcpp.read_barcodes(cut)
            assert [code.text for code in found] == [left.pop(0).code]
    assert not left


@pytest.mark.parametrize("size", SHEETS)
def test_all_labels_lie_on_the_paper(size: str) -> None:
    sheet = SHEETS[size]
    for x, y in sheet.places():
        assert 0 <= x <= x + sheet.width <= 210
        assert 0 <= y <= y + sheet.height <= 297
    assert sheet.across >= sheet.width


@pytest.mark.parametrize("size", SHEETS)
@pytest.mark.parametrize("name", ["Ủy ban " * 9, "W" * 64, "W " * 32])
def test_what_people_read_is_on_it_whole(tmp_path: Path, size: str, name: str) -> None:
    longest = Label("w" * 40, "M" * 32, name.strip(), "t-x")
    rendered(draw([label(1), longest], SHEETS[size], NOW), tmp_path)
    text = run("pdftotext", tmp_path / "labels.pdf", "-").stdout
    plain = re.sub(r"\s", "", text)
    for one in (label(1), longest):
        for words in (one.terminal, one.counter, one.counter_name):
            assert re.sub(r"\s", "", words) in plain


def test_no_secret_is_on_a_label() -> None:
    file = EnrolmentFile(
        "t-1", 1, "Q1", "Quầy 1", "https://fleet.example:8443", "fleet.example", 8883, "PEM", "x",
        token="geheim",
    )  # fmt: skip
    assert label_of(file, PAGE) == Label("t-1", "Q1", "Quầy 1", f"{PAGE}/terminals/t-1")
    assert label_of(file, f"{PAGE}/").code == f"{PAGE}/terminals/t-1"
    assert label_of(file, None).code == "t-1"


def test_equal_labels_are_equal_bytes() -> None:
    first, second = (draw([label(1)], SHEETS["70x37"], NOW) for _ in range(2))
    assert first == second


def test_a_bar_is_told_of_each_label() -> None:
    moved: list[int] = []
    draw([label(number) for number in range(30)], SHEETS["70x37"], NOW, moved.append)
    assert sum(moved) == 30
