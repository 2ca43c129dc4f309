"""A list of terminals, such as a CSV of 300: all rows are checked before one is used."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from provisioning import tables
from provisioning.enrol.columns import COLUMNS, EXPORTED_BESIDES, Column, blamed, nested, tidy
from provisioning.errors import ProvisioningError
from wire.enrolment import SHAPE, EnrolmentFile, dump_toml
from wire.errors import WireError
from wire.networks import DHCP

ROWS_MAX = 5_000
BYTES_MAX = 4_000_000

_SEE = "hailong-provision enrolment --template FILE writes an empty list"
NAMES = ("terminal", "counter", "counter_name")
"""Columns that a list has at least."""
_UNIQUE = ("terminal", "network.address")
_BESIDES = "(not read)"


def _folded(heading: str) -> str:
    return " ".join(tidy(heading).casefold().split())


_HEADINGS = {
    _folded(heading): name for name, column in COLUMNS.items() for heading in column.exported
} | dict.fromkeys(map(_folded, EXPORTED_BESIDES), _BESIDES)

# What Excel makes of a code such as 1-2 or 1E5.
_MANGLED = re.compile(r"\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{2}|\d(?:[.,]\d+)?E\+\d+")
# What a spreadsheet shows where a formula of it failed, and formulas themselves.
_FAILED = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|####*)")
_FORMULA = re.compile(r"[=@].*", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _digest(cell: str) -> str:
    if not _DIGEST.fullmatch(cell):
        raise WireError("is not 64 hexadecimal digits")
    return cell


REGISTERED = {
    "token_sha256": Column("SHA-256 of the token of a file made elsewhere", "0" * 64, _digest),
    "expires": Column("until when that token enrols", "2026-12-31T00:00:00.000Z"),
}
"""Columns of the list that ``hailong-provision enrolment`` writes for the server."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: row as the spreadsheet counts, column, and what to do.

    Row 0 is a terminal that stands in no list.
    """

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        """Return it as people read it."""
        where = [f"row {self.row}"] if self.row else []
        return f"{', '.join([*where, *([self.column] if self.column else [])])}: {self.text}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One terminal of a list.

    Attributes:
        row: its row, or 0 where there is no list.
        file: its enrolment file, yet without a token.
        token_sha256: of the token that was made for it elsewhere, if one was.
    """

    row: int
    file: EnrolmentFile
    token_sha256: str | None = None


@dataclass(slots=True)
class Roster:
    """A list, and what is wrong with it."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, name: str) -> None:
        """Refuse a list with problems.

        Raises:
            ProvisioningError: there are some; every one is named.
        """
        if not self.problems:
            return
        rows = {problem.row for problem in self.problems}
        lines = [str(one) for one in sorted(self.problems, key=lambda one: one.row)]
        counted = "" if rows == {0} else "1 row " if len(rows) == 1 else f"{len(rows)} rows "
        raise ProvisioningError(
            "\n  ".join([f"{name}: {counted}can't be used; nothing was written", *lines])
        )


Complete = Callable[[dict[str, Any]], dict[str, Any]]
"""Adds to the values of one row what the whole fleet has in common."""


def read(
    content: bytes, name: str, complete: Complete, common: Mapping[str, str] | None = None
) -> Roster:
    """Read and check a list.

    Args:
        content: a CSV file.
        name: what to call it in messages.
        complete: adds what the rows do not say; may raise `WireError` of a row.
        common: cells that count where a row's own is empty.

    Raises:
        ProvisioningError: it is no list, or has columns that mean nothing. What is wrong with
            single rows is in the answer.
    """
    if len(content) > BYTES_MAX:
        raise ProvisioningError(f"{name}: is longer than {BYTES_MAX // 1_000_000} MB")
    try:
        rows = tables.read(content, ROWS_MAX)
    except tables.TableError as error:
        raise ProvisioningError(f"{name}: {error}") from None
    if len(rows) < 2:
        raise ProvisioningError(f"{name}: has no row below its headings; {_SEE}")
    columns = _columns(rows[0][1], name)
    roster = Roster()
    said: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in rows[1:]:
        under = list(zip_longest(columns, map(tidy, cells), fillvalue=""))
        if any(cell and not column for column, cell in under):
            roster.problems.append(Problem(number, "", "has a cell under no heading"))
        own = {column: cell for column, cell in under if cell and column not in ("", _BESIDES)}
        said.append((number, {**(common or {}), **own}))
        found = one(*said[-1], complete)
        roster.problems += found.problems
        roster.entries += found.entries
    roster.problems += [*_repeated(said), *_two_names(roster.entries)]
    return roster


def one(row: int, cells: Mapping[str, str], complete: Complete) -> Roster:
    """Check the cells of one terminal; the answer has one entry, or says what is wrong."""
    roster, values = Roster(), {}
    for name, cell in cells.items():
        try:
            values[name] = _value(name, cell)
        except WireError as error:
            roster.problems.append(_problem(row, name, str(error), cell))
    if roster.problems:
        return roster
    try:
        roster.entries.append(_entry(row, values, complete))
    except WireError as error:
        name, text = blamed(str(error))
        roster.problems.append(_problem(row, name, text, cells.get(name)))
    return roster


def _entry(row: int, values: dict[str, Any], complete: Complete) -> Entry:
    digest = values.pop("token_sha256", None)
    found = SHAPE.read(nested(complete(values)))
    dump_toml(found)  # what must fit together within a file is judged where it is written
    return Entry(row, found, digest)


def _value(name: str, cell: str) -> Any:
    if name in NAMES and (_FAILED.fullmatch(cell) or _FORMULA.fullmatch(cell)):
        raise WireError("is a formula, or what became of one; type what it should say")
    if name in ("terminal", "counter") and _MANGLED.fullmatch(cell):
        raise WireError("was changed by the spreadsheet; format the column as text, type it again")
    return {**COLUMNS, **REGISTERED}[name].read(cell)


def _problem(row: int, name: str, text: str, cell: str | None) -> Problem:
    column = COLUMNS.get(name) or REGISTERED.get(name)
    if column is None:
        return Problem(row, name, text)
    shown = f" ({cell[:40]!r})" if cell is not None and not column.secret else ""
    return Problem(row, name, f"{text}{shown}; such as {column.example[:40]}")


def _columns(headings: Sequence[str], name: str) -> list[str]:
    found = [_HEADINGS.get(word, word) for word in (_folded(heading) for heading in headings)]
    known = {*COLUMNS, *REGISTERED, _BESIDES}
    for heading in found:
        if heading and heading not in known:
            near = difflib.get_close_matches(heading, known, 1)
            advice = f"is {near[0]} meant?" if near else _SEE
            raise ProvisioningError(f"{name}: no column is called {heading[:40]!r}; {advice}")
    twice = [one for one in found if one not in ("", _BESIDES) and found.count(one) > 1]
    if twice:
        raise ProvisioningError(f"{name}: two columns are called {twice[0]}")
    for needed in ("terminal", "counter"):
        if needed not in found:
            raise ProvisioningError(f"{name}: has no column {needed}; {_SEE}")
    return found


def _repeated(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[Problem]:
    """Find what two terminals can't both have; also in rows that are wrong besides."""
    seen: dict[tuple[str, str], int] = {}
    for row, cells in rows:
        for column in _UNIQUE:
            key = cells.get(column, "").partition("/")[0]
            first = row if key in ("", DHCP) else seen.setdefault((column, key), row)
            if first != row:
                yield Problem(row, column, f"{key[:40]!r} is in row {first} already")


def _two_names(entries: Iterable[Entry]) -> Iterator[Problem]:
    """Find counters that have two names."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        first = seen.setdefault(entry.file.counter, entry)
        if first.file.counter_name != entry.file.counter_name:
            text = f'counter {entry.file.counter} is "{first.file.counter_name}" in row {first.row}'
            yield Problem(entry.row, "counter_name", text)


def template() -> bytes:
    """Return a list with all columns and one row, to be filled in by a spreadsheet.

    The row opens no door: an example's key, left standing, would let a stranger log in.
    """
    row = ["" if name == "ssh_key" else column.example for name, column in COLUMNS.items()]
    return tables.write([list(COLUMNS), row])
