"""A look through a workbook before it is read: whether it is one, and no larger than a list is.

The directory of a zip file is only what its sender says, so each part is unpacked and counted,
whatever it is called, and its XML is parsed without being kept. So nobody is surprised later by
tables of texts and styles, or by a row, of a million elements.
"""

import io
import lzma
import zipfile
import zlib
from typing import IO
from xml.parsers import expat

from fleet_server.sheets.errors import SheetError

PART_MAX = 1_000_000
"""Bytes of a part that is neither a sheet nor its texts: styles, colours, the list of sheets."""

TEXTS_MAX = 3_000_000
"""Bytes of the table of texts, where spreadsheets keep what cells say: thrice a city's."""

UNPACKED_MAX = 8_000_000
"""Bytes of all parts together: twice the units, counters and terminals of a city."""

PARTS_MAX = 500

ELEMENTS_MAX = 600_000
"""XML elements of all parts together: 20,000 rows of nine cells with their texts."""

LOOSE_MAX = 100_000
"""XML elements of a part outside of rows, or of one row, which is held in memory as a whole."""

TAG_MAX = 131_072
"""Bytes of one tag with its attributes, which a parser holds as a whole."""

_LARGER = {"worksheet": UNPACKED_MAX, "sst": TEXTS_MAX}
"""What may be larger than `PART_MAX`, by its outermost element."""

_CHUNK = 65_536
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError,
    RuntimeError,  # locked, or packed by a way that is not known here
)  # fmt: skip


def look_through(content: bytes) -> None:
    """Refuse a file that is no workbook, or too large a one.

    Raises:
        SheetError: *too_large* or *not_xlsx*.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS_MAX:
                raise SheetError("too_large")
            book = _Book()
            for part in parts:
                with packed.open(part) as stream:
                    _Part(book).read(stream)
    except _DAMAGES as error:
        raise SheetError("not_xlsx", type(error).__name__) from None


class _Book:
    """What was counted of all parts."""

    def __init__(self) -> None:
        self.size = self.elements = 0


class _Part:
    """One part on its way through the parser."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._size = self._loose = 0
        self._root = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, stream: IO[bytes]) -> None:
        """Unpack it bit by bit; what is no XML, such as a picture, is counted all the same."""
        is_xml = True
        while chunk := stream.read(_CHUNK):
            self._size += len(chunk)
            self._book.size += len(chunk)
            if is_xml:
                is_xml = self._parse(chunk)
            most = _LARGER.get(self._root, PART_MAX)
            if self._size > most or self._book.size > UNPACKED_MAX:
                raise SheetError("too_large")

    def _parse(self, chunk: bytes) -> bool:
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            return False
        if self._size - self._parser.CurrentByteIndex > TAG_MAX + _CHUNK:
            raise SheetError("too_large")
        return True

    def _begin(self, name: str, _attributes: object) -> None:
        self._root = self._root or _local(name)
        self._loose += 1
        self._book.elements += 1
        if self._loose > LOOSE_MAX or self._book.elements > ELEMENTS_MAX:
            raise SheetError("too_large")

    def _end(self, name: str) -> None:
        if self._root == "worksheet" and _local(name) == "row":
            self._loose = 0

    def _refuse(self, *_declared: object) -> None:
        """No workbook has a document type; with one, a few bytes swell to millions."""
        raise SheetError("not_xlsx", "DOCTYPE")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
