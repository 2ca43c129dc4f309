"""The words of the lists: their headings and the kinds of units, in English and Vietnamese.

They belong to the format of the file and not to a page, so a list made in one language is read in
the other.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

from fleet_server.core.tree import Kind

Subject = Literal["units", "counters", "terminals"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
"""In the order in which they are put in place: what holds others comes first."""

Language = Literal["en", "vi"]

Field = Literal["code", "name", "kind", "parent", "closed", "unit", "counter", "note"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes:
        field: what it says.
        headings: its heading by language.
        needed: an empty cell is an error, and so is its lack where something is added.
    """

    field: Field
    headings: dict[Language, str]
    needed: bool = False


def _column(field: Field, english: str, vietnamese: str, *, needed: bool = False) -> Column:
    return Column(field, {"en": english, "vi": vietnamese}, needed)


COLUMNS: dict[Subject, tuple[Column, ...]] = {
    "units": (
        _column("code", "Unit code", "Mã đơn vị", needed=True),
        _column("name", "Unit name", "Tên đơn vị", needed=True),
        _column("kind", "Kind", "Loại"),
        _column("parent", "Lies in (unit code)", "Thuộc đơn vị (mã)"),
        _column("closed", "Closed from", "Đóng từ ngày"),
    ),
    "counters": (
        _column("code", "Counter code", "Mã quầy", needed=True),
        _column("name", "Counter name", "Tên quầy", needed=True),
        _column("unit", "Unit code", "Mã đơn vị", needed=True),
        _column("closed", "Closed from", "Đóng từ ngày"),
    ),
    "terminals": (
        _column("code", "Terminal", "Thiết bị", needed=True),
        _column("counter", "Counter code", "Mã quầy"),
        _column("unit", "Kept by (unit code)", "Lưu tại đơn vị (mã)"),
        _column("note", "Note", "Ghi chú"),
    ),
}
"""The columns of each list; the first one tells what a row is about."""

TITLES: dict[Subject, dict[Language, str]] = {
    "units": {"en": "Units", "vi": "Đơn vị"},
    "counters": {"en": "Counters", "vi": "Quầy"},
    "terminals": {"en": "Terminals", "vi": "Thiết bị"},
}
"""What a sheet is called."""

KINDS: dict[Kind, dict[Language, str]] = {
    "city": {"en": "City", "vi": "Thành phố"},
    "district": {"en": "District", "vi": "Quận, huyện"},
    "department": {"en": "Department", "vi": "Sở, ngành"},
    "unit": {"en": "Unit", "vi": "Đơn vị"},
}


def folded(text: str) -> str:
    """Return a heading or a word as it is compared: composed, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _headings(subject: Subject) -> dict[str, Column]:
    return {folded(text): one for one in COLUMNS[subject] for text in one.headings.values()}


HEADINGS: dict[Subject, dict[str, Column]] = {subject: _headings(subject) for subject in SUBJECTS}
"""Each list's columns by their folded headings."""

_KIND_WORDS: dict[str, Kind] = {
    folded(word): kind for kind, words in KINDS.items() for word in (kind, *words.values())
}


def kind_of(text: str) -> Kind | None:
    """Return the kind of unit that a word names."""
    return _KIND_WORDS.get(folded(text))


def subject_of(headings: list[str]) -> Subject | None:
    """Return what a list with these headings is about, or None if nobody can tell.

    A list of terminals also names counters, and one of counters also names units: so they are
    looked for in that order.
    """
    known = {folded(text) for text in headings}
    for subject in reversed(SUBJECTS):
        if any(folded(text) in known for text in COLUMNS[subject][0].headings.values()):
            return subject
    return None
