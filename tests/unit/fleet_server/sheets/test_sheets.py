"""Lists from a spreadsheet and for one: what is read, what is refused, what is safe to open."""

import io
import unicodedata
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from fleet_server.core.tree_import.wanted import FORMULA, ROWS_MAX, Table
from fleet_server.sheets import reading, unpacking
from fleet_server.sheets.errors import SheetError
from fleet_server.sheets.reading import read_tables
from fleet_server.sheets.writing import Sheet, csv_bytes, xlsx_bytes

HEAD = "Mã quầy,Tên quầy,Mã đơn vị"
LIST = f"{HEAD}\nA,Hộ tịch,P1\n"
WINDOWS = unicodedata.normalize("NFD", "Mã quây;Tên quây").encode("cp1258", "ignore")
"""As Excel saves plain CSV in Vietnam."""


def rows(content: bytes) -> list[tuple[str, ...]]:
    """Return the cells of a file's first sheet."""
    return [cells for _number, cells in read_tables(content, "list.csv")[0].rows]


def trouble(content: bytes) -> str:
    """Return why a file is refused."""
    with pytest.raises(SheetError) as error:
        read_tables(content, "list.csv")
    return error.value.trouble


def workbook(*cells: list[object]) -> bytes:
    """Make a workbook with one sheet."""
    book = Workbook()
    for row in cells:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").encode("utf-16"),
        LIST.replace("\n", "\r\n").encode(),
        f"sep=;\n{LIST}".replace(",", ";").encode(),
        f"\n\n{LIST}".encode(),
    ],
)
def test_csv_is_read_however_a_spreadsheet_wrote_it(content: bytes) -> None:
    assert rows(content) == [("Mã quầy", "Tên quầy", "Mã đơn vị"), ("A", "Hộ tịch", "P1")]


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    [table] = read_tables(f'{HEAD}\n\n"A","x\ny",P1\nB,y,P1\n'.encode(), "list.csv")
    assert [number for number, _cells in table.rows] == [1, 3, 4]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (WINDOWS, "windows_1258"),
        (b"Counter code\n\x80\x81", "not_utf8"),
        (f'{HEAD}\nA,"open'.encode(), "not_csv"),
        (b"a,b\n1,2", "no_list"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old_xls"),
        (b"PK\x03\x04 and no more", "not_xlsx"),
        (b"x" * (reading.FILE_MAX + 1), "too_large"),
        (f"{HEAD}\n".encode() + b"A,b,c\n" * (ROWS_MAX + 2), "too_many_rows"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_one_reason(content: bytes, why: str) -> None:
    assert trouble(content) == why


def test_a_workbook_is_read_with_its_codes_as_texts() -> None:
    content = workbook(["Mã quầy", "Tên quầy", "Đóng từ ngày"], ["007", 12, datetime(2026, 11, 22)])
    assert rows(content)[1] == ("007", "12", "2026-11-22")
    more = workbook(["Mã quầy"], [1.5], [True], [None], [datetime(2026, 11, 22, 8)])
    assert [one[0] for one in rows(more)] == ["Mã quầy", "1.5", "TRUE", "2026-11-22T08:00:00"]


def test_a_formula_is_reported_and_not_worked_out() -> None:
    assert rows(workbook(["Counter code"], ["=1+1"]))[1] == (FORMULA,)


def test_a_workbook_with_too_many_rows_is_refused() -> None:
    book = Workbook()
    book.active["A1"] = "Counter code"
    book.active.cell(ROWS_MAX + 2, 1, "B")
    out = io.BytesIO()
    book.save(out)
    assert trouble(out.getvalue()) == "too_many_rows"


def test_rows_of_all_sheets_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_MAX", 3)
    book = Workbook()
    for _sheet in range(2):
        page = book.create_sheet()
        for text in ("Counter code", "A", "B"):
            page.append([text])
    out = io.BytesIO()
    book.save(out)
    assert trouble(out.getvalue()) == "too_many_rows"


def swollen(part: str, body: bytes) -> bytes:
    """Make a workbook in which one part is something else."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["Counter code"], ["A"]))) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in whole.namelist():
            if name != part:
                packed.writestr(name, whole.read(name))
        packed.writestr(part, body)
    assert len(out.getvalue()) < 100_000
    return out.getvalue()


def part_of(root: str, inside: bytes, times: int) -> bytes:
    """Return a part in which the same stands again and again."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<%s xmlns="%s">%s</%s>' % (
        root.encode(), space.encode(), inside * times, root.encode(),
    )  # fmt: skip


STYLES, TEXTS, SHEET = "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "body"),
    [
        (STYLES, part_of("styleSheet", b" ", unpacking.PART_MAX)),
        (STYLES, part_of("styleSheet", b"<xf/>", unpacking.LOOSE_MAX)),
        (TEXTS, part_of("sst", b" ", unpacking.TEXTS_MAX)),
        (TEXTS, part_of("sst", b"<si/>", unpacking.LOOSE_MAX)),
        (SHEET, part_of("worksheet", b" ", unpacking.UNPACKED_MAX)),
        (SHEET, part_of("worksheet", b"<c/>", unpacking.LOOSE_MAX)),
        (SHEET, part_of("worksheet", b"<row><c/></row>", unpacking.ELEMENTS_MAX // 2)),
        (SHEET, part_of("worksheet", b"<c " + b"a" * 2 * unpacking.TAG_MAX + b'=""/>', 1)),
        ("xl/media/image.png", b"\0" * (unpacking.PART_MAX + 1)),
        ("xl/media/image.png", part_of("sst", b"<si/>", unpacking.LOOSE_MAX)),
    ],
    ids=[
        "styles", "many styles", "texts", "many texts", "sheet", "wide row", "many rows",
        "long tag", "picture", "texts under another name",
    ],
)  # fmt: skip
def test_a_workbook_that_swells_is_refused_whichever_part_it_is(part: str, body: bytes) -> None:
    assert trouble(swollen(part, body)) == "too_large"


def test_parts_of_a_fair_size_are_too_much_together() -> None:
    """Each is under its limit, and no header says how much they are together."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(unpacking.UNPACKED_MAX // unpacking.PART_MAX + 1):
            packed.writestr(f"{number}.bin", b" " * unpacking.PART_MAX)
    assert trouble(out.getvalue()) == "too_large"


def test_the_texts_of_a_city_are_read() -> None:
    texts = (f"Quầy số {number} – Tiếp nhận hồ sơ hộ tịch, chứng thực" for number in range(15_000))
    body = b"".join(f"<si><t>{text}</t></si>".encode() for text in texts)
    said = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/>'
    )
    out = io.BytesIO(workbook(["Counter code"], ["A"]))
    with zipfile.ZipFile(out) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", said + b"</Types>"
    )
    parts[TEXTS] = part_of("sst", body, 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert rows(out.getvalue())[1] == ("A",)


def test_a_size_in_the_directory_is_not_believed() -> None:
    """The header says one byte; what comes is refused all the same, and nothing is read of it."""
    content = swollen(STYLES, part_of("styleSheet", b" ", 500_000))
    real = len(part_of("styleSheet", b" ", 500_000)).to_bytes(4, "little")
    assert real in content
    assert trouble(content.replace(real, (1).to_bytes(4, "little"))) == "not_xlsx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_since_its_entities_swell(encoding: str) -> None:
    body = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>"
    assert trouble(swollen(STYLES, body.encode(encoding))) == "not_xlsx"


def test_a_workbook_with_too_many_parts_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for part in range(unpacking.PARTS_MAX + 1):
            packed.writestr(f"{part}", b"")
    assert trouble(out.getvalue()) == "too_large"


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("letter.txt", b"hello")
    assert trouble(out.getvalue()) == "not_xlsx"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@a", "'x", "''", "'=x", "007", "Hộ tịch"])
def test_texts_come_back_as_they_were(text: str) -> None:
    sheet = Sheet("Quầy", ["Mã quầy", "Tên quầy"], [["A", text], ["B", ""]])
    for content in (csv_bytes(sheet), xlsx_bytes([sheet])):
        [(_head), (_one), (_other)] = read_tables(content, "x")[0].rows
        assert _one == (2, ("A", text))


def test_csv_that_a_spreadsheet_opens_runs_nothing() -> None:
    content = csv_bytes(Sheet("x", ["Note"], [["=HYPERLINK(1)"], ["+1"], ["-1"], ["@x"]]))
    lines = content.decode("utf-8-sig").splitlines()[1:]
    assert all(line.lstrip('"').startswith("'") for line in lines)


def test_a_sheet_without_rows_is_nothing_to_read() -> None:
    book = Workbook()
    book.create_sheet().append(["Counter code"])
    out = io.BytesIO()
    book.save(out)
    assert read_tables(out.getvalue(), "x") == [Table("Sheet1", ((1, ("Counter code",)),))]
