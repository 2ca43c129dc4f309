"""Reading the rows of a list: what each asks for, or what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fleet_server.core.days import parse_date
from fleet_server.core.tree_import.vocabulary import (
    COLUMNS,
    HEADINGS,
    Column,
    Field,
    Subject,
    folded,
    kind_of,
    subject_of,
)
from wire.errors import WireError
from wire.ids import COUNTER_CODE, check_terminal_id

NAME_MAX = 64
NOTE_MAX = 200
ROWS_MAX = 20_000
"""Rows of all lists of a file together."""

Reason = Literal[
    # of a cell by itself
    "missing", "code", "terminal_id", "name", "note", "kind", "day", "formula", "lost_letters",
    # of a heading
    "heading", "heading_twice", "no_heading",
    # of a row beside others and beside what is there
    "twice", "no_unit", "no_counter", "rank", "children", "below", "in_closed", "holds_open",
    "served", "retired", "two_places", "outside", "not_yours",
]  # fmt: skip
"""Why a row can't be taken; `fleet_server.web.words` has a sentence for each."""

FORMULA = "\0formula"
"""Stands for a cell that holds a formula, or the error of one: nothing is worked out here."""

_LOST = re.compile(r"\w\?+\w")
_OTHER_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it was read: its name, and its rows by their numbers in the file."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something in a file can't be taken; ``row`` as a spreadsheet counts, from 1."""

    table: str
    row: int
    column: str
    reason: Reason
    value: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one row asks for: the fields whose columns the list has."""

    subject: Subject
    table: str
    row: int
    code: str
    values: Mapping[Field, str]
    headings: Mapping[Field, str]

    def problem(self, field: Field, reason: Reason, value: str = "") -> Problem:
        """Return what is wrong with one of its cells."""
        return Problem(self.table, self.row, self.headings.get(field, ""), reason, value)


@dataclass(slots=True)
class Read:
    """What a file says: rows, what is wrong with it, and sheets that are about something else."""

    wanted: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def read(tables: Iterable[Table]) -> Read:
    """Read all lists of a file."""
    found = Read()
    seen: dict[tuple[Subject, str], Wanted] = {}
    for table in tables:
        subject = subject_of(list(table.rows[0][1])) if table.rows else None
        if subject is None:
            found.ignored.append(table.name)
            continue
        columns = _columns(subject, table, found.problems)
        if columns is None:
            continue
        for row in table.rows[1:]:
            _row(subject, table.name, row, columns, found, seen)
    return found


def _columns(
    subject: Subject, table: Table, problems: list[Problem]
) -> dict[int, tuple[Column, str]] | None:
    """Return each place's column and heading, or None if there is a wrong one."""
    number, headings = table.rows[0]
    found: dict[int, tuple[Column, str]] = {}
    fields: set[Field] = set()
    wrong: list[Problem] = []
    for place, text in enumerate(headings):
        if not text.strip():
            continue
        column = HEADINGS[subject].get(folded(text))
        if column is None:
            wrong.append(Problem(table.name, number, text[:NAME_MAX], "heading", subject))
        elif column.field in fields:
            wrong.append(Problem(table.name, number, text, "heading_twice"))
        else:
            fields.add(column.field)
            found[place] = (column, text)
    problems += wrong
    return None if wrong else found


def _row(
    subject: Subject,
    table: str,
    numbered: tuple[int, tuple[str, ...]],
    columns: dict[int, tuple[Column, str]],
    found: Read,
    seen: dict[tuple[Subject, str], Wanted],
) -> None:
    number, cells = numbered
    if not any(cell.strip() for cell in cells):
        return
    wrong: list[Problem] = []
    values: dict[Field, str] = {}
    for place, (column, heading) in columns.items():
        text = _tidy(cells[place]) if place < len(cells) else ""
        value = _value(subject, column, text)
        if isinstance(value, _Bad):
            wrong.append(Problem(table, number, heading, value.reason, text[:NAME_MAX]))
        else:
            values[column.field] = value
    wrong += [
        Problem(table, number, "", "no_heading", cell[:NAME_MAX])
        for place, cell in enumerate(cells)
        if cell.strip() and place not in columns
    ]
    found.problems += wrong
    if wrong:
        return
    headings = {column.field: heading for column, heading in columns.values()}
    code = values.pop("code")
    row = Wanted(subject, table, number, code, values, headings)
    first = seen.setdefault((subject, code), row)
    if first is not row:
        found.problems.append(row.problem("code", "twice", str(first.row)))
        return
    found.wanted.append(row)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


@dataclass(frozen=True, slots=True)
class _Bad:
    reason: Reason


def _value(subject: Subject, column: Column, text: str) -> str | _Bad:
    """Return a cell's value as it is kept, or why it has none."""
    if text == FORMULA:
        return _Bad("formula")
    if not text:
        return _Bad("missing") if column.needed else ""
    if column.field == "kind":
        return kind_of(text) or _Bad("kind")
    if column.field == "closed":
        return _day(text) or _Bad("day")
    if column.field in ("name", "note"):
        return _words(column.field, text)
    return _code(subject, column.field, text)


def _code(subject: Subject, field: Field, text: str) -> str | _Bad:
    if subject != "terminals" or field != "code":
        return text if COUNTER_CODE.fullmatch(text) else _Bad("code")
    try:
        return check_terminal_id(text)
    except WireError:
        return _Bad("terminal_id")


def _words(field: Literal["name", "note"], text: str) -> str | _Bad:
    if _LOST.search(text):
        return _Bad("lost_letters")
    fits = len(text) <= (NAME_MAX if field == "name" else NOTE_MAX) and text.isprintable()
    return text if fits else _Bad(field)


def _day(text: str) -> str | None:
    """Return a day as YYYY-MM-DD, from that or from DD/MM/YYYY as people here write it."""
    try:
        if _OTHER_DAY.fullmatch(text):
            day, month, year = map(int, text.split("/"))
            text = date(year, month, day).isoformat()
        return parse_date(text).isoformat()
    except ValueError:
        return None


def row_of(subject: Subject, code: str, values: Mapping[Field, str]) -> Iterator[str]:
    """Yield the cells of a row, in the order of the list's columns."""
    for column in COLUMNS[subject]:
        yield code if column.field == "code" else values.get(column.field, "")
