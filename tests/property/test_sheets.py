"""Whatever bytes are sent as a list: tables of texts, or one clear error."""

import contextlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet_server.core.tree_import.wanted import read
from fleet_server.sheets.errors import SheetError
from fleet_server.sheets.reading import read_tables
from fleet_server.sheets.writing import Sheet, csv_bytes, xlsx_bytes

# openpyxl warns of what it does not keep; here nothing is kept anyway.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

BOOK = xlsx_bytes([Sheet("Quầy", ["Counter code", "Counter name"], [["A", "Một"], ["B", "Hai"]])])
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


def take(content: bytes) -> None:
    with contextlib.suppress(SheetError):
        read(read_tables(content, "x"))


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    take(content)


@given(st.binary(max_size=200))
def test_any_bytes_after_good_headings(tail: bytes) -> None:
    take(b"Counter code;Counter name\n" + tail)


@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), max_size=8))
@settings(max_examples=200)
def test_a_damaged_workbook(damage: list[tuple[int, int]]) -> None:
    content = bytearray(BOOK)
    for at, value in damage:
        content[at] = value
    take(bytes(content))


@given(st.data())
@settings(max_examples=200)
def test_a_workbook_with_damaged_parts(data: st.DataObject) -> None:
    """Damage below the checksums of the zip: what its XML says is wrong."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as good, zipfile.ZipFile(out, "w") as bad:
        chosen = data.draw(st.sampled_from(good.namelist()))
        for name in good.namelist():
            part = good.read(name)
            if name == chosen:
                at = data.draw(st.integers(0, len(part)))
                part = part[:at] + data.draw(st.binary(max_size=8)) + part[at + 3 :]
            bad.writestr(name, part)
    take(out.getvalue())


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_what_is_written_is_read_again(cells: list[tuple[str, str]]) -> None:
    sheet = Sheet("Quầy", ["Mã quầy", "Tên quầy"], [list(row) for row in cells])
    wanted = [row if row[1] else row[:1] for row in cells if any(cell.strip() for cell in row)]
    for content in (csv_bytes(sheet), xlsx_bytes([sheet])):
        [table] = read_tables(content, "x")
        assert [row for _number, row in table.rows[1:]] == wanted
