"""Lists of ratings that no terminal signed: their headings and words, and reading their rows.

1. Headings and words are read in English and Vietnamese, whatever the page's language is.
2. All or nothing: a list with a wrong row gives no rows at all, but every wrong row with all of its
   faults (`channels`, rule 6).
3. A sheet of which no heading is known is about something else; a list has all headings of `NEEDED`
   and none that is not known, so that no column is lost by a slip of the pen.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fleet_server.core.channels import Fault, Field, Known, Row, read
from fleet_server.core.tree_import.vocabulary import Language, folded
from fleet_server.core.tree_import.wanted import FORMULA, NAME_MAX, Table

HEADINGS: Mapping[Field, Mapping[Language, str]] = {
    "way": {"en": "Channel", "vi": "Kênh"},
    "choice": {"en": "Choice", "vi": "Mức hài lòng"},
    "day": {"en": "Day", "vi": "Ngày"},
    "unit": {"en": "Unit code", "vi": "Mã đơn vị"},
    "counter": {"en": "Counter code", "vi": "Mã quầy"},
    "ticket": {"en": "Ticket", "vi": "Số phiếu"},
}
NEEDED: tuple[Field, ...] = ("way", "choice", "day", "unit")
WORDS: Mapping[str, Mapping[Language, str]] = {
    "paper": {"en": "Paper", "vi": "Phiếu giấy"},
    "phone": {"en": "Phone", "vi": "Điện thoại"},
    "box": {"en": "Suggestion box", "vi": "Hộp thư góp ý"},
    "online": {"en": "Online", "vi": "Trực tuyến"},
    "very_satisfied": {"en": "Very satisfied", "vi": "Rất hài lòng"},
    "satisfied": {"en": "Satisfied", "vi": "Hài lòng"},
    "unsatisfied": {"en": "Unsatisfied", "vi": "Không hài lòng"},
}
"""Ways and choices as lists write them; their own names are read as well."""

TITLE: Mapping[Language, str] = {"en": "Ratings", "vi": "Đánh giá"}

_FIELD_OF = {folded(text): name for name, texts in HEADINGS.items() for text in texts.values()}
_WORD_OF = {folded(text): word for word, texts in WORDS.items() for text in (word, *texts.values())}
_OTHER_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)

Trouble = Literal["heading", "heading_twice", "heading_missing", "no_heading", "formula"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that can't be taken; ``row`` as a spreadsheet counts, from 1.

    Attributes:
        table: the sheet.
        row: its number.
        faults: what is wrong with what it says.
        troubles: what is wrong with how it is written, each with the text that it is about.
    """

    table: str
    row: int
    faults: tuple[Fault, ...] = ()
    troubles: tuple[tuple[Trouble, str], ...] = ()


@dataclass(slots=True)
class Read:
    """What a file says: rows to be taken, or what is wrong; and sheets about something else."""

    rows: list[Row] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def is_list(headings: Sequence[str]) -> bool:
    """Whether a sheet with these headings is a list of ratings (rule 3)."""
    return any(folded(text) in _FIELD_OF for text in headings)


def read_lists(tables: Iterable[Table], known: Known) -> Read:
    """Return what the sheets of a file say (rule 2).

    Args:
        tables: the sheets, each with its headings first.
        known: what rows may name.
    """
    found = Read()
    for table in tables:
        number, headings = table.rows[0]
        if not is_list(headings):
            found.ignored.append(table.name)
            continue
        places, troubles = _places(headings)
        if troubles:
            found.wrong.append(Wrong(table.name, number, troubles=troubles))
            continue
        for line, cells in table.rows[1:]:
            _row(table.name, line, cells, places, known, found)
    if found.wrong:
        found.rows.clear()
    return found


def _places(headings: Sequence[str]) -> tuple[dict[int, Field], tuple[tuple[Trouble, str], ...]]:
    """Return which field stands at which place, and what is wrong with the headings."""
    found: dict[int, Field] = {}
    troubles: list[tuple[Trouble, str]] = []
    for place, text in enumerate(headings):
        name = _FIELD_OF.get(folded(text))
        if name is None and text.strip():
            troubles.append(("heading", text[:NAME_MAX]))
        elif name in found.values():
            troubles.append(("heading_twice", text))
        elif name is not None:
            found[place] = name
    lacking = [name for name in NEEDED if name not in found.values()]
    troubles += [("heading_missing", name) for name in lacking]
    return found, tuple(troubles)


def _row(
    table: str,
    line: int,
    cells: Sequence[str],
    places: Mapping[int, Field],
    known: Known,
    found: Read,
) -> None:
    said = {name: cells[place] for place, name in places.items() if place < len(cells)}
    worked_out = [name for name, text in said.items() if text == FORMULA]
    troubles: list[tuple[Trouble, str]] = [("formula", name) for name in worked_out]
    troubles += [
        ("no_heading", cell[:NAME_MAX])
        for place, cell in enumerate(cells)
        if cell.strip() and place not in places
    ]
    held = read(in_own_words(said), known)
    faults = [] if isinstance(held, Row) else [one for one in held if one.field not in worked_out]
    if isinstance(held, Row) and not troubles:
        found.rows.append(held)
    else:
        found.wrong.append(Wrong(table, line, tuple(map(_short, faults)), tuple(troubles)))


def _short(fault: Fault) -> Fault:
    return Fault(fault.field, fault.problem, fault.value[:NAME_MAX])


def in_own_words(said: Mapping[Field, str]) -> dict[str, str]:
    """Return a row in the words of `channels.read`; what is no such word stays as it is."""
    return {name: _own(name, text) for name, text in said.items()}


def _own(name: Field, text: str) -> str:
    if name in ("way", "choice"):
        return _WORD_OF.get(folded(text), text)
    return _day(text.strip()) if name == "day" else text


def _day(text: str) -> str:
    parts = _OTHER_DAY.fullmatch(text)
    if parts is None:
        return text
    day, month, year = map(int, parts.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text
