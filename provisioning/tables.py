"""CSV files as spreadsheets save them, and as they can be opened by one without harm.

UTF-8, or UTF-16 with its mark, as Excel's "Unicode text" is. ``;``, ``,`` and tab are told apart by
the line of headings; a ``sep=`` line is heard. What Excel calls plain "CSV" is Windows-1258 in
Vietnamese and is refused, for it can't be told from other code pages for sure.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from provisioning.errors import ProvisioningError

Trouble = Literal["windows_1258", "not_utf8", "not_csv", "too_many_rows"]

COLUMNS_MAX = 50
"""What stands further to the right is not looked at: no list has as many columns."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATORS = (";", ",", "\t")
_VIETNAMESE = frozenset("ăâđêôơưĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323")
_FORMULA_SIGNS = frozenset("=+-@\t\r'")
_WORDS: dict[Trouble, str] = {
    "windows_1258": 'is not UTF-8; in Excel save it as "CSV UTF-8 (comma delimited)"',
    "not_utf8": 'is not text in UTF-8; in Excel save it as "CSV UTF-8 (comma delimited)"',
    "not_csv": "is not CSV",
    "too_many_rows": "has too many rows",
}

Row = tuple[int, tuple[str, ...]]
"""A row's number as the spreadsheet shows it, and its cells up to the last that holds anything."""


class TableError(ProvisioningError):
    """A file is no CSV, or too much of one."""

    def __init__(self, trouble: Trouble, value: str = "") -> None:
        """Keep what is wrong, for who puts it into words of their own."""
        super().__init__(f"{_WORDS[trouble]} ({value})" if value else _WORDS[trouble])
        self.trouble: Trouble = trouble
        self.value = value


def read(content: bytes, most: int) -> list[Row]:
    """Return the rows that hold anything, headings first.

    Args:
        content: the file.
        most: how many rows a list may have, without its headings.

    Raises:
        TableError: it can't be read, or has more.
    """
    try:
        return list(_rows(_decoded(content), most))
    except csv.Error as error:
        raise TableError("not_csv", str(error)) from None


def write(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV in UTF-8 with its mark, by which Excel knows it.

    A cell that a spreadsheet would take for a formula has a ``'`` before it, which `read` takes
    away again.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA_SIGNS and cell else cell


def filled(cells: Iterable[str]) -> tuple[str, ...]:
    """Return a row's cells up to the last that holds anything."""
    held = list(cells)
    while held and not held[-1]:
        held.pop()
    return tuple(held)


def _decoded(content: bytes) -> str:
    encoding = next((how for mark, how in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        pass
    guess = content.decode("cp1258", "replace")
    raise TableError("windows_1258" if _VIETNAMESE & set(guess) else "not_utf8")


def _rows(text: str, most: int) -> Iterator[Row]:
    separator, skipped, text = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for number, cells in enumerate(reader, skipped + 1):
        if number > most + 2 + skipped:
            raise TableError("too_many_rows")
        if any(cell.strip() for cell in cells):
            yield number, filled(_unquoted(cell) for cell in cells[:COLUMNS_MAX])


def _separator(text: str) -> tuple[str, int, str]:
    """Return what stands between cells, the lines that only say so, and the rest."""
    first, _end, rest = text.partition("\n")
    said = first.strip().strip('"')
    if said.startswith("sep=") and len(said) == len("sep=") + 1:
        return said[-1], 1, rest
    headings = text.lstrip("\r\n").partition("\n")[0]
    return max(_SEPARATORS, key=headings.count), 0, text


def _unquoted(cell: str) -> str:
    guarded = len(cell) > 1 and cell[0] == "'" and cell[1] in _FORMULA_SIGNS
    return cell[1:] if guarded else cell
